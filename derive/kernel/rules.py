"""The inference rules: each turns a term into an equal one, or refuses.

Every rule takes the context at its place, the term, and explicit data, and returns the new term.
All hold for every value of the free symbols that satisfies the context, with the conventions of
`syntax` for what does not exist; those that rearrange infinite sums demand existence.
A rule is used backwards by exhibiting the earlier term, so each stands here once: folding a
definition, merging ranges, introducing a delta are `unfold`, `split_range`, `collapse` backwards.

They stand in `algebra`, `sums`, `ranges`, `brackets` and `derivatives`; `theorem` adds `use`.
"""

from __future__ import annotations

from derive.kernel import algebra, brackets, derivatives, ranges, sums
from derive.kernel.table import RULES, Data, Rule, apply, rule

__all__ = [
    "RULES",
    "Data",
    "Rule",
    "algebra",
    "apply",
    "brackets",
    "derivatives",
    "ranges",
    "rule",
    "sums",
]
