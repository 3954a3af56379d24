"""The exhibits: what is claimed, where one meets it, what holds instead.

May: claims in LaTeX or names of the library.  Must not: values; `page` finds them.
"""

from __future__ import annotations

from dataclasses import dataclass

LAYER = (r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}", r"i = 1, \dots, n")
STRIDED = (r"h_i = \sum_{j=1}^{k} w_j x_{si+j}", r"i = 1, \dots, n")


@dataclass(frozen=True)
class Exhibit:
    """`claim`: LaTeX, or `library:NAME`; `instead`: the same, each with its conditions."""

    title: str
    claim: str
    where: str
    instead: tuple[tuple[str, tuple[str, ...]], ...]
    given: tuple[str, ...] = ()


def _with(*claims: str, given: tuple[str, ...] = ()) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((c, given) for c in claims)


EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit(
        "The kernel is flipped, its range is not",
        r"\sum_{m=0}^{k-1} I(i-m) K(m) = \sum_{m=0}^{k-1} I(i+m) K(-m)",
        "Notes on convolutional networks that turn a convolution into a cross-correlation with "
        "the flipped kernel write both sums over the same m = 0, ..., k-1. With sums over all "
        "integers the step is right; with a finite range the range has to be flipped too.",
        _with(
            r"\sum_{m=0}^{k-1} I(i-m) K(m) = \sum_{m=-k+1}^{0} I(i+m) K(-m)",
            r"\sum_m I(i-m) K(m) = \sum_m I(i+m) K(-m)",
        ),
    ),
    Exhibit(
        "Cross-correlation commutes",
        r"(f \star g)(x) = (g \star f)(x)",
        "Said of convolution, where it is true, and carried over to what networks compute under "
        "that name.",
        _with(r"(f \star g)(x) = (g \star f)(-x)", r"(f * g)(x) = (g * f)(x)"),
    ),
    Exhibit(
        "Cross-correlation is associative",
        r"(f \star g) \star h = f \star (g \star h)",
        "The same confusion, when two layers are merged into one.",
        _with(r"(f \star g) \star h = f * (g \star h)", r"(f * g) * h = f * (g * h)"),
    ),
    Exhibit(
        "Both factors are differentiated",
        r"(f * g)' = f' * g'",
        "A product rule gone wrong, in exercise sheets on derivatives of convolutions. The right "
        "side is the second derivative.",
        _with(r"(f * g)' = f' * g", r"(f * g)' = f * g'", r"(f * g)'' = f' * g'"),
    ),
    Exhibit(
        "The inner derivative of a convolution",
        r"\frac{d}{dx} (f * g)(2x) = (f * g')(2x)",
        "A rule for the derivative of f * g, applied at 2x as if it were x.",
        _with(r"\frac{d}{dx} (f * g)(2x) = 2 (f * g')(2x)"),
    ),
    Exhibit(
        "A boundary term is forgotten",
        r"\frac{d}{dx} \int_0^x f(x-z) g(z) \,dz = \int_0^x f'(x-z) g(z) \,dz",
        "Causal convolutions, differentiated under the integral sign although its upper end "
        "moves. Computer algebra systems have done so too.",
        _with(r"\frac{d}{dx} \int_0^x f(x-z) g(z) \,dz = f(0) g(x) + \int_0^x f'(x-z) g(z) \,dz"),
    ),
    Exhibit(
        "An output size without its floor",
        r"\frac{n-k+2p}{s} + 1 = \left\lfloor \frac{n-k+2p}{s} \right\rfloor + 1",
        "Course pages give the size of an output as (W - F + 2P)/S + 1 and leave it to the reader "
        "that the division has to come out even.",
        _with("library:output-size-general"),
    ),
    Exhibit(
        "An output size whose kernel does not fit",
        r"\sum_{i=1}^{h-k+1} 1 = h - k + 1",
        "The number of positions of a kernel, stated for all sizes because its proof was left "
        "out: with a kernel larger than the input by two there are none, and not minus one.",
        _with(r"\sum_{i=1}^{h-k+1} 1 = h - k + 1", given=(r"k \le h + 1",)),
    ),
    Exhibit(
        "Sizes by truncating division",
        "library:output-size-truncated",
        "Code in languages whose integer division rounds towards zero, run on an input smaller "
        "than its kernel.",
        _with("library:output-size-general"),
    ),
    Exhibit(
        "The floor of a negative number",
        r"\left\lfloor \frac{-n}{2} \right\rfloor = -\left\lfloor \frac{n}{2} \right\rfloor",
        "Padding computed on the left from the right by a change of sign; in C the two agree, in "
        "Python and in mathematics they do not.",
        _with(
            r"\left\lfloor \frac{-2n}{2} \right\rfloor = -\left\lfloor \frac{2n}{2} \right\rfloor",
            r"\left\lfloor \frac{-2n-1}{2} \right\rfloor"
            r" = -\left\lfloor \frac{2n+1}{2} \right\rfloor - 1",
        ),
    ),
    Exhibit(
        "\"Same\" padding for an even kernel",
        r"n - k + 2 \left\lfloor \frac{k}{2} \right\rfloor + 1 = n",
        "Half of the kernel on either side keeps the size, say many tutorials, and try it with "
        "three and five.",
        _with(
            r"n - (2r+1) + 2 \left\lfloor \frac{2r+1}{2} \right\rfloor + 1 = n",
            "library:same-padding-asymmetric",
        ),
    ),
    Exhibit(
        "Two padded layers as one",
        r"\sum_{m=0}^{n-1} v(m-i) \sum_b w(b) x(m+b) = \sum_c \sum_a v(a) w(c-a) x(i+c)",
        "Linear layers in a row are merged into one layer with the composed kernel. But the "
        "first layer's output is cropped to its n entries before it is padded again.",
        _with(r"\sum_m v(m-i) \sum_b w(b) x(m+b) = \sum_c \sum_a v(a) w(c-a) x(i+c)"),
    ),
    Exhibit(
        "A strided layer commutes with every shift",
        r"\sum_a w(a) x(2i+a-1) = \sum_a w(a) x(2(i-1)+a)",
        "Translation equivariance of convolutions, quoted for networks with strides.",
        _with(r"\sum_a w(a) x(2i+a-2) = \sum_a w(a) x(2(i-1)+a)"),
    ),
    Exhibit(
        "A backward pass without its flip",
        r"\frac{\partial L}{\partial x_m} = \sum_{j=1}^{k} \delta_{m+j-1} w_j",
        "The gradient by the input, written like the forward pass: small networks written by "
        "hand have trained with it, since with a symmetric kernel it is nearly right.",
        _with(r"\frac{\partial L}{\partial x_m} = \sum_{j=1}^{k} \delta_{m-j+1} w_j", given=LAYER),
        LAYER,
    ),
    Exhibit(
        "A backward pass without its stride",
        r"\frac{\partial L}{\partial w_j} = \sum_{i=1}^{n} \delta_i x_{i+j}",
        "The gradient by the kernel, copied from the layer with stride one.",
        _with(
            r"\frac{\partial L}{\partial w_j} = \sum_{i=1}^{n} \delta_i x_{si+j}", given=STRIDED
        ),
        STRIDED,
    ),
    Exhibit(
        "A Jacobian on the integers",
        r"\sum_{a,b} f(a+b) g(a-b) = \frac{1}{2} \sum_{a,b} f(a) g(b)",
        "The substitution rule of integrals, used on a sum: a + b and a - b have the same parity.",
        _with(
            r"\sum_{a,b} f(a+b) g(a-b) = \sum_{a,b} f(2a) g(2b) + \sum_{a,b} f(2a+1) g(2b+1)",
            r"\int \int f(a+b) g(a-b) \,da\,db = \frac{1}{2} \int \int f(a) g(b) \,da\,db",
        ),
    ),
    Exhibit(
        "A sum over a reversed range",
        r"\sum_{k=5}^{2} k = -7",
        "The convention by which a computer algebra system continues sums to reversed ranges. In "
        "formulas of layers such a range is empty.",
        _with(r"\sum_{k=5}^{2} k = 0"),
    ),
    Exhibit(
        "A range split beyond its end",
        r"\sum_{i=1}^{m} f(i) = \sum_{i=1}^{n} f(i) + \sum_{i=n+1}^{m} f(i)",
        "Tiled loops, when the tile is larger than what is left.",
        _with(r"\int_a^c f(z) \,dz = \int_a^b f(z) \,dz + \int_b^c f(z) \,dz"),
    ),
)
