"""The audit of layers that are right: every dimension and setting, and what the report says."""

import json
from argparse import Namespace

import pytest

from derive.audit import audit_conv, main_audit

LAYERS = {
    "plain": (1, {}),
    "strided, no bias": (1, {"stride": 3, "padding": 2, "bias": False}),
    "depthwise": (2, {"groups": 3, "channels": 3, "kernel": 2}),
    "uneven settings": (2, {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 3)}),
    "kernel of one": (2, {"kernel": 1, "stride": 2, "size": (3, 4)}),
    "volume": (3, {"stride": (2, 1, 2), "padding": (1, 0, 1), "kernel": (2, 1, 3), "batch": 1}),
    "more groups and channels": (1, {"groups": 2, "channels": (4, 6), "dilation": 2, "batch": 3}),
}


@pytest.mark.parametrize("dims, settings", LAYERS.values(), ids=LAYERS)
def test_layers_hold_on_every_rung(dims, settings):
    report = audit_conv(dims, **settings)
    assert report.holds, report.text()
    assert [r.number for r in report.rungs] == [1, 2, 3, 4]
    report.check()


def test_the_ladder_shows_its_figures():
    report = audit_conv(2, stride=2, padding=1, dilation=2, groups=2)
    text = report.text()
    assert text.startswith("audit conv2d  kernel (3, 2), stride 2, padding 1, dilation 2, groups 2")
    proof, symbols, residues, numbers = report.rungs
    assert "D=2 N=2 G=2 O=2 C=2 M=3 s=2 d=2 p=1, any K, H in Z^2" in proof.message
    assert proof.figures["steps"] > 50
    entries = sum(symbols.figures["identities"] for _ in (1,))
    assert entries == 72 + 2 * (48 + 384 + 4), "forward once, each gradient against two sides"
    p, terms = residues.figures["prime"], residues.figures["terms"]
    assert terms * (p // 2) ** 2 < 2**63 and residues.figures["bound"] == 2 / p
    assert numbers.figures["float64"]["ulps"].keys() == {"forward", "weight", "input", "bias"}
    assert 0 < max(numbers.figures["float32"]["ulps"].values()) < 20
    assert json.loads(json.dumps(report.json()))["holds"] is True


def test_rungs_can_be_left_out():
    report = audit_conv(1, rungs=(4, 2))
    assert [r.name for r in report.rungs] == ["symbols", "numbers"]


def test_rung_one_says_not_yet_without_its_theorem(monkeypatch):
    from derive import library

    def nothing(name):
        raise library.UnknownName(name)

    monkeypatch.setattr(library, "find", nothing)
    proof, symbols = audit_conv(1, rungs=[1, 2]).rungs
    assert not proof.holds and proof.message.startswith("not yet: the library has no")
    assert not symbols.holds and "not yet" in symbols.message


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"padding": -1}, "padding must be at least 0, got -1"),
        ({"dilation": (1, 2, 3)}, "dilation must be one integer or 2"),
        ({"stride": 1.5}, "stride must be an integer"),
        ({"groups": 2, "channels": (4, 3)}, "groups 2 must divide the channels 4 in and 3 out"),
        ({"kernel": 5, "size": 3}, "does not fit into the input"),
        ({"rungs": (2, 5)}, "rungs must be some of 1, 2, 3, 4"),
        ({"rungs": ()}, "rungs must be some of 1, 2, 3, 4"),
        ({"theorems": {"wieght": None}}, "expected some of"),
    ],
)
def test_settings_that_fit_no_layer_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        audit_conv(2, **settings)


def test_four_dimensions_are_refused():
    with pytest.raises(ValueError, match="dims must be 1, 2 or 3"):
        audit_conv(4)


def test_the_command_answers_with_its_status(monkeypatch, capsys):
    assert main_audit("conv1d", stride=2, rungs=(2,)) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("2 symbols   holds")
    options = Namespace(layer="conv1d", rungs=(2,), json=True, channels=(2,), run=None)
    assert main_audit(options) == 0
    assert json.loads(capsys.readouterr().out)["rungs"][0]["name"] == "symbols"
    from minigrad.ops import conv

    right = conv.weight_gradient
    monkeypatch.setattr(conv, "weight_gradient", lambda x, g, q: -right(x, g, q))
    assert main_audit("conv1d", rungs=(2,)) == 1
    assert "FAILS" in capsys.readouterr().out
    with pytest.raises(ValueError, match="layer must be conv1d, conv2d, conv3d"):
        main_audit("conv4d")


def test_a_failing_audit_fails_a_test_with_the_ladder(monkeypatch):
    from minigrad.ops import conv

    right = conv.bias_gradient
    monkeypatch.setattr(conv, "bias_gradient", lambda g: right(g) + right(g))
    with pytest.raises(AssertionError, match="2 symbols   FAILS   bias gradient at 2 of 2"):
        audit_conv(1, rungs=[2, 3]).check()


def test_a_backward_that_raises_is_red(monkeypatch):
    from minigrad.ops import conv

    def broken(x, g, q):
        raise IndexError("no such axis")

    monkeypatch.setattr(conv, "weight_gradient", broken)
    (rung,) = audit_conv(1, rungs=[3]).rungs
    assert not rung.holds and rung.message == "IndexError: no such axis"


def test_a_large_size_is_made_smaller_and_said_so():
    report = audit_conv(2, kernel=3, padding=1, channels=(8, 16), size=28, rungs=(2, 4))
    assert report.holds, report.text()
    assert "all inputs of shape (2, 2, 4, 4)" in report.rungs[0].message


def test_derive_imports_no_minigrad_but_here():
    import subprocess
    import sys

    code = "import derive.audit, sys; assert not {'minigrad', 'derive.refute'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
