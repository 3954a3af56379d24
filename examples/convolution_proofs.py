r"""A lecturer's slides as tests: each claim is proved, or the test fails with a counterexample.

    pytest examples -k commutes

Functions on the integers are finitely supported, those on the real line smooth and rapidly
decreasing; `f * g = g * f` without an argument is meant in both cases, in every dimension.
"""

from derive import claim
from derive.pytest_plugin import xfail

commutes = claim("f * g", "g * f")
commutes_written_out = claim(r"\sum_a f(a) g(i - a)", r"\sum_a f(i - a) g(a)")
associates = claim("(f * g) * h", "f * (g * h)")
distributes = claim("f * (g + h)", "f * g + f * h")

correlation_reflects = claim(r"(f \star g)(i)", r"(g \star f)(-i)")
slide_on_correlation = xfail(
    claim(r"\sum_a f(a) g(i + a)", r"\sum_a f(i + a) g(a)"),
    reason="on many slides, and wrong: the other order gives the reflected function",
)

derivative_moves = claim(r"\frac{d}{dx} (f * g)(x)", "(f * g')(x)")
output_size = claim(
    r"\sum_{i=0}^{H-K} 1", "H - K + 1", given=[r"K \le H + 1"]
)  # false without the condition: H = 0, K = 2 gives 0 and -1
