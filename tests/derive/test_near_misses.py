"""What holds instead of a refuted claim: proved, read back as it is written, and soon found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derive.binding import alpha_equal
from derive.claims import check
from derive.cli import main
from derive.kernel import Theorem

H = [r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}", r"i = 1, \dots, n"]

# claim, conditions, what holds instead: the sides as they are printed
OFFERED = [
    (r"\int f(z) g(x+z) dz = \int f(x+z) g(z) dz", [],
     [r"= \int_{\mathbb{R}} f(z - x) g(z) \,dz", r"(f \star g)(x) = (g \star f)(-x)"]),
    (r"(f \star g)(x) = (g \star f)(x)", [], [r"(f \star g)(x) = (g \star f)(-x)"]),
    (r"\sum_{j=k}^{n} 1 = n-k+1", [], [r"k \le n + 1"]),
    (r"\int f(2z) dz = \int f(z) dz", [], [r"\frac{1}{2} \int"]),
    (r"\int f'(z) g(z) dz = \int f(z) g'(z) dz", [], ["-"]),
    (r"\sum_a f(a) g(i-a) = \sum_a f(i-a) g(-a)", [], ["f(i + a) g(-a)"]),
    (r"(f * g)' = f' * g'", [], [r"\frac{d}{dx} (f * g)(x)"]),
    (r"\sum_{m=0}^{k-1} f(i-m) g(m) = \sum_{m=0}^{k-1} f(i+m) g(-m)", [], ["{m=-k+1}^{0}"]),
    (r"\frac{d}{dx} f(2x) = f'(2x)", [], ["2 f'(2 x)"]),
    (r"\int (f(z)+g(z))^2 dz = \int f(z)^2 dz + \int g(z)^2 dz", [], [r"2 \int"]),
    (r"\frac{d}{dx} \int_0^x f(z) dz = f(0)", [], ["= f(x)"]),
    (r"(f \star g) \star h = f \star (g \star h)", [], [r"f * (g \star h)"]),
    (r"\sum_{i=1}^{n}\sum_{j=1}^{i} f(i,j) = \sum_{j=1}^{n}\sum_{i=1}^{j} f(i,j)", [],
     ["{i=j}^{n}"]),
    (r"\frac{\partial L}{\partial x_m} = \sum_{j=1}^{k} \delta_{m+j-1} w_j", H,
     [r"\delta_{m-j+1}"]),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given", "parts"), OFFERED, ids=[c for c, _, _ in OFFERED])
def test_offered_and_read_back(claim: str, given: list[str], parts: list[str]) -> None:
    verdict = check(claim, given)
    assert verdict.verdict == "refuted"
    assert verdict.near_miss is not None
    for part in parts:
        assert part in verdict.near_miss
    theorem = verdict.near_theorem
    assert isinstance(theorem, Theorem)
    assert not alpha_equal(theorem.lhs, theorem.rhs)
    assert check(verdict.near_miss, given, near=False).verdict == "proved"
    assert verdict.json()["near_miss"] == verdict.near_miss
    assert verdict.near_miss in verdict.explanation()


SLIPS = [
    [part.strip() for part in line.split(";;")]
    for line in (Path(__file__).parent / "claims" / "slips.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_most_slips_are_found() -> None:
    """Each is refuted, and for nearly all of them what was meant is offered, proved."""
    assert len(SLIPS) >= 60
    offered = 0
    for claim, *given in SLIPS:
        verdict = check(claim, given)
        assert verdict.verdict == "refuted", claim
        offered += verdict.near_miss is not None
        if verdict.near_miss is not None:
            assert isinstance(verdict.near_theorem, Theorem)
    assert offered >= 0.9 * len(SLIPS)


MEANT = [  # what a reader would say was meant, the sides as they are printed
    (r"\frac{\partial L}{\partial b} = \delta_i", [r"y_i = \sum_{j=1}^k w_j x_{i+j} + b",
     r"i = 1, \dots, n"], r"= \sum_{i \in \mathbb{Z}} \delta_{i}"),
    (r"\frac{\partial L}{\partial W_{ij}} = \delta_j x_i", [r"z_i = \sum_j W_{ij} x_j",
     r"i = 1, \dots, n"], r"= \delta_{i} x_{j}"),
    (r"\frac{\partial L}{\partial x_j} = \sum_i W_{ji} \delta_i", [r"z_i = \sum_j W_{ij} x_j",
     r"i = 1, \dots, n"], r"W_{i,j} \delta_{i}"),
    (r"\frac{d}{dx} (f(x) g(x)) = f'(x) g'(x)", [], r"= f'(x) g(x) + f(x) g'(x)"),
    (r"\frac{d}{dx} f(x)^2 = 2 f(x)", [], r"= 2 f(x) f'(x)"),
    (r"\frac{d^2}{dx^2} (f * g)(x) = (f'' * g'')(x)", [], r"= (f * g'')(x)"),
    (r"\frac{d}{dx} \int_0^x f(t) dt = f(x) - f(0)", [], r"= f(x)"),
    (r"\int_a^b f'(x) dx = f(a) - f(b)", [], r"= f(b) - f(a)"),
    (r"f * (g + h) = f * g + h", [], r"= (f * g)(x) + (f * h)(x)"),
    (r"\sum_{i=0}^{H-K} 1 = H - K", [], r"= H - K + 1,\quad K \le H + 1"),
    (r"(5 - 3)/2 + 1 = 3", [], "= 2"),
    (r"\lceil n/2 \rceil = \lfloor n/2 \rfloor + 1", [], r"2 \mid n + 1"),
    (r"k + (k-1)(d-1) = d (k-1)", [], r"= d \cdot (k - 1) + 1"),
    (r"(n - 1) s + k - 2p = n s + k - 2p - 1", [], "= n s + k - 2 p - s"),
    (r"(I * K)(i,j) = \sum_m \sum_n I(m, n) K(m-i, n-j)", [], "I(m, n) K(i - m, j - n)"),
    (r"\frac{\partial L}{\partial w_j} = \sum_{i} \delta_i x_{i+j}",
     [r"y_i = \sum_{j=0}^{k-1} w_j x_{s i+j}", r"i = 0, \dots, n-1"], "x_{j+si}"),
    (r"\int (f * g)(x) dx = \int f(x) g(x) dx", [],
     r"= \left(\int_{\mathbb{R}} f(x) \,dx\right) \int_{\mathbb{R}} g(x) \,dx"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given", "part"), MEANT, ids=[c for c, _, _ in MEANT])
def test_what_was_meant(claim: str, given: list[str], part: str) -> None:
    found = check(claim, given).near_miss
    assert found is not None
    assert part in found


def test_a_long_claim_costs_little() -> None:
    """Steps are counted, not seconds: a claim of many terms gets as many as a short one."""
    from derive.latex import read
    from derive.near.find import STEPS, _Hunt

    terms = [rf"{k + 2} \sum_{{a}} f({k + 1} a + i) g(a - {k} j)" for k in range(9)]
    claim = f"{' + '.join(terms)} = {' + '.join(terms[1:])} + {terms[0].replace('+ i', '- i')}"
    (statement,) = (s for link in read(claim).links for _, s in link.variants)
    hunt = _Hunt(statement, STEPS)
    found = [c for _, c in hunt.candidates()]
    assert hunt.bench.left > -STEPS
    assert found
    assert hunt.proved(found[0], conditioned=False) is not None


@pytest.mark.parametrize(
    "claim",
    [
        r"\sum_a f(a) = \sum_a g(a)",  # nothing near it holds
        r"\sum_a f(a) g(a) = \sum_a f(a) \sum_a g(a)",
        r"f(x) + 1 = g(x) + 2",
    ],
)
def test_nothing_is_made_up(claim: str) -> None:
    verdict = check(claim)
    assert verdict.verdict == "refuted"
    assert verdict.near_miss is None
    assert verdict.near_theorem is None


@pytest.mark.parametrize(
    "claim", [r"f * g = g * f", r"\sum_a \sum_b f(a-b) = \sum_b \sum_a f(a-b)"]
)
def test_only_for_what_is_refuted(claim: str) -> None:
    assert check(claim).near_miss is None


def test_off() -> None:
    assert check(OFFERED[0][0], near=False).near_miss is None


def test_twice_the_same() -> None:
    claim = OFFERED[2][0]
    assert check(claim).near_miss == check(claim).near_miss


# ---- chains


def test_the_first_wrong_link_and_equal_ends() -> None:
    chain = r"\sum_a f(a) = \sum_a f(a+1) = \sum_a f(2a) = \sum_a f(-a)"
    verdict = check(chain)
    assert [v.verdict for v in verdict.links] == ["proved", "refuted", "refuted"]
    assert verdict.verdict == "refuted"
    assert verdict.message.startswith("link 2 of 3 is the first that fails")
    assert "The ends are equal all the same" in verdict.message
    assert verdict.counterexample == verdict.links[1].counterexample


def test_the_first_wrong_link_and_different_ends() -> None:
    verdict = check(r"\int f(z) dz = \int f(-z) dz = \int f(2z) dz")
    assert verdict.message.startswith("link 2 of 2 is the first that fails. The ends differ")
    assert verdict.near_miss is not None
    assert verdict.links[1].near_miss == verdict.near_miss


def test_a_chain_that_holds_says_nothing() -> None:
    verdict = check(r"f * g = g * f = f * g")
    assert verdict.verdict == "proved"
    assert verdict.message == ""
    assert len(verdict.links) == 2


@pytest.mark.parametrize(
    ("flags", "found"), [([], False), (["--near-miss"], True), (["--no-near-miss"], False)]
)
def test_in_a_batch_only_when_asked(
    flags: list[str], found: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.json"
    file.write_text(json.dumps([{"id": 1, "latex": OFFERED[2][0]}]), encoding="utf-8")
    main(["check", "--batch", str(file), "--json", *flags])
    (answer,) = json.loads(capsys.readouterr().out)
    assert (answer["near_miss"] is not None) == found
