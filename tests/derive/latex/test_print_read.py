"""What is printed reads back as the same statement."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, reject, settings
from written import claims

from derive.binding import alpha_equal
from derive.latex import Unreadable, read
from derive.latex.printer import latex
from derive.polynomial import equal
from derive.syntax import Statement

CLAIMS = [
    r"\sum_a f(a) g(i-a) = \sum_a f(i-a) g(a)",
    r"\int f(z) g(x-z) dz = (f*g)(x)",
    r"(f \star g)(x) = \int_{\mathbb{R}^d} f(z)g(x+z)dz",
    r"h_i = \sum_{j=1}^k w_j x_{i+j-1}",
    r"\frac{d}{dx}(f*g)(x) = (f*g')(x)",
    r"f*(g+h) = f*g+f*h",
    r"(f*g)*h = f*(g*h)",
    r"\lfloor \frac{n+2p-k}{s} \rfloor + 1 = \lfloor \frac{n+2p-k+s}{s} \rfloor",
    r"\sum_{j=1}^{k} w_{si+j} = \sum_{j=1}^{k} w_{j+si}",
    r"\frac{\partial}{\partial x}\int f(z)g(x-z)dz=\int f(z)\frac{\partial g}{\partial x}(x-z)dz",
    r"\sum_{p,q} W_{p,q} X_{i+p,j+q} = \sum_{p,q} W_{p,q} X_{p+i,q+j}",
    r"(f \circledast g)(i) = (g \circledast f)(i)",
    r"\frac{d}{dx} f(2x) = 2 f'(2x)",
    r"(\sum_a f(a))^2 = \sum_a f(a) \sum_b f(b)",
    r"\int_0^x f(t) dt = -\int_x^0 f(t) dt",
    r"\max(0, n-k+1) = n-k+1",
    r"c \cdot (a+b) = ca+cb",
    r"f''(x) + f'(-x) = 0",
    r"x^{l}_{i} + y^2_i = 3",
]


def same(a: Statement, b: Statement) -> bool:
    return alpha_equal(a, b) or (equal(a.lhs, b.lhs) and equal(a.rhs, b.rhs))


@pytest.mark.parametrize("claim", CLAIMS)
def test_read_print_read(claim: str) -> None:
    for _, statement in read(claim).links[0].variants:
        shown = f"{latex(statement.lhs)} = {latex(statement.rhs)}"
        again = [s for link in read(shown).links for _, s in link.variants]
        assert any(same(statement, s) for s in again), shown


def variants(claim: str) -> list[tuple[str, Statement]]:
    return [v for link in read(claim).links for v in link.variants]


def unlike(claim: str) -> str:
    """What is printed for a claim, where that does not read back as the same statement."""
    for space, statement in variants(claim):
        shown = f"{latex(statement.lhs)} = {latex(statement.rhs)}"
        if not any(same(statement, s) for _, s in variants(shown)):
            return f"on {space}: {shown}"
    return ""


@given(claims())
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_printed_and_read_again(claim: str) -> None:
    try:
        variants(claim)
    except Unreadable:
        reject()
    assert unlike(claim) == "", claim


@given(claims())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_most_of_it_is_read(claim: str) -> None:
    """The strategy writes what can be read; only some names beside each other are refused."""
    try:
        variants(claim)
    except Unreadable as error:
        assert "needs integers" in str(error), claim  # the rest of half a size


@pytest.mark.soak
@given(claims())
@settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_thousands_are_printed_and_read_again(claim: str) -> None:
    try:
        variants(claim)
    except Unreadable:
        reject()
    assert unlike(claim) == "", claim
