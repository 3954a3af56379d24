"""The operators that notation fixes, as definitions over a space: `f * g`, `f \\star g`, ...

May: build closed `Definition`s from spaces.  Must not: prove or rewrite anything.  The reader
and the theorem library use the same ones, so that `f * g` means one thing everywhere.

Each builder takes the spaces of the functions' arguments, one per argument: `convolution(Z)` is
on the integers, `convolution(lattice(d))` on Z^d, `convolution(Z, Z)` for functions f(p, q).
A symbolic dimension d or modulus n stands in the declarations and is not a parameter.
"""

from __future__ import annotations

from functools import lru_cache

from derive.syntax import Definition, Fn, Lam, Mul, Space, Sum, Term, Var, residues

CONVOLUTION, CORRELATION, CIRCULAR = "*", r"\star", r"\circledast"
_AT = ("x", "y", "t", "u", "v", "w")  # the arguments of the result
_OVER = ("z", "r", "q", "p", "b", "c")  # the variables that are summed over


@lru_cache(maxsize=512)
def convolution(*spaces: Space) -> Definition:
    """(f * g)(x) = sum or integral over z of f(z) g(x - z).

    The lecture's first definition (its display "continuous" and "discrete"); Folland, Real
    Analysis, 8.2.
    """
    return _pairing(CONVOLUTION, spaces, -1)


@lru_cache(maxsize=512)
def cross_correlation(*spaces: Space) -> Definition:
    """(f \\star g)(x) = sum or integral over z of f(z) g(x + z), for real functions.

    What networks compute under the name of convolution (Goodfellow, Bengio, Courville, Deep
    Learning, 9.1); real-valued, so no conjugate.
    """
    return _pairing(CORRELATION, spaces, 1)


@lru_cache(maxsize=512)
def circular_convolution(modulus: Term) -> Definition:
    """(f \\circledast g)(x) = sum over z in Z/n of f(z) g(x - z).

    Oppenheim and Schafer, Discrete-Time Signal Processing, 8.2.5.
    """
    return _pairing(CIRCULAR, (residues(modulus),), -1)


@lru_cache(maxsize=512)
def reflection(*spaces: Space) -> Definition:
    """f^-(x) = f(-x): the flipped kernel of a backward pass."""
    at = _variables(_AT, spaces)
    f = Fn("f", spaces)
    return Definition("^-", (f,), Lam(at, f(*(-x for x in at))), "prefix")


@lru_cache(maxsize=512)
def translation(*spaces: Space) -> Definition:
    """(T_h f)(x) = f(x - h): the shift to which convolution is equivariant (Folland, 8.1)."""
    at, shift = _variables(_AT, spaces), _variables(("h", "k", "l", "m", "n", "o"), spaces)
    f = Fn("f", spaces)
    body = f(*(x - h for x, h in zip(at, shift, strict=True)))
    return Definition("T", (*shift, f), Lam(at, body), "prefix")


@lru_cache(maxsize=512)
def forward_difference(space: Space) -> Definition:
    """(Delta f)(x) = f(x + 1) - f(x): the derivative's discrete counterpart.

    Graham, Knuth, Patashnik, Concrete Mathematics, 2.6.
    """
    (x,) = _variables(_AT, (space,))
    f = Fn("f", (space,))
    return Definition(r"\Delta", (f,), Lam((x,), f(x + 1) - f(x)), "prefix")


def _variables(names: tuple[str, ...], spaces: tuple[Space, ...]) -> tuple[Var, ...]:
    if not 1 <= len(spaces) <= len(names):
        raise ValueError(f"from 1 to {len(names)} arguments, not {len(spaces)}")
    return tuple(Var(name, space) for name, space in zip(names, spaces, strict=False))


def _pairing(symbol: str, spaces: tuple[Space, ...], sign: int) -> Definition:
    at, over = _variables(_AT, spaces), _variables(_OVER, spaces)
    f, g = Fn("f", spaces), Fn("g", spaces)
    shifted = (x - z if sign < 0 else x + z for x, z in zip(at, over, strict=True))
    body: Term = Mul((f(*over), g(*shifted)))
    for z in reversed(over):
        body = Sum(z, (), body)
    return Definition(symbol, (f, g), Lam(at, body), "infix")
