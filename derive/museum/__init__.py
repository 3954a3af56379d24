"""Well-known slips, each refuted with its smallest data, and what is true instead, proved.

May: judge its exhibits and write a page.  Must not: hold a number that `check` has not found.
`python -m derive.museum` writes docs/museum.md.
"""

from derive.museum.exhibits import EXHIBITS, Exhibit
from derive.museum.page import Shown, judged, page

__all__ = ["EXHIBITS", "Exhibit", "Shown", "judged", "page"]
