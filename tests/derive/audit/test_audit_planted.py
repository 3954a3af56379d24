"""The audit itself: wrong backward passes and wrong theorems are planted, and must turn it red."""

import pytest
from mutations import MUTATIONS, SETTINGS
from wrong_theorems import WRONG, squared_stride

from derive.audit import audit_conv
from derive.library import find
from minigrad.ops import conv


def audit(*rungs, **more):
    return audit_conv(2, **SETTINGS, rungs=rungs, **more)


def test_the_layer_holds_as_it_is():
    report = audit(1, 2, 3, 4)
    assert report.holds, report.text()


@pytest.mark.parametrize("rung", [2, 3, 4], ids=["symbols", "residues", "numbers"])
@pytest.mark.parametrize("name, wrong", MUTATIONS.values(), ids=MUTATIONS)
def test_a_wrong_backward_is_red_on_every_rung_that_runs_it(name, wrong, rung, monkeypatch):
    monkeypatch.setattr(conv, name, wrong)
    report = audit(rung)
    assert report.red == {rung}, report.text()


@pytest.mark.parametrize("planted", WRONG.values(), ids=WRONG)
def test_a_wrong_theorem_is_red_on_every_rung(planted):
    report = audit(1, 2, 3, 4, theorems=planted)
    assert report.red == {1, 2, 3, 4}, report.text()
    assert "has no proof" in report.rungs[0].message
    if "size" in planted:
        assert all("the theorem says 4" in rung.message for rung in report.rungs[1:])
        return
    assert all("differ; " in rung.message for rung in report.rungs[1:3])
    assert "ulp" in report.rungs[3].message


def test_a_true_theorem_of_another_layer_does_not_match():
    report = audit(1, 2, 3, 4, theorems={"weight": squared_stride()})
    assert report.red == {1, 2, 3, 4}, report.text()
    assert all("where the layer has" in rung.message for rung in report.rungs), report.text()


def test_a_theorem_about_another_tensor_does_not_match():
    report = audit(1, theorems={"weight": find("conv-gradient-input").statement})
    assert not report.holds
    assert "the theorem for the weight does not fit" in report.rungs[0].message
