"""Random claims about ranges, floors and extremes with an independent referee."""

from __future__ import annotations

import secrets
from collections import Counter
from random import Random

import pytest
from random_ranges import FLOORS, SUMS, Call, Claim, Op, Sum, claims, differ, lin, tex, value

from derive.claims import check


def wrong(found: list[Claim]) -> tuple[list[str], list[str]]:
    """What was judged against its label, and what was not decided."""
    bad, undecided = [], []
    for claim in found:
        verdict = check(claim.latex, claim.given, near=False).verdict
        said = f"{verdict}, {claim.family}: {claim.latex} given {claim.given}"
        if verdict == ("refuted" if claim.true else "proved"):
            bad.append(said)
        elif verdict != ("proved" if claim.true else "refuted"):
            undecided.append(said)
    return bad, undecided


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_true_ranges_are_proved(part: int) -> None:
    bad, undecided = wrong(claims(3000 + part, 30, true=True))
    assert bad == []
    assert undecided == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_false_ranges_are_refuted(part: int) -> None:
    bad, undecided = wrong(claims(4000 + part, 60, true=False))
    assert bad == []
    assert undecided == []


@pytest.mark.soak
@pytest.mark.parametrize("true", [True, False], ids=["true", "false"])
@pytest.mark.parametrize("seed", [9, None], ids=["fixed", "fresh"])
def test_many_ranges(seed: int | None, true: bool) -> None:
    """None may be judged wrongly; one in a hundred may be left undecided."""
    seed, count = secrets.randbits(32) if seed is None else seed, 800 if true else 2_000
    print("seed", seed)
    bad, undecided = wrong(claims(seed, count, true=true))
    print(f"{len(undecided)} of {count} undecided", *undecided[:5], sep="\n")
    assert bad == [], f"seed {seed}"
    assert len(undecided) <= count // 100, f"seed {seed}"


# ---- the referee itself


def test_true_ones_agree_on_data() -> None:
    rng = Random(0)
    for claim in claims(5, 300, true=True):
        assert not differ(claim, rng, 60), (claim.latex, claim.given)


def test_every_family_is_made() -> None:
    made = Counter(c.family for c in claims(6, 600, true=True))
    assert set(made) == {f.__name__ for f in (*SUMS, *FLOORS)}


def test_the_referee_sees_a_planted_slip() -> None:
    f = Call("f", (lin("i"),))
    whole = Sum("i", lin(0), lin("n"), f)
    for less in (Sum("i", lin(1), lin("n"), f), Sum("i", lin(0), lin("n") - 1, f)):
        assert differ(Claim("plant", whole, less), Random(0))
    assert not differ(Claim("plant", whole, whole), Random(0))
    half = Op("floor", (lin("n") - 1, lin(2)))
    assert differ(Claim("plant", half, Op("ceil", (lin("n") - 1, lin(2)))), Random(0))


def test_a_condition_is_looked_at() -> None:
    """0 <= n - m is needed, and it is enough."""
    f = Call("f", (lin("i"),))
    whole = Sum("i", lin(0), lin("n"), f)
    parts = Op("+", (Sum("i", lin(0), lin("m"), f), Sum("i", lin("m") + 1, lin("n"), f)))
    assert differ(Claim("plant", whole, parts), Random(0))
    assert not differ(Claim("plant", whole, parts, ((lin("m"), lin("n")),)), Random(0))


def test_values_by_hand() -> None:
    """sum_{i=1}^{3} i f(i - 1) over f = 2 at 0, 5 at 1, else 1; an empty range; floors below 0."""
    data = {"f": lambda key: {(0,): 2, (1,): 5}.get(key, 1)}
    body = Op("*", (lin("i"), Call("f", (lin("i") - 1,))))
    assert value(Sum("i", lin(1), lin(3), body), {}, data) == 2 + 10 + 3
    assert value(Sum("i", lin(1), lin(-5), body), {}, data) == 0
    assert value(Op("floor", (lin(-1), lin(2))), {}, data) == -1
    assert value(Op("ceil", (lin(-1), lin(2))), {}, data) == 0


def test_writing() -> None:
    body = Op("*", (Call("f", (lin("i") * 2 - 1,)), Call("g", (lin("c") - lin("i"),))))
    assert tex(Sum("i", lin("k") + 1, lin("n") * 2, body)) == (
        r"\sum_{i=k+1}^{2n} f(2i-1) g(c-i)"
    )
    assert tex(Op("floor", (lin("n") - 1, lin("s")))) == r"\lfloor \frac{n-1}{s} \rfloor"
    assert Claim("", lin(1), lin(1), ((lin("s"), lin("n"), "|"), (lin(1), lin("n")))).given == (
        r"s \mid n", r"1 \le n"
    )  # fmt: skip
