"""What published notes write and the notation does not know, put into the notation.

May: drop decoration, and name a word that stands as a quantity.  Must not: change what is claimed.
Every character keeps its place.
"""

from __future__ import annotations

import re

from derive.lint.mapped import Mapped, join

CONNECTIVES = set(
    "if for where and or when with by is are otherwise else even odd all any each every such that "
    "since because as from to of on in at then hence thus so but not otherwise given let iff "
    "assuming using we get have".split()
)
WORD = re.compile(r"\\(?:text|textrm|textit|textsf|texttt|mathrm|mathit|mathtt|mathsf|mbox|"
                  r"operatorname)\s*\{\s*([A-Za-z][A-Za-z0-9_\\\s-]{0,38}?)\s*\}")
BEFORE = re.compile(r"(?:[-+*/=<>(\[{,−]|\\(?:times|cdot|left\(|left\\lfloor|lfloor|lceil|le|ge|"
                    r"leq|geq|frac|dfrac|[,;!])|\A|[0-9])\s*\Z")
AFTER = re.compile(r"\s*(?:[-+*/=<>()\]}−_^]|\\(?:times|cdot|right|rfloor|rceil|le|ge|leq|geq|"
                   r"[,;!\\])|\Z|[,.&])")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&le;", r"\le "), ("&ge;", r"\ge "))
FORALL = re.compile(
    r"(?:\\(?:quad|qquad|,|;|:)\s*|[,;]\s*|\\(?:text|mbox|textrm)\s*\{\s*)*\\forall(?![A-Za-z])"
)
BRACKETED = re.compile(
    r"(?<![A-Za-z}\])'])\[\s*((?:\\[a-z]+\s*\{\s*)?\\?[A-Za-z]+\s*\}?)\s*\]\s*(?=_\s*[{A-Za-z])"
)
SPACES = re.compile(
    r"(?<=[_{ ])\\(?:mathbf|mathrm|mathds|Bbb)\s*\{?\s*([RZ])\s*\}?(?=\s*(?:\^|\}|\s|$))"
)
SUBSCRIPT = re.compile(
    r"_\s*\{\s*(in|out|pad|eff|new|old|max|min|input|output|kernel|stride|total|prev|next|conv|pool|"
    r"dil|full|same|valid|ker|img|size|padding|padded|batch)\s*\}"
)
OVERLAY = re.compile(
    r"\\(?:only|visible|uncover|onslide|alert)(?![A-Za-z])\s*(?:<[^<>\n]{0,20}>)?\s*"
    r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
)
DOMAIN = re.compile(r"(?:_\s*\{?|\\in|\\times)\s*\Z")
TAG = re.compile(r"\\(?:(?:tag\*?|label)\s*\{[^{}]*\}|nonumber(?![A-Za-z])|notag(?![A-Za-z]))")
STOP = re.compile(r"[.,;]\s*\Z")
SIMPLE = [
    (re.compile(r"\\operatorname\*"), r"\operatorname"),
    (re.compile(r"≔|\\colonequals\b|\\coloneq\b|:\s*="), ":="),
    (re.compile(r"\\(?:protect|hline|smallskip|medskip|bigskip|qed|qedhere)\b"), " "),
    (re.compile(r"\\[hv]?phantom\s*\{[^{}]*\}|\\pause(?![A-Za-z])|(?<==)\s*\{\s*\}"), " "),
    (re.compile(r"\\(?:bigl|bigr|Bigl|Bigr|big|Big|bigg|Bigg)\s*\."), " "),
]

def normalise(body: Mapped, markdown: bool) -> Mapped:
    """The formula in the notation, as far as that is only spelling."""
    if markdown and "&" in body.text:
        for entity, char in ENTITIES:
            if entity in body.text:
                body = body.replace(re.compile(re.escape(entity)), char)
    if markdown and ("\\_" in body.text or "\\*" in body.text):
        body = body.replace(re.compile(r"(?<!\\)\\(?=[_*])"), "")
    for pattern, by in SIMPLE:
        body = body.replace(pattern, by)
    return words(forall(untagged(subscripts(spaces(entries(overlays(body)))))))


def overlays(body: Mapped) -> Mapped:
    r"""\only<2>{f = g} is f = g on some slide."""
    cuts = [cut for m in OVERLAY.finditer(body.text) for cut in (
        (m.start(), m.start(1)), (m.end(1), m.end()))]  # fmt: skip
    return join(body.split(cuts)) if cuts else body


def subscripts(body: Mapped) -> Mapped:
    """H_{out} is a name; in_ words that can be nothing else, and `in` beside an `out`."""
    parts, last = [], 0
    both = "{in}" in body.text and re.search(r"_\s*\{out\}", body.text) is not None
    for m in SUBSCRIPT.finditer(body.text):
        if m[1] == "in" and (not both or "\\sum" in body.text):
            continue
        parts += [body[last : m.start(1)],
                  Mapped.at(rf"\mathrm{{{m[1]}}}", body.place(m.start(1)))]
        last = m.end(1)
    return join([*parts, body[last:]]) if parts else body


def entries(body: Mapped) -> Mapped:
    """[H]_{i,j} is the entry H_{i,j}."""
    cuts = []
    for m in BRACKETED.finditer(body.text):
        if re.fullmatch(r"(?:\\[a-z]+\s*\{\s*)?(?:[A-Za-z]|\\[A-Za-z]+)\s*\}?", m[1]):
            cuts += [(m.start(), m.start(1)), (m.end(1), m.end())]
    return join(body.split(cuts)) if cuts else body


def spaces(body: Mapped) -> Mapped:
    """The reals and the integers in bold, where a domain is written."""
    parts, last = [], 0
    for m in SPACES.finditer(body.text):
        if DOMAIN.search(body.text[max(0, m.start() - 12) : m.start()]):
            name = Mapped.at(rf"\mathbb{{{m[1]}}}", body.place(m.start()))
            parts += [body[last : m.start()], name]
            last = m.end()
    return join([*parts, body[last:]]) if parts else body


def untagged(body: Mapped) -> Mapped:
    """Without \\tag{3}, \\label{...}, and the full stop before them."""
    if not TAG.search(body.text):
        return body
    pieces = body.split([m.span() for m in TAG.finditer(body.text)])
    return join([p[: len(STOP.sub("", p.text))] if p is not pieces[-1] else p for p in pieces])


def forall(body: Mapped) -> Mapped:
    """`..., \\forall x` dropped, in its line; `\\forall i = 1, \\dots, n` kept as a condition."""
    found = FORALL.search(body.text)
    if found is None:
        return body
    head, tail = body[: found.start()], body[found.end() :]
    if not head.text.strip():
        comma = re.match(r"[^,:]*[,:]", tail.text)
        return tail[comma.end() :] if comma else tail
    row = re.search(r"\\\\|\Z", tail.text)
    here, after = tail[: row.start()], tail[row.start() :]  # type: ignore[union-attr]
    if re.search(r"=|\\le|\\ge|<|>", here.text) and "\\forall" not in here.text:
        return join([head, Mapped.at(", ", body.place(found.start())), here, forall(after)])
    return join([head, forall(after)])


def words(body: Mapped) -> Mapped:
    """A word set as text that stands where a quantity does becomes a name."""
    parts, last = [], 0
    for m in WORD.finditer(body.text):
        name = re.sub(r"[^A-Za-z0-9]", "", m[1])
        if len(name) < 2 and m[0].startswith(r"\math"):
            continue  # a letter in a font is itself
        if m[1].lower() in CONNECTIVES or m[1].split()[0].lower() in CONNECTIVES:
            continue
        before = body.text[max(0, m.start() - 30) : m.start()]
        if before.rstrip().endswith(("_", "^")) or re.search(r"[_^]\s*\{\s*\Z", before):
            continue
        if not (BEFORE.search(before) and AFTER.match(body.text, m.end())):
            continue
        if m[0] == rf"\mathrm{{{m[1]}}}":
            continue
        parts += [body[last : m.start()], Mapped.at(rf"\mathrm{{{name}}}", body.place(m.start()))]
        last = m.end()
    return join([*parts, body[last:]]) if parts else body
