"""Rung 1: the gradient theorems, instantiated at a layer's configuration by the kernel.

May: ask search for the theorems and their witnesses; the kernel checks, and replays, all of it.
Must not: know a theorem but by its statement: a true theorem about another layer does not match.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from derive.audit.formula import TARGETS, Formula, formula, positions
from derive.audit.layer import Layer, short
from derive.audit.matching import Mismatch, instance
from derive.audit.report import Rung, rung
from derive.audit.running import planned
from derive.binding import instantiate
from derive.kernel import Context, Refused, Theorem, begin, chain, qed, replay, step
from derive.meaning import evaluate
from derive.search.linear import witnesses
from derive.search.prove import prove
from derive.search.walk import Unproved
from derive.syntax import App, Cond, Exists, Node, Op, Statement, Term

LIBRARY = {
    "weight": "conv-gradient-weight",
    "input": "conv-gradient-input",
    "bias": "conv-gradient-bias",
    "size": "output-size-general",
}
Theorems = Mapping[str, Statement]


def library(planted: Theorems | None = None) -> dict[str, Statement]:
    """The statements to audit against: the library's, some replaced by others (for tests)."""
    from derive.library import UnknownName, find

    unknown = sorted(set(planted or {}) - set(LIBRARY))
    if unknown:
        raise ValueError(f"theorems: expected some of {sorted(LIBRARY)}, got {unknown}")
    found = {}
    for role, name in LIBRARY.items():
        try:
            found[role] = find(name).statement
        except UnknownName:
            continue
    return found | dict(planted or {})


def wanted(layer: Layer) -> tuple[str, ...]:
    """The tensors whose gradients the layer has."""
    return TARGETS if layer.bias else TARGETS[:2]


@lru_cache(maxsize=32)
def proved(statement: Statement) -> tuple[Theorem, int]:
    """The replayed theorem, its names such as delta written out, and the number of its steps.

    Written out, since a name's definition speaks of the symbolic dimension.
    """
    theorem = prove(statement)
    opened = begin(theorem.given, theorem.rhs)
    while (path := named(opened.rhs)) is not None:
        opened = step(opened, "unfold", path, {})
    backwards = chain(begin(theorem.given, opened.rhs), opened)
    written = replay(qed(chain(theorem, backwards)))
    return written, len(written.steps)


def named(t: Node) -> tuple[int, ...] | None:
    """Where a defined name is applied in a term, as a path of the kernel; None if nowhere."""
    if isinstance(t, App) and isinstance(t.fn, Op):
        return ()
    for k, part in enumerate(t.children()):
        path = named(part)
        if path is not None:
            return (k, *path)
    return None


def instantiated(general: Theorem, given: tuple[Cond, ...], lhs: Term) -> Theorem:
    """The theorem at `lhs`: the kernel proves each hypothesis again and compares the formula."""
    mapping = instance(general.lhs, lhs)
    context = Context(given)
    found = []
    for cond in general.given:
        needed = instantiate(cond, mapping)
        witness = () if isinstance(needed, Exists) else witnesses(context, needed)
        if witness is None:
            raise Mismatch(f"the theorem's hypothesis {needed!r} does not hold here")
        found.append(witness)
    data = {"theorem": general, "mapping": tuple(mapping.items()), "witnesses": tuple(found)}
    return replay(qed(step(begin(given, lhs), "use", (), data)))


def proof(layer: Layer, theorems: Theorems) -> Rung:
    """Rung 1 for a layer."""
    spoken = formula(layer)
    steps, names = 0, []
    for role in (*wanted(layer), "size"):
        if role not in theorems:
            return rung(1, False, f"not yet: the library has no {LIBRARY[role]}")
        try:
            general, count = proved(theorems[role])
            if role == "size":
                checked_sizes(layer, general)
            else:
                claim = spoken.claims[role]
                instantiated(general, claim.given, claim.lhs)
                names.append(LIBRARY[role])
        except Unproved as gap:
            return rung(1, False, f"the theorem for the {role} has no proof: {gap.reason}")
        except (Mismatch, Refused) as reason:
            return rung(1, False, f"the theorem for the {role} does not fit: {reason}")
        steps += count
    values = settings(layer, spoken)
    return rung(
        1,
        True,
        f"{', '.join(names)} and {LIBRARY['size']} at {values}; {steps} steps replayed",
        theorems=[*names, LIBRARY["size"]],
        instance=values,
        steps=steps,
    )


def settings(layer: Layer, spoken: Formula) -> str:
    """What was put in, in words; vectors stay variables, and their values come last."""
    numbers = {
        "D": (layer.dims,),
        "N": (layer.batch,),
        "G": (layer.groups,),
        "O": (layer.outer,),
        "C": (layer.inner,),
        "K": layer.kernel,
        "H": layer.size,
        "M": layer.output,
        "s": layer.stride,
        "d": layer.dilation,
        "p": layer.padding,
    }
    free = {v.name: values for v, values in spoken.vectors.items()}
    out = " ".join(f"{k}={short(v)}" for k, v in numbers.items() if k not in free)
    if free:
        out += f", any {', '.join(free)} in Z^{layer.dims}, here "
        out += ", ".join(f"{k}={v}" for k, v in free.items())
    return out if layer.bias else out + ", any b, here 0"


def checked_sizes(layer: Layer, general: Theorem) -> None:
    """The number of output positions on each axis is the layer's."""
    for axis, outputs in enumerate(layer.output):
        claim = positions(layer, axis)
        theorem = instantiated(general, claim.given, claim.lhs)
        count = evaluate(theorem.rhs, dict(zip(claim.indices, layer.stride[axis:], strict=False)))
        if count != outputs:
            raise Mismatch(f"axis {axis} has {outputs} output positions, the theorem says {count}")
    if not layer.linear and planned(layer) != layer.output:
        raise Mismatch(f"minigrad has {planned(layer)} output positions, not {layer.output}")
