"""Rules of algebra: polynomials, definitions, functions, combinations of existing sums."""

from __future__ import annotations

from derive.binding import free
from derive.kernel.context import Context, Refused, expect
from derive.kernel.existence import combined
from derive.kernel.monomial import beta
from derive.kernel.table import Data, rule
from derive.polynomial import equal
from derive.syntax import App, Lam, Node, Op, Term, domain_of


@rule
def ring(context: Context, t: Term, data: Data) -> Node:
    """t = target, when both are the same polynomial in the same atoms."""
    if not equal(t, data["target"]):
        raise Refused("ring", f"not the same polynomial as {data['target']!r}", t)
    return data["target"]  # type: ignore[no-any-return]


@rule
def unfold(context: Context, t: Term, data: Data) -> Node:
    """(v -> body)(e) = body[v := e]; a defined function is replaced by its definition first."""
    app = expect("unfold", t, App, "a function application")
    return beta(expect("unfold", app.fn, (Op, Lam), "a defined function"), app.args)


@rule
def eta(context: Context, t: Node, data: Data) -> Node:
    """(v -> f(v)) = f, for v not free in f: functions with the same values are equal."""
    lam = expect("eta", t, Lam, "a function v -> f(v)")
    if not isinstance(lam.body, App) or lam.body.args != lam.params:
        raise Refused("eta", "not of the form v -> f(v)", t)
    if free(lam.body.fn) & set(lam.params) or domain_of(lam.body.fn) != domain_of(lam):
        raise Refused("eta", "the function depends on its argument", t)
    return lam.body.fn


@rule
def rearrange(context: Context, t: Term, data: Data) -> Node:
    """t = target, when both are the same linear combination of existing sums of products.

    Linearity and the theorem of Fubini and Tonelli: absolutely convergent sums may be
    distributed, exchanged, and collected.
    """
    if combined("rearrange", t, context) != combined("rearrange", data["target"], context):
        raise Refused("rearrange", f"not the same combination of sums as {data['target']!r}", t)
    return data["target"]  # type: ignore[no-any-return]
