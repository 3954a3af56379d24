"""Instances are found by shape, and what does not fit is refused with the place."""

import pytest

from derive.audit.formula import formula
from derive.audit.layer import Layer, layer_of
from derive.audit.matching import Mismatch, instance
from derive.library import find
from derive.syntax import Fn, Num, Sum, Var, Z, term

n, a, i = (Var(v, Z) for v in "nai")
f = Fn("f", (Z,), "finite")


def test_numbers_are_put_in_for_sizes():
    found = instance(
        Sum(a, (term(0), n - 1), f(n * a - i)), Sum(a, (term(0), term(4) - 1), f(4 * a - 2))
    )
    assert found == {n: term(4), i: term(2), f: f}


def test_a_symbol_that_would_be_two_things_is_refused():
    with pytest.raises(Mismatch, match="n would have to be both 4 and 5"):
        instance(Sum(a, (term(0), n - 1), f(n * a)), Sum(a, (term(0), term(4) - 1), f(5 * a)))


def test_a_bound_variable_stands_for_nothing():
    with pytest.raises(Mismatch, match="cannot stand for n"):
        instance(Sum(a, (term(0), term(3)), f(n)), Sum(i, (term(0), term(3)), f(i)))
    with pytest.raises(Mismatch):
        instance(Sum(a, (term(0), term(3)), f(a)), Sum(i, (term(0), term(3)), f(n)))


def test_another_shape_is_refused_with_both_parts():
    with pytest.raises(Mismatch, match=r"the theorem has .* where the layer has"):
        instance(f(n) + 1, f(n) * 1)


def test_equal_settings_are_numbers_and_others_vectors():
    layer = layer_of(2, stride=2, padding=(1, 0), kernel=3, size=(6, 7))
    spoken = formula(layer)
    assert {v.name: values for v, values in spoken.vectors.items()} == {
        "p": (1, 0),
        "H": (6, 7),
    } | ({"M": layer.output} if len(set(layer.output)) > 1 else {})
    theorem = find("conv-gradient-input").statement
    found = instance(theorem.lhs, spoken.claims["input"].lhs)
    by_name = {s.name: t for s, t in found.items()}
    assert by_name["s"] == Num(2) and by_name["D"] == Num(2) and by_name["p"].name == "p"


def test_sizes_of_a_layer():
    layer = layer_of(2, stride=2, dilation=2, kernel=(3, 2), size=(8, 6), padding=1, groups=2)
    assert layer.output == (3, 3)
    chosen = layer_of(1, stride=3, padding=1, kernel=2)
    assert chosen.output == (3,), "and two rows at the end that no position reaches"
    assert (chosen.size[0] + 2 - 2) % 3 == 2
    assert layer.shapes["w"] == (4, 2, 3, 2)
    assert layer.products == 864
    small = layer.within(200, 200)
    assert isinstance(small, Layer) and small.products <= 200 and small.stride == layer.stride
