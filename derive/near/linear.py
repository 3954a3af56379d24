"""Integer terms as linear forms, so that what was edited is written as people write it.

May: add up and put in order.  Must not: decide anything.  `edits` and `conditions` call it.
"""

from __future__ import annotations

from fractions import Fraction

from derive.syntax import ONE, Add, Mul, Num, Rel, Term

Form = dict[Term, Fraction]  # coefficients; the constant belongs to ONE


def form(t: Term) -> Form:
    """The coefficients of a term, products of other things taken as atoms.

    >>> from derive.syntax import Var, Z
    >>> k, n = Var("k", Z), Var("n", Z)
    >>> form(n - k + 1 - n)
    {k: Fraction(-1, 1), 1: Fraction(1, 1)}
    """
    out: Form = {}

    def add(part: Term, factor: Fraction) -> None:
        if isinstance(part, Num):
            out[ONE] = out.get(ONE, Fraction(0)) + factor * part.value
        elif isinstance(part, Add):
            for one in part.terms:
                add(one, factor)
        elif isinstance(part, Mul):
            numbers = [f.value for f in part.factors if isinstance(f, Num)]
            rest = tuple(f for f in part.factors if not isinstance(f, Num))
            for number in numbers:
                factor *= number
            if not rest:
                add(ONE, factor)
            elif len(rest) == 1 and not isinstance(rest[0], Num):
                add(rest[0], factor) if numbers or len(part.factors) > 1 else atom(part, factor)
            else:
                atom(Mul(rest), factor)
        else:
            atom(part, factor)

    def atom(part: Term, factor: Fraction) -> None:
        out[part] = out.get(part, Fraction(0)) + factor

    add(t, Fraction(1))
    return {part: c for part, c in out.items() if c}


def written(f: Form) -> Term:
    """The term of a form: what is added before what is taken away, the number last.

    >>> from derive.syntax import Var, Z
    >>> x, z = Var("x", Z), Var("z", Z)
    >>> written(form(-x + z)), written(form(-x - z + 1)), written({})
    (z − x, −x − z + 1, 0)
    """
    atoms = [(part, c) for part, c in f.items() if part != ONE]
    atoms.sort(key=lambda pair: pair[1] < 0)
    terms: list[Term] = [times(part, c) for part, c in atoms]
    if f.get(ONE):
        terms.append(Num(f[ONE]))
    if not terms:
        return Num(Fraction(0))
    return terms[0] if len(terms) == 1 else Add(tuple(terms))


def times(part: Term, c: Fraction) -> Term:
    if c == 1:
        return part
    return Mul((Num(c), *(part.factors if isinstance(part, Mul) else (part,))))


def at_most(a: Term, b: Term) -> Rel | bool:
    """a <= b with each letter on the side where it is positive; True or False if it has none.

    >>> from derive.syntax import Var, Z
    >>> k, m, n = Var("k", Z), Var("m", Z), Var("n", Z)
    >>> at_most(k, n + 1), at_most(m + 1, n + 1), at_most(1 - n, k - k), at_most(n, n + 1)
    (k ≤ n + 1, m ≤ n, 1 ≤ n, True)
    """
    gap = form(b - a)
    left = {part: -c for part, c in gap.items() if c < 0}
    right = {part: c for part, c in gap.items() if c > 0}
    if not (set(left) | set(right)) - {ONE}:
        return gap.get(ONE, Fraction(0)) >= 0
    return Rel("<=", written(left), written(right))
