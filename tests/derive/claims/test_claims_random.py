"""Random claims over Z and R with an independent referee: none judged wrongly, all decided."""

from __future__ import annotations

import secrets
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from random_claims import (
    Claim,
    Factor,
    Term,
    claims,
    differ,
    value_on_a_grid,
    value_on_gaussians,
    value_on_integers,
)

from derive.claims import check

ONE, NONE = (Fraction(1),), (Fraction(0), Fraction(0))


def wrong(found: list[Claim]) -> tuple[list[str], list[str]]:
    """What was judged against its label, and what was not decided."""
    bad, undecided = [], []
    for claim in found:
        verdict = check(claim.latex, near=False).verdict
        if verdict == ("refuted" if claim.true else "proved"):
            bad.append(claim.latex)
        elif verdict != ("proved" if claim.true else "refuted"):
            undecided.append(f"{verdict}: {claim.latex}")
    return bad, undecided


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_false_claims_are_refuted(part: int) -> None:
    all_decided(claims(1000 + part, 100, true=False))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_true_claims_are_proved(part: int) -> None:
    all_decided(claims(2000 + part, 50, true=True))


FRESH = secrets.randbits(32)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("seed", [7, FRESH], ids=["fixed", "fresh"])
def test_many_false_claims(seed: int, part: int) -> None:
    print("seed", seed)
    all_decided(claims(seed + part, 1_000, true=False))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("seed", [8, FRESH], ids=["fixed", "fresh"])
def test_many_true_claims(seed: int, part: int) -> None:
    print("seed", seed)
    all_decided(claims(seed + part, 500, true=True))


def all_decided(found: list[Claim]) -> None:
    bad, undecided = wrong(found)
    assert bad == []
    assert undecided == []


# ---- the referee itself


def test_true_ones_agree_on_data() -> None:
    """What was made true holds on the data that the false ones fail on."""
    rng = Random(0)
    for claim in claims(3, 200, true=True):
        assert not differ(claim, rng, 6), claim.latex


def test_the_referee_sees_a_planted_slip() -> None:
    f = Factor("f", ONE, NONE, Fraction(0))
    half = Term(Fraction(1), ("a",), (replace(f, row=(Fraction(2),)),))
    for kind in "ZR":
        assert differ(Claim(kind, (Term(Fraction(1), ("a",), (f,)),), (half,), True), Random(0))


def test_values_by_hand() -> None:
    """sum_a f(2a + i) over f = 3 at 1, 5 at 2, and an integral of one Gaussian."""
    f = Factor("f", (Fraction(2),), (Fraction(1), Fraction(0)), Fraction(0))
    term = Term(Fraction(1), ("a",), (f,))
    assert value_on_integers(term, {"f": {1: 3, 2: 5}}, (1, 0)) == 3
    assert value_on_integers(term, {"f": {1: 3, 2: 5}}, (0, 0)) == 5
    assert abs(value_on_gaussians(term, {"f": (1.0, 0.3)}, (0.2, 0)) - 0.8862269254527579) < 1e-12


def test_writing() -> None:
    f = Factor("f", (Fraction(-2),), (Fraction(1), Fraction(-1)), Fraction(1))
    g = replace(f, name="g", row=ONE, offset=NONE, shift=Fraction(0))
    term = Term(Fraction(-1, 2), ("a",), (f, g))
    claim = Claim("R", (term,), (replace(term, coefficient=Fraction(3)),), False)
    assert " ".join(claim.latex.split()) == (
        r"- \frac{1}{2} \int f(-2a+i-j+1) g(a) \,da = 3 \int f(-2a+i-j+1) g(a) \,da"
    )


def test_derivatives_on_a_grid_as_in_closed_form() -> None:
    """int f(2a + i) g(a) da with its derivative by i, and without one."""
    f = Factor("f", (Fraction(2),), (Fraction(1), Fraction(0)), Fraction(0))
    g = Factor("g", ONE, NONE, Fraction(1))
    bells = {"f": (0.7, 0.3), "g": (1.5, -0.4)}

    def value(at: float) -> float:
        return value_on_gaussians(Term(Fraction(3), ("a",), (f, g)), bells, (at, 0))

    plain = value_on_a_grid(Term(Fraction(3), ("a",), (f, g)), bells, (0.2, 0))
    assert abs(plain - value(0.2)) < 1e-9
    slope = value_on_gaussians(Term(Fraction(3), ("a",), (replace(f, order=1), g)), bells, (0.2, 0))
    assert abs(slope - (value(0.2 + 1e-4) - value(0.2 - 1e-4)) / 2e-4) < 1e-6
