"""No text makes the reader crash, hang or recurse: a `Reading` or `Unreadable`.

The slowest text takes a tenth of a second; `HANGS` is far above what a busy machine makes of it.
"""

from __future__ import annotations

import random
import time

import pytest

from derive.latex import Unreadable, read

SEEDS = [
    r"[f * g](x) = \int_{\mathbb{R}^d} f(z)g(x - z)dz = \int_{\mathbb{R}^d} f(x - z)g(z)dz",
    r"h_i = \sigma \left( \sum_{j=1}^k V_j x_{i+j-1} \right)",
    r"\frac{\partial \mathcal{L}}{\partial w_1} = \delta_1 x_1 + \delta_2 x_2",
    r"\begin{aligned}\frac{\partial}{\partial x} [f * g](x) &= f(y) \\ &= [f * g'](x)\end{aligned}",
    r"f(x) = \begin{cases} 1 & x \le 0 \\ 2 & \text{otherwise}\end{cases}",
    r"w_{m',n'}^l = n_{\text{in}} + \lfloor \frac{H-K+2P}{S} \rfloor |x|^2",
    r"\sum_{0 \le j < k} [s i + d p - P = m] [s \mid m] f(m/s) = \max(a, b) - \lceil n/2 \rceil",
    r"(I * K)_{ij} = \sum_m \sum_n I(i-m, j-n) K(m,n) \tag{3}.",
    r"f \circledast g = \sum_{a \in \mathbb{Z}/n} f(a) g(i-a)",
    r"\int_0^1 \int_0^x f(x,y) dy dx = \iint f(x) g(y) dx dy",
    r"f * (g h) = (f \star g)'(x) + \frac{df}{dx} * g",
]
HANGS = 30  # seconds
GIVEN = [
    r"h_i = \sigma(\sum_{j=1}^{k} w_j x_{i+j-1})",
    r"i = 1,\dots,n",
    r"K \le H+1",
    "n = 3",
    r"(f * g)(x) = \int f(z) g(x+z) dz",
]
BITS = (
    r"\frac { } ( ) [ ] \sum_ \int \left \right ^ _ | ' & \\ \ = < , . \begin{cases} \end{cases} "
    r"\text{a} \mathbf dz d f x 1 12 1.5 + - * \star / \partial \delta \mathcal{L} \infty \dots "
    "\\mid \\max : ` \\mathbb{Z} \\in % $ é 한 𝑑 ½ ² ٣ \u202e \x00"
).split(" ")
BITS += [" ", "\n"]
NESTS = [
    ("(", ")"),
    ("{", "}"),
    ("[", "]"),
    (r"\frac{1}{", "}"),
    (r"\left(", r"\right)"),
    ("x_{", "}"),
    ("f(", ")"),
    (r"\sum_a ", ""),
    ("-", ""),
    ("|", "|"),
    ("f'", ""),
    (r"\frac{d}{dx}", ""),
    (r"\int ", "dz"),
    ("x^{", "}"),
    (r"\hat{", "}"),
    ("[a=", "]"),
    (r"\lfloor ", r"\rfloor "),
]


def a_text(r: random.Random) -> str:
    """Truncated, mutated, random, deep, unusual, spliced or shuffled."""
    text = r.choice(SEEDS)
    match r.randrange(7):
        case 0:
            return text[: r.randrange(len(text))]
        case 1:
            for _ in range(r.randrange(1, 4)):
                at = r.randrange(len(text))
                text = text[:at] + r.choice(BITS) + text[at + r.randrange(3) :]
            return text
        case 2:
            return "".join(r.choice(BITS) for _ in range(r.randrange(1, 40)))
        case 3:
            left, right = r.choice(NESTS)
            times = r.choice([3, 50, 199, 201, 3000] if r.random() < 0.1 else [3, 10, 250])
            return left * times + "x" + right * times + "=1"
        case 4:
            tops = (32, 128, 0x3000, 0xD000)
            return "".join(chr(r.randrange(r.choice(tops))) for _ in range(r.randrange(60)))
        case 5:
            other = r.choice(SEEDS)
            return text[: r.randrange(len(text))] + other[r.randrange(len(other)) :]
    words = text.split(" ")
    r.shuffle(words)
    return " ".join(words)


def attempt(text: str, given: list[str]) -> None:
    before = time.process_time()
    try:
        read(text, given)
    except Unreadable as error:
        assert error.line >= 1 and error.column >= 1 and error.show()
    assert time.process_time() - before < HANGS, text[:200]


def fuzz(count: int, seed: int) -> None:
    r = random.Random(seed)
    for _ in range(count):
        given = [g for g in GIVEN if r.random() < 0.1]
        attempt(a_text(r), given + ([a_text(r)] if r.random() < 0.05 else []))


def test_five_thousand_texts():
    fuzz(5_000, 1)


@pytest.mark.soak
def test_a_hundred_thousand_texts():
    fuzz(50_000, 2)
    fuzz(50_000, random.randrange(10**9))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "{" * 1_000_000,
        "\\\\ " * 6000,
        "1+" * 9000 + "1=1",
        "a=" * 9000 + "b",
        "a=b," * 4000,
        "f*" * 4000 + "f=g",
        "_" * 9000,
        "|x" * 3000 + "=1",
        "'" * 9000,
        r"\begin{cases}" + r"1&a=1\\" * 500 + r"\end{cases}=1",
        r"\sum_a " * 150 + "x=1",
        "$" * 9000,
        "\u0301" * 9000,
        "\ud800 = 1",
    ],
    ids=lambda t: ascii(t[:12]),
)
def test_long_texts(text):
    attempt(text, [])
