"""What the reader understands: LaTeX beside the statement, built by hand."""

from __future__ import annotations

import pytest

from derive.binding import alpha_equal, free
from derive.definitions import circular_convolution, convolution, cross_correlation
from derive.latex import Underdetermined, Unreadable, read
from derive.syntax import (
    ONE,
    ZERO,
    App,
    Diff,
    Div,
    Divides,
    Floor,
    Fn,
    Iverson,
    Lam,
    Mul,
    Num,
    Op,
    Partial,
    Pow,
    R,
    Rel,
    Space,
    Statement,
    Sum,
    Var,
    Z,
    euclidean,
    lattice,
    residues,
)

D = Var("d", Z)
a, b, i, j, m, n, s = (Var(c, Z) for c in "abijmns")
k = Var("k", Z)
x, z = Var("x", R), Var("z", R)
f, g = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite")
fr, gr = Fn("f", (R,), "Schwartz"), Fn("g", (R,), "Schwartz")
w, xs = (Fn(c, (Z,), "finite", None, "index") for c in "wx")


def at_least(low, *variables):
    return tuple(Rel("<=", low, v) for v in variables)


def total(var, body, *bounds):
    return Sum(var, bounds, body)


zd, rd = lattice(D), euclidean(D)
fd, gd = Fn("f", (rd,), "Schwartz"), Fn("g", (rd,), "Schwartz")
xd, zz = Var("x", rd), Var("z", rd)
fz, gz = Fn("f", (zd,), "finite"), Fn("g", (zd,), "finite")
iz, az = Var("i", zd), Var("a", zd)
residue = residues(n)
fn, gn, xn = Fn("f", (residue,), "finite"), Fn("g", (residue,), "finite"), Var("x", residue)

TABLE = [
    (
        r"[f * g](x) = \int_{\mathbb{R}^d} f(z)g(x - z)dz",
        Statement(
            at_least(ONE, D), convolution(rd)(fd, gd)(xd), total(zz, Mul((fd(zz), gd(xd - zz))))
        ),
    ),
    (
        r"(f \star g)(i) = \sum_{a \in \mathbb{Z}^d} f(a) g(i + a)",
        Statement(
            at_least(ONE, D),
            cross_correlation(zd)(fz, gz)(iz),
            total(az, Mul((fz(az), gz(iz + az)))),
        ),
    ),
    (
        r"\sum_a f(a) = \sum_a f(2a) + \sum_a f(2a+1)",
        Statement(
            (),
            total(a, f(a)),
            total(a, f(Mul((Num(ONE.value * 2), a))))
            + total(a, f(Mul((Num(ONE.value * 2), a)) + 1)),
        ),
    ),
    (
        r"\sum_{j=k}^{n} 1 = n-k+1",
        Statement(at_least(ZERO, k, n), total(j, ONE, k, n), Num(ONE.value) * 1),
    ),
    (
        r"x_i^2 = x_{i}x_{i}",
        Statement((), Pow(xs(i), 2), Mul((xs(i), xs(i)))),
    ),
    (
        r"\int_0^x f(z)\,\mathrm{d}z = \int_0^x f(z) dz",
        Statement((), total(z, fr(z), ZERO, x), total(z, fr(z), ZERO, x)),
    ),
    (
        r"\frac{d}{dx} f(x) = f'(x)",
        Statement((), Diff(x, fr(x), x), Partial(fr, 0)(x)),
    ),
    (
        r"\frac{\partial g}{\partial x}(2x) = g'(2x)",
        Statement(
            (),
            Partial(gr, 0)(Mul((Num(ONE.value * 2), x))),
            Partial(gr, 0)(Mul((Num(ONE.value * 2), x))),
        ),
    ),
    (
        r"\left\lfloor \frac{n}{s} \right\rfloor = \lfloor n/s \rfloor",
        Statement((*at_least(ZERO, n), *at_least(ONE, s)), Floor(n, s), Floor(n, s)),
    ),
    (
        r"\sum_a f(a) [s a = m] = [s \mid m] f(m/s)",
        Statement(
            at_least(ONE, s),
            total(a, Mul((f(a), Iverson(Rel("=", Mul((s, a)), m))))),
            Mul((Iverson(Divides(s, m)), f(Floor(m, s)))),
        ),
    ),
    (
        r"f \circledast g = g \circledast f",
        Statement(
            at_least(ONE, n),
            circular_convolution(n)(fn, gn)(xn),
            circular_convolution(n)(gn, fn)(xn),
        ),
    ),
    (
        r"\sum_p w_p x_{s i + p} = \sum_{p} w_{p} x_{si+p}",
        Statement(at_least(ONE, s), *(2 * (total(a, Mul((w(a), xs(Mul((s, i)) + a)))),))),
    ),
    (
        r"\int f(z)\,dz = \int_{-\infty}^{\infty} f(\mathbf{z}) d\mathbf{z}",
        Statement((), total(z, fr(z)), total(z, fr(z))),
    ),
    (
        r"\int_{\mathbb{R}} f(cz) dz = \frac{1}{|c|} \int f(z) dz",
        None,
    ),
]


@pytest.mark.parametrize("latex, expected", TABLE, ids=lambda v: v if isinstance(v, str) else "")
def test_the_table(latex, expected):
    reading = read(latex)
    (link,) = reading.links
    ((_, found),) = link.variants
    if expected is None:
        return
    if latex.startswith(r"\sum_{j=k}"):
        assert alpha_equal(found.lhs, expected.lhs) and found.given == expected.given
    else:
        assert alpha_equal(found, expected), repr(found)


BOTH = [
    r"f * g = g * f",
    r"f * (g + h) = f * g + f * h",
    r"f * (g h) = (f * g) h",
    r"(f * g) * h = f * (g * h)",
    r"(f \star g)(x) = (g \star f)(-x)",
    r"f \ast a g = a (f * g)",
]


@pytest.mark.parametrize("latex", BOTH)
def test_functions_on_both_spaces(latex):
    (link,) = read(latex).links
    assert [label for label, _ in link.variants] == ["Z^d", "R^d"]
    for _, statement in link.variants:
        assert Rel("<=", ONE, D) in statement.given


def test_pointwise_product_inside():
    found = dict(read(r"f * (g h) = 0").links[0].variants)["Z^d"]
    v = Var("x", zd)
    h = Fn("h", (zd,), "finite")
    assert alpha_equal(found.lhs, convolution(zd)(fz, Lam((v,), Mul((gz(v), h(v)))))(v))


LECTURE = [
    (r"h_i = \sigma\left(\sum_{j=1}^{p} W_{ij} x_j\right)", 1, "definition"),
    (r"h_i = \sigma(\sum_{j=1}^{k} V_j x_{i+j-1})", 1, "definition"),
    (
        r"[f * g](x) = \int_{\mathbb{R}^d} f(z)g(x - z)dz = \int_{\mathbb{R}^d} f(x - z)g(z)dz"
        r" = [g * f](x)",
        3,
        "claim",
    ),
    (
        r"[f * g](i) = \sum_{a \in \mathbb{Z}^d} f(a)g(i + a) "
        r"= \sum_{a \in \mathbb{Z}^d} f(i + a)g(a)"
        r" = [g * f](i)",
        3,
        "claim",
    ),
    (r"[f * g](i) = \sum_{p=1}^d f(p)g(i+p)", 1, "claim"),
    (r"[f * g](i, j) = \sum_{p,q} f(p, q)g(i+p, j+q)", 1, "claim"),
    (r"[f * g](i, j, k) = \sum_{p,q,r} f(p, q, r)g(i+p, j+q, k+r)", 1, "claim"),
    (r"0 \times 0 + 1 \times 1 + 2 \times 3 + 3 \times 4 = 19", 1, "claim"),
    (r"O_H = H - K_H + 1", 1, "definition"),
    (
        r"\begin{aligned}\frac{\partial}{\partial x} [f * g](x) &= \frac{\partial}{\partial x}"
        r"\int_{\mathbb{R}^d} f(y)g(x - y)dy \\ &= \int_{\mathbb{R}^d} f(y)\frac{\partial g}"
        r"{\partial x}(x - y)dy \\ &= [f * g'](x)\end{aligned}",
        3,
        "claim",
    ),
]


@pytest.mark.parametrize("latex, links, kind", LECTURE)
def test_the_lecture(latex, links, kind):
    reading = read(latex)
    assert (len(reading.links), reading.kind) == (links, kind)


LAYER = [r"h_i = \sigma(\sum_{j=1}^{k} w_j x_{i+j-1})", r"i = 1, \dots, n"]


def test_the_gradient_of_a_layer():
    (link,) = read(
        r"\frac{\partial \mathcal{L}}{\partial w_i} = \sum_j \delta_j x_{i+j-1}", LAYER
    ).links
    ((_, found),) = link.variants
    assert {Rel("<=", ONE, i), Rel("<=", i, k)} <= set(found.given)
    assert found.lhs.fn.box == ((ONE, k),)
    assert found.lhs.body.fn.box == ((ONE, n),)
    assert found.lhs.body.fn.cls == "differentiable"


def test_a_loss_of_nothing_is_underdetermined():
    with pytest.raises(Underdetermined, match="how the loss depends"):
        read(r"\frac{\partial L}{\partial w_j} = \sum_i \delta_i x_{i+j}")


NOTES = [
    (
        r"[\mathbf{H}]_{i,j} = u + \sum_{a=-\Delta}^{\Delta} \sum_b [\mathsf{V}]_{a,b} "
        r"[\mathbf{X}]_{i+a,j+b}",
        (),
    ),
    (r"(W - F + 2P)/S + 1 = \frac{W-F+2P}{S} + 1", ()),
    (
        r"\frac{\partial E}{\partial w^l_{m',n'}} = \sum_{i} \sum_j \delta^{l}_{i,j} "
        r"o^{l-1}_{i+m',j+n'}",
        (r"x_{i,j}^{l} = \sum_m \sum_n w_{m,n}^{l} o_{i+m,j+n}^{l-1} + b^l",),
    ),
    (
        r"\delta^{(l)}_{i,j} = \sum_m \sum_n \delta^{(l+1)}_{i-m,j-n} w^{(l+1)}_{m,n} "
        r"f'(x^{(l)}_{i,j})",
        (r"x_{i,j}^{l+1} = \sum_m \sum_n w_{m,n}^{l+1} f(x^{l}_{i+m,j+n})",),
    ),
    (
        r"n_{\text{out}} = \left\lfloor \frac{n_{\text{in}} + 2p - k}{s} \right\rfloor + 1 "
        r"\tag{3}.",
        (),
    ),
    (r"(I * K)_{ij} = \sum_m \sum_n I(i-m, j-n) K(m,n)", ()),
    (r"\frac{\partial L}{\partial w} = \delta \star x", (r"y = w \star x",)),
    (r"f[n] = \begin{cases} g[n] & n \ge 0 \\ 0 & \text{otherwise}\end{cases}", ()),
    (r"\sum_{0 \le j < k} w_j = \sum_{j=0}^{k-1} w_j", ()),
]


@pytest.mark.parametrize("latex, given", NOTES)
def test_published_notes(latex, given):
    assert read(latex, given).links


def test_a_given_operator_is_used():
    given = r"(f * g)(x) = \int f(z) g(x+z) dz"
    (link,) = read(r"(f * g)(x) = \int f(z) g(x+z) dz", [given]).links
    ((label, found),) = link.variants
    assert label.startswith("R")
    assert found.lhs.fn.definition != convolution(R)


UNREADABLE = [
    ("a +", 1, 4, "ends too early"),
    ("f( = 2", 1, 4, "has no place"),
    ("a = b\n+ \\foo", 2, 3, r"\\foo is not part"),
    ("a\x00 = b", 1, 2, "U\\+0000"),
    ("", 1, 1, "nothing to read"),
    (r"h \times w", 1, 1, "no claim"),
    (r"\sum w_j = 1", 1, 1, "without its variable"),
    (r"\int f(z) = 1", 1, 1, "without its differential"),
    ("(" * 201 + "x" + ")" * 201 + "=1", 1, 201, "too deep"),
    ("1" * 20_001, 1, 20_001, "too long"),
    (r"f * g h = 0", 1, 1, "ambiguous"),
    (r"a/bc = 1", 1, 2, "ambiguous"),
    (r"f(x) * g(x) = 1", 1, 6, "ambiguous"),
    (r"\int f(cz) dz = \frac{1}{c} \int f(z) dz", 1, 1, "ambiguous"),
    (r"f \otimes g = g \otimes f", 1, 3, "not defined"),
    (r"f^{(2)}(x) = f''(x)", 1, 1, "ambiguous"),
    (r"x^n = x", 1, 3, "power"),
]


@pytest.mark.parametrize("latex, line, column, message", UNREADABLE)
def test_unreadable(latex, line, column, message):
    with pytest.raises(Unreadable, match=message) as caught:
        read(latex)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.show().endswith("^")


def test_spaces_are_settled():
    for latex in BOTH:
        for _, statement in read(latex).links[0].variants:
            assert "?" not in repr(statement)
    assert isinstance(zd, Space) and Div and Fn


@pytest.mark.parametrize(
    "latex",
    [
        r"D(K-1) = DK - D",
        r"\left\lfloor\frac{H + 2P - D(K-1) - 1}{S}\right\rfloor = O - 1",
        r"n(n+1)/2 = \sum_{j=1}^n j",
        r"x(x+1) = x^2 + x",
        r"\sum_{a \in \mathbb{Z}/n} f(a) g(i-a) = (f \circledast g)(i)",
        r"\frac{d^2}{dx^2} (f*g)(x) = (f''*g)(x)",
        r"\sum_{j=0}^\infty f(j) = \sum_{j \ge 0} f(j)",
        r"\max(m, n) = m + n - \min(m, n)",
        r"\iint f(x) g(y) dx dy = \int f(x) dx \int g(y) dy",
    ],
)
def test_more_that_is_read(latex):
    assert read(latex).links


def test_a_translation_is_not_taken_for_an_entry():
    with pytest.raises(Underdetermined, match="T stands for"):
        read(r"(f * g)(x - h) = ((T_h f) * g)(x)")


def test_a_prime_on_an_operator_differentiates_its_values() -> None:
    """(f * g)' is d/dx of (f * g)(x), so that the same proofs serve both."""
    primed = read(r"(f * g)'(x) = (f' * g)(x)").links[0].variants[0][1]
    spelt = read(r"\frac{d}{dx} (f * g)(x) = (f' * g)(x)").links[0].variants[0][1]
    assert alpha_equal(primed.lhs, spelt.lhs)
    assert alpha_equal(primed.rhs, spelt.rhs)


def test_what_stands_after_a_sum_is_no_argument_of_it() -> None:
    summed = read(r"\sum_x (f * g)(x) = \sum_x (g * f)(x)").links[0].variants
    ((_, s),) = summed
    assert isinstance(s.lhs, Sum)
    assert isinstance(s.lhs.body, App)
    assert isinstance(s.lhs.body.fn, Op)


def test_brackets_around_a_name_group() -> None:
    found = read(r"[\mathbf{H}]_{i,j} = u + \sum_{a,b} [\mathbf{V}]_{a,b} [\mathbf{X}]_{i+a,j+b}")
    assert found.kind == "definition"
    given = r"[H]_i = \sum_{a=0}^{k} [V]_a [X]_{i+a}"
    (link,) = read(r"[H]_i = \sum_{a=0}^{k} [X]_{i+a} [V]_a", [given]).links
    assert link.kind == "claim"
    assert "H" not in {s.name for s in free(link.variants[0][1].lhs)}
