"""The general normal form: a linear combination of sums of products in canonical variables.

Unfold, differentiate, multiply out, collapse deltas; then write ranges as brackets, bring the
arguments of each sum to Hermite (over R: echelon) form, split sums over Z into residue classes
where lattices differ, and collect.  On linear combinations of held-in sums of products of
functions at affine arguments this decides equality: two such combinations agree for all
functions exactly when the normal forms do (a term pushes counting or Lebesgue measure forward
along its arguments; distinct subspaces, and distinct cosets of one lattice, are independent).
"""

from __future__ import annotations

from derive.search.collect import collect
from derive.search.integers.cases import shifts
from derive.search.integers.circles import turns
from derive.search.integers.classes import classes
from derive.search.integers.radix import blocks
from derive.search.integrals.intervals import intervals
from derive.search.integrals.parts import by_parts
from derive.search.integrals.substitutions import substituted
from derive.search.lattices.canonical import canonical
from derive.search.lattices.residues import refine
from derive.search.lattices.shears import shears
from derive.search.ranges.brackets import brackets, expand, implied
from derive.search.ranges.collapse import flatten, strides
from derive.search.ranges.counting import compares, counts, floors, maxima
from derive.search.ranges.extremes import extremes
from derive.search.ranges.loose import loosen
from derive.search.ranges.values import values
from derive.search.unfold import derive, unfold
from derive.search.walk import Walk, places


def normalise(*walks: Walk) -> None:
    """The whole way to the normal form, for both sides of a claim at once."""
    for walk in walks:
        unfold(walk)
        turns(walk)
        derive(walk)
        values(walk)
        expand(walk)
        substituted(walk)
        flatten(walk)
        values(walk)
        intervals(walk)
        brackets(walk)
        walk.flatten()
        extremes(walk)
        if next(places(walk.term, compares), None):
            maxima(walk)
        strides(walk)
        blocks(walk)
        loosen(walk)
        classes(walk)
        shears(walk)
        canonical(walk)
        walk.flatten()
    refine(*walks)
    for walk in walks:
        canonical(walk)
        walk.flatten()
        by_parts(walk)
        canonical(walk)
        walk.flatten()
        maxima(walk)
        shifts(walk)
        implied(walk)
        floors(walk)
        counts(walk)
        while classes(walk):
            implied(walk)
            floors(walk)
            counts(walk)
        walk.flatten()
        collect(walk)
