"""KaTeX (MIT, vendored in `katex/`) as text that can stand inside one HTML file.

May: put the fonts into the style sheet as data.  Must not: refer to anything outside the file.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from importlib.resources import files

_SOURCE = re.compile(r"src:url\(fonts/([A-Za-z0-9_-]+\.woff2)\)[^;}]*")


@lru_cache(maxsize=1)
def script() -> str:
    return (files("derive.notes") / "katex" / "katex.min.js").read_text("utf-8")


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet with each font as woff2 in base64."""
    folder = files("derive.notes") / "katex"
    css = (folder / "katex.min.css").read_text("utf-8")

    def inline(match: re.Match[str]) -> str:
        data = (folder / "fonts" / match[1]).read_bytes()
        encoded = base64.b64encode(data).decode("ascii")
        return f'src:url(data:font/woff2;base64,{encoded}) format("woff2")'

    return _SOURCE.sub(inline, css)
