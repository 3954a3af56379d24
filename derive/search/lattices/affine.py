"""Integer and rational matrices: what brings the arguments of a sum to a canonical form.

The arguments of the factors of sum_v F_1(L_1 v + c_1) F_2(...) ... are one affine map v -> L v + c.
Over Z two such sums agree, for all F, exactly when the images are the same coset of the same
lattice: column Hermite form.  Over R the images are affine subspaces: reduced echelon form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

from derive.polynomial import Poly

Matrix = list[list[Fraction]]
Vector = list[Poly]


@dataclass(frozen=True, slots=True)
class Image:
    """The image of v -> L v + c, canonical: v = U (u - q) turns L v + c into H u + c'."""

    hermite: tuple[tuple[Fraction, ...], ...]
    offset: tuple[str, ...]
    unimodular: Matrix
    shift: Vector
    pivots: tuple[int, ...]  # the rows of H that are unit vectors, over R

    @property
    def key(self) -> tuple[object, ...]:
        return (self.hermite, self.offset)


def identity(n: int) -> Matrix:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]


def transposed(a: Matrix) -> Matrix:
    return [list(row) for row in zip(*a, strict=True)]


def combined(row: list[Fraction], parts: Vector) -> Poly:
    """row . parts"""
    out = Poly()
    for c, p in zip(row, parts, strict=True):
        if c:
            out = out + p.scaled(c)
    return out


def times(a: Matrix, b: Matrix) -> Matrix:
    columns = list(zip(*b, strict=True))
    return [
        [sum((x * y for x, y in zip(row, col, strict=True)), Fraction(0)) for col in columns]
        for row in a
    ]


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    work, found = [list(r) for r in rows], 0
    for col in range(len(work[0]) if work else 0):
        pivot = next((r for r in range(found, len(work)) if work[r][col]), None)
        if pivot is None:
            continue
        work[found], work[pivot] = work[pivot], work[found]
        for r in range(found + 1, len(work)):
            c = work[r][col] / work[found][col]
            work[r] = [x - c * y for x, y in zip(work[r], work[found], strict=True)]
        found += 1
    return found


def inverse(a: Matrix) -> Matrix | None:
    """The inverse of a square matrix, None if there is none."""
    n = len(a)
    rows = [list(row) + unit for row, unit in zip(a, identity(n), strict=True)]
    for col in range(n):
        pivot = next((r for r in range(col, n) if rows[r][col]), None)
        if pivot is None:
            return None
        rows[col], rows[pivot] = rows[pivot], rows[col]
        p = rows[col][col]
        rows[col] = [x / p for x in rows[col]]
        for r in range(n):
            if r != col and rows[r][col]:
                c = rows[r][col]
                rows[r] = [x - c * y for x, y in zip(rows[r], rows[col], strict=True)]
    return [row[n:] for row in rows]


def echelon(
    columns: Matrix, height: int, integral: bool
) -> tuple[Matrix, Matrix, list[int]] | None:
    """(H, U, pivot rows) with L U = H in column echelon form; None if L has not full column rank.

    `columns` are those of L.  Integral: U is unimodular, H the Hermite form (pivots positive,
    what stands left of a pivot reduced modulo it); else H is reduced, its pivots 1.
    """
    n = len(columns)
    work = [list(c) for c in columns]
    ops = identity(n)  # columns of U
    pivots: list[int] = []
    for row in range(height):
        k = len(pivots)
        if k == n:
            break
        while True:
            live = [j for j in range(k, n) if work[j][row]]
            if not live:
                break
            best = min(live, key=lambda j: abs(work[j][row]))
            work[k], work[best] = work[best], work[k]
            ops[k], ops[best] = ops[best], ops[k]
            scale = Fraction(-1 if work[k][row] < 0 else 1) if integral else 1 / work[k][row]
            work[k], ops[k] = [x * scale for x in work[k]], [x * scale for x in ops[k]]
            for j in range(k + 1, n):
                _subtract(work, ops, j, k, _multiple(work[j][row], work[k][row], integral))
            if not any(work[j][row] for j in range(k + 1, n)):
                break
        if work[k][row]:
            for j in range(k):
                _subtract(work, ops, j, k, _multiple(work[j][row], work[k][row], integral))
            pivots.append(row)
    if len(pivots) < n:
        return None
    return work, ops, pivots


def _multiple(x: Fraction, p: Fraction, integral: bool) -> Fraction:
    return Fraction(floor(x / p)) if integral else x / p


def _subtract(work: Matrix, ops: Matrix, j: int, k: int, c: Fraction) -> None:
    if c:
        work[j] = [x - c * y for x, y in zip(work[j], work[k], strict=True)]
        ops[j] = [x - c * y for x, y in zip(ops[j], ops[k], strict=True)]


def image(rows: Matrix, offset: Vector, integral: bool) -> Image | None:
    """The canonical form of v -> rows v + offset."""
    width = len(rows[0]) if rows else 0
    columns = [[row[j] for row in rows] for j in range(width)]
    found = echelon(columns, len(rows), integral)
    if found is None:
        return None
    work, ops, pivots = found
    rest, shift = [Poly(c) for c in offset], []
    for k, row in enumerate(pivots):
        p = work[k][row]
        q = Poly(
            {
                m: _multiple(c, p, integral)
                for m, c in rest[row].items()
                if _multiple(c, p, integral)
            }
        )
        shift.append(q)
        rest = [c - q.scaled(work[k][r]) for r, c in enumerate(rest)]
    return Image(
        tuple(tuple(c) for c in work), tuple(c.key() for c in rest),
        transposed(ops), shift, tuple(pivots),
    )  # fmt: skip


def saturated(rational: tuple[tuple[Fraction, ...], ...]) -> Matrix:
    """Columns of a basis of (span of the columns) intersected with Z^m."""
    height = len(rational[0]) if rational else 0
    # the kernel of the kernel: integer vectors on which all integer equations of the span vanish
    scaled = [[x * lcm(*(y.denominator for y in col)) for x in col] for col in rational]
    equations = _integer_kernel(scaled, height)
    return _integer_kernel(equations, height) if equations else identity(height)


def _integer_kernel(vectors: Matrix, height: int) -> Matrix:
    """A basis of { z in Z^height : v . z = 0 for all v }, saturated."""
    work = [[v[i] for v in vectors] for i in range(height)]  # row i: the image of e_i
    ops = identity(height)
    k = 0
    for col in range(len(vectors)):
        while True:
            live = [j for j in range(k, height) if work[j][col]]
            if not live:
                break
            best = min(live, key=lambda j: abs(work[j][col]))
            work[k], work[best] = work[best], work[k]
            ops[k], ops[best] = ops[best], ops[k]
            for j in range(k + 1, height):
                _subtract(work, ops, j, k, Fraction(floor(work[j][col] / work[k][col])))
            if not any(work[j][col] for j in range(k + 1, height)):
                k += 1
                break
    return ops[k:]


def coordinates(basis: Matrix, columns: Matrix) -> Matrix | None:
    """M with basis M = columns (both given by their columns); None if there is none."""
    n, height = len(basis), len(basis[0])
    found = echelon(basis, height, integral=False)
    if found is None:
        return None
    work, ops, pivots = found
    out = []
    for column in columns:
        x = [column[r] for r in pivots]
        back = [sum((x[k] * work[k][r] for k in range(n)), Fraction(0)) for r in range(height)]
        if back != list(column):
            return None
        out.append([sum((ops[k][i] * x[k] for k in range(n)), Fraction(0)) for i in range(n)])
    return transposed(out)


def intersection(lattices: list[Matrix]) -> Matrix:
    """A basis (columns) of the intersection of full lattices in Q^n: the dual of the duals' sum."""
    duals = [inverse(transposed(a)) or [] for a in lattices]
    scale = lcm(*(x.denominator for dual in duals for row in dual for x in row))
    columns = [[x * scale for x in col] for dual in duals for col in zip(*dual, strict=True)]
    basis = _column_basis(columns)
    dual_sum = [[x / scale for x in row] for row in zip(*basis, strict=True)]
    return transposed(inverse(dual_sum) or [])


def joined(columns: Matrix) -> Matrix:
    """A basis (columns) of the lattice that these integer vectors, spanning Q^n, generate."""
    return transposed(_column_basis(columns))


def _column_basis(columns: Matrix) -> Matrix:
    """A basis of the integer combinations of integer vectors that span Q^n."""
    work, done = [list(c) for c in columns], []
    for row in range(len(columns[0])):
        while True:
            live = sorted((c for c in work if c[row]), key=lambda c: abs(c[row]))
            if len(live) < 2:
                break
            least = live[0]
            for c in live[1:]:
                q = floor(c[row] / least[row])
                c[:] = [x - q * y for x, y in zip(c, least, strict=True)]
        done += live
        work = [c for c in work if not any(c is d for d in live) and any(c)]
    return done
