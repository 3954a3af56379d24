"""Nodes: frozen data, typed; nothing is rewritten while it is built."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from hypothesis import given, settings
from strategies import ONE, ZERO, L, f, i, j, m, num, phi, sigma, ten, terms, u, v, x

from derive.syntax import (
    SHAPES,
    Abs,
    Add,
    And,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Exists,
    Floor,
    Fn,
    IllTyped,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Partial,
    R,
    Rel,
    Signature,
    Space,
    Sum,
    Term,
    Var,
    Z,
    check_cond,
    check_shape,
    domain_of,
    embeds,
    euclidean,
    join,
    lattice,
    residues,
    space_of,
    term,
)

d, e = Var("d", Z), Var("e", Z)
A, B, X = Var("A", lattice(d)), Var("B", lattice(e)), Var("X", euclidean(d))
QUICK = settings(max_examples=60, deadline=None, database=None, derandomize=True)


def test_operators_build_and_do_nothing_else() -> None:
    assert i + 0 == Add((i, ZERO)) and 2 * i == Mul((num(2), i)) and i / 2 == Div(i, num(2))
    assert i - j == Add((i, Mul((num(-1), j)))) and -num(2) == num(-2)
    assert term(3) == num(3) and term(Fraction(1, 2)) == num("1/2")
    for bad in (True, 0.5, "1", None):
        with pytest.raises(TypeError):
            term(bad)  # type: ignore[arg-type]


@QUICK
@given(terms(3))
def test_nodes_are_data(t: Term) -> None:
    assert pickle.loads(pickle.dumps(t)) == t and copy.deepcopy(t) == t  # noqa: S301
    assert hash(copy.deepcopy(t)) == hash(t)
    assert space_of(t) in (Z, R)
    check_shape(t)
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        t.value = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("t", "space"),
    [
        (num(2), Z), (num("1/2"), R), (i + j, Z), (i + x, R), (i + A, lattice(d)),
        (A + x, euclidean(d)), (u + i, residues(v.space.modulus or ONE)), (Floor(i, j), Z),
        (Floor(A, num(2)), lattice(d)), (Max(i, x), R), (Abs(A), lattice(d)), (i / j, R),
        (f(i), R), (Iverson(Rel("<=", A, i)), Z), (Sum(i, (), i), Z), (Sum(x, (), ONE), R),
        (Diff(x, x, i), R), (DiffEntry(ten, (i,), ten(i)), R), (L(Lam((i,), f(i))), R),
    ],
)
def test_spaces(t: Term, space: Space) -> None:
    assert space_of(t) == space


@pytest.mark.parametrize(
    "t",
    [
        lambda: f(x), lambda: f(i / 2), lambda: f(A), lambda: f(i, j), lambda: f(Lam((i,), i)),
        lambda: A + B, lambda: u + x, lambda: u / 2, lambda: Floor(x, ONE), lambda: Floor(u, ONE),
        lambda: Max(u, i), lambda: Abs(u), lambda: Iverson(Rel("<", u, i)),
        lambda: Iverson(Rel(">", i, j)), lambda: Iverson(Divides(num(2), x)),
        lambda: Sum(i, (ZERO, x), i), lambda: Sum(u, (ZERO, ONE), ONE), lambda: Sum(i, (), A),
        lambda: Diff(i, i, i), lambda: Diff(x, x, X), lambda: L(f, f), lambda: L(phi),
        lambda: Partial(f, 0)(i), lambda: Partial(phi, 1)(x), lambda: DiffEntry(phi, (x,), x),
        lambda: Add((i, f)), lambda: Sum(i, (ZERO,), i),  # type: ignore[arg-type]
    ],
)
def test_ill_typed(t: Callable[[], Term]) -> None:
    with pytest.raises(IllTyped):
        space_of(t())


def test_joins() -> None:
    assert join(Z, R) == R and join(Z, residues(m)) == residues(m)
    assert embeds(Z, R) and not embeds(R, Z) and embeds(Z, lattice(d))
    assert not embeds(residues(m), Z) and not embeds(R, residues(m))
    assert not embeds(lattice(d), lattice(e)) and not embeds(lattice(d), Z)
    for bad in (Exists(ONE), And((Rel("=", i, j), Not(Rel("=", A, i))))):
        check_cond(bad)
    assert domain_of(Partial(L, 0)) == (Signature((Z,)), Z)
    assert domain_of(Partial(sigma, 0)) == (R,)


def test_every_node_has_its_shape() -> None:
    kinds = {kind for base in (Node, Term) for kind in base.__subclasses__()}
    assert {Num, Var, Sum, Fn, Rel} <= SHAPES.keys() and kinds
    from dataclasses import fields

    for kind, shape in SHAPES.items():
        assert set(shape) == {place.name for place in fields(kind)}  # type: ignore[arg-type]
    for bad in (object(), 1, None, Term, Num(1), Add([ONE])):  # type: ignore[arg-type]
        with pytest.raises(IllTyped):
            check_shape(bad)
