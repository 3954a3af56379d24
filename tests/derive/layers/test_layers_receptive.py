"""Layers in a row: the field is what the rows say, its theorems replay, and it is not too small."""

from random import Random

import pytest

from derive.binding import free
from derive.kernel import Refused, replay
from derive.layers import receptive_field, seen_inputs
from derive.layers.receptive import field, symbols
from derive.meaning import Formula, Points, compare, evaluate, generator
from derive.polynomial import equal
from derive.syntax import Fn, Num, Sum, Var, Z, term
from derive.text import text

ROWS = {
    "one": [(3, 2, 2)],
    "three kernels of 3": [(3, 1, 1)] * 3,
    "strides": [(3, 2, 1), (2, 3, 1), (4, 1, 1)],
    "dilations": [(2, 1, 1), (2, 1, 2), (2, 1, 4)],
    "both": [(3, 2, 2), (2, 2, 3)],
}
FIELDS = {"one": 5, "three kernels of 3": 7, "strides": 23, "dilations": 8, "both": 11}


def brute(rows, i):
    """The inputs that the output at i reads."""
    seen = {i}
    for size, stride, dilation, *padding in reversed(rows):
        low = padding[0] if padding else 0
        seen = {stride * j + dilation * a - low for j in seen for a in range(size)}
    return seen


@pytest.mark.parametrize("name", ROWS)
def test_the_field_is_what_is_read(name):
    rows = ROWS[name]
    span, stride, _ = (int(t.value) for t in field(rows))
    assert span + 1 == FIELDS[name]
    for i in (0, 1, -2):
        read = brute(rows, i)
        assert (min(read), max(read)) == (stride * i, stride * i + span)


@pytest.mark.parametrize("name", ROWS)
def test_the_layers_are_one_layer(name):
    theorem = receptive_field(ROWS[name])
    assert replay(theorem).statement() == theorem.statement()
    span, stride, _ = field(ROWS[name])
    right = theorem.rhs
    assert isinstance(right, Sum) and equal(right.bounds[1], span)
    assert equal(right.body.factors[1].args[0], stride * Var("i", Z) + right.var)
    rng = Random(name)
    places = [(k,) for k in range(-3, 40)]
    data = {fn: Points({k: rng.randint(1, 4) for k in places}) for fn in tensors(theorem)}
    for i in (0, 1):
        found = compare(theorem.statement(), {**data, Var("i", Z): i})
        assert found.verdict == "equal" and found.lhs != 0


def tensors(theorem):
    return [s for s in free(theorem.lhs) if isinstance(s, Fn) and s.name[0] in "wx"]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_for_all_sizes(count):
    rows = symbols(count)
    theorem = receptive_field(rows)
    assert replay(theorem).statement() == theorem.statement()
    assert [s.rule for s in theorem.steps].count("use") == count
    assert equal(theorem.rhs.bounds[1], field(rows)[0])
    values = {"K": 3, "s": 2, "d": 1}
    env = {v: values[v.name[0]] for row in rows for v in row}
    assert evaluate(field(rows)[0], env) == field([(3, 2, 1)] * count)[0].value


def test_the_bound_of_three_layers_reads_well():
    assert text(receptive_field(symbols(3)).rhs.bounds[1]) == (
        "d₁ · (K₁ − 1) + s₁ d₂ · (K₂ − 1) + s₁ s₂ d₃ · (K₃ − 1)"
    )


@pytest.mark.parametrize("rows", [[(3, 1, 1, 1), (3, 2, 1, 1)], [(2, 3, 2, 1), (3, 1, 2, 0)]])
def test_inputs_outside_of_the_field_do_not_matter(rows):
    """With padding, cut outputs, biases and activations; a smaller field would not do."""
    theorem = seen_inputs(rows)
    assert replay(theorem).statement() == theorem.statement()
    (x,) = (f for f in tensors(theorem) if f.name == "x")
    span, stride, shift = (int(t.value) for t in field(rows))
    i = 2
    read = brute(rows, i)
    assert (min(read), max(read)) == (stride * i - shift, stride * i - shift + span)
    env = {s: 20 for s in free_of(theorem) if isinstance(s, Var)} | {Var("i", Z): i}
    env |= {f: Points({(k,): k + 1 for k in range(4)}) for f in tensors(theorem)}
    env |= {f: Formula(generator(0) ** 3) for f in free_of(theorem)
            if isinstance(f, Fn) and f.name.startswith("\\")}  # fmt: skip

    def at(*places):
        return evaluate(theorem.lhs, {**env, x: Points({(k,): 1 for k in places})})

    outside = min(read) - 1, max(read) + 1
    assert at(*outside) == at() != at(min(read)) != at(max(read)) != at()


def free_of(theorem):
    return free(theorem.lhs) | free(theorem.rhs)


def test_with_padding_for_all_sizes():
    rows = [(*row, Var(f"P_{k}", Z)) for k, row in enumerate(symbols(3), 1)]
    theorem = seen_inputs(rows)
    assert replay(theorem).statement() == theorem.statement()
    assert equal(field(rows)[2], sum((p * q for p, q in (
        (rows[0][3], term(1)), (rows[1][3], rows[0][1]), (rows[2][3], rows[0][1] * rows[1][1]))),
        start=term(0)))  # fmt: skip


def test_what_is_no_row_of_layers():
    for wrong in ([], [(3, 0, 1)], [(3, 1, 0)]):
        with pytest.raises(ValueError, match=r"no layers|at least 1"):
            receptive_field(wrong)


def test_a_smaller_field_is_refused(monkeypatch):
    """The witnesses are checked by the kernel: one input less, and there is no theorem."""
    real = field

    def smaller(rows):
        span, stride, shift = real(rows)
        return Num(span.value - 1), stride, shift

    monkeypatch.setattr("derive.layers.receptive.field", smaller)
    with pytest.raises(Refused, match="not proved"):
        seen_inputs([(3, 1, 1, 1), (3, 2, 1, 1)])
