"""Ideas of the search on claims of their own: what is true is proved, its slip refuted."""

from __future__ import annotations

import pytest

from derive import check

TRUE = [
    # residue classes, cut and put together at places that free integers move
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
    # by parts, over the whole line, intervals and triangles
    r"\int g'(u) f(u) du = -\int f'(u) g(u) du",
    r"\int f'(-z) f(x-z) dz = -\int f(-u) f'(x-u) du",
    r"\int f'(z) f(z) dz = 0",
    r"\int f'(z)^3 dz = -2\int f(z) f'(z) f''(z) dz",
    r"\int f(z) f'(z) f(2z) dz = -\int f(z)^2 f'(2z) dz",
    r"\int f'(z) f'(x-z) dz = \int f''(z) f(x-z) dz",
    r"\int_a^b f'(x) g(x) dx = f(b)g(b) - f(a)g(a) - \int_a^b f(x) g'(x) dx",
    r"\int_0^1 f'(x) f(x)^2 dx = \frac{1}{3} f(1)^3 - \frac{1}{3} f(0)^3",
    r"\int_0^x f'(z) g(x-z) dz = f(x)g(0) - f(0)g(x) + \int_0^x f(z) g'(x-z) dz",
    r"\int_0^1 \int_0^x f(x,y) dy dx = \int_0^1 \int_y^1 f(x,y) dx dy",
    r"\int_a^b \int_a^x f(x,y) dy dx = \int_a^b \int_y^b f(x,y) dx dy",
    r"\int_0^x \int_0^y f(z) dz dy = \int_0^x (x-z) f(z) dz",
    r"\int_0^x \int_0^y \int_0^z f(u) du dz dy = \frac{1}{2} \int_0^x (x-u)^2 f(u) du",
    r"2 \int_0^1 \int_0^x f(x)f(y) dy dx = (\int_0^1 f(x) dx)^2",
]
FALSE = [
    r"\sum_a f(2a+i) + \sum_a f(2a+i+1) = \sum_a f(2a+j) + \sum_a f(2a+j+2)",
    r"\sum_a f(3a+i) + \sum_a f(3a+i+1) + \sum_a f(3a+i+3) = \sum_a f(2a+j) + \sum_a f(2a+j+1)",
    r"2 \sum_a f(2a+i) + \sum_a f(2a+i+1) + \sum_a f(2a-i) = 2 \sum_a f(a)",
    r"\sum_{p,q} F(p,q) = \sum_{p,q} F(p+q,p-q)",
    r"\int g'(u) f(u) du = \int f'(u) g(u) du",
    r"\int f'(-z) f(x-z) dz = \int f(-u) f'(x-u) du",
    r"\int f'(z) f(z) f(2z) dz = 0",
    r"\int_a^b f'(x) g(x) dx = -\int_a^b f(x) g'(x) dx",
    r"\int_0^1 f'(x) f(x)^2 dx = \frac{1}{3} f(1)^3",
    r"\int_0^1 \int_0^x f(x,y) dy dx = \int_0^1 \int_0^y f(x,y) dx dy",
    r"\int_a^b \int_a^x f(x,y) dy dx = \int_a^b \int_y^a f(x,y) dx dy",
    r"\int_0^x \int_0^y f(z) dz dy = \int_0^x z f(z) dz",
    r"\int_0^1 \int_0^x f(x)f(y) dy dx = (\int_0^1 f(x) dx)^2",
]


@pytest.mark.parametrize("latex", TRUE)
def test_proved(latex: str) -> None:
    assert check(latex, near=False).verdict == "proved"


@pytest.mark.parametrize("latex", FALSE)
def test_refuted(latex: str) -> None:
    assert check(latex, near=False).verdict == "refuted"


def test_the_gradient_of_a_layer_that_repeats_its_input():
    given = (r"y_i = x_{\lfloor i/2 \rfloor}", r"i = 0, \dots, 2n-1")
    by = r"\frac{\partial L}{\partial x_m}"
    assert check(rf"{by} = \delta_{{2m}} + \delta_{{2m+1}}", given=given).verdict == "proved"
    assert check(rf"{by} = \delta_{{2m}}", given=given).verdict == "refuted"
