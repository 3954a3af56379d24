"""The convolution layers of minigrad as formulas, in 1 to 3 dimensions, with groups."""

from functools import lru_cache

from derive.layers import Layer, layer
from derive.layers.running import functions

AXES = {1: "i", 2: "ij", 3: "ijk"}
OVER = {1: "p", 2: "pq", 3: "pqr"}


def formula(dims: int) -> str:
    """h_{n,g,o,i} = sum_{c,p} w_{g,o,c,p} x_{n,g,c,s_1 i + d_1 p - P_1} + b_{g,o}."""
    at = ",".join(AXES[dims])
    over = ",".join(OVER[dims])
    inside = ",".join(
        f"s_{k} {i} + d_{k} {p} - P_{k}"
        for k, (i, p) in enumerate(zip(AXES[dims], OVER[dims], strict=True), 1)
    )
    return (
        rf"h_{{n,g,o,{at}}} = \sum_{{c,{over}}} w_{{g,o,c,{over}}} x_{{n,g,c,{inside}}} + b_{{g,o}}"
    )


@lru_cache(maxsize=3)
def conv(dims: int) -> Layer:
    return layer(formula(dims))


@lru_cache(maxsize=3)
def code(dims: int):
    return functions(conv(dims))
