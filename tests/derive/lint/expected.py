r"""What is true of the documents beside this file, worked out by hand.

One row for each equation: its line, how it begins there (the place is that of its first character;
with a number when it begins so more than once in the line), and what is to be said of it.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent / "documents"
P, R, D, N, S = "proved", "refuted", "definition", "redefinition", "skipped"
Row = tuple[int, str, str]

TABLE: dict[str, list[Row]] = {
    "sizes.md": [
        (11, "O = N", D),
        (14, "28 - 5 + 1", P),
        (17, r"\text{out}", D),
        (19, "P = (K", D),
        (19, "S = 1", D),
        (21, "N - K", P),  # with P = (K - 1)/2, which line 19 says
        (23, "N = 227", D),
        (23, "K = 11", D),
        (23, "S = 4", D),
        (23, "(227", P),  # 216/4 + 1 = 55
        (24, "(224", R),  # 213/4 + 1 is no integer
        (36, r"\sum_{j=k}", P),  # with n >= k, which line 34 says
        (39, "2 + 2", R),
        (41, r"\sum_{a} f(a) = \sum_{a} f(2a) +", P),
        (42, r"\sum_{a} f(a) = \sum_{a} f(2a)", R),
        (44, r"\text{output}", D),
    ],
    "gradients.tex": [
        (15, "y_i", D),
        (17, r"\delta_i", D),
        (19, r"\grad{w_j}", P),
        (20, r"\grad{x_m}", P),
        (23, r"\grad{x_m}", R),  # the kernel is not flipped
        (29, r"(f \conv g)(x)", D),
        (29, r"\int_{\R}", P),
        (30, r"\int_{\R}", P),
        (35, r"(f \conv g)'", P),
        (36, r"(f \conv g)'", R),  # the derivative falls on one factor
        (37, r"f \conv (g", P),
        (39, r"\half", P),
        (45, r"\int_{\R} f(2z) g", P),  # z to z/2: dz/2
        (46, r"\int_{\R} f(2z)", R),  # a half, not two
        (50, r"\sum_{a \in \Z}", P),
        (53, r"\relu(x)", D),
    ],
    "talk.tex": [
        (7, r"(f \star g)(i)", D),
        (8, r"(f \star g)(i)", P),
        (9, r"(f \star g)(i)", R),
        (21, r"\frac", P),
        (22, r"\frac", R),  # the sign of j
        (26, "(f * g)(i, j)", N),
        (28, "3", P),
    ],
    "korean.md": [
        (5, "y[i]", D),
        (9, r"\sum_{m} w[m]", P),
        (13, r"\sum_{m} w[m]", R),
        (19, "(32", P),
        (20, "32 / 2", P),
        (20, "5", P),
        (21, "5", R),  # 456
        (22, "2P", D),  # assumed
        (22, "H +", P),  # under 2P = K - 1
        (24, "1 + 1 = 2", P),
        (24, "1 + 1 = 3", R),
        (34, r"\frac{d}{dx} (f", P),
        (34, "(f * g)(x)", D),
        (34, r"\frac{d}{dx} \int", P),
        (35, r"\int f(y) g'", P),
        (39, r"\text", D),  # words in Hangul
    ],
    "image.ipynb": [
        (11, "S(i,j)", D),
        (11, "(I * K)", D),
        (13, r"\\sum_m", P),
        (32, r"\\sum_m", R),  # both shifts turned: the point reflection of it
        (39, r"\\sum_{p=0}", P),  # 1 + 2 + ... + (n + 1)
        (39, r"\\sum_{p=1}", R),  # n (n + 1)/2
        (39, r"\\sum_{a", P),
    ],
    "slides.md": [
        (5, "h_i", N),
        (9, "h_i", N),
        (13, "[f * g](x)", D),
        (13, r"\int_{\mathbb{R}^d} f(z)", P),
        (13, r"\int_{\mathbb{R}^d} f(x", P),
        (15, "[f * g](i)", D),
        (15, r"\sum_{a \in \mathbb{Z}^d} f(a)", P),
        (15, r"\sum_{a \in \mathbb{Z}^d} f(i", P),
        (19, "[f * g](x)", N),
        (19, r"\int_{\mathbb{R}^d} f(z)", R),
        (19, r"\int_{\mathbb{R}^d} f(x", P),  # g * f is now the integral of g(z) f(x + z)
        (21, "[f * g](i)", N),
        (21, r"\sum_{a \in \mathbb{Z}^d} f(a)", R),
        (21, r"\sum_{a \in \mathbb{Z}^d} f(i", P),
        (25, "[f * g](i)", N),
        (27, "[f * g](i, j)", N),
        (29, "[f * g](i, j, k)", N),
        (33, "[f * g](i, j)", D),
        (35, "0", P),
        (37, "O_H", D),
        (41, r"\frac{\partial}{\partial x} [f", P),
        (41, "[f * g](x)", N),
        (41, r"\frac{\partial}{\partial x} \int", P),
        (42, r"\int", P),
        (47, r"\frac", P),
        (49, r"\frac", P),
    ],
    "systems.tex": [
        (9, r"y[n] = x", D),
        (9, r"x[n] * h", P),
        (13, r"x[n] * h", P),
        (14, r"(x[n] *", P),
        (15, r"x[n] * (", P),
        (16, r"x[n] *", P),
        (17, r"x[n] *", P),
        (19, r"x[n] =", P),
        (20, r"u[n] =", D),
        (20, r"\sum_{k=", P),
        (20, r"\delta[n] =", D),
        (22, r"y[n] =", N),
        (23, r"m = n -", D),
        (25, r"\sum_{k=", P),
        (25, r"\sum_{m=", P),
        (29, r"\sum_{n}", P),
        (31, r"y(t) = (", N),
        (31, r"(x * h)(", D),
        (31, r"\int_{-", P),
        (33, r"r_{xy}[l", D),
        (33, r"\sum_{n=", P),
        (34, r"r_{xy}[l", N),
        (35, r"r_{xy}[l", N),
        (36, r"y[n] =", N),
        (36, r"\sum_{k=", P),
        (37, r"(x \circ", P),
        (38, r"\frac{d}", P),
        (38, r"(x * h)'", P),
        (38, r"(x' * h)", P),
        (39, r"\int_{-", P),
        (40, r"y(t) = x", D),
        (40, r"x(2t) *", S),
        (41, r"y[n] =", N),
        (41, r"y[n] = y", P),
        (42, r"y[m,n] =", N),
    ],
    "layers.md": [
        (3, r"[\mathbf", D),
        (3, r"\mathbf{U}]_", P),
        (6, r"\mathsf{", D),
        (8, r"\mathbf{", N),
        (10, r"\mathbf{", N),
        (15, r"(f * g)(", D),
        (19, r"(f * g)(", D),
        (23, r"(f * g)(", D),
        (26, r"\mathsf{", D),
        (31, r"\frac{\p", P),
        (33, r"0\times0", P),
        (36, r"0\times0", P),
        (37, r"1\times0", P),
        (38, r"3\times0", P),
        (39, r"4\times0", P),
        (44, r"(1\times", P),
        (48, r"\max(0,", P),
        (50, r"x_t = \s", D),
        (52, r"h_i = \s", D),
        (54, r"\frac{\p", P),
        (54, r"\sum_{i=", P),
    ],
    "backward.tex": [
        (8, r"z^{(\ell", D),
        (10, r"a^{(\ell", D),
        (14, r"\pd{\E}{", P),
        (14, r"\sum_{i,", P),
        (16, r"\pd{\E}{", P),
        (20, r"y_i = \s", D),
        (20, r"\pd{y_i}", P),
        (20, r"\pd{L}{x", P),
        (21, r"\pd{L}{w", P),
        (22, r"y_i = \s", N),
        (22, r"\pd{L}{x", P),
        (25, r"\tilde{w", D),
        (25, r"\sum_j w", P),
        (25, r"\sum_j \tilde{w}_j x", P),
        (26, r"(w \star", D),
        (27, r"(f \star", S),
        (28, r"f(t) \st", P),
        (31, r"z_i = \s", D),
        (31, r"\pd{L}{W", P),
        (31, r"\pd{L}{x", P),
        (31, r"\pd{L}{b", P),
        (32, r"\pd{L}{x", S),
        (33, r"\nabla_W", S),
        (36, r"(T_h f)(", D),
        (37, r"T_h (f *", P),
        (38, r"\int f(x", P),
    ],
}
GIVEN = {"slides.md": [r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}", r"i = 1,\dots,3"]}


def place(name: str, row: Row) -> tuple[int, int]:
    """Line and column of a row, found in the text itself."""
    lines = (HERE / name).read_bytes().decode("utf-8").split("\n")
    return row[0], lines[row[0] - 1].index(row[1]) + 1
