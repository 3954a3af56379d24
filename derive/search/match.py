"""Find the change of variables that turns one sum of products into another.

If F_k(A_k v + a_k) on the left is to become F_k(B_k u + b_k) on the right, then
v = A^-1 (B u + b - a) for any factors whose rows A_k determine v.  The candidates are the ways
to pair equal functions; each is checked by carrying it out.  Symbolic coefficients (strides,
dilations) may occur in the other factors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.binding import free, substitute
from derive.kernel.monomial import Monomial, summands
from derive.polynomial import Poly, Scope, key, poly, to_term
from derive.search.lattices.affine import Matrix, combined, inverse, rank, times
from derive.syntax import Abs, Add, App, Iverson, Max, Mul, Num, Pow, Rel, Term, Var

MOST_PAIRINGS = 200


@dataclass(frozen=True, slots=True)
class Change:
    """v = forward(u), u = inverse(v)."""

    variables: tuple[Var, ...]
    forward: tuple[Term, ...]
    inverse: tuple[Term, ...]

    @property
    def trivial(self) -> bool:
        return self.variables == self.forward

    def named(self, variables: tuple[Var, ...]) -> Change:
        """The same change with other names for u."""
        new = dict(zip(self.variables, variables, strict=True))
        return Change(variables, tuple(substitute(t, new) for t in self.forward), self.inverse)


@dataclass(frozen=True, slots=True)
class Affine:
    row: tuple[Fraction, ...]
    offset: Poly


def affine(t: Term, variables: tuple[Var, ...], atoms: dict[str, Term]) -> Affine | None:
    """`t` as row . variables + offset, if its coefficients are rational."""
    row, offset = [Fraction(0)] * len(variables), Poly()
    for mono, c in poly(t, Scope(atoms=atoms)).items():
        inside = [atoms[a] for a, _ in mono if free(atoms[a]) & set(variables)]
        if not inside:
            offset[mono] = c
        elif len(mono) == 1 and mono[0][1] == 1 and isinstance(inside[0], Var):
            row[variables.index(inside[0])] = c
        else:
            return None
    return Affine(tuple(row), offset)


def rows(m: Monomial) -> list[tuple[str, list[Term]]]:
    """(function, arguments) of what can pin down the variables of a nest: functions, also within
    absolute values and maxima, and equality brackets."""
    out = []
    inside = list(m.factors)
    while inside:
        factor = inside.pop(0)
        if isinstance(factor, App):
            out.append((key(factor.fn), [a for a in factor.args if isinstance(a, Term)]))
        elif isinstance(factor, Abs | Max | Add | Mul | Pow):
            inside += [part for part in factor.children() if isinstance(part, Term)]
        elif isinstance(factor, Iverson) and isinstance(factor.cond, Rel):
            if factor.cond.op == "=":
                out.append(("[=]", [factor.cond.lhs - factor.cond.rhs]))
    return out


def change(left: Monomial, right: Monomial) -> Change | None:
    """A change of variables after which `left` describes the same sum as `right`."""
    if sorted(v.space.kind for v, _ in left.binders) != sorted(
        v.space.kind for v, _ in right.binders
    ):
        return None
    wanted = summands(right)
    if summands(left) == wanted:
        old = tuple(v for v, _ in left.binders)
        return Change(old, old, old)
    for candidate in _candidates(left, right):
        if summands(moved(left, candidate)) == wanted:
            return candidate
    return None


def moved(m: Monomial, c: Change) -> Monomial:
    """The sum after the change of variables, without bounds; a Jacobian is a factor."""
    old = tuple(v for v, _ in m.binders)
    mapping = dict(zip(old, c.forward, strict=True))
    factors = tuple(substitute(f, mapping) for f in m.factors)
    scale = jacobian(c) if old and old[0].space.kind == "R" else Fraction(1)
    return Monomial(tuple((u, ()) for u in c.variables), (Num(scale), *factors))


def jacobian(c: Change) -> Fraction:
    atoms: dict[str, Term] = {}
    matrix = [affine(t, c.variables, atoms) for t in c.forward]
    det = _det([list(a.row) for a in matrix if a])
    dim = c.variables[0].space.dim
    return abs(det) ** (int(dim.value) if isinstance(dim, Num) else 1)


def _det(a: Matrix) -> Fraction:
    if not a:
        return Fraction(1)
    return sum(
        ((-1) ** j * a[0][j] * _det([r[:j] + r[j + 1 :] for r in a[1:]]) for j in range(len(a))),
        Fraction(0),
    )


def _candidates(left: Monomial, right: Monomial) -> Iterator[Change]:
    old = tuple(v for v, _ in left.binders)
    new = tuple(v for v, _ in right.binders)
    if not old:
        return
    atoms: dict[str, Term] = {}
    sources = [(k, [affine(a, old, atoms) for a in args]) for k, args in rows(left)]
    targets = [(k, [affine(a, new, atoms) for a in args]) for k, args in rows(right)]
    count = 0
    for pairs in _pairings(sources, targets, len(old), [], frozenset()):
        count += 1
        if count > MOST_PAIRINGS:
            return
        if found := _solved(old, new, pairs, atoms):
            yield found


Pairs = list[tuple[Affine, Affine]]
Side = list[tuple[str, list[Affine | None]]]


def _pairings(
    sources: Side,
    targets: Side,
    width: int,
    chosen: Pairs | None = None,
    used: frozenset[int] = frozenset(),
) -> Iterator[Pairs]:
    """Ways to pair factors with the same function until the rows determine all variables."""
    chosen = chosen or []
    if rank([list(a.row) for a, _ in chosen]) == width:
        yield chosen
        return
    if not sources:
        return
    (name, args), rest = sources[0], sources[1:]
    for k, (other, others) in enumerate(targets):
        if k in used or other != name or len(args) != len(others):
            continue
        both = [(a, b) for a, b in zip(args, others, strict=True) if a and b and any(a.row)]
        yield from _pairings(rest, targets, width, chosen + both, used | {k})
    yield from _pairings(rest, targets, width, chosen, used)


def _solved(
    old: tuple[Var, ...], new: tuple[Var, ...], pairs: Pairs, atoms: dict[str, Term]
) -> Change | None:
    basis: Pairs = []
    for pair in pairs:
        if rank([list(a.row) for a, _ in [*basis, pair]]) > len(basis):
            basis.append(pair)
    back = inverse([list(a.row) for a, _ in basis])
    if back is None:
        return None
    linear = times(back, [list(b.row) for _, b in basis])
    other = inverse(linear)
    if other is None:
        return None
    gaps = [b.offset - a.offset for a, b in basis]
    shift = [combined(row, gaps) for row in back]
    unshift = [combined(row, shift).scaled(Fraction(-1)) for row in other]
    integral = old[0].space.kind != "R"
    if integral and not all(
        x.denominator == 1
        for values in [*linear, *other, *(p.values() for p in [*shift, *unshift])]
        for x in values
    ):
        return None
    return Change(
        new,
        tuple(maps(new, row, p, atoms) for row, p in zip(linear, shift, strict=True)),
        tuple(maps(old, row, p, atoms) for row, p in zip(other, unshift, strict=True)),
    )


def maps(
    variables: tuple[Var, ...], row: list[Fraction], offset: Poly, atoms: dict[str, Term]
) -> Term:
    """The term row . variables + offset."""
    total = Poly(offset)
    for v, c in zip(variables, row, strict=True):
        total = total + poly(v, Scope(atoms=atoms)).scaled(c)
    return to_term(total, atoms)
