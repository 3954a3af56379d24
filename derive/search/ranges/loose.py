"""Variables that no function sees: sum_{i,j} [...] x_{i+j} is sum_k x_k times a number of pairs.

Where the arguments of a sum do not determine its variables, a unimodular change of them leaves
some in brackets alone, and these are counted.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from derive.polynomial import Poly
from derive.search.integers.classes import classes
from derive.search.lattices.affine import Matrix, identity, inverse, rank
from derive.search.lattices.frames import Piece
from derive.search.match import maps
from derive.search.ranges.counting import counts, floors
from derive.search.walk import Walk, depth, summands


def loosen(walk: Walk) -> None:
    """Change the variables of such sums, and count those that are left in brackets alone."""
    changed = [_loosened(walk, path, part) for path, part in summands(walk.term)]
    if any(changed):
        walk.tidy()
        walk.flatten()
        classes(walk)
        floors(walk)
        counts(walk)


def _loosened(walk: Walk, path: tuple[int, ...], part: object) -> bool:
    atoms: dict[str, object] = {}
    piece = Piece(part, atoms)  # type: ignore[arg-type]
    rows = [list(p.row) for p in piece.places]
    n = len(piece.variables)
    if not piece.ready or not rows or rank([p.row for p in piece.places]) == n:
        return False
    turned = unimodular(rows, n)
    back = inverse(turned)
    if back is None:
        return False
    new = walk.fresh(*piece.variables)
    none = Poly()
    walk.do(
        "reindex", (*path, *depth(part, 0)), variables=new,  # type: ignore[arg-type]
        forward=tuple(maps(new, row, none, piece.atoms) for row in turned),
        inverse=tuple(maps(piece.variables, row, none, piece.atoms) for row in back),
    )  # fmt: skip
    return True


def unimodular(rows: Matrix, n: int) -> Matrix:
    """U with determinant +-1 such that the last columns of rows U are 0.

    >>> unimodular([[Fraction(1), Fraction(1)]], 2)
    [[Fraction(1, 1), Fraction(-1, 1)], [Fraction(0, 1), Fraction(1, 1)]]
    """
    columns = [[row[j] for row in rows] for j in range(n)]
    ops = identity(n)
    k = 0
    for r in range(len(rows)):
        while len(live := [j for j in range(k, n) if columns[j][r]]) > 1:
            least = min(live, key=lambda j: abs(columns[j][r]))
            for j in live:
                if j != least:
                    c = Fraction(floor(columns[j][r] / columns[least][r]))
                    for table in (columns, ops):
                        both = zip(table[j], table[least], strict=True)
                        table[j] = [x - c * y for x, y in both]
        if live:
            columns[k], columns[live[0]] = columns[live[0]], columns[k]
            ops[k], ops[live[0]] = ops[live[0]], ops[k]
            k += 1
    return [list(row) for row in zip(*ops, strict=True)]
