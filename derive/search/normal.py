"""The general normal form: a linear combination of sums of products in canonical variables.

Unfold, differentiate, multiply out, collapse deltas; then write ranges as brackets, bring the
arguments of each sum to Hermite (over R: echelon) form, split sums over Z into residue classes
where lattices differ, and collect.  On linear combinations of held-in sums of products of
functions at affine arguments this decides equality: two such combinations agree for all
functions exactly when the normal forms do (a term pushes counting or Lebesgue measure forward
along its arguments; distinct subspaces, and distinct cosets of one lattice, are independent).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from math import lcm

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt, unfolded
from derive.kernel.rules import support
from derive.polynomial import Poly, Scope, equal, indicator, key, poly, to_term
from derive.search.affine import Image, Matrix, coordinates, echelon, image, inverse, saturated
from derive.search.linear import witnesses
from derive.search.match import affine, maps
from derive.search.tidy import tidy
from derive.search.walk import Unproved, Walk, depth, nest, places, summands
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Add,
    And,
    App,
    Diff,
    DiffEntry,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Num,
    Op,
    Partial,
    Rel,
    Sum,
    Term,
    Var,
    Z,
)

MOST_PIECES = 256
MOST_SYMMETRIES = 120


def unfold(walk: Walk, keep: frozenset[str] = frozenset()) -> None:
    """Replace defined functions by their definitions, but those whose key is in `keep`."""

    def wanted(n: Node) -> bool:
        return isinstance(n, App) and isinstance(n.fn, Op | Lam) and key(n.fn) not in keep

    while found := next(places(walk.term, wanted), None):
        walk.do("unfold", found[0])


def derive(walk: Walk) -> None:
    """Carry out the derivatives, innermost first: under the sums, then by the rules."""
    while found := next(places(walk.term, lambda n: isinstance(n, Diff | DiffEntry)), None):
        path, node = found
        if isinstance(node.body, Sum):  # type: ignore[union-attr]
            walk.do("under_sign", path)
        elif isinstance(node, DiffEntry) and _is_loss(node.body):
            walk.do("chain_rule", path)
        else:
            walk.do("differentiate", path)
            walk.tidy()
    walk.tidy()


def _is_loss(t: Term) -> bool:
    return isinstance(t, App) and isinstance(t.fn, Fn) and isinstance(t.args[0], Lam)


def fold(walk: Walk, kept: dict[str, Op]) -> None:
    """Put a name such as delta_i back for what it stands for."""
    for op in kept.values():
        lam = op.definition.lam

        def stands(n: Node, op: Op = op, lam: Lam = lam) -> tuple[Term, ...] | None:
            pattern = unfolded(op(*lam.params))
            if not isinstance(n, App) or not isinstance(pattern, App):
                return None
            if key(n.fn) != key(pattern.fn) or len(n.args) != len(pattern.args):
                return None
            pairs = dict(zip(pattern.args, n.args, strict=True))
            if any(p not in pairs for p in lam.params):
                return None
            args = tuple(pairs[p] for p in lam.params)
            return args if equal(unfolded(op(*args)), n) else None

        while found := next(places(walk.term, lambda n: stands(n) is not None), None):
            path, node = found
            _, _, put = at(walk.term, path, Context(()))
            named = op(*(stands(node) or ()))
            walk.to(put(unfolded(named)))  # type: ignore[arg-type]
            walk.undo("unfold", path, put(named))  # type: ignore[arg-type]


def flatten(walk: Walk) -> None:
    walk.flatten()
    while collapse(walk):
        walk.tidy()
        walk.flatten()


def collapse(walk: Walk) -> bool:
    """sum_v [v = e] F(v) = F(e), once, wherever it applies."""
    for path, part in summands(walk.term):
        m = nest(part)
        for k, (var, _) in enumerate(m.binders):
            if any(var in free(end) for _, ends in m.binders for end in ends):
                continue
            for factor in m.factors:
                if _pins(factor, var):
                    inner = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
                    others = tuple(f for f in m.factors if f is not factor)
                    target = rebuilt(Monomial(inner, (factor, *others)))
                    if target != part:
                        walk.do("rearrange", path, target=target)
                    below = (*path, *depth(target, len(inner) - 1))
                    walk.do("collapse", below, index=0, stride=None, witnesses=())
                    return True
    return False


def _pins(factor: Term, var: Var) -> bool:
    """Whether a factor is a bracket [v = e]."""
    if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
        return False
    if factor.cond.op != "=" or var.space.kind == "R":
        return False
    found = affine(factor.cond.lhs - factor.cond.rhs, (var,), {})
    return found is not None and abs(found.row[0]) == 1


# --- ranges and brackets ------------------------------------------------------------------------


def brackets(walk: Walk) -> None:
    """Write ranges as brackets, and give each entry of a tensor the brackets of its range."""

    def ranged(n: Node) -> bool:
        return isinstance(n, Sum) and bool(n.bounds) and n.var.space.kind == "Z"

    while found := next(places(walk.term, ranged), None):
        walk.do("range_as_bracket", found[0])
    walk.tidy()
    saturate(walk)


def saturate(walk: Walk) -> None:
    """x(m) = [m in range] x(m) for all entries of tensors among the factors."""
    for path, part in summands(walk.term):
        m = nest(part)
        inner = (*path, *depth(part, len(m.binders)))
        for factor in m.factors:
            if not (isinstance(factor, App) and _ranged(factor)):
                continue
            target = (*inner, m.factors.index(factor)) if len(m.factors) > 1 else inner
            node, _, _ = at(walk.term, target, Context(()))
            if node == factor:
                walk.do("support", target)
    walk.tidy()


def _ranged(factor: App) -> bool:
    fn = factor.fn.fn if isinstance(factor.fn, Partial) else factor.fn
    return isinstance(fn, Fn) and fn.box is not None and (fn is not factor.fn or _entries(fn))


def absorb(walk: Walk) -> None:
    """[m in range] x(m) = x(m): drop brackets that only repeat the range of a tensor."""
    while any(_absorb(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()


def _absorb(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    present = {key(f): f for f in m.factors if isinstance(f, Iverson)}
    for factor in m.factors:
        entry = unfolded(factor)
        if not (isinstance(entry, App) and _ranged(entry)):
            continue
        needed = support(Context(()), entry, {}).factors[:-1]  # type: ignore[attr-defined]
        trivial = [n for n in needed if indicator(n.cond).constant() == 1]
        if not len(trivial) < len(needed) or not all(
            n in trivial or key(n) in present for n in needed
        ):
            continue
        others = [f for f in m.factors if f is not factor and key(f) not in map(key, needed)]
        _, _, put = at(walk.term, inner, Context(()))
        together = put(Mul((*others, Mul((*needed, entry)))))
        if entry is not factor:
            shown = tuple(entry if f is factor else f for f in m.factors)
            walk.to(put(_product(shown)), "rearrange")  # type: ignore[arg-type]
        walk.to(together)  # type: ignore[arg-type]
        apart = put(Mul((*others, entry)))
        walk.undo("support", (*inner, len(others)), apart)  # type: ignore[arg-type]
        return True
    return False


def _entries(fn: Fn) -> bool:
    return len(fn.box or ()) == len(fn.domain) and all(hasattr(s, "kind") for s in fn.domain)


def implied(walk: Walk) -> None:
    """Drop brackets that the others and the hypotheses imply, and terms that contradict."""
    again = True
    while again:
        again = False
        for path, part in summands(walk.term):
            m = nest(part)
            inner = (*path, *depth(part, len(m.binders)))
            if _absurd(walk, inner) or _redundant(walk, inner):
                walk.tidy()
                again = True
                break


def _absurd(walk: Walk, path: tuple[int, ...]) -> bool:
    node, context, _ = at(walk.term, path, Context(walk.equation.given))
    if not any(isinstance(f, Iverson) for f in _factors(node)) or node == ZERO:
        return False
    inner = (
        context.beside(node, -1)
        if isinstance(node, Mul)
        else Context((*context.conds, node.cond), context.binders)
    )  # type: ignore[attr-defined]
    found = witnesses(inner, Rel("<=", ONE, ZERO))
    if found is None:
        return False
    walk.do("absurd", path, witnesses=found)
    return True


def _redundant(walk: Walk, path: tuple[int, ...]) -> bool:
    node, context, _ = at(walk.term, path, Context(walk.equation.given))
    candidates = [
        (key(f.cond), k, f)
        for k, f in enumerate(_factors(node))
        if isinstance(f, Iverson) and isinstance(f.cond, Rel) and f.cond.op != "="
    ]
    for _, k, factor in sorted(candidates, key=lambda c: c[0]):
        inner = context.beside(node, k) if isinstance(node, Mul) else context
        found = witnesses(inner, factor.cond)
        if found is not None:
            place = (*path, k) if isinstance(node, Mul) else path
            walk.do("equivalent", place, cond=And(()), only_if=(), **{"if": found})
            return True
    return False


def _factors(t: Node) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)  # type: ignore[return-value]


def maxima(walk: Walk) -> None:
    """Write maxima and absolute values with brackets."""
    while found := next(places(walk.term, lambda n: isinstance(n, Abs)), None):
        walk.do("absolute", found[0])
    while found := next(places(walk.term, lambda n: isinstance(n, Max)), None):
        walk.do("maximum", found[0])
    walk.tidy()
    walk.flatten()


def counts(walk: Walk) -> None:
    """sum_v [lo <= v][v <= hi] c = c max(0, hi - lo + 1), for what does not depend on v."""
    again = True
    while again:
        again = False
        for path, part in summands(walk.term):
            m = nest(part)
            for k, (var, ends) in enumerate(m.binders):
                found = _interval(m, var) if not ends else None
                if found is None or any(var in free(e) for _, es in m.binders for e in es):
                    continue
                lo, hi = found
                others = tuple(f for f in m.factors if var not in free(f))
                order = (*m.binders[:k], *m.binders[k + 1 :])
                inside = (Iverson(Rel("<=", lo, var)), Iverson(Rel("<=", var, hi)))
                counted = Sum(var, (), Mul((*inside, ONE)))
                target = rebuilt(Monomial(order, (*others, counted)))
                walk.do("rearrange", path, target=target)
                below = (*path, *depth(target, len(order)), *((len(others),) if others else ()))
                _, _, put = at(walk.term, below, Context(()))
                walk.undo("range_as_bracket", below, put(Sum(var, (lo, hi), ONE)))  # type: ignore[arg-type]
                walk.do("count", below)
                walk.tidy()
                maxima(walk)
                implied(walk)
                again = True
                break
            if again:
                break


def floors(walk: Walk) -> None:
    """[s v <= a] = [v <= floor(a / s)] for a variable that is only counted."""
    again = True
    while again:
        again = any(_floor(walk, path, part) for path, part in summands(walk.term))
        walk.tidy()


def _floor(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    for var, _ in m.binders:
        if var.space != Z or any(var in free(f) for f in m.factors if not isinstance(f, Iverson)):
            continue
        for k, factor in enumerate(m.factors):
            found = _scaled_bound(factor, var)
            if found is None:
                continue
            q, s, a = found
            _, context, _ = at(walk.term, inner, Context(walk.equation.given))
            proof = witnesses(context, Rel("<=", ONE, s))
            if proof is None:
                continue
            place = (*inner, k) if len(m.factors) > 1 else inner
            _, _, put = at(walk.term, place, Context(()))
            walk.to(put(Iverson(Rel("<=", s * q, a))))  # type: ignore[arg-type]
            earlier = put(Iverson(Rel("<=", q, Floor(a, s))))
            walk.undo("floor_bound", place, earlier, witnesses=proof)  # type: ignore[arg-type]
            return True
    return False


def _scaled_bound(factor: Term, var: Var) -> tuple[Term, Term, Term] | None:
    """(q, s, a) when a bracket says s q <= a with q = v or -v and s != 1."""
    if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
        return None
    if factor.cond.op != "<=":
        return None
    atoms: dict[str, Term] = {}
    p = poly(factor.cond.rhs - factor.cond.lhs, Scope(atoms=atoms))
    mine = {m: c for m, c in p.items() if any(var in free(atoms[a]) for a, _ in m)}
    if len(mine) != 1:
        return None
    ((mono, c),) = mine.items()
    own = next(a for a, _ in mono if var in free(atoms[a]))
    rest = tuple((a, e) for a, e in mono if a != own)
    if atoms[own] != var or dict(mono)[own] != 1 or any(var in free(atoms[a]) for a, _ in rest):
        return None
    s = to_term(Poly({rest: abs(c)}), atoms)
    a = to_term(Poly({m: k for m, k in p.items() if m not in mine}), atoms)
    return None if s == ONE else (var if c < 0 else -var, s, a)


def _interval(m: Monomial, var: Var) -> tuple[Term, Term] | None:
    """(lo, hi) when a variable occurs in two brackets lo <= v and v <= hi only."""
    if var.space != Z:
        return None
    lo: list[Term] = []
    hi: list[Term] = []
    for factor in m.factors:
        if var not in free(factor):
            continue
        if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
            return None
        cond, atoms = factor.cond, {}  # type: tuple[Rel, dict[str, Term]]
        line = affine(cond.rhs - cond.lhs, (var,), atoms)
        if cond.op == "=" or line is None or abs(line.row[0]) != 1:
            return None
        if line.row[0] > 0:  # 0 <= v + c
            lo.append(to_term(line.offset.scaled(Fraction(-1)), atoms))
        else:
            hi.append(to_term(line.offset, atoms))
        if cond.op == "<":
            return None
    return (lo[0], hi[0]) if len(lo) == len(hi) == 1 else None


# --- derivatives of functions ---------------------------------------------------------------------


def by_parts(walk: Walk) -> None:
    """Move derivatives from a factor F(u) of an integral over u to the others."""
    again = True
    while again:
        again = False
        for path, part in summands(walk.term):
            found = _movable(nest(part))
            if found is None:
                continue
            m, k, factor, var = found
            order = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
            rest = tuple(f for f in m.factors if f is not factor)
            plain = factor.fn.fn(*factor.args)  # type: ignore[attr-defined]
            whole = Sum(var, (), Diff(var, Mul((plain, *rest)), var))
            other = Sum(var, (), Mul((plain, Diff(var, _product(rest), var))))
            target = rebuilt(Monomial(order[:-1], (whole - other,)))
            walk.do("rearrange", path, target=target)
            walk.do("parts", (*path, *depth(target, len(order) - 1), 0))
            walk.tidy()
            derive(walk)
            walk.flatten()
            again = True
            break


def _product(factors: tuple[Term, ...]) -> Term:
    return factors[0] if len(factors) == 1 else Mul(factors) if factors else ONE


def _movable(m: Monomial) -> tuple[Monomial, int, App, Var] | None:
    for k, (var, ends) in enumerate(m.binders):
        if var.space.kind != "R" or ends:
            continue
        occurring = [f for f in m.factors if var in free(f)]
        for factor in occurring:
            if isinstance(factor, App) and factor.args == (var,) and len(occurring) > 1:
                if isinstance(factor.fn, Partial):
                    return m, k, factor, var
                break
    return None


# --- canonical variables ------------------------------------------------------------------------


class Nest:
    """The affine map of a nest's arguments, for each order of its repeated functions."""

    def __init__(self, m: Monomial) -> None:
        self.variables = tuple(v for v, _ in m.binders)
        self.integral = self.variables[0].space.kind != "R"
        self.atoms: dict[str, Term] = {}
        # a function and its derivatives stand together, so that `by_parts` has one pivot for both
        self.factors = sorted(
            (_base(f.fn), key(f.fn), [a for a in f.args if isinstance(a, Term)])
            for f in m.factors
            if isinstance(f, App)
        )
        self.names = tuple(name for _, name, _ in self.factors)
        self.maps: list[tuple[Matrix, list[Poly]]] = []
        for order in _symmetries(self.names):
            lines = [
                affine(arg, self.variables, self.atoms) for k in order for arg in self.factors[k][2]
            ]
            if any(line is None for line in lines):
                raise Unproved("an argument is not affine with rational coefficients")
            if not lines:
                raise Unproved("no function determines the bound variables")
            self.maps.append(([list(x.row) for x in lines if x], [x.offset for x in lines if x]))

    def hull(self) -> tuple[Image, list[tuple[Matrix, list[Poly]]]]:
        """The least rational image, and the orders that attain it."""
        images = [(image(r, c, integral=False), (r, c)) for r, c in self.maps]
        found = [(i, rc) for i, rc in images if i is not None]
        if not found:
            raise Unproved("the arguments do not determine the bound variables")
        least = min(found, key=lambda pair: pair[0].key)[0]
        return least, [rc for i, rc in found if i.key == least.key]

    def image(self) -> Image:
        """The canonical image; on Z the Hermite form, least over the orders with least hull."""
        hull, orders = self.hull()
        if not self.integral:
            return hull
        return min((i for r, c in orders if (i := image(r, c, True))), key=lambda i: i.key)


def _base(fn: Node) -> str:
    while isinstance(fn, Partial):
        fn = fn.fn
    return key(fn)


def _symmetries(names: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        groups.setdefault(name, []).append(k)
    count = 0
    for choice in product(*(permutations(g) for g in groups.values())):
        count += 1
        if count > MOST_SYMMETRIES:
            raise Unproved("one function occurs too often")
        yield tuple(k for group in choice for k in group)


def canonical(walk: Walk) -> None:
    """Change the variables of each nest so that its arguments are in canonical form."""
    for path, part in summands(walk.term):
        m = nest(part)
        if not m.binders or any(ends for _, ends in m.binders):
            continue
        try:
            found = Nest(m)
            change_to(walk, path, part, found, found.image())
        except Unproved:
            continue
    walk.tidy()


def change_to(walk: Walk, path: tuple[int, ...], part: Term, found: Nest, to: Image) -> None:
    """v = U (u - q)."""
    n = len(found.variables)
    if to.unimodular == [[Fraction(int(i == j)) for j in range(n)] for i in range(n)] and not any(
        to.shift
    ):
        return
    back = inverse(to.unimodular)
    if back is None:
        raise Unproved("not invertible")
    new = walk.fresh(*found.variables)
    moved = [Poly() for _ in range(n)]
    for i in range(n):
        for k in range(n):
            moved[i] = moved[i] - to.shift[k].scaled(to.unimodular[i][k])
    forward = tuple(
        maps(new, row, p, found.atoms) for row, p in zip(to.unimodular, moved, strict=True)
    )
    backward = tuple(
        maps(found.variables, row, q, found.atoms) for row, q in zip(back, to.shift, strict=True)
    )
    place = (*path, *depth(part, 0))
    walk.do("reindex", place, variables=new, forward=forward, inverse=backward)


# --- residue classes ----------------------------------------------------------------------------


def refine(*walks: Walk) -> None:
    """Split sums over Z^n so that terms with the same rational hull run over one lattice."""
    groups: dict[object, list[tuple[Walk, Term, Matrix]]] = {}
    for walk in walks:
        for _, part in summands(walk.term):
            if found := _lattice(part):
                groups.setdefault(found[0], []).append((walk, part, found[1]))
    for members in groups.values():
        backs = [(walk, part, inverse(inside)) for walk, part, inside in members]
        common = lcm(*(x.denominator for _, _, a in backs for row in a or [] for x in row))
        for walk, part, back in backs:
            steps = [[x * common for x in row] for row in back or []]
            if abs(_size(steps)) > 1:
                split(walk, part, steps)
    for walk in walks:
        flatten(walk)


def _lattice(part: Term) -> tuple[object, Matrix] | None:
    """(functions and rational hull, the lattice in the coordinates of the hull's own lattice)."""
    m = nest(part)
    if not m.binders or m.binders[0][0].space.kind != "Z" or any(e for _, e in m.binders):
        return None
    try:
        found = Nest(m)
        hull, orders = found.hull()
    except Unproved:
        return None
    lattice = image(*orders[0], integral=True)
    if lattice is None or not lattice.hermite[0]:
        return None
    inside = coordinates(saturated(hull.hermite), [list(c) for c in lattice.hermite])
    return ((found.names, hull.key), inside) if inside else None


def _size(a: Matrix) -> Fraction:
    found = echelon([list(c) for c in zip(*a, strict=True)], len(a), integral=True)
    out = Fraction(1)
    for k, col in enumerate(found[0] if found else []):
        out *= col[found[2][k]] if found else 1
    return out


def split(walk: Walk, part: Term, steps: Matrix) -> None:
    """sum over u in Z^n as one sum over u = T b + r for each residue r, T lower triangular."""
    hermite = echelon([list(c) for c in zip(*steps, strict=True)], len(steps), integral=True)
    if hermite is None or _size(steps) > MOST_PIECES:
        raise Unproved("too many residue classes")
    columns = hermite[0]
    pieces = [part]
    for k in range(len(columns)):
        t = columns[k][k]
        following: list[Term] = []
        for piece in pieces:
            following += _split_one(walk, piece, k, t, [columns[j][k] for j in range(k)])
        pieces = following


def _split_one(walk: Walk, piece: Term, k: int, t: Fraction, carried: list[Fraction]) -> list[Term]:
    path = next((p for p, s in summands(walk.term) if s == piece), None)
    if path is None:
        raise Unproved("residue classes that coincide")
    m = nest(piece)
    if any(carried):  # u_k = u_k' + sum_j T_kj b_j
        new = walk.fresh(*(v for v, _ in m.binders))
        old = tuple(v for v, _ in m.binders)
        plus = sum_of([Num(c) * v for c, v in zip(carried, new, strict=False) if c])
        minus = sum_of([Num(-c) * v for c, v in zip(carried, old, strict=False) if c])
        walk.do(
            "reindex", (*path, *depth(piece, 0)), variables=new,
            forward=tuple(v + plus if i == k else v for i, v in enumerate(new)),
            inverse=tuple(v + minus if i == k else v for i, v in enumerate(old)),
        )  # fmt: skip
        walk.tidy()
        piece = dict(summands(walk.term))[path]
        m = nest(piece)
    if t == 1:
        return [piece]
    order = (*(b for i, b in enumerate(m.binders) if i != k), m.binders[k])
    target = rebuilt(Monomial(order, m.factors))
    walk.do("rearrange", path, target=target)
    below = (*path, *depth(target, len(order) - 1))
    var = m.binders[k][0]
    quotient, remainder = walk.fresh(var, Var("r", var.space))
    walk.do(
        "residue_split", below, modulus=Num(t), quotient=quotient, remainder=remainder,
        witnesses=witnesses(Context(()), Rel("<=", ONE, Num(t))),
    )  # fmt: skip
    walk.do("expand_range", below)
    node, _, _ = at(walk.term, path, Context(()))
    body, _, inside = at(node, below[len(path) :], Context(()))
    parts = body.terms if isinstance(body, Add) else (body,)
    pieces = []
    for part in parts:  # the binder of this step goes back to its place
        one = nest(inside(part))  # type: ignore[arg-type]
        binders = list(one.binders)
        binders.insert(k, binders.pop())
        pieces.append(tidy(rebuilt(Monomial(tuple(binders), one.factors))))
    whole = Add(tuple(pieces))
    walk.do("rearrange", path, target=whole)
    walk.tidy()
    return pieces


def sum_of(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def normalise(*walks: Walk) -> None:
    """The whole way to the normal form, for both sides of a claim at once."""
    for walk in walks:
        unfold(walk)
        derive(walk)
        flatten(walk)
        brackets(walk)
        walk.flatten()
        canonical(walk)
        walk.flatten()
    refine(*walks)
    for walk in walks:
        canonical(walk)
        walk.flatten()
        by_parts(walk)
        canonical(walk)
        walk.flatten()
        maxima(walk)
        implied(walk)
        floors(walk)
        counts(walk)
        walk.flatten()
