"""Sums cut into residue classes and put together again, at places that free integers move."""

from __future__ import annotations

import pytest

from derive import check

TRUE = [
    r"\sum_a f(a+i) = \sum_a f(2a+j) + \sum_a f(2a+1+j)",
    r"\sum_a f(2a+i) + \sum_a f(2a+i+1) = \sum_a f(2a+j) + \sum_a f(2a+j+1)",
    r"\sum_a f(2a+i+k) + \sum_a f(2a+i+k+1) = \sum_a f(2a+j) + \sum_a f(2a+j+1)",
    r"\sum_a f(3a+i) + \sum_a f(3a+i+1) + \sum_a f(3a+i+2) = \sum_a f(2a+j) + \sum_a f(2a+j+1)",
    r"\sum_{a,b} f(2a+i) f(b) + \sum_{a,b} f(2a+1+i) f(b) = "
    r"\sum_{a,b} f(a) f(3b+j) + \sum_{a,b} f(a) f(3b+j+1) + \sum_{a,b} f(a) f(3b+j+2)",
    r"2 \sum_a f(a) = \sum_a f(2a+i) + \sum_a f(2a+1+i) + "
    r"\sum_a f(3a+j) + \sum_a f(3a+j+1) + \sum_a f(3a+j+2)",
    r"2 \sum_a f(2a+i) + \sum_a f(2a+i+1) + \sum_a f(2a-i-1) = 2 \sum_a f(a)",
    r"\sum_{p,q} F(p,q) = \sum_{p,q} F(p+q,p-q) + \sum_{p,q} F(p+q+1,p-q)",
]
FALSE = [
    r"\sum_a f(2a+i) + \sum_a f(2a+i+1) = \sum_a f(2a+j) + \sum_a f(2a+j+2)",
    r"\sum_a f(3a+i) + \sum_a f(3a+i+1) + \sum_a f(3a+i+3) = \sum_a f(2a+j) + \sum_a f(2a+j+1)",
    r"2 \sum_a f(2a+i) + \sum_a f(2a+i+1) + \sum_a f(2a-i) = 2 \sum_a f(a)",
    r"\sum_{p,q} F(p,q) = \sum_{p,q} F(p+q,p-q)",
]


@pytest.mark.parametrize("latex", TRUE)
def test_proved(latex: str) -> None:
    assert check(latex, near=False).verdict == "proved"


@pytest.mark.parametrize("latex", FALSE)
def test_refuted(latex: str) -> None:
    assert check(latex, near=False).verdict == "refuted"
