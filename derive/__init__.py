"""Prove, refute and write out facts about convolution.

    from derive import claim, check

`claim` states an equation, proved when its `.theorem()` is asked for; `check` gives a verdict on
LaTeX.  Nothing is imported before it is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.claims import Claim, NotProved, Verdict, check, claim
    from derive.kernel import Theorem

__all__ = ["Claim", "NotProved", "Theorem", "Verdict", "check", "claim"]
__version__ = "0.1.0"


def __dir__() -> list[str]:
    """With what is imported when it is used: completion asks here."""
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("derive.kernel" if name == "Theorem" else "derive.claims"), name)
