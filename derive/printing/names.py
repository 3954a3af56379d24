"""Names of symbols, set as LaTeX and as Unicode, by a grammar that lets no other command through.

May: print a letter, a Greek letter, a font or an accent around a name, subscripts, superscripts
and primes.  Must not: pass on what it does not understand; that is escaped, letter by letter.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LETTERS = (
    "alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ "
    "nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ "
    "Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω varphi ϕ varepsilon ϵ vartheta ϑ "
    "ell ℓ nabla ∇ partial ∂ star ⋆ ast ∗ circledast ⊛ odot ⊙ otimes ⊗ oplus ⊕ circ ∘ cdot ·"
).split()
COMMANDS = dict(zip(_LETTERS[::2], _LETTERS[1::2], strict=True))
UNICODE = {char: f"\\{name}" for name, char in COMMANDS.items()} | {"ℒ": r"\mathcal{L}"}
WORDS = {name for name in COMMANDS if len(name) > 1} - {"star", "ast", "circ", "cdot", "partial"}

ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307", "check": "\u030c"}
ACCENTS |= {"vec": "\u20d7", "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0304"}
ACCENTS |= {"ddot": "\u0308", "underline": "\u0332"}
FONTS = {"mathbf", "mathsf", "mathcal", "mathrm", "mathit", "mathbb", "mathfrak", "mathtt"}
ALIASES = {"bm": "boldsymbol", "boldsymbol": "boldsymbol", "mathscr": "mathcal"}  # no package
UPRIGHT = {"text", "textrm", "mathrm", "textsf", "textbf", "textit", "operatorname"}

_ESCAPES = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&",
    "_": r"\_", "^": r"\wedge ", "~": r"\sim ", " ": r"\ ", "'": "'", '"': "''",
    "<": r"{<}", ">": r"{>}", "-": "{-}",
}  # fmt: skip
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Set(NamedTuple):
    """A name as it is set: `plain` if it ends neither in a superscript nor in a prime."""

    latex: str
    text: str
    plain: bool = True


class _Odd(Exception):
    """A name outside the grammar."""


@lru_cache(maxsize=10_000)
def set_name(name: str) -> Set:
    """The name in LaTeX and Unicode.

    >>> set_name("delta").latex, set_name("x_{in}'").text, set_name("relu").latex
    ('\\\\delta', "x_in'", '\\\\mathrm{relu}')
    >>> set_name(r"\\input{x}").latex
    '\\\\mathrm{\\\\backslash input\\\\{x\\\\}}'
    """
    try:
        return _Reader(name).whole()
    except _Odd:
        shown = "".join(c if c.isprintable() else "\ufffd" for c in name) or "?"
        return Set(rf"\mathrm{{{escape_math(name) or '?'}}}", shown)


def escape_math(raw: str) -> str:
    """Any characters, set upright inside \\mathrm: nothing of them acts."""
    out = []
    for c in raw:
        if c.isascii() and (c.isalnum() or c in "+=()[]/|.,:;!?*@`"):
            out.append(c)
        elif c in _ESCAPES:
            out.append(_ESCAPES[c])
        else:
            out.append(rf"\text{{U+{ord(c):04X}}}")
    return "".join(out)


class _Reader:
    """Recursive descent over one name."""

    def __init__(self, raw: str) -> None:
        self.raw, self.at = raw, 0

    def whole(self) -> Set:
        out = self.name()
        if self.at != len(self.raw):
            raise _Odd
        return out

    def peek(self) -> str:
        return self.raw[self.at : self.at + 1]

    def take(self, wanted: str) -> None:
        if not self.raw.startswith(wanted, self.at):
            raise _Odd
        self.at += len(wanted)

    def word(self) -> str:
        start = self.at
        while self.peek().isascii() and self.peek().isalnum():
            self.at += 1
        return self.raw[start : self.at]

    def name(self) -> Set:
        latex, text = self.core()
        plain = True
        while (c := self.peek()) and c in "'_^":
            if c == "'":
                self.at += 1
                latex, text, plain = latex + "'", text + "'", False
                continue
            self.at += 1
            sub, shown = self.script()
            if c + "{" in latex.replace("_{", c + "{", c == "^"):
                raise _Odd  # a double script is an error in LaTeX
            latex += f"{c}{{{sub}}}"
            if c == "_" and shown.isdigit():
                text += shown.translate(_SUBSCRIPTS)
            else:
                text += c + (shown if len(shown) == 1 or shown.isalpha() else f"{{{shown}}}")
            plain = plain and c == "_"
        return Set(latex, text, plain)

    def core(self) -> tuple[str, str]:
        c = self.peek()
        if c == "\\":
            return self.command()
        if c in UNICODE:
            self.at += 1
            return UNICODE[c], c
        if not (c.isascii() and c.isalpha()):
            raise _Odd
        word = self.word()
        if word in WORDS:
            return f"\\{word}", COMMANDS[word]
        return (word if len(word) == 1 else rf"\mathrm{{{word}}}"), word

    def command(self) -> tuple[str, str]:
        self.take("\\")
        start = self.at
        while self.peek().isascii() and self.peek().isalpha():
            self.at += 1
        command = self.raw[start : self.at]
        if command in COMMANDS:
            return f"\\{command}", COMMANDS[command]
        if command in UPRIGHT and self.peek() == "{":
            self.take("{")
            words = [self.word()]
            while self.raw.startswith("\\_", self.at):
                self.take("\\_")
                words.append(self.word())
            self.take("}")
            if not all(words):
                raise _Odd
            upright = "mathrm" if command.startswith("text") else command
            spelt = r"\_".join(words)
            return rf"\{upright}{{{spelt}}}", "_".join(words)
        if command in ACCENTS or command in FONTS or command in ALIASES:
            command = ALIASES.get(command, command)
            self.take("{")
            inner = self.name()
            self.take("}")
            shown = inner.text
            if command in ACCENTS:
                shown = unicodedata.normalize("NFC", shown[0] + ACCENTS[command] + shown[1:])
            elif (command, shown) == ("mathcal", "L"):
                shown = "ℒ"
            return rf"\{command}{{{inner.latex}}}", shown
        raise _Odd

    def script(self) -> tuple[str, str]:
        """A label below or above: letters, digits, + - , ( ), commands of this grammar."""
        if self.peek() != "{":
            c = self.peek()
            if not (c.isascii() and c.isalnum()):
                raise _Odd
            self.at += 1
            return c, c
        self.take("{")
        latex, text = "", ""
        while (c := self.peek()) != "}":
            if c and c in "+-,()":
                self.at += 1
                piece = (c, c)
            elif c.isascii() and c.isdigit():
                self.at += 1
                piece = (c, c)
            else:
                piece = self.core()
            latex, text = latex + piece[0], text + piece[1]
        self.take("}")
        if not latex:
            raise _Odd
        return latex, text
