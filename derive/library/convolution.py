"""Convolution on Z^d, R^d and Z/n: one statement and one proof for each group.

On R^d the functions are measurable and the hypothesis is that both sides exist; on Z^d they are
finitely supported, on Z/n any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.definitions import circular_convolution, convolution
from derive.library.result import Result
from derive.syntax import (
    ONE,
    Cond,
    Definition,
    Exists,
    Fn,
    Lam,
    Space,
    Statement,
    Term,
    Var,
    Z,
    euclidean,
    lattice,
    residues,
)

FOLLAND = "Folland, Real Analysis, Proposition 8.6"


@dataclass(frozen=True)
class Group:
    """A group with its measure: where a convolution lives."""

    suffix: str
    words: str
    space: Space
    star: Definition
    cls: str
    point: Var

    def function(self, name: str) -> Fn:
        return Fn(name, (self.space,), self.cls)

    def given(self, *sides: Term) -> tuple[Cond, ...]:
        """The hypotheses: on R^d, that what is spoken of exists."""
        return tuple(Exists(side) for side in sides) if self.space.kind == "R" else ()


def groups() -> Iterator[Group]:
    d, n = Var("d", Z), Var("n", Z)
    zd, rd, zn = lattice(d), euclidean(d), residues(n)
    yield Group("zd", "on Z^d", zd, convolution(zd), "finite", Var("i", zd))
    yield Group("rd", "on R^d", rd, convolution(rd), "any", Var("x", rd))
    yield Group("zn", "on Z/n", zn, circular_convolution(n), "any", Var("i", zn))


def results() -> list[Result]:
    out: list[Result] = []
    for group in groups():
        out += [_commutes(group), _associates(group), _distributes(group), _scales(group)]
    return out


def _result(name: str, title: str, group: Group, rows: tuple[str, ...], l: Term, r: Term) -> Result:
    return Result(
        f"convolution-{name}-{group.suffix}", f"{title} {group.words}", rows, FOLLAND,
        Statement(group.given(l, r), l, r),
    )  # fmt: skip


def _commutes(group: Group) -> Result:
    f, g, x, star = group.function("f"), group.function("g"), group.point, group.star
    rows = {"zd": ("L5",), "rd": ("L4",)}.get(group.suffix, ())
    title = "Convolution commutes"
    return _result("commutes", title, group, rows, star(f, g)(x), star(g, f)(x))


def _associates(group: Group) -> Result:
    f, g, h = (group.function(name) for name in "fgh")
    x, star = group.point, group.star
    lhs, rhs = star(star(f, g), h)(x), star(f, star(g, h))(x)
    return _result("associates", "Convolution is associative", group, (), lhs, rhs)


def _distributes(group: Group) -> Result:
    f, g, h = (group.function(name) for name in "fgh")
    x, star = group.point, group.star
    total = Lam((x,), g(x) + h(x))
    lhs, rhs = star(f, total)(x), star(f, g)(x) + star(f, h)(x)
    return _result("distributes", "Convolution distributes over sums", group, (), lhs, rhs)


def _scales(group: Group) -> Result:
    f, g, x, star = group.function("f"), group.function("g"), group.point, group.star
    c = Var("c", Space("R", ONE))
    lhs, rhs = star(Lam((x,), c * f(x)), g)(x), c * star(f, g)(x)
    return _result("scales", "Convolution is homogeneous", group, (), lhs, rhs)
