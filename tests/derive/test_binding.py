"""Substitution and alpha-equality against what terms mean: `meaning` never substitutes."""

from __future__ import annotations

from typing import Any

import pytest
import strategies as s
from hypothesis import given, settings
from strategies import ONE, ZERO, Maker, num, seeds

from derive.binding import (
    Captured,
    alpha_equal,
    alpha_key,
    bound,
    declared,
    free,
    fresh,
    instantiate,
    loose,
    names,
    substitute,
)
from derive.meaning import CannotEvaluate, NoValue, Points, evaluate
from derive.syntax import (
    Add,
    Definition,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Rel,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    residues,
)

a, b, c, i, j, n, d = (Var(name, Z) for name in "abcijnd")
f, g = s.f, s.g
QUICK = settings(max_examples=120, deadline=None, database=None, derandomize=True)


def value(t: Term, env: dict[Any, Any]) -> Any:
    try:
        return evaluate(t, env)
    except (NoValue, CannotEvaluate):
        return None


def renamed(make: Maker, t: Any) -> Any:
    """The same with other names for bound variables, without `binding`."""
    from dataclasses import fields, replace

    if isinstance(t, tuple):
        return tuple(renamed(make, part) for part in t)
    if not hasattr(t, "children") or isinstance(t, Var | Fn):
        return t
    if isinstance(t, Sum):
        new = make.fresh(t.var.space)
        return Sum(new, renamed(make, t.bounds), renamed(make, _swap(t.body, t.var, new)))
    return replace(t, **{
        p.name: renamed(make, getattr(t, p.name)) for p in fields(t)
        if p.metadata.get("child", True)})


def _swap(t: Any, old: Var, new: Var) -> Any:
    """Blind replacement: right only because `new` is used nowhere and `old` is not rebound."""
    from dataclasses import fields, replace

    if isinstance(t, tuple):
        return tuple(_swap(part, old, new) for part in t)
    if isinstance(t, Var):
        return new if t == old else t
    if not hasattr(t, "children") or isinstance(t, Fn):
        return t
    return replace(t, **{
        p.name: _swap(getattr(t, p.name), old, new) for p in fields(t)
        if p.metadata.get("child", True)})


@QUICK
@given(seeds())
def test_the_substitution_lemma(seed: int) -> None:
    """t[v := e] means what t means where v is the value of e."""
    make = Maker(seed)
    t, e, env = make.value(depth=3), make.index(), make.env()
    assert value(substitute(t, {s.i: e}), env) == value(t, {**env, s.i: value(e, env)})


@QUICK
@given(seeds())
def test_substitution_captures_nothing(seed: int) -> None:
    """The same where e contains the names that are bound in t."""
    make = Maker(seed)
    t, env = make.value(depth=3), make.env()
    binders = sorted({v for node in _nodes(t) for v in bound(node)}, key=lambda v: v.name)
    outer = {v: make.rng.randint(-3, 3) for v in binders}
    e = Add((*binders, s.j, ONE))
    here = {**env, **outer}
    assert value(substitute(t, {s.i: e}), here) == value(t, {**here, s.i: value(e, here)})


def _nodes(t: Any) -> Any:
    yield t
    for child in t.children():
        yield from _nodes(child)


@QUICK
@given(seeds())
def test_functions_for_functions(seed: int) -> None:
    """t[f := (v -> g(v + 2))] means what t means where f is g moved by 2."""
    make = Maker(seed)
    t, env = make.value(depth=3), make.env()
    v = make.fresh()
    moved = Points({(k[0] - 2,): e for k, e in env[g].values.items()})
    out = instantiate(t, {f: Lam((v,), g(v + 2))})
    assert value(out, env) == value(t, {**env, f: moved})


@QUICK
@given(seeds())
def test_alpha_equality(seed: int) -> None:
    make = Maker(seed)
    t = make.value(depth=3)
    other = renamed(make, t)
    assert alpha_equal(t, other) and free(t) == free(other)
    env = make.env()
    assert value(t, env) == value(other, env)
    if s.i in free(t):
        assert not alpha_equal(t, substitute(t, {s.i: s.i + 1}))
        assert not alpha_equal(t, substitute(t, {s.i: Var("other", Z)}))


@QUICK
@given(seeds())
def test_substitutions_compose(seed: int) -> None:
    make = Maker(seed)
    t, e1, e2 = make.value(depth=2), make.index((s.j,)), make.index((s.k,))
    one_by_one = substitute(substitute(t, {s.i: e1}), {s.j: e2})
    at_once = substitute(t, {s.i: substitute(e1, {s.j: e2}), s.j: e2})
    assert alpha_equal(one_by_one, at_once)
    assert alpha_equal(substitute(t, {}), t) and substitute(t, {s.i: s.i}) == t


def test_capture() -> None:
    t = Sum(a, (ZERO, b), f(a + b))
    out = substitute(t, {b: a})
    assert isinstance(out, Sum) and out.var != a and out.bounds == (ZERO, a)
    assert out.body == f(out.var + a)
    assert substitute(t, {a: b}) == t  # a is bound
    assert substitute(Sum(a, (ZERO, a), f(a)), {a: b}) == Sum(a, (ZERO, b), f(a))
    assert not alpha_equal(Sum(a, (), f(b)), Sum(b, (), f(b)))
    assert not alpha_equal(Sum(a, (), Sum(b, (), f(a))), Sum(a, (), Sum(b, (), f(b))))
    assert alpha_equal(Lam((a, b), f(a) * g(b)), Lam((b, a), f(b) * g(a)))
    assert not alpha_equal(Lam((a, b), f(a) * g(b)), Lam((a, b), f(b) * g(a)))


def test_declarations_are_read_outside_of_all_binders() -> None:
    tensor = Fn("w", (Z,), "finite", ((ONE, n),))
    assert declared(tensor) == {n} and free(tensor(i)) == {tensor, n, i}
    assert free(Sum(i, (), tensor(i))) == {tensor, n}
    assert substitute(tensor(n), {n: a}) == tensor(a)
    small = Fn("w", (Z,), "finite", ((ONE, num(3)),))
    assert instantiate(tensor(n), {n: num(3)}) == small(3)
    A = Var("A", lattice(d))
    assert instantiate(Sum(A, (), Iverson(Rel("=", A, d))), {d: num(2)}).var.space.dim == num(2)
    assert alpha_key(Sum(n, (), tensor(n))) == alpha_key(Sum(b, (), tensor(b)))


def test_definitions() -> None:
    A, B = Var("A", lattice(d)), Var("B", lattice(d))
    func = Fn("func", (lattice(d),))
    made = Definition("D", (func,), Lam((A,), Sum(B, (), func(A - B) * d)))
    assert loose(made) == {d}
    term = made(Fn("h", (lattice(d),)))(A)
    assert d in free(term)
    out = instantiate(term, {d: num(2)})
    assert loose(out.fn.definition) == frozenset() and d not in free(out) - {A}
    with pytest.raises(Captured):
        instantiate(term, {d: Var("func", Z)})
    assert substitute(term, {d: ONE}) == term


def test_what_cannot_be_substituted() -> None:
    u, v = Var("u", residues(n)), Var("v", residues(n))
    with pytest.raises(Captured, match="as integers"):
        substitute(Iverson(Rel("=", u, ZERO)), {u: i})
    assert substitute(Iverson(Rel("=", u, ZERO)), {u: v + i})
    assert substitute(Iverson(Rel("=", u, v)), {u: i})
    grad = DiffEntry(f, (i,), f(i) * g(j))
    for mapping in ({f: Lam((a,), g(a))}, {f: g}, {g: f}, {j: Iverson(Rel("<=", f(i), ZERO))}):
        with pytest.raises(Captured):
            instantiate(grad, mapping)
    assert instantiate(grad, {f: Fn("h", (Z,), "finite")}).fn.name == "h"


def test_fresh_names() -> None:
    assert fresh("a", ["b"]) == "a" and fresh("a", ["a"]) == "a'"
    taken = {"a", "a'", "a''"}
    assert fresh("a", taken) not in taken and fresh("a'", taken) not in taken
    assert names([a, f]) == {"a", "f"}
