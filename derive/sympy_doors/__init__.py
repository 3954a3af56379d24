"""SymPy expressions in (`from_sympy`, `statement`) and out (`to_sympy`).

May: walk a SymPy tree.  Must not: call doit, simplify, subs, diff or any other method that
rewrites one.  What is read is what SymPy holds, and SymPy rewrites while it builds:
- x - x is 0, x/x is 1 and floor(n/2 + k) is k + floor(n/2) before anything can be read here;
- Derivative(Sum(f(j), (j, 1, n)), f(i)) is 0 as soon as it is written, although it is not:
  write tensors as IndexedBase, for which it stays;
- Sum(Integral(Piecewise((1, i > 2), (0, True)), (x, 0, 1)), (i, 1, n)) holds two integrals, one
  of 0, as soon as it is written: use Bracket(i > 2), which `to_sympy` writes too;
- SymPy reads Sum(F, (k, 5, 2)) by Karr's convention as a negative sum.  Here a range with
  lo > hi is empty: literal reversed ranges are refused, symbolic ones mean the empty sum;
- 1/0 is zoo in SymPy, and a/0 is 0 here (a total division, as in mathlib).
"""

from derive.sympy_doors.bracket import Bracket
from derive.sympy_doors.errors import NotExpressible
from derive.sympy_doors.reading import assumed, condition_from_sympy, from_sympy, statement
from derive.sympy_doors.writing import to_sympy

__all__ = [
    "Bracket",
    "NotExpressible",
    "assumed",
    "condition_from_sympy",
    "from_sympy",
    "statement",
    "to_sympy",
]
