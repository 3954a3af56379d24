"""A student's homework: a chain of equations checked link by link, verdicts asked for in code."""

import sympy as sp

from derive import check, claim

a, i = sp.symbols("a i", integer=True)
f, g = sp.Function("f"), sp.Function("g")

# the same claim in SymPy, and with the steps in between written down
in_sympy_commutes = claim(
    sp.Sum(f(a) * g(i - a), (a, -sp.oo, sp.oo)), sp.Sum(f(i - a) * g(a), (a, -sp.oo, sp.oo))
)
shift_moves = claim(
    r"\sum_a f(a - k) g(i - a)",
    r"\sum_a f(a) g(i - k - a)",
    by=[r"\sum_b f(b) g(i - b - k)"],
)


def test_the_first_wrong_line_is_found() -> None:
    verdict = check(r"\sum_a f(a) = \sum_a f(-a) = \sum_a f(2a)")
    assert verdict.verdict == "refuted"
    assert [link.verdict for link in verdict.links] == ["proved", "refuted"]
    print(verdict.explanation())  # pytest -s shows it, with the counterexample


def test_even_and_odd_entries() -> None:
    assert check(r"\sum_a f(a) = \sum_a f(2a) + \sum_a f(2a+1)").verdict == "proved"
