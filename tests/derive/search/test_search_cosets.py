"""Cosets against plain sets of points in a box."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

from derive.polynomial import const
from derive.search.lattices.affine import identity, inverse, times
from derive.search.lattices.cosets import Coset, Symmetry, Tally, index, pieces, towards, within

BOX = list(product(range(-5, 6), repeat=2))


def points(c: Coset) -> set[tuple[int, ...]]:
    """The points of the coset in the box: those z with lattice^-1 (z - offset) integral."""
    back = inverse(c.lattice) or []
    out = set()
    for z in BOX:
        gap = [[Fraction(x) - (y.constant() or 0)] for x, y in zip(z, c.offset, strict=True)]
        if all(x.denominator == 1 for row in times(back, gap) for x in row):
            out.add(z)
    return out


def a_coset(r: Random) -> Coset:
    while True:
        lattice = [[Fraction(r.randint(-3, 3)) for _ in range(2)] for _ in range(2)]
        if 0 < index(lattice) <= 8:
            return Coset(lattice, [const(r.randint(-3, 3)) for _ in range(2)])


def test_keys_tell_cosets_apart_and_within_is_a_proper_subset():
    r = Random(1)
    cosets = [a_coset(r) for _ in range(70)]
    inside = {id(c): points(c) for c in cosets}
    found = 0
    for c, d in product(cosets, repeat=2):
        assert (c.key() == d.key()) == (inside[id(c)] == inside[id(d)])
        assert within(c, d) == (inside[id(c)] < inside[id(d)])
        found += within(c, d)
    assert found > 50


def test_pieces_are_a_partition():
    r = Random(3)
    for _ in range(20):
        coarse, steps = a_coset(r), a_coset(r).lattice
        fine = Coset(times(coarse.lattice, steps), coarse.offset)
        parts = [points(p) for p in pieces(coarse, towards(coarse, fine))]
        assert len(parts) == index(steps)
        assert set().union(*parts) == points(coarse)
        assert sum(map(len, parts)) == len(points(coarse))


def carried_out(tally: Tally) -> Tally:
    for _ in range(20):
        plan = tally.plan()
        if not plan:
            break
        for task in plan:
            key = tally.key(task.coset)
            amount = tally.counts[key] if task.amount is None else task.amount
            tally.replace(task.coset, towards(task.coset, task.fine), amount)
    return tally


def on_the_line(*counted: tuple[int, int, int]) -> Tally:
    tally = Tally([Symmetry(identity(1), [const(0)])])
    for step, offset, count in counted:
        tally.add(Coset([[Fraction(step)]], [const(offset)]), Fraction(count))
    return tally


def test_a_line_is_its_residue_classes():
    halves, thirds = [(2, r, -1) for r in range(2)], [(3, r, -1) for r in range(3)]
    assert not carried_out(on_the_line((1, 0, 1), *halves)).counts
    assert not carried_out(on_the_line((1, 0, 2), *halves, *thirds)).counts
    assert not carried_out(on_the_line((1, 0, 1), (2, 0, -1), (6, 1, -1), (6, 3, -1), (6, 5, -1)))\
        .counts  # fmt: skip
    assert not carried_out(on_the_line(*halves, *((3, r, 1) for r in range(3)))).counts


def test_what_does_not_cancel_stays():
    for wrong in ([(1, 0, 1), (2, 0, -1)], [(1, 0, 1), (2, 0, -1), (2, 2, -1)],
                  [(2, 0, 1), (3, 0, -1)]):  # fmt: skip
        assert carried_out(on_the_line(*wrong)).counts


def test_cosets_count_up_to_symmetries():
    """(z, w) and (w, z) are one: the two columns of points count as the two rows."""
    swap = Symmetry([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]], [const(0)] * 2)
    tally = Tally([Symmetry(identity(2), [const(0)] * 2), swap])
    columns = [[Fraction(2), Fraction(0)], [Fraction(0), Fraction(1)]]
    rows = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]]
    tally.add(Coset(columns, [const(1), const(0)]), Fraction(1))
    assert len(tally.counts) == 1
    tally.add(Coset(rows, [const(0), const(1)]), Fraction(-1))
    assert not tally.counts
