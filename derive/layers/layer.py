"""`layer(formula, wrt, out, given)`: a forward formula with its gradients as theorems.

May: put the stages together.  Called by `derive layer`, by people, and by whoever writes code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from derive.binding import free, instantiate
from derive.kernel import Theorem, qed
from derive.layers.forms import flipped, gathered, stuffed
from derive.layers.forward import Forward, forward
from derive.layers.gradient import Claim, claim, scatter
from derive.layers.scan import entries
from derive.layers.steps import equations
from derive.polynomial import Scope, poly
from derive.search.walk import places
from derive.serial import to_json
from derive.syntax import (
    ONE,
    ZERO,
    Cond,
    Div,
    Floor,
    Node,
    Op,
    Rel,
    Term,
    Var,
)


@dataclass(frozen=True)
class Form:
    """One theorem about a gradient.

    `kind`: "gradient"; "scatter" where brackets [s i + d p - P = m] are left, then "gather" with
    the outputs that meet an input, "transposed" with delta stuffed with zeros; "full", with the
    kernel flipped.  `stride` is 1 for a form that holds for this stride only.
    """

    tensor: str
    kind: str
    theorem: Theorem
    unit: bool = False

    @property
    def hash(self) -> str:
        return digest(self.theorem)


@dataclass(frozen=True)
class Layer:
    """A forward formula and what was derived from it."""

    formula: str
    forward: Forward
    forms: tuple[Form, ...]

    @property
    def gradients(self) -> Mapping[str, Theorem]:
        """For each tensor the theorem that code is made from: gathered where there is a stride."""
        return {
            name: self.form(name).theorem for name in dict.fromkeys(f.tensor for f in self.forms)
        }

    def form(self, tensor: str, kind: str | None = None) -> Form:
        found = [f for f in self.forms if f.tensor == tensor and not f.unit]
        if kind is not None:
            found = [f for f in self.forms if f.tensor == tensor and f.kind == kind]
        for wanted in ("gather", "gradient", "scatter"):
            for f in found:
                if kind is not None or f.kind == wanted:
                    return f
        raise KeyError(f"no gradient by {tensor}" + (f" in the form {kind!r}" if kind else ""))

    def name(self, form: Form) -> str:
        """What the theorem is called in code and documents."""
        kind = "" if form.kind == "gradient" else f"-{form.kind}"
        return f"{self.forward.name}-gradient-{form.tensor}{kind}"


def digest(theorem: Theorem) -> str:
    """16 hexadecimal digits of SHA-256 of the serialised statement."""
    data = json.dumps(to_json(theorem.statement()), separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def layer(
    formula: str,
    wrt: Iterable[str] | str | None = None,
    out: Iterable[str] | str | None = None,
    given: Iterable[str] | str = (),
) -> Layer:
    r"""The gradients of a loss through a layer, derived for symbolic sizes.

    `wrt`: the tensors, "w, x" or a list; all of them if not given.  `out`: ranges of the outputs.

    >>> from derive.text import text
    >>> made = layer(r"h_i = \sum_p w_p x_{i + p}", "w")
    >>> text(made.gradients["w"].rhs)
    'Σ_{i=0}^{M−1} δ_i x_{i+p}'
    """
    f = forward(formula, listed(out), listed(given))
    names = listed(wrt) or [fn.name for fn in f.tensors]
    forms: list[Form] = []
    for name in names:
        forms += _forms(f, name)
    return Layer(formula, f, tuple(forms))


def listed(what: Iterable[str] | str | None) -> list[str]:
    if what is None:
        return []
    parts = what.split(",") if isinstance(what, str) else list(what)
    return [p.strip() for p in parts if p.strip()]


def _forms(f: Forward, name: str) -> list[Form]:
    letters = tuple(v.name for v in f.indices)
    hints = _strides(f, name)
    c = claim(f, name, _needed(f, hints))
    walk = scatter(c)
    spread = any(True for _ in equations(walk.term))
    first = qed(walk.equation)
    out = [Form(name, "scatter" if spread else "gradient", first)]
    ops: tuple[Op, ...] = (c.delta,)
    if spread and gathered(walk, letters, c):
        out.append(Form(name, "gather", qed(walk.equation)))
        wide = stuffed(walk, c)
        if wide is not None:
            out.append(Form(name, "transposed", qed(walk.equation)))
            ops = (wide, c.delta)
        if flipped(walk, ops, c):
            kind = "full" if wide is None else "transposed-flipped"
            out.append(Form(name, kind, qed(walk.equation)))
        if wide is not None:
            out += _at_stride_one(f, name, hints)
    return out


def _at_stride_one(f: Forward, name: str, strides: tuple[Var, ...]) -> list[Form]:
    """The same with stride 1: delta is no longer spread, so the form is a full convolution."""
    one = {s: ONE for s in strides}
    if not one:
        return []
    plain = replace(f, body=instantiate(f.body, one))
    c: Claim = claim(plain, name, _needed(plain, ()))
    walk = scatter(c)
    gathered(walk, tuple(v.name for v in f.indices), c)
    if any(True for _ in equations(walk.term)):
        return []
    flipped(walk, (c.delta,), c)
    return [Form(name, "full", qed(walk.equation), unit=True)]


def _strides(f: Forward, name: str) -> tuple[Var, ...]:
    """The letters that multiply an output's index in an index of the tensor (else a sum's)."""
    out: dict[Var, None] = {}
    for entry in entries(f.body):
        if getattr(entry.fn, "name", "") != name:
            continue
        for arg in entry.args:
            if isinstance(arg, Term):
                outer = _coefficients(arg, set(f.indices))
                out |= dict.fromkeys(outer)
    return tuple(out)


def _coefficients(arg: Term, moving: set[Var]) -> list[Var]:
    atoms: dict[str, Term] = {}
    found: list[Var] = []
    for mono in poly(arg, Scope(atoms=atoms)):
        letters = [atoms[a] for a, _ in mono]
        if any(t in moving for t in letters):
            found += [t for t in letters if isinstance(t, Var) and t not in moving]
    return found


def _needed(f: Forward, strides: tuple[Var, ...]) -> tuple[Cond, ...]:
    """Of what the letters' roles demand only what is needed: positive strides, denominators."""
    wanted: set[object] = set(strides)
    for _, node in places(f.body, lambda n: isinstance(n, Div | Floor)):
        wanted |= free(node.den)  # type: ignore[attr-defined]
    return tuple(c for c in f.given if not _by_role(c) or free(c) & wanted)


def _by_role(cond: Node) -> bool:
    return (
        isinstance(cond, Rel)
        and cond.op == "<="
        and cond.lhs in (ZERO, ONE)
        and isinstance(cond.rhs, Var)
    )
