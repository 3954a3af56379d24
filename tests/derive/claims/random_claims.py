"""Random claims about sums over Z and integrals over R, in LaTeX, with labels by a referee.

Knows nothing of `derive`.  A true claim is made true: unimodular changes of the bound variables
(over R any, with the Jacobian), shifts, residue splits, reordering, coefficients taken apart.  A
false one is a true one with a slip in it, and it is false on data: over Z the sums are evaluated
on random functions with few values, over R on random Gaussians in closed form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from random import Random

import numpy as np

BOUND = ("a", "b", "u", "v", "p", "q")
FREE = ("i", "j")
NAMES = ("f", "g", "h")
INTEGRAL = "\\int "


@dataclass(frozen=True)
class Factor:
    """name(row . bound + offset . free + shift), differentiated `order` times"""

    name: str
    row: tuple[Fraction, ...]
    offset: tuple[Fraction, ...]
    shift: Fraction
    order: int = 0


@dataclass(frozen=True)
class Term:
    """coefficient * sum (or integral) over `bound` of the product of the factors."""

    coefficient: Fraction
    bound: tuple[str, ...]
    factors: tuple[Factor, ...]


Side = list[Term]
Matrix = list[list[int]]


@dataclass(frozen=True)
class Claim:
    kind: str  # "Z" or "R"
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    true: bool

    @property
    def latex(self) -> str:
        return f"{written(self.left, self.kind)} = {written(self.right, self.kind)}"


# ---- writing


def number(c: Fraction) -> str:
    if c.denominator == 1:
        return str(c.numerator)
    sign = "-" if c < 0 else ""
    return rf"{sign}\frac{{{abs(c.numerator)}}}{{{c.denominator}}}"


def linear(factor: Factor, bound: tuple[str, ...]) -> str:
    parts = [*zip(factor.row, bound, strict=True), *zip(factor.offset, FREE, strict=True)]
    out = ""
    for c, name in [*parts, (factor.shift, "")]:
        if c == 0:
            continue
        size = number(abs(c)) if abs(c) != 1 or not name else ""
        out += ("-" if c < 0 else "+" if out else "") + size + name
    return out or "0"


def written(side: tuple[Term, ...], kind: str) -> str:
    out = ""
    for term in side:
        c = term.coefficient
        sign = "-" if c < 0 else "+" if out else ""
        size = number(abs(c)) if abs(c) != 1 else ""
        prime = "'"
        body = " ".join(f"{f.name}{prime * f.order}({linear(f, term.bound)})" for f in term.factors)
        if kind == "Z":
            sums = "".join(rf"\sum_{{{v}}} " for v in term.bound)
            out += f" {sign} {size} {sums}{body}"
        else:
            ends = " ".join(rf"\,d{v}" for v in reversed(term.bound))
            out += f" {sign} {size} {INTEGRAL * len(term.bound)}{body} {ends}"
    return out.strip() or "0"


# ---- linear algebra on small matrices


def rank(rows: list[tuple[Fraction, ...]]) -> int:
    rows, done = [list(r) for r in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((k for k in range(done, len(rows)) if rows[k][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for k in range(done + 1, len(rows)):
            factor = rows[k][column] / rows[done][column]
            rows[k] = [x - factor * y for x, y in zip(rows[k], rows[done], strict=True)]
        done += 1
    return done


def solve(rows: list[tuple[Fraction, ...]], values: list[Fraction]) -> list[Fraction]:
    """The solution of a square regular system (1 or 2 unknowns) by Cramer's rule."""
    if len(rows) == 1:
        return [values[0] / rows[0][0]]
    (a, b), (c, d) = rows
    det = a * d - b * c
    e, f = values
    return [(e * d - b * f) / det, (a * f - e * c) / det]


# ---- the referee


def value_on_integers(term: Term, data: dict[str, dict[int, int]], at: tuple[int, ...]) -> Fraction:
    """The sum, over the points at which enough factors that fix the bound variables are alive."""
    n = len(term.bound)
    fixing = next(
        some for some in combinations(term.factors, n) if rank([f.row for f in some]) == n
    )
    constants = {id(f): sum(map(Fraction.__mul__, f.offset, map(Fraction, at)), f.shift)
                 for f in term.factors}  # fmt: skip
    total = Fraction(0)
    for points in product(*(data[f.name] for f in fixing)):
        wanted = [p - constants[id(f)] for p, f in zip(points, fixing, strict=True)]
        where = solve([f.row for f in fixing], wanted)
        if any(x.denominator != 1 for x in where):
            continue
        value = Fraction(1)
        for f in term.factors:
            argument = sum(map(Fraction.__mul__, f.row, where), constants[id(f)])
            value *= data[f.name].get(int(argument), 0)
        total += value
    return term.coefficient * total


def value_on_gaussians(
    term: Term, data: dict[str, tuple[float, float]], at: tuple[float, ...]
) -> float:
    """The integral of a product of exp(-s (x - m)^2), by completing the square."""
    if any(f.order for f in term.factors):
        return value_on_a_grid(term, data, at)
    n = len(term.bound)
    quadratic = [[0.0] * n for _ in range(n)]
    slope, constant = [0.0] * n, 0.0
    for f in term.factors:
        s, m = data[f.name]
        row = [float(x) for x in f.row]
        rest = sum(float(c) * x for c, x in zip(f.offset, at, strict=True)) + float(f.shift) - m
        for k in range(n):
            slope[k] += 2 * s * row[k] * rest
            for l in range(n):
                quadratic[k][l] += s * row[k] * row[l]
        constant += s * rest * rest
    if n == 1:
        det = quadratic[0][0]
        inside = slope[0] ** 2 / (4 * det)
    else:
        (a, b), (_, d) = quadratic
        det = a * d - b * b
        inside = (d * slope[0] ** 2 - 2 * b * slope[0] * slope[1] + a * slope[1] ** 2) / (4 * det)
    return float(term.coefficient) * math.sqrt(math.pi**n / det) * math.exp(inside - constant)


def value_on_a_grid(
    term: Term, data: dict[str, tuple[float, float]], at: tuple[float, ...]
) -> float:
    """The same with derivatives, by the trapezoidal rule, which is exact to rounding on bells.

    In the arguments y of some of the functions as coordinates, so that the bells fit on the grid.
    """
    n = len(term.bound)
    rests = [
        sum((float(c) * x for c, x in zip(f.offset, at, strict=True)), float(f.shift))
        for f in term.factors
    ]
    rows = np.array([[float(c) for c in f.row] for f in term.factors])
    choices = [list(some) for some in combinations(range(len(rows)), n)]
    chosen = max(choices, key=lambda some: abs(np.linalg.det(rows[some])))  # the others vary less
    matrix = rows[chosen]
    line = np.linspace(-9, 9, 181)
    y = np.stack(np.meshgrid(*[line] * n, indexing="ij"))
    v = np.tensordot(np.linalg.inv(matrix), y - np.array([rests[k] for k in chosen])
                     .reshape(n, *[1] * n), axes=1)  # fmt: skip
    total = np.full(y.shape[1:], float(term.coefficient) / abs(np.linalg.det(matrix)))
    for f, row, rest in zip(term.factors, rows, rests, strict=True):
        s, m = data[f.name]
        x = np.tensordot(row, v, axes=1) + rest - m
        total = total * (1, -2 * s * x, 4 * s * s * x * x - 2 * s)[f.order] * np.exp(-s * x * x)
    return float(total.sum() * (line[1] - line[0]) ** n)


def differ(claim: Claim, rng: Random, rounds: int = 30) -> bool:
    """Whether the sides differ on some random data."""
    for _ in range(rounds):
        if claim.kind == "Z":
            sparse = {
                name: {rng.randint(-4, 4): rng.choice((1, 2, 3, -1, -2, 5)) for _ in range(5)}
                for name in NAMES
            }
            here = tuple(rng.randint(-3, 3) for _ in FREE)
            left, right = (
                sum((value_on_integers(t, sparse, here) for t in side), Fraction(0))
                for side in (claim.left, claim.right)
            )
            if left != right:
                return True
        else:
            bells = {name: (rng.uniform(0.5, 2), rng.uniform(-1, 1)) for name in NAMES}
            place = tuple(rng.uniform(-1, 1) for _ in FREE)
            parts = [
                [value_on_gaussians(t, bells, place) for t in side]
                for side in (claim.left, claim.right)
            ]
            size = sum(abs(x) for side in parts for x in side)
            if abs(sum(parts[0]) - sum(parts[1])) > 1e-6 * size + 1e-8:
                return True
    return False


# ---- making true ones


def a_term(rng: Random, kind: str) -> Term:
    """A random term that exists: its factors fix the bound variables."""
    n = rng.choice((1, 1, 2))
    bound = tuple(rng.sample(BOUND, n))
    while True:
        factors = tuple(
            Factor(
                rng.choice(NAMES),
                tuple(Fraction(rng.choice((0, 1, 1, -1, 2, -2, 3) if n == 2 else
                                          (1, 1, -1, 2, -2, 3))) for _ in range(n)),
                tuple(Fraction(rng.choice((0, 0, 1, -1))) for _ in FREE),
                Fraction(rng.choice((0, 0, 0, 1, -1, 2))),
            )
            for _ in range(rng.randint(n, 3))
        )  # fmt: skip
        if rank([f.row for f in factors]) == n:
            break
    c = Fraction(rng.choice((1, 1, 1, -1, 2, -2, 3, -3)))
    if kind == "R" and rng.random() < 0.2:
        c /= 2
    return Term(c, bound, factors)


def changed(
    term: Term, matrix: Matrix, shifts: Matrix, scale: Fraction, bound: tuple[str, ...]
) -> Term:
    """New variables: old_k = matrix_k . new + shifts_k . (free, 1)."""
    n = len(term.bound)
    factors = []
    for f in term.factors:
        row = tuple(sum((f.row[k] * matrix[k][l] for k in range(n)), Fraction(0)) for l in range(n))
        moved = [
            sum((f.row[k] * shifts[k][m] for k in range(n)), Fraction(0))
            for m in range(len(FREE) + 1)
        ]
        offset = tuple(x + y for x, y in zip(f.offset, moved[:-1], strict=True))
        factors.append(replace(f, row=row, offset=offset, shift=f.shift + moved[-1]))
    return Term(term.coefficient * scale, bound, tuple(factors))


def a_matrix(rng: Random, n: int, kind: str) -> Matrix:
    """Unimodular; over R also others with small entries."""
    if n == 1:
        return [[rng.choice((1, -1) if kind == "Z" else (1, -1, 2, -2, 3))]]
    while True:
        m = [[rng.randint(-2, 2) for _ in range(2)] for _ in range(2)]
        det = m[0][0] * m[1][1] - m[0][1] * m[1][0]
        if det in (1, -1) or (kind == "R" and det in (2, -2, 3)):
            return m


def size(matrix: Matrix) -> int:
    if len(matrix) == 1:
        return abs(matrix[0][0])
    return abs(matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0])


def moved(term: Term, rng: Random, kind: str) -> Term:
    """The same term in other variables, its factors in another order."""
    n = len(term.bound)
    matrix = a_matrix(rng, n, kind)
    shifts = [[rng.choice((0, 0, 1, -1)) for _ in range(len(FREE) + 1)] for _ in range(n)]
    new = changed(term, matrix, shifts, Fraction(size(matrix)), tuple(rng.sample(BOUND, n)))
    factors = list(new.factors)
    rng.shuffle(factors)
    return replace(new, factors=tuple(factors))


def split(term: Term, rng: Random) -> Side:
    """One bound variable over Z by its residues: a = m a' + r."""
    k, m = rng.randrange(len(term.bound)), rng.choice((2, 2, 3))
    n = len(term.bound)
    out = []
    for r in range(m):
        matrix = [[(m if k == l else 1) if l == o else 0 for o in range(n)] for l in range(n)]
        shifts = [[0] * len(FREE) + [r if l == k else 0] for l in range(n)]
        out.append(changed(term, matrix, shifts, Fraction(1), term.bound))
    return out


def true_claim(rng: Random, kind: str) -> Claim:
    left = [a_term(rng, kind) for _ in range(rng.choice((1, 1, 2)))]
    right: Side = []
    for term in left:
        parts = [term]
        if kind == "Z" and rng.random() < 0.35 and len(term.factors) < 3:
            parts = split(term, rng)
        if rng.random() < 0.15:
            first, c = parts[0], Fraction(rng.choice((1, 2, -1)))
            rest = first.coefficient - c
            parts = [replace(first, coefficient=c), replace(first, coefficient=rest), *parts[1:]]
        right += [moved(p, rng, kind) for p in parts if p.coefficient]
    rng.shuffle(right)
    if len(right) > 1 and rng.random() < 0.25:
        over = right.pop()
        left.append(replace(over, coefficient=-over.coefficient))
    if rng.random() < 0.1:
        extra = a_term(rng, kind)
        left.append(extra)
        right.append(moved(extra, rng, kind))
    return Claim(kind, tuple(left), tuple(right), True)


def by_parts(rng: Random) -> Side:
    """Terms that add up to 0: the integral of the derivative of a product by a bound variable."""
    term = a_term(rng, "R")
    k = rng.randrange(len(term.bound))
    out = []
    for m, f in enumerate(term.factors):
        if f.row[k]:
            factors = (*term.factors[:m], replace(f, order=f.order + 1), *term.factors[m + 1 :])
            out.append(replace(term, coefficient=term.coefficient * f.row[k], factors=factors))
    return out


def true_claim_with_derivatives(rng: Random) -> Claim:
    """What is 0 by parts, some of it on the other side, in other variables."""
    terms = by_parts(rng)
    if rng.random() < 0.3:
        terms += by_parts(rng)
    if rng.random() < 0.3:
        again = a_term(rng, "R")
        factor = rng.randrange(len(again.factors))
        factors = list(again.factors)
        factors[factor] = replace(factors[factor], order=rng.choice((1, 2)))
        again = replace(again, factors=tuple(factors))
        terms += [again, replace(again, coefficient=-again.coefficient)]
    rng.shuffle(terms)
    cut = rng.randint(0, len(terms) - 1)
    right = [replace(t, coefficient=-t.coefficient) for t in terms[cut:]]
    return Claim("R", tuple(terms[:cut]), tuple(moved(t, rng, "R") for t in right), True)


# ---- and false ones


def slip(claim: Claim, rng: Random) -> Claim:
    """One thing changed on the right."""
    right = list(claim.right)
    k = rng.randrange(len(right))
    term = right[k]
    factors = list(term.factors)
    m = rng.randrange(len(factors))
    f = factors[m]

    def signs() -> Factor:
        l = rng.randrange(len(f.row))
        return replace(f, row=tuple(-c if l == o else c for o, c in enumerate(f.row)))

    def offset() -> Factor:
        l = rng.randrange(len(f.offset))
        return replace(f, offset=tuple(-c if l == o else c for o, c in enumerate(f.offset)))

    def stretch() -> Factor:
        l = rng.randrange(len(f.row))
        return replace(f, row=tuple(2 * c if l == o else c for o, c in enumerate(f.row)))

    changes: list[Callable[[], Factor]] = [
        signs, offset, stretch,
        lambda: replace(f, shift=f.shift + rng.choice((1, -1, 2))),
        lambda: replace(f, name=rng.choice([x for x in NAMES if x != f.name])),
    ]  # fmt: skip
    what = rng.randrange(len(changes) + 3)
    if what < len(changes):
        factors[m] = changes[what]()
    elif what == len(changes):
        right[k] = replace(term, coefficient=-term.coefficient)
        return replace(claim, right=tuple(right), true=False)
    elif what == len(changes) + 1:
        right[k] = replace(term, coefficient=term.coefficient * rng.choice((2, Fraction(1, 2))))
        return replace(claim, right=tuple(right), true=False)
    elif len(factors) > 1:
        other = (m + 1) % len(factors)
        factors[m] = replace(f, name=factors[other].name)
        factors[other] = replace(factors[other], name=f.name)
    right[k] = replace(term, factors=tuple(factors))
    return replace(claim, right=tuple(right), true=False)


def claim_of(rng: Random, kind: str) -> Claim:
    """A true one; "D": over R, with derivatives."""
    return true_claim_with_derivatives(rng) if kind == "D" else true_claim(rng, kind)


def false_claim(rng: Random, kind: str) -> Claim:
    """With a slip, until the referee sees a difference."""
    while True:
        claim = slip(claim_of(rng, kind), rng)
        exists = all(rank([f.row for f in t.factors]) == len(t.bound) for t in claim.right)
        if exists and differ(claim, rng):
            return claim


def claims(seed: int, count: int, true: bool, kinds: str = "ZZRRD") -> list[Claim]:
    rng = Random(seed)
    make = claim_of if true else false_claim
    return [make(rng, rng.choice(kinds)) for _ in range(count)]
