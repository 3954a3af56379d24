r"""Random claims as they are written: LaTeX texts in the notations of lectures and notes."""

from __future__ import annotations

from hypothesis import strategies as st

POINTS = st.sampled_from(["a", "i - a", "i + a", "2a + 1", "-a", "i - a - 1", "a - n"])
REAL = st.sampled_from(["z", "x - z", "x + z", "-z", "2z", "z - x"])
COEFFICIENT = st.sampled_from(["", "2 ", r"\frac{1}{2} ", "- ", "3 "])


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in parts)).map("".join)


def value(names: str, at: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return joined(st.sampled_from(names), "(", at, ")")


def over(kinds: list[str], body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return joined(st.sampled_from(kinds), " ", body)


INTEGERS = st.one_of(
    over(
        [r"\sum_a", r"\sum_{a=0}^{n-1}", r"\sum_{a \in \mathbb{Z}}", r"\sum_{0 \le a < n}",
         r"\sum_{a=-\infty}^{\infty}", r"\sum_{\substack{0 \le a \\ a \le n}}"],
        joined(value("fg", POINTS), " ", value("fgh", POINTS)),
    ),
    over([r"\sum_{a=1}^{n}"], joined("w_{", POINTS, "} x_{", POINTS, "}")),
    over([r"\sum_{a+b=i}", r"\sum_{a-b=i}"], st.sampled_from(["f(a) g(b)", "g(a-b) f(b)"])),
    st.sampled_from([
        "(f * g)(i)", r"(f \star g)(i)", "(f * (g + h))(i - 1)", "f(i)", "w_{i} x_{i-1}",
    ]),
)
REALS = st.one_of(
    joined(r"\int ", value("fg", REAL), " ", value("fgh", REAL), " \\,dz"),
    joined(r"\int_0^x ", value("fg", REAL), " dz"),
    st.sampled_from([
        "f'(x)", "(f * g)(2x)", r"(f \star g')(x)", r"\frac{d}{dx} f(2x)", "f(x)^2",
        r"((z \mapsto f(-z)) * g)(x)", r"\frac{d}{dx} (f * g)(x)",
        r"\int \overline{f(z)} g(x+z) dz",
    ]),
)
SEQUENCES = st.sampled_from([
    "x[n] * h[n]", "x[n-k] * h[n]", r"x[n] \star h[n]", "x[-n] * h[n]", "y[n-1]", "r_{xy}[n]",
    r"\sum_m x[m] h[n-m]", r"\sum_{m=-\infty}^{\infty} h[m] x[n-m-k]", "(x[n] + y[n]) * h[n]",
])
SIZES = st.sampled_from([
    "OH", "H - FH", r"\lfloor (H + 2P)/S \rfloor + 1", "(H + 2P - FH)/S + 1", r"2 \text{pad}",
    r"\lceil H / S \rceil", r"\text{padding}[0] + H", "H_{out} - 1", "(H - 1) S", r"H \% S",
])
PRIMED = st.sampled_from([
    "k'", "k + (k - 1)(d - 1)", "s(i' - 1) + k - 2p", "i'", r"\lfloor i / s \rfloor",
])


def side(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One or two terms with numbers in front of them."""
    term = joined(COEFFICIENT, part)
    later = joined(st.sampled_from([" + ", " - "]), part)
    return st.one_of(term, joined(term, later))


BEHIND = st.sampled_from(["", ".", r" \tag{1}", r", \quad n \in \mathbb{Z}", r" \quad \forall n"])


def claims() -> st.SearchStrategy[str]:
    kinds = [INTEGERS, REALS, SEQUENCES, SIZES, PRIMED]
    equations = [joined(side(k), " = ", side(k)) for k in kinds]
    return joined(st.one_of(*equations), BEHIND)
