"""Python identifiers for the letters of a formula: checked, and different from each other.

Nothing that a user wrote gets into source code but through here, as an identifier.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from derive.syntax import Fn, Var

RESERVED = {
    "np", "entries", "grid", "forward", "backward", "delta", "out_shape", "array", "index",
    "ValueError", "tuple", "zip", "bool", "map", "h", "more", "_",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class Names:
    """One identifier for each symbol, given on demand."""

    def __init__(self) -> None:
        self.known: dict[Var | Fn, str] = {}
        self.taken = set(RESERVED)

    def of(self, symbol: Var | Fn) -> str:
        if symbol not in self.known:
            self.known[symbol] = self._new(symbol.name)
        return self.known[symbol]

    def all(self, symbols: Iterable[Var | Fn]) -> list[str]:
        return [self.of(s) for s in symbols]

    def _new(self, name: str) -> str:
        wanted = identifier(name)
        while wanted in self.taken or wanted.startswith(("part_", "grad_")):
            wanted = f"{wanted}_" if wanted in self.taken else f"v_{wanted}"
        self.taken.add(wanted)
        return wanted


def identifier(name: str) -> str:
    r"""A Python identifier that reads like the name.

    >>> identifier("O_H"), identifier(r"\lambda"), identifier("w^{(l)}"), identifier("m'")
    ('O_H', 'lambda_', 'w_l', 'm_prime')
    """
    plain = re.sub(r"\\(mathbf|mathsf|mathcal|mathrm|mathit|text|textrm|hat|tilde|bar)\b", "", name)
    plain = plain.replace("'", " prime ")
    out = "_".join(_WORD.findall(re.sub(r"[^A-Za-z0-9]", " ", plain)) or ["v"])
    digits = re.search(r"_\{?(\d+)\}?$", name)
    if digits and not out.endswith(digits.group(1)):
        out += f"_{digits.group(1)}"
    if keyword.iskeyword(out) or keyword.issoftkeyword(out):
        out += "_"
    if not out.isidentifier() or not out.isascii():
        raise ValueError(f"no identifier can be made of {name!r}")
    return out
