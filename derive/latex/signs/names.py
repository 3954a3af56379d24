"""Names: which scripts belong to a name (fonts, labels, text subscripts) and which say more.

May: split a written symbol into its name, its indices, its power and its primes.  Whether a
single letter below is an index or part of a size's name is asked of `Naming`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derive.latex.signs.errors import Fault
from derive.latex.signs.tree import (
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
    lone,
    lone_item,
)

LAYER_LETTERS = {"l", r"\ell", "L"}
DIFFERENTIALS = {"d", r"\mathrm{d}", r"\partial"}


@dataclass(slots=True)
class Head:
    """A symbol as written: `name` with label, then what stands around it."""

    name: str
    pos: int
    subs: Group | None = None
    power: Group | None = None
    primes: int = 0
    numbered: bool = False  # the label is a bare number in parentheses


@dataclass
class Naming:
    """What the whole text says about subscripts; filled by `roles/roles`."""

    bound: set[str] = field(default_factory=set)  # letters that some sum or integral binds
    named: set[str] = field(default_factory=set)  # names such as k_1 or m' that stand for sizes
    sizes_only: bool = False  # no sums, functions or derivatives anywhere: sizes


def flat(level: Level | Group | None) -> str | None:
    """Names, numbers and signs side by side as one string, else None."""
    if isinstance(level, Group):
        level = lone(level)
    if level is None:
        return None
    out = ""
    for item in level.items:
        if isinstance(item, Name):
            out += item.value
        elif isinstance(item, Number):
            out += item.digits
        elif isinstance(item, Mark) and item.kind == "sign":
            out += item.value
        else:
            return None
    return out


def label(sup: Group) -> str | None:
    """The layer's label that a superscript is, or None if it is a power."""
    item = lone_item(sup)
    if isinstance(item, Group) and item.kind in ("(", "["):
        inside = flat(item)
        if inside is None:
            raise Fault("not a layer's label", item.pos, "a label such as (l) or (l+1)")
        return f"({inside})" if inside.isdigit() else inside
    level = lone(sup)
    letters = [i for i in level.items if isinstance(i, Name)] if level else []
    if len(letters) == 1 and letters[0].value in LAYER_LETTERS:
        return flat(sup)
    return None


def head(item: Surface, naming: Naming) -> Head | None:
    """The symbol that `item` is, or None if it is something else."""
    if isinstance(item, Name):
        return Head(item.value, item.pos)
    if not isinstance(item, Script):
        return None
    base: Surface | None = item.base
    if isinstance(base, Group) and base.kind == "[" and item.subs and not item.primes:
        base = lone_item(base)  # [V]_{a,b} is V_{a,b}
    if not isinstance(base, Name):
        return None
    out = Head(base.value, item.pos, primes=item.primes)
    if len(item.subs) > 1 or len(item.sups) > 2:
        raise Fault("two scripts in one place", item.pos, "one _ and one ^")
    if item.subs:
        sub = lone_item(item.subs[0])
        if isinstance(sub, Name) and _part_of_name(out.name, sub.value, naming):
            out.name += f"_{{{sub.value}}}" if len(sub.value) > 1 else f"_{sub.value}"
        elif isinstance(sub, Number) and f"{out.name}_{sub.digits}" in naming.named:
            out.name += f"_{sub.digits}" if len(sub.digits) == 1 else f"_{{{sub.digits}}}"
        else:
            out.subs = item.subs[0]
    for sup in item.sups:
        if (layer := label(sup)) is not None:
            out.name += f"^{{{layer}}}"
            out.numbered = layer.startswith("(")
        elif out.power is None:
            out.power = sup
        else:
            raise Fault("two powers", sup.pos, "one power")
    if out.primes and out.name + "'" * out.primes in naming.named | naming.bound:
        out.name += "'" * out.primes
        out.primes = 0
    return out


def _part_of_name(name: str, sub: str, naming: Naming) -> bool:
    if sub in naming.bound:
        return False
    if len(sub) == 1 and sub.isupper():
        return True
    return sub in ("h", "w") and (naming.sizes_only or f"{name}_{sub}" in naming.named)


def plain_name(item: Surface) -> str | None:
    """The name of a variable as a binder writes it: m, m', i_1, \\mathbf{z}, n_{in}."""
    if isinstance(item, Name):
        return item.value
    if isinstance(item, Script) and isinstance(item.base, Name) and not item.sups:
        out = item.base.value
        for group in item.subs:
            inside = flat(group)
            if inside is None:
                return None
            out += f"_{inside}" if len(inside) == 1 else f"_{{{inside}}}"
        return out + "'" * item.primes
    return None


def differential(items: list[Surface], k: int) -> str | None:
    """The variable z if `d z` stands at items[k]."""
    first = items[k] if k + 1 < len(items) else None
    if isinstance(first, Name) and first.value in ("d", r"\mathrm{d}"):
        return plain_name(items[k + 1])
    return None


def symbols(level: Iterable[Surface]) -> list[str]:
    """All letters below some surface nodes."""
    return [n.value for item in level for n in item.walk() if isinstance(n, Name)]
