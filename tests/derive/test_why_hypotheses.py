"""Why hypotheses matter: each case is evaluated, and where there is none it says so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from derive.cli import main
from derive.hypotheses import Case, cases
from derive.hypotheses.needless import proved
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
    assert "without compact support, with f(z) = 1, g(z) = 1" in said
    assert "the left side has no value: an integral to infinity" in said


def test_a_class_on_the_reals_is_left_by_a_function_in_pieces() -> None:
    """f = 1/z^2 has no convolution; f = [0 <= z] has derivative 0 but at one point."""
    found = by_hypothesis("derivative-of-convolution-r")["f is locally integrable"].case
    assert "f(z) = 1/z²" in found
    assert "no value: an integral of 1/|z|² around 0" in found
    moved = by_hypothesis("derivative-moves-rd")["f is continuously differentiable"].case
    assert moved.startswith("with f(z) = [0 ≤ z], g(z) = (1 − z²)² [|z| ≤ 1], at x = 0: ")
    assert "the left side is 0, the right side is 1" in moved


def test_what_was_not_found_is_said() -> None:
    """(f * g)' = f' * g needs no derivative of g, and the kernel has no class that says so."""
    case = by_hypothesis("derivative-of-convolution-left-r")
    said = case["g is continuously differentiable with compact support"].case
    assert said.startswith("without a continuous derivative, it held for all functions tried; ")


def test_a_loss_with_partial_derivatives_and_no_derivative() -> None:
    """L(h) = h1^2 h2 / (h1^2 + h2^2): along (1, 1) it grows by 1/2, by its partials not at all."""
    case = by_hypothesis("conv1d-gradient-first-weight")["ℒ is differentiable"].case
    assert "h[1]² h[2]/(h[1]² + h[2]²), 0 at 0, w = 0 all over, x = 1 all over" in case
    assert "the left side is 1/2, the right side is 0" in case


def test_an_activation_with_a_corner() -> None:
    case = by_hypothesis("dense-gradient-weight")["σ is differentiable"].case
    assert "σ(u) = |u|" in case
    assert "1 for steps above 0 and -1 below: it has no value" in case


def test_a_layer_that_compares_entries_has_a_corner_at_a_tie() -> None:
    """max(x, 0) at 0; and the case for the loss keeps to the condition that no entry is 0."""
    tie, loss, _ = cases(find("relu-gradient").statement)
    assert tie.case.startswith("with ℒ(h) = h[0], at M = 1, m = 0, x = 0 all over: ")
    assert "1 for steps above 0 and 0 below: it has no value" in tie.case
    assert "|h[0] − 10|" in loss.case and "x = 10, 20" in loss.case
    (tie, *_) = cases(find("max-of-two-gradient").statement)
    assert "1 for steps above 0 and 0 below" in tie.case


def test_data_without_a_value() -> None:
    case = by_hypothesis("average-pooling")["1 ≤ K"].case
    assert case.startswith("at K = 0, ")
    assert case.endswith("a division by K = 0")


def test_what_is_not_needed_is_proved_without_it() -> None:
    found = by_hypothesis("conv1d-gradient-weight")
    spare = found["x is zero outside 1 ≤ index ≤ n + k − 1"]
    assert not spare.needed
    assert spare.words == "the claim still holds: it is proved without it"
    assert all(c.needed for h, c in found.items() if not h.startswith(("x", "w")))


def test_only_what_is_proved_is_said_to_be_proved() -> None:
    """Without a condition that the kernel needs, and a claim that is false as it stands."""
    sizes = find("output-size-general").statement
    assert proved(sizes)
    assert not proved(replace(sizes, given=()))
    assert not proved(find("slide-correlation-commutes-z").statement)


@pytest.mark.slow
def test_no_hypothesis_of_the_library_is_without_a_case() -> None:
    """Each has one, or is the range of a tensor that the kernel proves the claim without."""
    found = [(r.name, c) for r in results() if r.holds for c in cases(r.statement)]
    assert not [(name, c.hypothesis) for name, c in found if c.needed and not c.case]
    spare = [c.hypothesis for _, c in found if not c.needed]
    assert all(" is zero outside " in words for words in spare)
    assert (len(found), len(spare)) == (165, 36)


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
    assert main(["show", "output-size-fits", "--hypotheses", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [c["hypothesis"] for c in data["hypotheses"]] == ["K ≤ H + 1"]
    assert data["hypotheses"][0]["counterexample"]["at"] == {"H": "0", "K": "2"}
    assert main(["show", "layer-linear", "--hypotheses"]) == 0
    assert "no hypotheses: it holds for all" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["output-size-fits", "--hypotheses", "--format", "html"], "text or json"),
        (["slide-correlation-commutes-z", "--hypotheses"], "is a wrong claim"),
        (["output-size-fits", "--hypotheses", "--all"], "or --all with"),
        (["--all"], "--all is for --hypotheses"),
        ([], "give the name of a theorem"),
    ],
)
def test_what_the_command_refuses(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_all_of_the_library(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tuple(find(n) for n in ("output-size-fits", "layer-linear", "output-size-unfitted"))
    monkeypatch.setattr("derive.library.results", lambda: few)
    assert main(["show", "--all", "--hypotheses"]) == 0
    tally = capsys.readouterr().out.splitlines()[-1]
    assert tally.startswith("1 hypotheses of 2 theorems: 1 with a case without them, 0 not needed")
