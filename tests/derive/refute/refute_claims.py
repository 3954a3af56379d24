"""True and false claims about convolution, written as statements."""

from fractions import Fraction

from derive.syntax import (
    ONE,
    ZERO,
    And,
    Definition,
    Diff,
    DiffEntry,
    Divides,
    Exists,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Num,
    Partial,
    R,
    Rel,
    Signature,
    Statement,
    Sum,
    Var,
    Z,
    euclidean,
    lattice,
    residues,
)

TWO, HALF = Num(Fraction(2)), Num(Fraction(1, 2))
f, g, h = (Fn(n, (Z,), "finite") for n in "fgh")
a, b, i, j, k, n, m, e = (Var(v, Z) for v in "abijknme")
x, y, z = (Var(v, R) for v in "xyz")
F, G = (Fn(v, (R,), "Schwartz") for v in "FG")
d = Var("d", Z)


def total(*variables, body):
    for v in reversed(variables):
        body = Sum(v, (), body)
    return body


def claim(lhs, rhs, *given):
    return Statement(given, lhs, rhs)


def at_most(lhs, rhs):
    return Rel("<=", lhs, rhs)


def star(p, q, var, at):
    return Sum(var, (), p(var) * q(at + var))


def conv(p, q, var, at):
    return Sum(var, (), p(var) * q(at - var))


def generic(space, cls="finite"):
    return Fn("f", (space,), cls), Fn("g", (space,), cls), Var("a", space), Var("i", space)


fd, gd, ad, pd = generic(lattice(d))
Fd, Gd, zd, xd = generic(euclidean(d), "Schwartz")
fn, gn, an, pn = generic(residues(n), "any")
sigma = Fn("sigma", (R,), "smooth")
u, v = Fn("u", (R,), "any"), Fn("v", (R,), "any")
f_star_g = Sum(b, (), f(b) * g(b + a))

# a layer: h(i) = sum_a w(a) x(s i + a - p)
H, K, s, p, O = (Var(c, Z) for c in "HKspO")
w = Fn("w", (Z,), "finite", ((ZERO, K - 1),), "index")
X = Fn("x", (Z,), "finite", ((ZERO, H - 1),), "index")
L = Fn("L", (Signature((Z,)),), "differentiable", ((ZERO, O - 1),))
out = Lam((i,), Sum(a, (ZERO, K - 1), w(a) * X(s * i + a - p)))
delta = Partial(L, 0)(out, i)
sizes = (
    at_most(ONE, s),
    at_most(ZERO, p),
    at_most(ONE, K),
    at_most(ONE, H),
    Rel("=", O, Floor(H + 2 * p - K, s) + 1),
)
in_kernel = (at_most(ZERO, j), at_most(j, K - 1))
in_image = And((at_most(ZERO, m), at_most(m, H - 1)))
CONV = Definition("*", (f, g), Lam((i,), Sum(a, (), f(a) * g(i - a))), "infix")


def by_kernel(factor):
    right = Sum(i, (ZERO, O - 1), delta * factor)
    return claim(DiffEntry(w, (j,), L(out)), right, *sizes, *in_kernel)


def by_image(kernel_entry, guard):
    right = guard * Sum(i, (ZERO, O - 1), delta * w(kernel_entry))
    return claim(DiffEntry(X, (m,), L(out)), right, *sizes)


TRUE = {
    "convolution commutes": claim(conv(f, g, a, i), conv(g, f, a, i)),
    "on Z^d": claim(conv(fd, gd, ad, pd), conv(gd, fd, ad, pd)),
    "on Z/n": claim(conv(fn, gn, an, pn), conv(gn, fn, an, pn), at_most(ONE, n)),
    "on R": claim(conv(F, G, z, x), conv(G, F, z, x)),
    "on R^d": claim(conv(Fd, Gd, zd, xd), conv(Gd, Fd, zd, xd)),
    "on R, for all functions with an integral": claim(
        conv(u, v, z, x), conv(v, u, z, x), Exists(conv(u, v, z, x))
    ),
    "as an operator": claim(CONV(f, CONV(g, h))(i), CONV(CONV(f, g), h)(i)),
    "associativity": claim(
        Sum(a, (), Sum(b, (), f(b) * g(a - b)) * h(i - a)),
        Sum(a, (), f(a) * Sum(b, (), g(b) * h(i - a - b))),
    ),
    "even and odd": claim(
        total(a, body=f(2 * a)) + total(a, body=f(2 * a + 1)), total(a, body=f(a))
    ),
    "a square": claim(total(a, body=f(a)) * total(a, body=f(a)), total(a, b, body=f(a) * f(b))),
    "f' * g = f * g'": claim(
        Sum(z, (), Partial(F, 0)(z) * G(x - z)), Sum(z, (), F(z) * Partial(G, 0)(x - z))
    ),
    "d/dx (f * g)": claim(Diff(x, conv(F, G, z, x), x), Sum(z, (), F(z) * Partial(G, 0)(x - z))),
    "scaling on R": claim(Sum(z, (), F(2 * z)), HALF * Sum(z, (), F(z))),
    "rotation on R": claim(
        Sum(y, (), Sum(z, (), F(y + z) * G(y - z))), HALF * Sum(y, (), Sum(z, (), F(y) * G(z)))
    ),
    "length of a range": claim(Sum(j, (k, n), ONE), Max(n - k + 1, ZERO)),
    "splitting a range": claim(
        Sum(j, (k, n), f(j)),
        Sum(j, (k, m), f(j)) + Sum(j, (m + 1, n), f(j)),
        at_most(k - 1, m),
        at_most(m, n),
    ),
    "collapse with its guard": claim(
        total(a, body=Iverson(Rel("=", 2 * a, e)) * f(a)),
        Iverson(Divides(TWO, e)) * f(Floor(e, TWO)),
    ),
    "even numbers up to n": claim(
        Floor(n, TWO), Sum(j, (ONE, n), Iverson(Divides(TWO, j))), at_most(ZERO, n)
    ),
    "Leibniz": claim(
        Diff(x, Sum(z, (ZERO, x), F(x - z)), x),
        Sum(z, (ZERO, x), Partial(F, 0)(x - z)) + F(0),
    ),
    "chain rule": claim(Diff(x, sigma(x * x), x), 2 * x * Partial(sigma, 0)(x * x)),
    "gradient by the kernel": by_kernel(X(s * i + j - p)),
    "gradient by the image": by_image(m + p - s * i, Iverson(in_image)),
}
FALSE = {
    "correlation commutes": claim(star(f, g, a, i), star(g, f, a, i)),
    "on Z^d": claim(star(fd, gd, ad, pd), star(gd, fd, ad, pd)),
    "on Z/n": claim(star(fn, gn, an, pn), star(gn, fn, an, pn), at_most(ONE, n)),
    "on R": claim(star(F, G, z, x), star(G, F, z, x)),
    "on R^d": claim(star(Fd, Gd, zd, xd), star(Gd, Fd, zd, xd)),
    "correlation associates": claim(
        Sum(a, (), f_star_g * h(a + i)), Sum(a, (), f(a) * Sum(b, (), g(b) * h(b + a + i)))
    ),
    "2a and i - 2a": claim(
        total(a, body=f(2 * a) * g(i - 2 * a)), total(a, body=f(i - 2 * a) * g(2 * a))
    ),
    "half of the lattice": claim(
        total(a, b, body=f(a + b) * g(a - b)), HALF * total(a, b, body=f(a) * g(b))
    ),
    "a stride is no bijection": claim(
        total(a, body=f(k * a)), total(a, body=f(a)), at_most(ONE, k)
    ),
    "length of a reversed range": claim(Sum(j, (k, n), ONE), n - k + 1),
    "splitting outside": claim(
        Sum(j, (k, n), f(j)), Sum(j, (k, m), f(j)) + Sum(j, (m + 1, n), f(j))
    ),
    "collapse without its guard": claim(
        total(a, body=Iverson(Rel("=", 2 * a, e)) * f(a)), f(Floor(e, TWO))
    ),
    "collapse on a range": claim(Sum(a, (ONE, n), Iverson(Rel("=", a, e)) * f(a)), f(e)),
    "no boundary term": claim(
        Diff(x, Sum(z, (ZERO, x), F(x - z)), x), Sum(z, (ZERO, x), Partial(F, 0)(x - z))
    ),
    "scaling without the Jacobian": claim(Sum(z, (), F(2 * z)), Sum(z, (), F(z))),
    "both differentiated": claim(
        Diff(x, conv(F, G, z, x), x), Sum(z, (), Partial(F, 0)(z) * Partial(G, 0)(x - z))
    ),
    "the factor 2": claim(Diff(x, F(2 * x), x), Partial(F, 0)(2 * x)),
    "chain rule": claim(Diff(x, sigma(x * x), x), Partial(sigma, 0)(x * x)),
    "derivative through the bound index": claim(
        DiffEntry(f, (i,), Sum(i, (ONE, n), g(i) * f(i))), Sum(i, (ONE, n), g(i))
    ),
    "gradient with a dropped stride": by_kernel(X(i + j - p)),
    "gradient with a dropped padding": by_kernel(X(s * i + j)),
    "gradient with a flipped kernel": by_image(s * i - m - p, Iverson(in_image)),
    "gradient outside the image": by_image(m + p - s * i, ONE),
}
