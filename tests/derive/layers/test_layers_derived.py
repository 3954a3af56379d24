"""Gradients derived from forward formulas: their right sides, their forms, and that they replay."""

import os
import subprocess
import sys

import pytest

from derive.binding import free
from derive.kernel import replay
from derive.layers import layer
from derive.library import find
from derive.meaning import evaluate
from derive.syntax import Fn, Var, Z
from derive.text import text
from tests.derive.layers.convs import conv

CONV2D = r"h_{n,o,i,j} = \sum_{c,p,q} w_{o,c,p,q} x_{n,c,\,s i + d p - P,\,s j + d q - P} + b_o"


def shown(formula, **more):
    return {f"{f.tensor} {f.kind}": text(f.theorem.rhs) for f in layer(formula, **more).forms}


def test_a_convolution_in_all_its_forms():
    forms = shown(CONV2D, wrt="w,x,b", out="i < O_H, j < O_W")
    kernel = "Σ_{p=0}^{K₁−1} Σ_{q=0}^{K₂−1}"
    outputs = "Σ_{i=0}^{O_H−1} Σ_{j=0}^{O_W−1}"
    assert forms == {
        "w gradient": f"Σ_{{n=0}}^{{N−1}} {outputs} δ_{{n,o,i,j}} x_{{n,c,s i+d p−P,s j+d q−P}}",
        "x scatter": f"Σ_{{o=0}}^{{O−1}} {outputs} {kernel} δ_{{n,o,i,j}} w_{{o,c,p,q}} "
        "[s i + d p − P = m] [s j + d q − P = l]",
        "x gather": f"Σ_{{o=0}}^{{O−1}} {kernel} δ_{{n,o,⌊(m−d p+P)/s⌋,⌊(l−d q+P)/s⌋}} "
        "w_{o,c,p,q} [s | m − d p + P] [s | l − d q + P]",
        "x transposed": f"Σ_{{o=0}}^{{O−1}} {kernel} δ̃_{{n,o,m−d p+P,l−d q+P}} w_{{o,c,p,q}}",
        "x transposed-flipped": f"Σ_{{o=0}}^{{O−1}} {kernel} "
        "δ̃_{n,o,m+d p+P+d−K₁d,l+d q+P+d−K₂d} w_{o,c,K₁−p−1,K₂−q−1}",
        "x full": f"Σ_{{o=0}}^{{O−1}} {kernel} "
        "δ_{n,o,m+d p+P+d−K₁d,l+d q+P+d−K₂d} w_{o,c,K₁−p−1,K₂−q−1}",
        "b gradient": f"Σ_{{n=0}}^{{N−1}} {outputs} δ_{{n,o,i,j}}",
    }


@pytest.mark.parametrize(
    ("formula", "out", "expected"),
    [
        (  # the lecture's layer, from 1, with its activation
            r"h_i = \sigma(\sum_{j=1}^{k} w_j x_{i+j-1})",
            r"1 \le i \le n",
            {
                "w gradient": "Σ_{i=1}^n δ_i x_{i+j−1}",
                "x scatter": "Σ_{i=1}^n Σ_{j=1}^k δ_i w_j [i + j − 1 = m]",
                "x gather": "Σ_{j=1}^k δ_{m−j+1} w_j",
                "x full": "Σ_{j=1}^k δ_{m+j−k} w_{k−j+1}",
            },
        ),
        (  # fully connected
            r"h_i = \sigma(\sum_j W_{ij} x_j + b_i)",
            None,
            {
                "W gradient": "δ_i x_j",
                "x gradient": "Σ_{i=0}^{I−1} δ_i W_{i,j}",
                "b gradient": "δ_i",
            },
        ),
        (  # a bias without an index
            r"h_i = \sum_p w_p x_{i+p} + b",
            None,
            {
                "w gradient": "Σ_{i=0}^{M−1} δ_i x_{i+p}",
                "x scatter": "",
                "x gather": "Σ_{p=0}^{K−1} δ_{m−p} w_p",
                "x full": "Σ_{p=0}^{K−1} δ_{m+p−K+1} w_{K−p−1}",
                "b gradient": "Σ_{i=0}^{M−1} δ_i",
            },
        ),
        (  # causal and dilated
            r"y_t = \sum_{k \ge 0} w_k x_{t - d k}",
            None,
            {
                "w gradient": "Σ_{t=0}^{M−1} δ_t x_{t−k d}",
                "x scatter": "",
                "x gather": "Σ_{k=0}^{K−1} δ_{m+d k} w_k",
            },
        ),
        (  # bilinear
            r"y_k = \sum_{i,j} x_i W_{k,i,j} z_j",
            None,
            {
                "x gradient": "Σ_{k=0}^{K−1} Σ_{j=0}^{J−1} δ_k W_{k,i,j} z_j",
                "W gradient": "δ_k x_i z_j",
                "z gradient": "Σ_{k=0}^{K−1} Σ_{i=0}^{I−1} δ_k x_i W_{k,i,j}",
            },
        ),
        (  # locally connected
            r"y_i = \sum_p w_{i,p} x_{i+p}",
            None,
            {
                "w gradient": "δ_i x_{i+p}",
                "x scatter": "",
                "x gather": "Σ_{p=0}^{K−1} δ_{m−p} w_{m−p,p}",
                "x full": "Σ_{p=0}^{K−1} δ_{m+p−K+1} w_{m+p−K+1,K−p−1}",
            },
        ),
        (  # Toeplitz
            r"y_i = \sum_j t_{i-j+n-1} x_j",
            r"i < n",
            {
                "t scatter": "",
                "t gather": "Σ_{j=0}^{K−1} δ_{m+j−n+1} x_j",
                "x gradient": "Σ_{i=0}^{n−1} δ_i t_{i−j+n−1}",
            },
        ),
        (  # two images
            r"c_{i,j,u,v} = \sum_{p,q} f_{i+p,j+q} g_{i+u+p,j+v+q}",
            None,
            {
                "f scatter": "",
                "g scatter": "",
                "f gather": "Σ_{u=0}^{M₃−1} Σ_{v=0}^{M₄−1} Σ_{p=0}^{K₁−1} Σ_{q=0}^{K₂−1} "
                "δ_{m−p,l−q,u,v} g_{m+u,l+v}",
                "g gather": "Σ_{u=0}^{M₃−1} Σ_{v=0}^{M₄−1} Σ_{p=0}^{K₁−1} Σ_{q=0}^{K₂−1} "
                "δ_{m−p−u,l−q−v,u,v} f_{m−u,l−v}",
            },
        ),
    ],
)  # fmt: skip
def test_layers_that_nobody_has_named(formula, out, expected):
    found = shown(formula, out=out)
    assert {k: v for k, v in found.items() if expected.get(k) != ""} == {
        k: v for k, v in expected.items() if v
    }
    assert set(found) == set(expected)


def test_a_transposed_convolution_has_the_convolution_as_its_gradient():
    forms = shown(r"y_{n,c,m} = \sum_{o,i,p} x_{n,o,i} w_{o,c,p} [s i + d p - P = m]")
    assert forms["x gather"] == "Σ_{c=0}^{C−1} Σ_{p=0}^{K₂−1} δ_{n,c,d p+i s−P} w_{o,c,p}"
    assert forms["w gather"] == "Σ_{n=0}^{N−1} Σ_{i=0}^{K₁−1} δ_{n,c,i s+d p−P} x_{n,o,i}"


POOLING = (
    r"h_i = \sum_{p=0}^{K-1} x_{s i + p - P} "
    r"[\sum_{q=0}^{K-1} [q \ne p] [x_{s i + p - P} \le x_{s i + q - P}] \le 0]"
)


def test_layers_that_compare_entries_carry_a_hypothesis():
    """The maximum of a window, ReLU: where nothing is tied."""
    made = layer(POOLING)
    tied = text(made.form("x", "gather").theorem.given[-1])
    assert tied.startswith("Σ_{i=0}^{M−1} Σ_{p=0}^{K−1} ([Σ_{q=0}^{K−1} [q ≠ p]")
    assert tied.endswith("= 0")
    assert shown(POOLING)["x full"] == (
        "Σ_{p=0}^{K−1} δ_{m−p+P} [Σ_{q=0}^{K−1} [q ≠ p] [x_m ≤ x_{m+q−p}] ≤ 0]"
    )
    relu = layer(r"h_i = \max(0, \sum_j W_{ij} x_j)", "W").form("W").theorem
    assert text(relu.rhs) == "δ_i x_j [0 ≤ Σ_{j=0}^{J−1} W_{i,j} x_j]"
    assert text(relu.given[-1]) == (
        "Σ_{i=0}^{I−1} ([0 ≤ Σ_{j=0}^{J−1} W_{i,j} x_j] − [0 < Σ_{j=0}^{J−1} W_{i,j} x_j]) = 0"
    )


def test_average_pooling_spreads_delta():
    forms = shown(r"h_i = \frac{1}{K} \sum_{p=0}^{K-1} x_{s i + p - P}")
    assert forms["x scatter"] == "Σ_{i=0}^{M−1} Σ_{p=0}^{K−1} (1/K) δ_i [s i + p − P = m]"
    assert forms["x gather"] == "Σ_{p=0}^{K−1} (1/K) δ_{⌊(m−p+P)/s⌋} [s | m − p + P]"


def test_depthwise_channels_stay_apart():
    forms = shown(r"h_{n,c,i} = \sum_p w_{c,p} x_{n,c,i+p}", wrt="w")
    assert forms == {"w gradient": "Σ_{n=0}^{N−1} Σ_{i=0}^{M−1} δ_{n,c,i} x_{n,c,i+p}"}


def test_low_and_high_padding_may_differ():
    """The high side is the number of outputs: only the low side stands in the formula."""
    forms = shown(r"h_i = \sum_p w_p x_{s i + p - L}", wrt="x", out="i < O")
    assert forms["x gather"] == "Σ_{p=0}^{K−1} δ_{⌊(m−p+L)/s⌋} w_p [s | m − p + L]"


@pytest.mark.parametrize("dims", [1, 2])
def test_every_theorem_replays(dims):
    for form in conv(dims).forms:
        again = replay(form.theorem)
        assert (again.lhs, again.rhs) == (form.theorem.lhs, form.theorem.rhs)


def test_only_what_is_needed_is_assumed():
    made = layer(CONV2D, "w,x")
    assert not [c for c in made.gradients["w"].given if "s" in text(c)]
    assert "1 ≤ s" in map(text, made.gradients["x"].given)
    assert "1 ≤ d" not in map(text, made.gradients["x"].given)


LAYERS = {
    "fully connected": r"h_i = \sigma(\sum_j W_{ij} x_j + b_i)",
    "1-D": r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}",
    "2-D": CONV2D,
    "groups": r"h_{n,g,o,i} = \sum_{c,p} w_{g,o,c,p} x_{n,g,c,s i + d p - P} + b_{g,o}",
    "depthwise": r"h_{n,c,i} = \sum_p w_{c,p} x_{n,c,s i + d p - P}",
    "transposed": r"y_{n,c,m} = \sum_{o,i,p} x_{n,o,i} w_{o,c,p} [s i + d p - P = m]",
    "pooling": r"h_{n,c,i} = \frac{1}{K} \sum_{p=0}^{K-1} x_{n,c,s i + p - P}",
    "circulant": r"y_i = \sum_j w_{(i-j) \bmod n} x_j",
}


@pytest.mark.parametrize("name", LAYERS)
def test_each_kind_of_layer_has_its_forms(name):
    assert layer(LAYERS[name]).forms


def test_the_same_theorems_on_every_run():
    """A hash names a theorem: it must not depend on the order of a set."""
    formulas = (CONV2D, LAYERS["transposed"], r"y_k = \sum_{i,j} x_i W_{kij} z_j")
    code = (
        "from derive.layers import layer\n"
        f"for f in {formulas!r}:\n"
        "    print([form.hash for form in layer(f).forms])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_two_padded_layers_are_not_one():
    """All ones, length 3, padding 1 in both: [5, 7, 5]; one layer with padding 2: [6, 7, 6]."""
    s = find("padded-layers-compose").statement
    at, n = Var("i", Z), Var("n", Z)
    ones = {f: {k: 1 for k in range(3)} for f in free(s.lhs) if isinstance(f, Fn)}
    values = [[evaluate(side, {**ones, at: i, n: 3}) for i in range(3)] for side in (s.lhs, s.rhs)]
    assert values == [[5, 7, 5], [6, 7, 6]]


def test_a_derivation_shows_each_form_once():
    """The rows of a handout: one for each thought, the forms of the gradient among them."""
    from derive.layers.document import derivations

    made = layer(CONV2D, "x")
    rows = derivations(made)[0].rows
    terms = [row.term.text for row in rows]
    for kind in ("scatter", "gather", "transposed", "transposed-flipped"):
        assert text(made.form("x", kind).theorem.rhs) in terms
    assert len(rows) <= 9
    assert [r for r in rows if not r.reason] == []
