"""What a statement says: its exact value on concrete data.

May: import `derive.syntax`.  Must not: know the kernel, binding or SymPy, or substitute.
`refute`, the audit and the tests of every rule and theorem call it.
"""

from derive.meaning.data import Data, Formula, Functional, Points, as_json
from derive.meaning.evaluate import Environment, compare, evaluate, holds
from derive.meaning.exact import Exact, exp, generator, sqrt
from derive.meaning.outcome import CannotEvaluate, Comparison, NoValue, TooLarge
from derive.meaning.program import Program, Question

__all__ = [
    "CannotEvaluate",
    "Comparison",
    "Data",
    "Environment",
    "Exact",
    "Formula",
    "Functional",
    "NoValue",
    "Points",
    "Program",
    "Question",
    "TooLarge",
    "as_json",
    "compare",
    "evaluate",
    "exp",
    "generator",
    "holds",
    "sqrt",
]
