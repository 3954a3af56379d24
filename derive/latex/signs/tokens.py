"""LaTeX text to tokens: names with their fonts put together, layout left out.

May: drop what only sets the formula, and say at which character the text stops being notation.
Must not: expand macros or know what a letter stands for.  Linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lark import Token

from derive.latex.signs.around import separated
from derive.latex.signs.errors import MAX_CHARS, MAX_LEVELS, Fault, too_deep

GREEK = set(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varphi "
    "varepsilon vartheta varrho varsigma varpi ell nabla partial imath jmath hbar Re Im".split()
)
FONTS = set(
    "mathbf mathsf mathcal mathrm mathit mathbb mathfrak mathscr mathtt boldsymbol bm "
    "operatorname bf rm cal".split()
)
ACCENTS = set("hat tilde bar dot ddot check vec widehat widetilde overline underline".split())
TEXT = set("text textrm textsf textbf textit texttt textnormal mbox hbox textup".split())
LAYOUT = set(
    "displaystyle textstyle scriptstyle limits nolimits nonumber notag left right big "
    "Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle bigm Bigm thinspace "
    "negthinspace medspace thickspace enspace relax allowbreak hfill boxed ensuremath "
    "mathstrut strut par centering noindent".split()
) | set(",;:! ()[]>/")
WITH_ARGUMENT = set(
    "tag label hspace vspace phantom hphantom vphantom color eqref ref cite".split()
)
LAYOUT_ENVIRONMENTS = {"split", "math", "displaymath", "subequations"} | {
    name + star
    for name in ("aligned", "align", "equation", "gather", "gathered", "multline", "eqnarray",
                 "alignedat", "alignat", "flalign")
    for star in ("", "*")
}  # fmt: skip
SIMPLE = {
    "frac": ("FRAC", ""), "dfrac": ("FRAC", ""), "tfrac": ("FRAC", ""), "cfrac": ("FRAC", ""),
    "sum": ("BIG", "sum"), "int": ("BIG", "int"), "iint": ("BIG", "iint"),
    "iiint": ("BIG", "iiint"),
    "cdot": ("OP", "."), "times": ("OP", "."), "ast": ("OP", "*"), "star": ("OP", r"\star"),
    "circledast": ("OP", r"\circledast"), "odot": ("OP", r"\odot"), "otimes": ("OP", r"\otimes"),
    "div": ("OP", "/"), "bmod": ("OP", "mod"), "oplus": ("OP", r"\oplus"),
    "circ": ("OP", r"\circ"), "bullet": ("OP", r"\bullet"),
    "pm": ("SIGN", "±"), "leq": ("REL", "<="), "le": ("REL", "<="), "geq": ("REL", ">="),
    "leqslant": ("REL", "<="), "geqslant": ("REL", ">="), "lt": ("REL", "<"), "gt": ("REL", ">"),
    "ge": ("REL", ">="), "ne": ("REL", "!="), "neq": ("REL", "!="), "in": ("REL", "in"),
    "mid": ("REL", "mid"),
    "nleq": ("REL", "nle"), "nless": ("REL", "nlt"), "nmid": ("REL", "nmid"), "equiv": ("REL", "="),
    "coloneqq": ("REL", "="), "triangleq": ("REL", "="), "doteq": ("REL", "="),
    "land": ("SEP", "and"), "wedge": ("SEP", "and"), "lor": ("SEP", "or"), "vee": ("SEP", "or"),
    "lfloor": ("LFLOOR", ""), "rfloor": ("RFLOOR", ""), "lceil": ("LCEIL", ""),
    "rceil": ("RCEIL", ""), "lvert": ("LABS", ""), "rvert": ("RABS", ""), "{": ("LSET", ""),
    "}": ("RSET", ""), "lbrace": ("LSET", ""), "rbrace": ("RSET", ""), "lbrack": ("LBRACK", ""),
    "rbrack": ("RBRACK", ""), "infty": ("INFINITY", ""), "prime": ("PRIME", ""),
    "dots": ("DOTS", ""), "ldots": ("DOTS", ""), "cdots": ("DOTS", ""), "dotsc": ("DOTS", ""),
    "dotsb": ("DOTS", ""), "neg": ("NAME", r"\neg"), "lnot": ("NAME", r"\neg"),
    "top": ("NAME", r"\top"), "intercal": ("NAME", r"\top"),
    "mapsto": ("REL", "mapsto"), "quad": ("WIDE", ""), "qquad": ("WIDE", ""),
    "forall": ("FORALL", ""), "colon": ("COLON", ""), "%": ("OP", "mod"), "max": ("NAME", r"\max"),
    "min": ("NAME", r"\min"),
    "R": ("NAME", r"\mathbb{R}"), "Z": ("NAME", r"\mathbb{Z}"), "N": ("NAME", r"\mathbb{N}"),
}  # fmt: skip
SIGNS = {
    "+": ("SIGN", "+"), "-": ("SIGN", "-"), "−": ("SIGN", "-"), "–": ("SIGN", "-"),
    "*": ("OP", "*"), "∗": ("OP", "*"), "⋆": ("OP", r"\star"), "★": ("OP", r"\star"),
    "⊛": ("OP", r"\circledast"), "⊙": ("OP", r"\odot"), "⊗": ("OP", r"\otimes"),
    "/": ("OP", "/"), "·": ("OP", "."), "⋅": ("OP", "."), "×": ("OP", "."),
    "=": ("REL", "="), "≤": ("REL", "<="), "≥": ("REL", ">="), "<": ("REL", "<"),
    ">": ("REL", ">"), "≠": ("REL", "!="), "∈": ("REL", "in"), "∣": ("REL", "mid"),
    ",": ("SEP", ","), ";": ("SEP", ","), ":": ("COLON", ""), "∀": ("FORALL", ""),
    "(": ("LPAR", ""), ")": ("RPAR", ""),
    "[": ("LBRACK", ""), "]": ("RBRACK", ""), "{": ("LBRACE", ""), "}": ("RBRACE", ""),
    "⌊": ("LFLOOR", ""), "⌋": ("RFLOOR", ""), "⌈": ("LCEIL", ""), "⌉": ("RCEIL", ""),
    "∑": ("BIG", "sum"), "∫": ("BIG", "int"), "∞": ("INFINITY", ""), "_": ("SUB", ""),
    "^": ("SUP", ""), "'": ("PRIME", ""), "’": ("PRIME", ""), "′": ("PRIME", ""),
    "…": ("DOTS", ""), "⋯": ("DOTS", ""), "∂": ("NAME", r"\partial"), "ℒ": ("NAME", r"\mathcal{L}"),
    "ℓ": ("NAME", r"\ell"), "ℝ": ("NAME", r"\mathbb{R}"), "ℤ": ("NAME", r"\mathbb{Z}"),
}  # fmt: skip
SIGNS |= dict(
    (c, ("NAME", "\\" + n))
    for c, n in zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        strict=True,
    )
)
OPENERS = {"LPAR", "LBRACK", "LBRACE", "LSET", "LFLOOR", "LCEIL", "LABS", "LCASES"}
CLOSERS = {"RPAR", "RBRACK", "RBRACE", "RSET", "RFLOOR", "RCEIL", "RABS", "RCASES"}
OPERANDS = {"NAME", "NUMBER", "INFINITY", "PRIME", "DOTS"} | CLOSERS
JOINS = {"REL", "SIGN", "OP", "SEP"}
WITHIN = {"REL", "SIGN", "OP", "FRAC", "SUB", "SUP", "BIG"} | OPENERS - {"LCASES"}
CASE_WORDS = {"if", "otherwise", "else", "for", "when", "where", "in all other cases", "elsewhere"}

SCAN = re.compile(
    r"(?P<space>[\s~$\u00a0\u200b]+|%[^\n]*(?:\n|$)|`?:(?:eqlabel|label|numref):`?[^`\s]*`?)"
    r"|\\(?P<command>[A-Za-z]+|.)|(?P<number>\d+(?:\.\d+)?)|(?P<dots>\.\.\.)|(?P<char>.)",
    re.DOTALL,
)
SUBTEXT = re.compile(
    r"\s*(\{\s*)?\\(?:text|textrm|mathrm|textsf|textit|textbf|textnormal|operatorname|mbox|rm)\s*"
    r"\{\s*([A-Za-z0-9]{1,40})\s*\}(?(1)\s*\})"
)
INSIDE = re.compile(r"\\[A-Za-z]{1,40}|[A-Za-z0-9](?:[A-Za-z0-9]|\\_){0,39}")
PRIMES = re.compile(r"\s*(?:\{\s*((?:\\prime\b\s*|['’′]\s*)+)\}|\\prime(?![A-Za-z]))")
STOP = re.compile(  # what may follow the full stop after a formula
    r"(?:\s|\\(?:tag|label)\*?\s*\{[^{}]*\}|\\(?:nonumber|notag|qquad|quad|[,;:! ])(?![a-z])"
    r"|\\end\s*\{[^{}]*\}|[$&]|\\\])*(?:$|\\\\)"
)
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}(?:\\?_[A-Za-z0-9]{1,20}){0,4}")
JOINED = re.compile(  # what makes a word before it part of the formula
    r"(?:\s|~|&|\\(?:quad|qquad|right|left|[bB]igg?[lrm]?(?![a-z])|[,;:! ]))*"
    r"(?:[-+*/=<>^_\[]|[−–∗·⋅×≤≥≠]|\\(?:cdot|times|ast|div|le|ge|leq|geq|ne|neq|bmod|star)(?![a-z]))"
)
NORM = re.compile(r"\|\|[^|]{1,200}\|\|")
ENDING = re.compile(r"\s*\\end\s*\{")
SPACES = re.compile(r"(?:\s|~|\\(?:quad|qquad|[,;:! ]))*")
LINKS = set("and or if iff when where for with otherwise else then so thus hence but".split())
LINKS |= set("because since is therefore note also finally clearly recall likewise".split())
HYPOTHESES = set("if suppose assume assuming let given when whenever unless provided".split())
CONDITIONS = set("if when whenever where for with given provided assuming since because".split())
DENIALS = set("not no never unless except or either iff false wrong cannot neither nor".split())
DENIALS |= set("doesn't isn't don't implies approximately roughly only".split())
CONJUGATED = re.compile(r"\s*\{\s*\\?[A-Za-z]+\s*[^\s}A-Za-z]")
ENVIRONMENT = re.compile(r"\s*\{\s*([A-Za-z]{1,30}\*?)\s*\}")


class _Scanner:
    """One pass over the text; `out` are the tokens so far."""

    def __init__(self, text: str) -> None:
        self.text, self.out = text, list[Token]()
        self.opened: list[str] = []  # brackets, as token types
        self.bars: list[int] = []  # depths at which a plain | is open
        self.tail = len(text.rstrip(" \n\t\r$\\])}.,;"))

    def emit(self, kind: str, value: str, pos: int) -> None:
        if kind in OPENERS:
            self.opened.append(kind)
            if len(self.opened) > MAX_LEVELS:
                raise too_deep(pos)
        elif kind in CLOSERS and self.opened:
            self.opened.pop()
        if kind in ("AMP", "NEXT", "RCASES"):  # 1, & n \ge 0
            while self.out and self.out[-1].type in ("WIDE", "SEP") and self.out[-1] != "or":
                self.out.pop()
        self.out.append(Token(kind, value, start_pos=pos))

    @property
    def last(self) -> str:
        """The kind of the last token that is no space."""
        return next((t.type for t in reversed(self.out) if t.type != "WIDE"), "")

    def run(self) -> list[Token]:
        at = 0
        while at < len(self.text):
            found = SCAN.match(self.text, at)
            if found is None:  # every character matches `char`
                raise Fault("not a character of this notation", at, "mathematics")
            at = self.step(found)
        return _rows(separated(self.out))

    def step(self, m: re.Match[str]) -> int:
        pos, end = m.start(), m.end()
        if m["space"] is not None:
            return end
        if m["number"] is not None:
            return self.number(m["number"], pos)
        if m["dots"] is not None:
            self.emit("DOTS", "", pos)
        elif m["command"] is not None:
            return self.command(m["command"], pos, end)
        else:
            return self.char(m["char"], pos, end)
        return end

    def number(self, digits: str, pos: int) -> int:
        """A number; after _ ^ \\frac a bare digit is one argument, as in TeX."""
        if not digits.isascii():
            raise Fault(f"{digits[:9]!r} is not a number of this notation", pos, "digits 0 to 9")
        last = self.last
        if last in ("SUB", "SUP", "FRAC"):
            digits = digits[0]
        elif last == "NUMBER" and len(self.out) > 1 and self.out[-2].type == "FRAC":
            digits = digits[0]
        self.emit("NUMBER", digits, pos)
        return pos + len(digits)

    def char(self, c: str, pos: int, end: int) -> int:
        if c == "|":
            self.bar(pos)
        elif c == "&":
            if self.opened[-1:] == ["LCASES"]:
                self.emit("AMP", "", pos)
        elif c == "." and (end > self.tail or ENDING.match(self.text, end)):
            pass
        elif c == "." and not self.opened and STOP.match(self.text, end):
            pass
        elif c == ":" and self.text[end : end + 1] == "=":
            self.emit("REL", "=", pos)
            return end + 1
        elif c in SIGNS:
            kind, value = SIGNS[c]
            if kind == "SUP" and (primes := PRIMES.match(self.text, end)):
                for _ in range((primes[1] or "'").count("\\prime") + _ticks(primes[1] or "") or 1):
                    self.emit("PRIME", "", pos)
                return primes.end()
            if kind == "SUB" and (sub := SUBTEXT.match(self.text, end)):
                if self.out and self.out[-1].type != "BIG":  # \int_{\mathrm{R}}
                    return self.subtext(sub, pos)
            self.emit(kind, value, pos)
        elif c.isascii() and c.isalpha():
            self.emit("NAME", c, pos)
        else:
            shown = c if c.isprintable() else f"U+{ord(c):04X}"
            raise Fault(f"{shown!r} is not a sign of this notation", pos, "mathematics in LaTeX")
        return end

    def subtext(self, sub: re.Match[str], pos: int) -> int:
        """A subscript set as text belongs to the name before it."""
        if not self.out or self.out[-1].type != "NAME":
            raise Fault("a subscript set as text without a name before it", pos, "a letter")
        name = self.out.pop()
        self.out.append(Token("NAME", f"{name}_{{\\mathrm{{{sub[2]}}}}}", start_pos=name.start_pos))
        return sub.end()

    def bar(self, pos: int) -> None:
        """A plain |: opens or closes an absolute value, or divides."""
        if NORM.match(self.text, pos):
            raise Fault("a norm is not part of this notation", pos, "one bar on each side")
        depth = len(self.opened)
        last = self.last
        if self.bars and self.bars[-1] == depth and last in OPERANDS:
            self.bars.pop()
            self.emit("RABS", "", pos)
        elif last in OPERANDS and not self.closes_later(pos):
            self.emit("REL", "mid", pos)
        else:
            self.emit("LABS", "", pos)
            self.bars.append(depth + 1)

    def closes_later(self, pos: int) -> bool:
        """Whether another | follows before this bracket ends (2|x| against s | m)."""
        depth = 0
        for c in self.text[pos + 1 : pos + 400]:
            depth += (c in "([{") - (c in ")]}")
            if depth < 0 or c in "=,":
                return False
            if c == "|" and depth == 0:
                return True
        return False

    def command(self, name: str, pos: int, end: int) -> int:
        text = self.text
        if name == "\\":
            if self.opened[-1:] == ["LCASES"]:
                self.emit("NEXT", "", pos)
            else:
                self.out.append(Token("ROW", str(len(self.opened)), start_pos=pos))
            star = re.compile(r"\s*\[[^\]\n]{0,20}(?:pt|em|ex|mm|cm)\]").match(text, end)
            return star.end() if star else end
        if name in LAYOUT:
            if name in ("left", "right", "middle") or name.lower().startswith("big"):
                return self.delimiter(name, end)
            return end
        if name == "substack":
            return self.stacked(pos, end)
        if name in WITH_ARGUMENT:
            return self.argument(end, pos)[1]
        if name in ("begin", "end"):
            return self.environment(name, pos, end)
        if name in TEXT:
            return self.words(pos, end)
        if name in ("stackrel", "overset", "underset"):
            return self.decorated(pos, end)
        if name == "overline" and CONJUGATED.match(text, end):
            return end  # all functions are real
        if name in FONTS or name in ACCENTS:
            value, after = self.styled(name, pos, end, 1)
            self.emit("NAME", value, pos)
            return after
        if name in SIMPLE:
            kind, value = SIMPLE[name]
            if kind != "BAD":
                self.emit(kind, value, pos)
                return end
        elif name in GREEK:
            self.emit("NAME", "\\" + name, pos)
            return end
        shown = "".join(c for c in name[:30] if c.isprintable())
        raise Fault(f"\\{shown} is not part of this notation", pos, "a command of NOTATION")

    def stacked(self, pos: int, end: int) -> int:
        """\\substack{i < n \\\\ j < m}: the same as with commas."""
        inner, after = self.argument(end, pos)
        at = after - len(inner) - 1
        while at < after - 1:
            found = SCAN.match(self.text, at)
            if found is not None and found["command"] == "\\":
                self.emit("SEP", ",", at)
                at = found.end()
            else:
                at = self.step(found) if found is not None else after
        return after

    def decorated(self, pos: int, end: int) -> int:
        """\\stackrel{def}{=}: an equality with a remark on it."""
        above, after = self.argument(end, pos)
        sign, last = self.argument(after, pos)
        if sign.strip() not in ("=", ":=") or set(above) & set("?!<>"):
            raise Fault("a sign with something above it", pos, "=")
        self.emit("REL", "=", pos)
        return last

    def words(self, pos: int, end: int) -> int:
        """Text: layout beside formulas, a name within one, and never left out silently."""
        raw, after = self.argument(end, pos)
        shown = " ".join(raw.split())
        said = re.findall(r"[a-z']+", shown.lower())
        last = self.last
        start = last in ("", "SEP", "ROW", "AMP", "LCASES", "NEXT")
        inside = bool(self.opened) and self.opened[-1] != "LCASES"
        within = last in WITHIN or JOINED.match(self.text, after) is not None
        if not said and not within:
            return after
        if last == "LBRACE" and self.out[-2:-1] and self.out[-2].type in ("SUB", "SUP"):
            raise Fault(f"the words {shown[:40]!r} among scripts", pos, "one word, or none")
        name = WORD.fullmatch(raw.strip())
        close = name is not None and raw == raw.strip() and shown.lower() not in LINKS
        if name is not None and shown.lower() not in LINKS:
            called = close and self.text[after : after + 1] == "("
            if within or called or (close and (inside or last == "NUMBER")):
                spelt = re.sub(r"\\?_", r"\_", name[0])
                self.emit("NAME", f"\\mathrm{{{spelt}}}", pos)
                return after
        if shown in ("and", "or") and (self.opened and not start):
            self.emit("SEP", shown, pos)
            return after
        if (within and last in WITHIN) or inside or (close and not start):
            raise Fault(
                f"the words {shown[:40]!r} inside a formula", pos, "a formula without words"
            )
        if name is not None and shown.islower() and shown not in LINKS and start:
            if not SPACES.fullmatch(self.text, after):  # an operator such as flip?
                raise Fault(f"the word {shown[:40]!r} before a formula", pos, "a formula alone")
        if self.opened:
            return self.when(shown, said, pos, after)
        if set(said) & DENIALS or (not self.out and set(said[:1]) & HYPOTHESES):
            raise Fault(f"the words {shown[:40]!r} are no part of a claim", pos, "--given")
        if not start and not SPACES.fullmatch(self.text, after):
            self.emit("SEP", "if" if said and said[0] in CONDITIONS else ",", pos)
        return after

    def when(self, shown: str, said: list[str], pos: int, after: int) -> int:
        """Words among cases: "if" and "otherwise" are layout."""
        if shown.strip(" ,.:;").lower() in CASE_WORDS:
            return after
        raise Fault(f"the words {shown[:40]!r} inside a formula", pos, "a condition")

    def delimiter(self, name: str, end: int) -> int:
        """What follows \\left or \\right: a full stop is nothing, a bar is a bracket."""
        found = re.compile(r"\s*").match(self.text, end)
        at = found.end() if found else end
        c = self.text[at : at + 1]
        if c == ".":
            return at + 1
        if c == "|" and name != "middle":
            closing = name.endswith(("right", "r")) and name != "bigr|" and name != "left"
            self.emit("RABS" if closing else "LABS", "", at)
            return at + 1
        return end

    def argument(self, at: int, pos: int) -> tuple[str, int]:
        """The text of a {group} and where it ends."""
        start = at
        while self.text[start : start + 1].isspace():
            start += 1
        if self.text[start : start + 1] == "*":
            start += 1
        if self.text[start : start + 1].isalnum():
            return self.text[start], start + 1
        if self.text[start : start + 1] != "{":
            raise Fault("a command without its argument", pos, "{")
        depth = 0
        for m in re.compile(r"\\.|[{}]", re.DOTALL).finditer(self.text, start):
            depth += (m[0] == "{") - (m[0] == "}")
            if depth == 0:
                return self.text[start + 1 : m.start()], m.end()
        raise Fault("an argument that does not end", start, "}")

    def environment(self, command: str, pos: int, end: int) -> int:
        found = ENVIRONMENT.match(self.text, end)
        if found is None:
            raise Fault(f"\\{command} without the name of an environment", pos, "{aligned}")
        name = found[1]
        if name in ("cases", "dcases"):
            self.emit("LCASES" if command == "begin" else "RCASES", "", pos)
        elif name not in LAYOUT_ENVIRONMENTS:
            raise Fault(f"the environment {name} is not part of this notation", pos, "aligned")
        return found.end()

    def styled(self, command: str, pos: int, at: int, level: int) -> tuple[str, int]:
        """The name inside a font or an accent, in one spelling."""
        while self.text[at : at + 1].isspace():
            at += 1
        braced = self.text[at : at + 1] == "{"
        at += braced
        while braced and self.text[at : at + 1].isspace():
            at += 1
        found = INSIDE.match(self.text, at)
        if found is None or level > 5:
            raise Fault(f"\\{command} without a name", at, "a letter")
        inner = found[0] if braced or found[0][0] == "\\" else found[0][0]
        at += len(inner)
        if inner[0] == "\\" and (inner[1:] in FONTS or inner[1:] in ACCENTS):
            inner, at = self.styled(inner[1:], pos, at, level + 1)
        elif inner[0] == "\\" and inner[1:] not in GREEK:
            raise Fault(f"{inner} is not a name", at - len(inner), "a letter")
        while braced and self.text[at : at + 1].isspace():
            at += 1
        if braced:
            if self.text[at : at + 1] != "}":
                raise Fault(f"\\{command} over more than a name", at, "}")
            at += 1
        return _canonical(command, inner), at


def _canonical(command: str, inner: str) -> str:
    command = {"operatorname": "mathrm", "bf": "mathbf", "rm": "mathrm", "cal": "mathcal"}.get(
        command,
        {"bm": "boldsymbol", "mathscr": "mathcal", "mathtt": "mathrm"}.get(command, command),
    )
    return f"\\{command}{{{inner}}}"


def _ticks(text: str) -> int:
    return sum(c in "'’′" for c in text)


def _rows(tokens: list[Token]) -> list[Token]:
    """Line breaks that separate equations kept, the others and the last full stop dropped."""
    out: list[Token] = []
    following = [""] * len(tokens)
    after = "JOIN"
    for k in range(len(tokens) - 1, -1, -1):
        following[k] = after
        after = after if tokens[k].type == "ROW" else tokens[k].type
    for each, after in zip(tokens, following, strict=True):
        if each.type == "ROW":
            if after == "JOIN" or after in JOINS or not out:
                continue
            if out[-1].type in JOINS and not (out[-1].type == "SEP" and each == "0"):
                continue
            if each != "0" or after in CLOSERS:
                continue
            while out and out[-1].type == "SEP":
                out.pop()
        out.append(each)
    while out and (out[-1].type in ("ROW", "SEP")):
        out.pop()
    while out and out[0].type in ("ROW", "SEP"):
        out.pop(0)
    return out


@lru_cache(maxsize=256)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text, without layout."""
    if len(text) > MAX_CHARS:
        raise Fault("too long", MAX_CHARS, f"at most {MAX_CHARS} characters")
    return tuple(_Scanner(text).run())
