"""Why hypotheses matter: each case is evaluated, and where there is none it says so."""

from __future__ import annotations

import json

import pytest

from derive.cli import main
from derive.hypotheses import Case, cases
from derive.library import find, results
from derive.meaning import evaluate, holds
from derive.syntax import ONE, Exists, Rel, Statement, Sum, Var, Z

j, k, n = (Var(c, Z) for c in "jkn")


def by_hypothesis(name: str) -> dict[str, Case]:
    return {c.hypothesis: c for c in cases(find(name).statement)}


def test_a_condition_of_a_size() -> None:
    (case,) = cases(Statement((Rel("<=", k, n + 1),), Sum(j, (k, n), ONE), n - k + 1))
    found = case.counterexample
    assert found is not None
    assert found.env[k] > found.env[n] + 1
    assert evaluate(Sum(j, (k, n), ONE), found.env) != evaluate(n - k + 1, found.env)


def test_the_classic_case_for_associativity_is_found() -> None:
    """1 * (delta - shifted delta) * step: 0 in one order, 1 in the other."""
    found = by_hypothesis("convolution-associates-rd")
    assert found
    for case in found.values():
        assert "0 on the left and 1 on the right" in case.case


def test_constants_have_no_convolution() -> None:
    case = by_hypothesis("derivative-of-convolution-r")
    said = case["g is continuously differentiable with compact support"].case
    assert "the claim has no value" in said
    assert case["f is locally integrable"].words == "no case is shown"


def test_the_index_of_a_gradient() -> None:
    case = by_hypothesis("conv1d-gradient-weight")["r ≤ k"]
    found = case.counterexample
    assert found is not None
    values = {v.name: x for v, x in found.env.items() if isinstance(v, Var)}
    assert values["r"] > values["k"]


@pytest.mark.slow
def test_every_case_breaks_its_hypothesis_alone() -> None:
    """A counterexample satisfies the other conditions, and not the one that was left out."""
    shown = 0
    for result in results():
        if not result.holds or len(result.statement.given) > 6:
            continue
        plain = [c for c in result.statement.given if not isinstance(c, Exists)]
        for cond, case in zip(result.statement.given, cases(result.statement), strict=False):
            if case.counterexample is None:
                continue
            shown += 1
            assert not holds(cond, case.counterexample.env)
            assert all(holds(c, case.counterexample.env) for c in plain if c != cond)
    assert shown > 10


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "output-size-fits", "--hypotheses"]) == 0
    out = capsys.readouterr().out
    assert "K ≤ H + 1\n    without it: at H = 0, K = 2" in out
    assert "1 ≤ K\n    without it: no case is shown: the claim held on all" in out
    assert main(["show", "output-size-fits", "--hypotheses", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [c["hypothesis"] for c in data["hypotheses"]] == ["1 ≤ K", "K ≤ H + 1"]
    assert data["hypotheses"][1]["counterexample"]["at"] == {"H": "0", "K": "2"}
    assert main(["show", "output-size-fits", "--hypotheses", "--format", "html"]) == 2
