"""Nodes to plain data and back; bad data is refused with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printable import F, conds, f, terms, w

from derive.definitions import convolution
from derive.recorded import Recorded, record, unrecord
from derive.serial import BadData, from_json, to_json
from derive.syntax import ONE, ZERO, Node, R, Rel, Statement, Sum, Term, Var, Z, lattice

x, z, i = Var("x", R), Var("z", R), Var("i", Z)


@given(st.one_of(terms(), conds(2)))
@settings(max_examples=80, deadline=None)
def test_round_trip_through_text(node: Node) -> None:
    assert from_json(json.loads(json.dumps(to_json(node)))) == node


@pytest.mark.parametrize(
    "node",
    [convolution(R)(F, F)(x), convolution(lattice(Var("d", Z))), w, R, Z,
     Statement((Rel("<", ZERO, i),), f(i), f(i))],
)  # fmt: skip
def test_round_trip_of_all_kinds(node: Node) -> None:
    assert from_json(json.loads(json.dumps(to_json(node)))) == node


BAD: list[tuple[Any, str]] = [
    (None, "expected a Node"),
    ([], "expected a Node"),
    (["Num", "1/0"], "expected a fraction"),
    (["Num", "٣"], "expected a fraction"),
    (["Num", 1], "expected a fraction"),
    (["Num"], "Num has 1 fields, not 0"),
    (["os.system", "ls"], "expected a Node, got 'os.system'"),
    (["Node"], "expected a Node, got 'Node'"),
    (["Var", "x", ["Space", "Q", ["Num", "1"], None]], "expected one of R, Z, Zn"),
    (["Rel", "!=", ["Num", "0"], ["Num", "1"]], "expected one of"),
    (["Add", ["()", ["Rel", "=", ["Num", "0"], ["Num", "0"]]]], "expected a Term, got 'Rel'"),
    (["Add", [["Num", "1"]]], "expected a tuple"),
    (["Pow", ["Num", "2"], -1], "expected a number from 0"),
    (["Pow", ["Num", "2"], True], "expected a number from 0"),
    (["Fn", "", ["()"], "any", None, "call"], "expected a word"),
    (["Fn", "f", ["()"], "wild", None, "call"], "expected one of"),
    (["App", to_json(f), ["()", ["Num", "1/2"]]], "ill typed"),
]


@pytest.mark.parametrize(("data", "reason"), BAD, ids=[r for _, r in BAD])
def test_bad_data_is_refused(data: Any, reason: str) -> None:
    with pytest.raises(BadData, match=reason.replace("(", r"\(")):
        from_json(data)


def test_the_place_is_named() -> None:
    with pytest.raises(BadData, match=r"at \[1\]\[2\]: expected a Term, got 'Space'"):
        from_json(["Add", ["()", ["Num", "1"], to_json(R)]])


def test_too_deep_is_refused() -> None:
    data: Any = ["Num", "1"]
    for _ in range(5000):
        data = ["Abs", data]
    with pytest.raises(BadData, match="deep"):
        from_json(data)
    with pytest.raises(BadData, match="deep"):
        unrecord(data)


def test_a_proof_replays_from_text() -> None:
    from derive.kernel import theorem as kernel

    conv = convolution(R)
    g = F
    e = kernel.begin((), Sum(z, (), g(z) * g(x - z)))
    e = kernel.back(e, "unfold", (), {}, conv(g, g)(x))
    proof = kernel.qed(e)
    again = unrecord(json.loads(json.dumps(record(proof))))
    assert isinstance(again, Recorded) and again.rhs == proof.rhs
    e = kernel.begin(again.given, again.lhs)
    for s in again.steps:
        if s.forward:
            e = kernel.step(e, s.rule, s.path, s.data)
        else:
            e = kernel.back(e, s.rule, s.path, s.data, s.result)
    assert kernel.qed(e).rhs == proof.rhs


def test_data_of_steps_round_trips() -> None:
    data = {"variables": (x,), "index": 0, "maps": {z: ONE}, "words": "a", "none": None}
    assert unrecord(json.loads(json.dumps(record(data)))) == data


@pytest.mark.parametrize(
    "data",
    [["{}", ["a"]], ["{}", ["a", 1], ["a", 2]], ["{}", [1, 2]], ["Theorem"], [1], [["()"]],
     ["Fraction"], ["Theorem", ["()"], ["Num", "1"], ["Num", "1"], [["Step"]]]],
)  # fmt: skip
def test_bad_records_are_refused(data: Any) -> None:
    with pytest.raises(BadData):
        unrecord(data)


def test_asking_for_a_kind() -> None:
    with pytest.raises(BadData, match="expected a Term"):
        from_json(to_json(R), Term)  # type: ignore[type-abstract]
