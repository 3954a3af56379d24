"""Why hypotheses matter: for each one a case in which the claim fails without it.

May: leave out one hypothesis at a time, and evaluate exactly what is left on data that break it.
Must not: know a theorem, or show what was not evaluated; where the kernel proves the claim without
the hypothesis it says so, and where nothing was found it says that.  `derive show --hypotheses`.

`conditions` drops conditions on numbers, `classes` puts functions outside of a class in, `orders`
follows partial sums, `quotients` takes difference quotients through a loss or an activation,
`convolved` and `piecewise` work with functions of one real variable that are polynomials in pieces.
"""

from derive.hypotheses.case import Case
from derive.hypotheses.cases import cases

__all__ = ["Case", "cases"]
