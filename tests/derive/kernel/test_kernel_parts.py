"""Side conditions that need an odd term to be seen: one test for each guard of the kernel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pieces import (
    ONE,
    RD,
    ZERO,
    A,
    L,
    X,
    Y,
    a,
    b,
    compact,
    cont,
    eq,
    f,
    f2,
    fd,
    i,
    j,
    le,
    m,
    n,
    num,
    one,
    p,
    phi,
    phid,
    q,
    r,
    refused,
    rel,
    s,
    smooth,
    ten,
    u,
    wit,
    x,
    y,
    z,
)
from test_kernel_rules import true

from derive.kernel import begin, qed
from derive.kernel.monomial import MOST_TERMS, monomials
from derive.polynomial import TooMany
from derive.syntax import (
    Abs,
    App,
    Diff,
    DiffEntry,
    Divides,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Partial,
    Pow,
    R,
    Signature,
    Space,
    Sum,
    Var,
    Z,
    lattice,
)


def two(forward: tuple[object, object], inverse: tuple[object, object]) -> object:
    return one("reindex", Sum(a, (), Sum(b, (), f2(a, b))), variables=(p, q), forward=forward,
               inverse=inverse)


A0, B0 = Var("A0", A.space), Var("B0", A.space)
PLANE = lattice(num(2))
CASES = {
    "the function itself depends on x": ("differentiate", "function that itself depends", lambda:
        one("differentiate", Diff(x, App(Partial(Lam((z,), phi(z) * x), 0), (ONE,)), y))),
    "a number for a vector": ("differentiate", "no chain rule for this argument", lambda: one(
        "differentiate", Diff(x, phid(x), y))),
    "residues have one dimension": ("begin", "one dimension", lambda: begin(
        (), eq(Var("o", Space("Zn", num(2), n)), 0))),
    "a dimension is a number": ("begin", "integer size", lambda: begin(
        (), eq(Var("o", Space("Z", A)), 0))),
    "a loss of two things has no range": ("begin", "a loss of one function", lambda: begin(
        (), Fn("M", (Signature((Z,)), Z), "differentiable", ((ONE, n), (ONE, n)))(f, ONE))),
    "a term is no witness for an order": ("bracket", "side condition", lambda: one(
        "bracket", f(i), cond=rel("<=", 1, n), witnesses=(j,))),
    "no witness for divisibility": ("bracket", "side condition", lambda: one(
        "bracket", f(i), cond=Divides(ONE, i), witnesses=(i, i))),
    "eta of what is no application": ("eta", "not of the form", lambda: one(
        "eta", L(Lam((a,), a * ONE)), (1,))),
    "eta into another domain": ("eta", "depends on its argument", lambda: one(
        "eta", L(Lam((a,), phi(a))), (1,))),
    "a map that mentions what it replaces": ("reindex", "not a map into", lambda: one(
        "reindex", Sum(a, (), f(a)), variables=(b,), forward=(a,), inverse=(b,))),
    "a map of degree two": ("reindex", "not an affine map", lambda: two(
        (p + q * q, q), (a - b * b, b))),
    "a map with |q|": ("reindex", "not an affine map", lambda: two(
        (p + Abs(q), q), (a - Abs(b), b))),
    "a map with a symbolic factor": ("reindex", "not an affine map", lambda: two(
        (p + i * q, q), (a - i * b, b))),
    "a lower bound that is not literal": ("expand_range", "not literal", lambda: one(
        "expand_range", Sum(a, (n, ONE), f(a)))),
    "an upper bound that is not literal": ("expand_range", "not literal", lambda: one(
        "expand_range", Sum(a, (ONE, n), f(a)))),
    "remainders in another space": ("residue_split", "over all of Z", lambda: one(
        "residue_split", Sum(A, (), fd(A)), modulus=num(2), remainder=r,
        quotient=Var("o", A.space), witnesses=(wit((1, 0)),))),
    "quotients in another space": ("residue_split", "over all of Z", lambda: one(
        "residue_split", Sum(A, (), fd(A)), modulus=num(2), remainder=Var("o", A.space),
        quotient=q, witnesses=(wit((1, 0)),))),
    "a sum over residues is not split": ("residue_split", "over all of Z", lambda: one(
        "residue_split", Sum(u, (), ONE), modulus=num(2), remainder=Var("o", u.space),
        quotient=Var("p", u.space), witnesses=(wit((1, 0)),))),
    "one letter for both": ("residue_split", "not fresh", lambda: one(
        "residue_split", Sum(a, (), f(a)), modulus=num(2), remainder=r, quotient=r,
        witnesses=(wit((1, 0)),))),
    "a vector modulus for numbers": ("residue_split", "must be an integer", lambda: one(
        "residue_split", Sum(a, (), f(a)), given=(rel("<=", 1, A),), modulus=A, remainder=r,
        quotient=q, witnesses=(wit((1, 0), (1, 1)),))),
    "a real modulus": ("residue_split", "must be an integer", lambda: one(
        "residue_split", Sum(a, (), f(a)), modulus=num("5/2"), remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    "cases of a vector": ("residue_case", "needs an integer", lambda: one(
        "residue_case", fd(A), (1,), of=i, modulus=2)),
    "a broken modulus": ("residue_case", "needs an integer", lambda: one(
        "residue_case", f(i), of=i, modulus=num("3/2").value)),
    "a broken remainder": ("residue_value", "literals", lambda: one(
        "residue_value", i, modulus=3, remainder=num("1/2").value)),
    "a negative remainder": ("residue_value", "literals", lambda: one(
        "residue_value", i, modulus=3, remainder=-1)),
    "the value of what is real": ("residue_value", "needs an integer", lambda: one(
        "residue_value", x, modulus=3, remainder=1)),
    "a parameter in an inner bound": ("differentiate", "a bound", lambda: one(
        "differentiate", Diff(x, Sum(a, (), f(a) * Sum(z, (ZERO, x), z)), y))),
    "two rough factors with x": ("differentiate", "C^1", lambda: one("differentiate", Diff(
        x, Sum(z, (), compact(z) * Fn("o", (R,), "locally integrable")(x - z)), y))),
    "the entry's index is bound": ("under_sign", "also the point", lambda: one(
        "under_sign", DiffEntry(f, (a,), Sum(a, (ONE, n), f(a))))),
    "a function with a corner under the sign": (
        "differentiate", "not known to be differentiable", lambda: one(
            "under_sign", DiffEntry(f, (i,), Sum(a, (ONE, n), cont(f(a)))))),
    "a quotient that is not literal": ("qed", "not known to be integrable", lambda: qed(
        begin((rel("<=", 1, n),), Sum(z, (), phi(z) * phi(z / n))))),
    "a stride among residues": ("collapse", "a stride is an integer", lambda: one(
        "collapse", Sum(u, (), eq(2 * u, u - u) * ONE), index=0, stride=num(2),
        witnesses=(wit((1, 0)),))),
    "a broken stride": ("collapse", "a stride is an integer", lambda: one(
        "collapse", Sum(a, (), eq(num("3/2") * a, i) * f(a)), index=0, stride=num("3/2"),
        witnesses=(wit((1, 0)),))),
    "no relation": ("floor_bound", "expected", lambda: one(
        "floor_bound", Iverson(Divides(n, i)), witnesses=((),))),
    "a function for a number": ("same", "another space", lambda: one(
        "same", L(f), (1,), target=ONE, witnesses=((), ()))),
    "a bracket does not prove itself": ("equivalent", "side condition", lambda: one(
        "equivalent", Mul((le(1, i), f(i))), (0,), cond=rel("<=", 0, i),
        only_if=(wit((1, 0), (1, 2)),), **{"if": (wit((1, 0), (1, 2)),)})),
    "0 < x and 0 <= y give 0 <= x y": ("bracket", "side condition", lambda: one(
        "bracket", phi(z), given=(rel("<", 0, x), rel("<=", 0, y)), cond=rel("<", 0, x * y),
        witnesses=(wit((1, 0, 1), (1, 2)),))),
    "x = y does not give x < y": ("bracket", "side condition", lambda: one(
        "bracket", phi(z), given=(rel("=", x, y),), cond=rel("<", x, y),
        witnesses=(wit((1, 0), (1, 2)),))),
    "i < j gives i + 1 <= j only": ("bracket", "side condition", lambda: one(
        "bracket", phi(z), given=(rel("<", i, j),), cond=rel("<=", i + 2, j),
        witnesses=(wit((1, 0), (1, 1)),))),
    "a sum times what has its variable's name": ("rearrange", "not the same", lambda: one(
        "rearrange", Sum(a, (), f(a)) * f(a), target=Sum(b, (), f(b) * f(b)))),
    "two sums over one letter": ("rearrange", "not the same", lambda: one(
        "rearrange", Sum(a, (), f(a)) * Sum(a, (), f(a)), target=Sum(b, (), f(b) * f(b)))),
    "second derivatives of a loss": ("differentiate", "not known to be differentiable", lambda:
        one("differentiate", DiffEntry(f, (j,), App(Partial(L, 0), (Lam((a,), f(a)), i))))),
    "s a + b and 2 a + b, for s = 2": ("qed", "nothing holds", lambda: qed(begin(
        (rel("<=", 1, s),), Sum(a, (), Sum(b, (), f(s * a + b) * f(2 * a + b)))))),
    "up to a bound that grows": ("qed", "nothing holds", lambda: qed(begin(
        (), Sum(y, (), phi(y) * Sum(x, (ZERO, smooth(y)), ONE))))),
    "a hypothesis on another a": ("qed", "denominator may be 0", lambda: qed(begin(
        (rel("<=", 1, a),), Sum(a, (), f(a) * (ONE / a))))),
    "one factor of a denominator": ("qed", "denominator may be 0", lambda: qed(begin(
        (rel("<=", 1, n),), f(i) / (n * m)))),
    "0 <= n": ("qed", "denominator may be 0", lambda: qed(begin(
        (rel("<=", 0, n),), f(i) / n))),
    "no lower end": ("floor_value", "side condition", lambda: one(
        "floor_value", Floor(j, n), given=(rel("<=", 1, n), rel("<", j, n * i + n)), value=i,
        witnesses=(wit((1, 0), (1, 2)), wit((1, 0), (1, 2)), wit((1, 1), (1, 2))))),
    "another modulus": ("residue_value", "not known to leave", lambda: one(
        "residue_value", Mul((Iverson(Divides(num(3), i - 1)), f(i))), (1, 1),
        modulus=2, remainder=1)),
    "two ranges over one letter": ("rearrange", "not the same", lambda: one(
        "rearrange", Sum(a, (ZERO, ONE), f(a)) * Sum(a, (ZERO, ONE), f(a)),
        target=Sum(a, (ZERO, ONE), f(a) * f(a)) * Sum(a, (ZERO, ONE), ONE))),
    "numbers for a vector's quotient and remainder": ("residue_split", "over all of Z", lambda:
        one("residue_split", Sum(A, (), fd(A)), modulus=num(2), remainder=r, quotient=q,
            witnesses=(wit((1, 0)),))),
    "differentiating by what is summed over": ("under_sign", "also the point", lambda: one(
        "under_sign", Diff(x, Sum(x, (ZERO, ONE), phi(x)), y))),
    "a partial derivative along a diagonal": ("parts", "an integral of dF/dz", lambda: one(
        "parts", Sum(z, (), Diff(X, phid(X), z)))),
    "the derivative of what is only continuous": (
        "differentiate", "not known to be continuous", lambda: one("differentiate", Diff(
            x, Sum(z, (ZERO, x), App(Partial(cont, 0), (z,))), y))),
    "no telescope between vectors": ("telescope", "a range of integers and", lambda: one(
        "telescope", Sum(A, (A0, B0), fd(A + 1) - fd(A)), partial=Lam((B0,), fd(B0)))),
    "a vector as base point": ("base_point", "over an interval", lambda: one(
        "base_point", Sum(z, (x, y), z), at=X)),
    "no part of a leaf": ("path", "there is no part", lambda: one("ring", i, (0,), target=i)),
}


@pytest.mark.parametrize("name", CASES)
def test_guard(name: str) -> None:
    rule, reason, attempt = CASES[name]
    refused(rule, reason, attempt)


ACCEPTED: dict[str, Callable[[], object]] = {
    "the inner derivative of a square": lambda: true(one(
        "differentiate", Diff(x, Pow(smooth(x), 2), y))),
    "the entry's letter is the layer's": lambda: true(one(
        "differentiate", DiffEntry(ten, (a,), L(Lam((a,), ten(a) * f(a)))))),
    "a turned range": lambda: true(one(
        "reindex", Sum(a, (i, j), f(a)), variables=(b,), forward=(m - b,), inverse=(m - a,))),
    "a delta in a range": lambda: true(one(
        "collapse", Sum(a, (i, j), eq(a, m) * f(a)), index=0, stride=None)),
    "the larger of two equal numbers": lambda: true(one("maximum", Max(i * i, i))),
    "a range holds in its body": lambda: one(
        "bracket", Sum(a, (i, j), f(a)), (2,), cond=rel("<=", i, a),
        witnesses=(wit((1, 0), (1, 2)),)),
    "a plane": lambda: qed(begin((), Sum(Var("o", PLANE), (), Fn("g", (PLANE,), "finite")(
        Var("o", PLANE))))),
    "a line in R^d decays": lambda: qed(begin((), Sum(X, (), phid(X - Y)))),
    "a scalar moves a vector": lambda: one(
        "differentiate", Diff(X, phid(X * m + 2 * Y), Y + RD.dim)),
    "a range over Z^d": lambda: one(
        "range_as_bracket", Sum(A, (Var("B", A.space), Var("C", A.space)), ONE)),
}


def test_a_new_name_is_new_everywhere() -> None:
    prime = Var("a'", Z)
    e = one("unfold", Lam((b,), Sum(a, (), f2(a + b, prime)))(a))
    assert isinstance(e.rhs, Sum) and e.rhs.var not in (a, prime)
    assert e.rhs.body == f2(e.rhs.var + a, prime)


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    ACCEPTED[name]()


def test_products_are_multiplied_out_up_to_a_limit():
    """(f(1) + f(2))^k has 2^k monomials before they are collected."""
    most = MOST_TERMS.bit_length() - 1
    assert len(monomials(Pow(f(ONE) + f(num(2)), most))) == 2**most
    with pytest.raises(TooMany):
        monomials(Pow(f(ONE) + f(num(2)), most + 1))
