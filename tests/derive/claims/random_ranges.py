"""Random claims about finite ranges, floors and extremes, in LaTeX, with labels by a referee.

Knows nothing of `derive`.  A true claim is made true: a range split, shifted, turned around or
taken by residues, a first or last term taken out, triangles exchanged, squares cut along the
diagonal, sums telescoped, products of sums, laws of floors, ceilings, maxima and absolute values.
A false one has a slip (a bound, an argument, a sign, a hypothesis forgotten) and it is false on
data: both sides are added up by brute force for small sizes and random values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import Any

SIZES = ("n", "m", "k")
FREE = ("c",)
NAMES = ("f", "g")


# ---- expressions: linear in the letters, sums over ranges, values of functions


@dataclass(frozen=True)
class Lin:
    """A linear expression: coefficients of letters, "" for the constant."""

    parts: tuple[tuple[str, int], ...]

    def __add__(self, other: Lin | int) -> Lin:
        out = dict(self.parts)
        for name, c in lin(other).parts:
            out[name] = out.get(name, 0) + c
        return Lin(tuple((name, c) for name, c in out.items() if c))

    def __mul__(self, c: int) -> Lin:
        return Lin(tuple((name, c * k) for name, k in self.parts if c))

    def __sub__(self, other: Lin | int) -> Lin:
        return self + lin(other) * -1

    def put(self, name: str, by: Lin) -> Lin:
        c = dict(self.parts).get(name, 0)
        return Lin(tuple(p for p in self.parts if p[0] != name)) + by * c

    def value(self, at: dict[str, int]) -> int:
        return sum(c * (at[name] if name else 1) for name, c in self.parts)

    def __str__(self) -> str:
        out = ""
        for name, c in sorted(self.parts, key=lambda p: (p[0] == "", p[1] < 0)):
            size = str(abs(c)) if abs(c) != 1 or not name else ""
            out += ("-" if c < 0 else "+" if out else "") + size + name
        return out or "0"


def lin(x: Lin | int | str) -> Lin:
    if isinstance(x, Lin):
        return x
    return Lin(((("", x),) if x else ()) if isinstance(x, int) else ((x, 1),))


@dataclass(frozen=True)
class Call:
    name: str
    args: tuple[Lin, ...]


@dataclass(frozen=True)
class Sum:
    var: str
    lo: Expr
    hi: Expr
    body: Expr


@dataclass(frozen=True)
class Op:
    """+ and *; - and abs of one; floor, ceil, /, max, min, brackets <=, = and divides of two."""

    kind: str
    parts: tuple[Expr, ...]


Expr = Lin | Call | Sum | Op


@dataclass(frozen=True)
class Claim:
    """`conds`: pairs (a, b) for a <= b, triples (s, e, "|") for s divides e."""

    family: str
    left: Expr
    right: Expr
    conds: tuple[Any, ...] = ()
    true: bool = True
    sizes: tuple[str, ...] = field(default=SIZES)

    @property
    def latex(self) -> str:
        return f"{tex(self.left)} = {tex(self.right)}"

    @property
    def given(self) -> tuple[str, ...]:
        return tuple(rf"{c[0]} \mid {c[1]}" if len(c) == 3 else rf"{c[0]} \le {c[1]}"
                     for c in self.conds)  # fmt: skip


def tex(e: Expr, inside: bool = False) -> str:
    match e:
        case Lin():
            return f"({e})" if inside and len(e.parts) > 1 else str(e)
        case Call(name, args):
            return f"{name}({', '.join(map(str, args))})"
        case Sum(var, lo, hi, body):
            return rf"\sum_{{{var}={tex(lo)}}}^{{{tex(hi)}}} {tex(body, True)}"
        case Op("+", parts):
            out = ""
            for part in parts:
                text = tex(part)
                out += f" {text}" if text.startswith("-") else f" + {text}" if out else text
            return f"({out})" if inside else out
        case Op("-", (part,)):
            return f"-{tex(part, True)}" if not inside else f"(-{tex(part, True)})"
        case Op("*", parts):
            return " ".join(_factor(p, k == 0, k == len(parts) - 1) for k, p in enumerate(parts))
        case Op("floor", (a, s)):
            return rf"\lfloor \frac{{{tex(a)}}}{{{tex(s)}}} \rfloor"
        case Op("ceil", (a, s)):
            return rf"\lceil \frac{{{tex(a)}}}{{{tex(s)}}} \rceil"
        case Op("/", (a, s)):
            return rf"\frac{{{tex(a)}}}{{{tex(s)}}}"
        case Op("<=" | "=" | "divides", (a, b)):
            sign = {"<=": r"\le", "=": "=", "divides": r"\mid"}[e.kind]
            return f"[{tex(a)} {sign} {tex(b)}]"
        case Op("abs", (a,)):
            return f"|{tex(a)}|"
        case Op(kind, (a, b)):
            return rf"\{kind}({tex(a)}, {tex(b)})"
    raise TypeError(e)


def _factor(e: Expr, first: bool, last: bool) -> str:
    text = tex(e, True)
    alone = isinstance(e, Lin) and not first and (text[0] in "-0123456789")
    return f"({text})" if alone or (isinstance(e, Sum) and not last) else text


# ---- the referee


def value(e: Expr, at: dict[str, int], data: dict[str, Any]) -> Any:
    match e:
        case Lin():
            return e.value(at)
        case Call(name, args):
            return data[name](tuple(a.value(at) for a in args))
        case Sum(var, lo, hi, body):
            ends = range(value(lo, at, data), value(hi, at, data) + 1)
            return sum(value(body, {**at, var: v}, data) for v in ends)
        case Op(kind, parts):
            return ARITHMETIC[kind](*(value(p, at, data) for p in parts))
    raise TypeError(e)


def _product(*xs: Any) -> Any:
    out: Any = 1
    for x in xs:
        out *= x
    return out


def _over(a: Any, s: Any) -> Any:
    assert a % s == 0
    return a // s


ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": lambda *xs: sum(xs), "*": _product, "-": lambda x: -x, "/": _over,
    "floor": lambda a, s: a // s, "ceil": lambda a, s: -(-a // s),
    "max": max, "min": min, "abs": abs, "<=": lambda a, b: int(a <= b),
    "=": lambda a, b: int(a == b), "divides": lambda s, a: int(a % s == 0),
}  # fmt: skip


def holds(cond: Any, at: dict[str, int]) -> bool:
    if len(cond) == 3:
        return cond[1].value(at) % cond[0].value(at) == 0
    return cond[0].value(at) <= cond[1].value(at)


def letters(e: Any) -> set[str]:
    if isinstance(e, Lin):
        return {name for name, _ in e.parts if name}
    if isinstance(e, Sum):
        return letters(e.lo) | letters(e.hi) | (letters(e.body) - {e.var})
    return set().union(*map(letters, e.parts if isinstance(e, Op) else e.args))


def bounding(e: Any) -> set[str]:
    """The letters in bounds and floors: sizes, not negative."""
    if isinstance(e, Sum):
        return letters(e.lo) | letters(e.hi) | bounding(e.body)
    if isinstance(e, Op):
        own = letters(e) if e.kind in ("floor", "ceil") else set()
        return own.union(*map(bounding, e.parts))
    return set()


def places(claim: Claim, most: int, rng: Random) -> Iterator[dict[str, int]]:
    """Small values of the free letters that satisfy the conditions, all or some of them."""
    names = sorted(letters(claim.left) | letters(claim.right)
                   | {x for c in claim.conds for e in c[:2] for x in letters(e)})  # fmt: skip
    low = {"s": 1, "t": 1}
    sizes = {*claim.sizes, *low, *bounding(claim.left), *bounding(claim.right)}
    values = [range(low.get(v, 0), 6) if v in sizes else range(-3, 4) for v in names]
    found = list(product(*values))
    rng.shuffle(found)
    for chosen in found[: most * 4]:
        at = dict(zip(names, chosen, strict=True))
        if all(holds(c, at) for c in claim.conds):
            yield at


class Noise:
    """A function with a random value everywhere."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.values = rng, dict[tuple[int, ...], int]()

    def __call__(self, key: tuple[int, ...]) -> int:
        return self.values.setdefault(key, self.rng.randint(-9, 9))


def differ(claim: Claim, rng: Random, most: int = 400) -> bool:
    """Whether the sides differ at some small sizes on random values."""
    for at in places(claim, most, rng):
        data = {name: Noise(rng) for name in NAMES}
        if value(claim.left, at, data) != value(claim.right, at, data):
            return True
    return False


# ---- making true ones


def times(*parts: Expr) -> Expr:
    return parts[0] if len(parts) == 1 else Op("*", parts)


def plus(*parts: Expr) -> Expr:
    return parts[0] if len(parts) == 1 else Op("+", parts)


def put(e: Expr, name: str, by: Lin) -> Expr:
    """`e` with a linear expression for a letter (bound letters are all different)."""
    match e:
        case Lin():
            return e.put(name, by)
        case Call(fn, args):
            return Call(fn, tuple(a.put(name, by) for a in args))
        case Sum(var, lo, hi, body):
            return Sum(var, put(lo, name, by), put(hi, name, by), put(body, name, by))
        case Op(kind, parts):
            return Op(kind, tuple(put(p, name, by) for p in parts))
    raise TypeError(e)


def a_body(rng: Random, i: str) -> Expr:
    at = lin(i)
    return rng.choice((
        Call("f", (at,)),
        Call("f", (at,)),
        times(Call("f", (at,)), Call("g", (lin("c") - at,))),
        times(Call("f", (at,)), Call("f", (at + 1,))),
        times(lin(i), Call("f", (at,))),
        Call("f", (at * 2 + rng.choice((0, 1)),)),
        Call("f", (lin("c") - at,)),
        Call("f", (at * -1 + rng.choice((0, 1, 2)),)),
    ))  # fmt: skip


def a_range(rng: Random) -> tuple[Lin, Lin]:
    n, m, k = map(lin, SIZES)
    lo = rng.choice((lin(0), lin(0), lin(1), lin(2), k, k + 1, n * -1, lin(-1)))
    hi = rng.choice((n, n - 1, n + 1, n + m, n * 2, n * 2 - 1, m, n + k))
    return lo, hi


def below(a: Lin, b: Lin, sizes: bool = True) -> tuple[Any, ...]:
    """The condition a <= b, () where it holds for all sizes."""
    gap = dict((b - a).parts)
    free = gap.pop("", 0)
    if free >= 0 and all(c >= 0 and name in SIZES for name, c in gap.items()):
        return ()
    return ((a, b),)


def split(rng: Random) -> Claim:
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    at = rng.choice((lin("m"), lin("m") - 1, lin("k"), lo, hi - 1, lin("n"), lo - 1))
    conds = (*below(lo - 1, at), *below(at, hi))
    return Claim("split", Sum("i", lo, hi, body),
                 plus(Sum("i", lo, at, body), Sum("i", at + 1, hi, body)), conds)  # fmt: skip


def peel(rng: Random) -> Claim:
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    whole = Sum("i", lo, hi, body)
    if rng.random() < 0.5:
        parts = put(body, "i", lo), Sum("i", lo + 1, hi, body)
    else:
        parts = Sum("i", lo, hi - 1, body), put(body, "i", hi)
    return Claim("peel", whole, plus(*parts), below(lo, hi))


def difference(rng: Random) -> Claim:
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    at = rng.choice((lin("m"), lin("k"), lo + 1))
    conds = (*below(lo - 1, at), *below(at, hi))
    less = Op("-", (Sum("i", lo, at, body),))
    right = plus(Sum("i", lo, hi, body), less)
    return Claim("difference", Sum("i", at + 1, hi, body), right, conds)


def shift(rng: Random) -> Claim:
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    by = rng.choice((lin(1), lin(-1), lin("m"), lin("c"), lin("n") * -1, lo))
    moved = Sum("j", lo - by, hi - by, put(body, "i", lin("j") + by))
    return Claim("shift", Sum("i", lo, hi, body), moved)


def turn(rng: Random) -> Claim:
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    about = rng.choice((lo + hi, lin(0), lin("n"), lin("c")))
    turned = Sum("i", about - hi, about - lo, put(body, "i", about - lin("i")))
    return Claim("turn", Sum("i", lo, hi, body), turned)


def residues(rng: Random) -> Claim:
    s = rng.choice((2, 2, 3, 4))
    n, i, first = lin(rng.choice(("n", "m"))), lin("i"), rng.choice((0, 0, 1))
    extra = rng.randint(0, s - 1)  # i = first .. first + s n - 1 + extra
    body = a_body(rng, "i")
    parts = [Sum("i", lin(0), n - 1 + (1 if r < extra else 0), put(body, "i", i * s + r + first))
             for r in range(s)]  # fmt: skip
    if rng.random() < 0.3:
        parts = [Sum("i", p.lo + 1, p.hi + 1, put(p.body, "i", i - 1)) for p in parts]
    return Claim("residues", Sum("i", lin(first), n * s + (first + extra - 1), body), plus(*parts))


def blocks(rng: Random) -> Claim:
    s, body = rng.choice((2, 3, 4)), a_body(rng, "i")
    inner = Sum("r", lin(0), lin(s - 1), put(body, "i", lin("j") * s + lin("r")))
    rows = Sum("j", lin(0), lin("n") - 1, inner)
    return Claim("blocks", Sum("i", lin(0), lin("n") * s - 1, body), rows)


def pair_body(rng: Random) -> Expr:
    i, j = lin("i"), lin("j")
    return rng.choice((
        times(Call("f", (i,)), Call("g", (j,))),
        times(Call("f", (i,)), Call("f", (j,))),
        times(Call("f", (i,)), Call("g", (i - j,))),
        times(Call("f", (i + j,)), Call("g", (j,))),
        Call("f", (i + j,)),
        times(j, Call("f", (i,)), Call("g", (j,))),
    ))  # fmt: skip


def triangle(rng: Random) -> Claim:
    body, first = pair_body(rng), lin(rng.choice((0, 1)))
    n, i, j = lin("n") - rng.choice((0, 0, 1)), lin("i"), lin("j")
    gap = rng.choice((0, 0, 1))  # j <= i - gap
    rows = Sum("i", first, n, Sum("j", first, i - gap, body))
    columns = Sum("j", first, n, Sum("i", j + gap, n, body))
    return Claim("triangle", rows, columns)


def upper(rng: Random) -> Claim:
    """j <= n - i, by rows, by columns, or along antidiagonals."""
    body, n = pair_body(rng), lin("n")
    rows = Sum("i", lin(0), n, Sum("j", lin(0), n - lin("i"), body))
    if rng.random() < 0.5:
        return Claim("upper", rows, Sum("j", lin(0), n, Sum("i", lin(0), n - lin("j"), body)))
    along = put(body, "j", lin("q") - lin("i"))
    return Claim("upper", rows, Sum("q", lin(0), n, Sum("i", lin(0), lin("q"), along)))


def square(rng: Random) -> Claim:
    body, first, n = pair_body(rng), lin(rng.choice((0, 1))), lin("n")
    whole = Sum("i", first, n, Sum("j", first, n, body))
    low = Sum("i", first, n, Sum("j", first, lin("i") - 1, body))
    high = Sum("i", first, n, Sum("j", lin("i") + 1, n, body))
    diagonal = Sum("i", first, n, put(body, "j", lin("i")))
    if rng.random() < 0.5:
        low = Sum("j", first, n, Sum("i", lin("j") + 1, n, body))
    return Claim("square", whole, plus(low, diagonal, high))


def powers(rng: Random) -> Claim:
    i, j, n = lin("i"), lin("j"), lin("n")
    single = Sum("i", lin(1), n, Call("f", (i,)))
    pairs = Sum("i", lin(1), n, Sum("j", lin(1), i - 1, times(Call("f", (i,)), Call("f", (j,)))))
    squares = Sum("i", lin(1), n, times(Call("f", (i,)), Call("f", (i,))))
    return Claim("powers", times(single, single), plus(squares, times(lin(2), pairs)))


def exchange(rng: Random) -> Claim:
    (lo, hi), (low, high) = a_range(rng), a_range(rng)
    body = pair_body(rng)
    return Claim("exchange", Sum("i", lo, hi, Sum("j", low, high, body)),
                 Sum("j", low, high, Sum("i", lo, hi, body)))  # fmt: skip


def telescope(rng: Random) -> Claim:
    (lo, hi), step = a_range(rng), rng.choice((1, 1, 2))
    i = lin("i")
    body = plus(Call("f", (i + step,)), Op("-", (Call("f", (i,)),)))
    ends: list[Expr] = [Call("f", (hi + r,)) for r in range(1, step + 1)]
    ends += [Op("-", (Call("f", (lo + r,)),)) for r in range(step)]
    return Claim("telescope", Sum("i", lo, hi, body), plus(*ends), below(lo, hi + 1))


def parts(rng: Random) -> Claim:
    """Summation by parts."""
    i, n = lin("i"), lin("n")
    up = plus(Call("g", (i + 1,)), Op("-", (Call("g", (i,)),)))
    down = plus(Call("f", (i,)), Op("-", (Call("f", (i - 1,)),)))
    left = Sum("i", lin(0), n - 1, times(Call("f", (i,)), up))
    right = plus(times(Call("f", (n - 1,)), Call("g", (n,))),
                 Op("-", (times(Call("f", (lin(-1),)), Call("g", (lin(0),))),)),
                 Op("-", (Sum("i", lin(0), n - 1, times(Call("g", (i,)), down)),)))  # fmt: skip
    return Claim("parts", left, right)


def counting(rng: Random) -> Claim:
    (lo, hi) = a_range(rng)
    power = rng.choice((0, 0, 1))
    if power == 0:
        return Claim("counting", Sum("i", lo, hi, lin(1)), hi - lo + 1, below(lo, hi + 1))
    i = lin("i")
    twice = times(lin(2), Sum("i", lo, hi, i))
    return Claim("counting", twice, times(hi - lo + 1, hi + lo), below(lo, hi + 1))


def clipped(rng: Random) -> Claim:
    """A product of two sums along the antidiagonals, as the entries of a convolution."""
    i, q, n, m = map(lin, ("i", "q", "n", "m"))
    w = rng.choice((Call("f", (i,)), times(i, Call("f", (i,)))))
    rows = times(Sum("i", lin(0), n, w), Sum("j", lin(0), m, Call("g", (lin("j"),))))
    inner = Sum("i", Op("max", (lin(0), q - m)), Op("min", (q, n)), times(w, Call("g", (q - i,))))
    return Claim("clipped", rows, Sum("q", lin(0), n + m, inner))


def halved(rng: Random) -> Claim:
    """All of a range by parity, its length not known to be even."""
    i, n, body = lin("i"), lin("n") + rng.choice((0, 0, -1, 1)), a_body(rng, "i")
    even = Sum("i", lin(0), Op("floor", (n, lin(2))), put(body, "i", i * 2))
    odd = Sum("i", lin(0), Op("floor", (n - 1, lin(2))), put(body, "i", i * 2 + 1))
    return Claim("halved", Sum("i", lin(0), n, body), plus(even, odd))


def sieved(rng: Random) -> Claim:
    """The multiples of a number in a range."""
    s, i, n = rng.choice((2, 2, 3)), lin("i"), lin("n")
    r, body = rng.randrange(s), a_body(rng, "i")
    only = Sum("i", lin(0), n, times(Op("divides", (lin(s), i - r)), body))
    few = Sum("i", lin(0), Op("floor", (n - r, lin(s))), put(body, "i", i * s + r))
    return Claim("sieved", only, few)


def delta(rng: Random) -> Claim:
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    at = rng.choice((lin("c"), lin("m"), lin("k") - 1, hi, lo))
    inside = times(Op("<=", (lo, at)), Op("<=", (at, hi)), put(body, "i", at))
    return Claim("delta", Sum("i", lo, hi, times(Op("=", (lin("i"), at)), body)), inside)


def capped(rng: Random) -> Claim:
    """A bracket in a range is a range."""
    (lo, hi), body = a_range(rng), a_body(rng, "i")
    cap = rng.choice((lin("m"), lin("k") + 1, lin("c")))
    if rng.random() < 0.5:
        less = times(Op("<=", (lin("i"), cap)), body)
        return Claim("capped", Sum("i", lo, hi, less), Sum("i", lo, Op("min", (hi, cap)), body))
    more = times(Op("<=", (cap, lin("i"))), body)
    return Claim("capped", Sum("i", lo, hi, more), Sum("i", Op("max", (lo, cap)), hi, body))


def tower(rng: Random) -> Claim:
    """1 <= k <= j <= i <= n in two orders."""
    first, n = lin(rng.choice((0, 1))), lin("n")
    i, j, q = map(lin, "ijq")
    body = rng.choice((times(Call("f", (i,)), Call("g", (j,)), Call("f", (q,))),
                       times(Call("f", (i,)), Call("g", (q,))), Call("f", (q,))))  # fmt: skip
    inward = Sum("i", first, n, Sum("j", first, i, Sum("q", first, j, body)))
    return Claim("tower", inward, Sum("q", first, n, Sum("j", q, n, Sum("i", j, n, body))))


def weighted(rng: Random) -> Claim:
    """Partial sums: each term as often as it is counted."""
    i, j, n = map(lin, ("i", "j", "n"))
    first, f = lin(rng.choice((0, 1))), Call("f", (lin("j"),))
    nested_ = Sum("i", first, n, Sum("j", first, i, f))
    return Claim("weighted", nested_, Sum("j", first, n, times(n - j + 1, f)))


def sizes(rng: Random) -> Claim:
    """Absolute values of terms are split and turned like the terms."""
    (lo, hi), i = a_range(rng), lin("i")
    body = Op("abs", (rng.choice((Call("f", (i,)), plus(Call("f", (i,)), Call("g", (i + 1,))))),))
    turned = Sum("i", hi * -1, lo * -1, put(body, "i", i * -1))
    return Claim("sizes", Sum("i", lo, hi, body), turned)


# ---- floors, ceilings, maxima, absolute values


def an_argument(rng: Random) -> Lin:
    n, m, k = map(lin, SIZES)
    return rng.choice((n, n - 1, n + m, n - k, n * 2 - 1, n + m * 2 - k, n * 3 + 1, n - m))


def a_stride(rng: Random) -> Lin:
    return rng.choice((lin(2), lin(2), lin(3), lin(4), lin("s"), lin("s")))


def floor_shift(rng: Random) -> Claim:
    e, s = an_argument(rng), rng.choice((2, 3, 4))
    q = rng.choice((lin(1), lin("m"), lin("k") - 1, lin(-2)))
    kind = rng.choice(("floor", "ceil"))
    return Claim("floor_shift", Op(kind, (e + q * s, lin(s))),
                 plus(Op(kind, (e, lin(s))), q))  # fmt: skip


def stride_shift(rng: Random) -> Claim:
    e, s, c = an_argument(rng), lin("s"), rng.choice((1, 2, -1))
    kind = rng.choice(("floor", "ceil"))
    return Claim("stride_shift", Op(kind, (e + s * c, s)), plus(Op(kind, (e, s)), lin(c)))


def ceiling(rng: Random) -> Claim:
    e, s = an_argument(rng), a_stride(rng)
    up = Op("ceil", (e, s))
    return Claim("ceiling", up, rng.choice((
        Op("floor", (e + s - 1, s)),
        plus(Op("floor", (e - 1, s)), lin(1)),
        Op("-", (Op("floor", (e * -1, s)),)),
    )))  # fmt: skip


def nested(rng: Random) -> Claim:
    e, s, t = an_argument(rng), rng.choice((2, 3)), rng.choice((2, 3))
    kind = rng.choice(("floor", "ceil"))
    return Claim("nested", Op(kind, (Op(kind, (e, lin(s))), lin(t))), Op(kind, (e, lin(s * t))))


def hermite(rng: Random) -> Claim:
    e, s = an_argument(rng), rng.choice((2, 3, 4))
    return Claim("hermite", plus(*(Op("floor", (e + r, lin(s))) for r in range(s))), e)


def halves(rng: Random) -> Claim:
    e, s = an_argument(rng), lin(2)
    return Claim("halves", plus(Op("floor", (e, s)), Op("ceil", (e, s))), e)


def divisible(rng: Random) -> Claim:
    e, s = an_argument(rng), rng.choice((lin("s"), lin("s"), lin(2), lin(3)))
    floor = Op("floor", (e, s))
    left, right = rng.choice((
        (floor, Op("/", (e, s))),
        (Op("ceil", (e, s)), Op("/", (e, s))),
        (times(s, floor), e),
        (Op("floor", (e + s - 1, s)), Op("/", (e, s))),
        (plus(Op("floor", (e - 1, s)), lin(1)), Op("/", (e, s))),
    ))  # fmt: skip
    return Claim("divisible", left, right, ((s, e, "|"),))


def extremes(rng: Random) -> Claim:
    a, b = an_argument(rng), an_argument(rng) + rng.choice((0, 1))
    top, low, gap = Op("max", (a, b)), Op("min", (a, b)), Op("abs", (a - b,))
    left, right = rng.choice((
        (plus(top, low), plus(a, b)),
        (gap, plus(top, Op("-", (low,)))),
        (top, plus(a, Op("max", (lin(0), b - a)))),
        (low, Op("-", (Op("max", (a * -1, b * -1)),))),
        (times(lin(2), top), plus(a + b, gap)),
        (gap, Op("abs", (b - a,))),
        (times(gap, gap), times(a - b, a - b)),
        (plus(Op("max", (a, lin(0))), Op("min", (a, lin(0)))), a),
    ))  # fmt: skip
    return Claim("extremes", left, right)


def products(rng: Random) -> Claim:
    """A product of two sums is a double sum."""
    (lo, hi), (low, high) = a_range(rng), a_range(rng)
    f, g = Call("f", (lin("i"),)), Call("g", (lin("j"),))
    rows = Sum("i", lo, hi, Sum("j", low, high, times(f, g)))
    return Claim("products", times(Sum("i", lo, hi, f), Sum("j", low, high, g)), rows)


SUMS = (
    split, split, peel, difference, shift, turn, residues, residues, blocks, triangle, upper,
    square, powers, exchange, telescope, parts, counting, products, clipped, halved, sieved,
    delta, capped, tower, weighted, sizes,
)  # fmt: skip
FLOORS = (floor_shift, stride_shift, ceiling, nested, hermite, halves, divisible, extremes)


def true_claim(rng: Random) -> Claim:
    """One that says something: its conditions can be met."""
    while True:
        claim = rng.choice(SUMS if rng.random() < 0.7 else FLOORS)(rng)
        if next(places(claim, 400, rng), None) is not None:
            return claim


# ---- and false ones


def slips(e: Expr) -> Iterator[Expr]:
    """All that one slip can make of an expression."""
    match e:
        case Lin():
            yield from (e + 1, e - 1, e * -1)
        case Call(name, args):
            for k, a in enumerate(args):
                for b in (a + 1, a - 1, a * -1):
                    yield Call(name, (*args[:k], b, *args[k + 1 :]))
            yield Call(next(x for x in NAMES if x != name), args)
        case Sum(_, lo, hi, body):
            yield from (replace(e, lo=x) for x in slips(lo) if not isinstance(lo, Lin))
            yield from (replace(e, hi=x) for x in slips(hi) if not isinstance(hi, Lin))
            for c in (1, -1):
                if isinstance(lo, Lin):
                    yield replace(e, lo=lo + c)
                if isinstance(hi, Lin):
                    yield replace(e, hi=hi + c)
            yield from (replace(e, body=b) for b in slips(body))
        case Op(kind, parts):
            for k, p in enumerate(parts):
                for q in slips(p):
                    yield Op(kind, (*parts[:k], q, *parts[k + 1 :]))
            if kind in ("floor", "ceil", "max", "min"):
                other = {"floor": "ceil", "ceil": "floor", "max": "min", "min": "max"}[kind]
                yield Op(other, parts)
            if kind == "+":
                yield from (Op(kind, parts[:k] + parts[k + 1 :]) for k in range(len(parts))
                            if len(parts) > 1)  # fmt: skip


def false_claim(rng: Random) -> Claim:
    """With a slip, until the referee sees a difference."""
    while True:
        claim = true_claim(rng)
        if claim.conds and claim.family != "divisible" and rng.random() < 0.4:
            k = rng.randrange(len(claim.conds))
            wrong = replace(claim, conds=claim.conds[:k] + claim.conds[k + 1 :], true=False)
        else:
            wrong = replace(claim, right=rng.choice(list(slips(claim.right))), true=False)
        if all(_positive(e) for e in (wrong.left, wrong.right)) and differ(wrong, rng):
            return wrong


def _positive(e: Any) -> bool:
    """Whether every divisor is one, and still a letter or a positive number; no quotient slips."""
    if isinstance(e, Op):
        if e.kind in ("floor", "ceil") and str(e.parts[1]) not in ("2", "3", "4", "6", "9", "s"):
            return False
        return all(map(_positive, e.parts)) and e.kind != "/"
    return not isinstance(e, Sum) or _positive(e.body)


def claims(seed: int, count: int, true: bool) -> list[Claim]:
    rng = Random(seed)
    make = true_claim if true else false_claim
    return [make(rng) for _ in range(count)]
