"""How long `derive layer` takes for each kind of layer, against importing SymPy: a table.

    python benchmarks/layers.py [NUMBER_OF_RUNS]

Each is a command of its own, from the start of Python to the last line of the derivation; the
shortest of the runs counts. CPU is what the command itself needs, however busy the machine is, and
is compared with that of `python -c "import sympy"`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
KINDS: dict[str, tuple[str, ...]] = {
    "fully connected": (r"h_i = \sigma(\sum_j W_{ij} x_j + b_i)",),
    "1-D, from 1": (r"h_i = \sigma(\sum_{j=1}^{k} w_j x_{i+j-1})", "--out", r"1 \le i \le n"),
    "1-D": (r"h_{n,o,i} = \sum_{c,p} w_{o,c,p} x_{n,c,s i + d p - P} + b_o",),
    "2-D": (
        r"h_{n,o,i,j} = \sum_{c,p,q} w_{o,c,p,q} x_{n,c,s i + d p - P,s j + d q - P} + b_o",
    ),
    "3-D": (
        r"h_{n,o,i,j,k} = \sum_{c,p,q,r} w_{o,c,p,q,r} "
        r"x_{n,c,s i + d p - P,s j + d q - P,s k + d r - P} + b_o",
    ),
    "groups": (r"h_{n,g,o,i} = \sum_{c,p} w_{g,o,c,p} x_{n,g,c,s i + d p - P} + b_{g,o}",),
    "depthwise": (r"h_{n,c,i} = \sum_p w_{c,p} x_{n,c,s i + d p - P} + b_c",),
    "asymmetric padding": (
        r"h_{n,o,i,j} = \sum_{c,p,q} w_{o,c,p,q} x_{n,c,s i + p - L,s j + q - T}",
    ),
    "transposed": (r"y_{n,c,m} = \sum_{o,i,p} x_{n,o,i} w_{o,c,p} [s i + d p - P = m]",),
    "average pooling": (r"h_{n,c,i} = \frac{1}{K} \sum_{p=0}^{K-1} x_{n,c,s i + p - P}",),
    "max pooling": (
        r"h_i = \sum_{p=0}^{K-1} x_{s i + p - P} [0 \le s i + p - P] [s i + p - P < H] "
        r"[\sum_{q=0}^{K-1} [q \ne p] [0 \le s i + q - P] [s i + q - P < H] "
        r"[x_{s i + p - P} \le x_{s i + q - P}] \le 0]",
    ),
    "ReLU": (r"h_i = \max(0, \sum_j W_{ij} x_j + b_i)",),
    "two layers": (r"h_i = \sum_{b,a} v_b w_a x_{s_1 s_2 i + s_1 d_2 b + d_1 a}",),
    "dilated causal": (r"y_t = \sum_{k \ge 0} w_k x_{t - d k}",),
    "two images": (r"c_{i,j,u,v} = \sum_{p,q} f_{i+p,j+q} g_{i+u+p,j+v+q}",),
    "bilinear": (r"y_k = \sum_{i,j} x_i W_{k,i,j} z_j",),
    "locally connected": (r"y_i = \sum_p w_{i,p} x_{i+p}",),
    "Toeplitz": (r"y_i = \sum_j t_{i-j+n-1} x_j", "--out", "i < n"),
    "circulant": (r"y_i = \sum_j w_{(i-j) \bmod n} x_j",),
}  # fmt: skip


def seconds(command: list[str], runs: int) -> tuple[float, float]:
    """The shortest of several runs: by the clock, and of the processor."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    env = {**os.environ, "PYTHONPATH": path}
    clock = cpu = float("inf")
    for _ in range(runs):
        start, before = time.perf_counter(), os.times()
        subprocess.run([sys.executable, *command], env=env, check=True, capture_output=True)
        after = os.times()
        spent = after.children_user + after.children_system
        clock = min(clock, time.perf_counter() - start)
        cpu = min(cpu, spent - before.children_user - before.children_system)
    return clock, cpu


def main(runs: int = 3) -> None:
    clock, peer = seconds(["-c", "import sympy"], runs)
    print(f"{'layer':<20} {'seconds':>8} {'CPU':>8} {'of import sympy':>16}")
    print(f"{'import sympy':<20} {clock:8.2f} {peer:8.2f} {1:15.1f}x")
    for name, (formula, *more) in KINDS.items():
        clock, cpu = seconds(["-m", "derive", "layer", formula, *more], runs)
        print(f"{name:<20} {clock:8.2f} {cpu:8.2f} {cpu / peer:15.1f}x", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
