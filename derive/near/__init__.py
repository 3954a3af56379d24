"""The small change that makes a refuted claim true, proved by the kernel.

May: propose edits of a claim, drop those that fail on data, ask search for a proof of the rest.
Must not: offer anything without a theorem.  `claims` calls `near_miss`.
"""

from derive.near.find import NearMiss, near_miss

__all__ = ["NearMiss", "near_miss"]
