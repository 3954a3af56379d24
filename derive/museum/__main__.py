"""Writes the museum's page: `python -m derive.museum [FILE]`, by default to standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from derive.museum.page import page


def main() -> None:
    text = page()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
