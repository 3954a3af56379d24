"""What lint found as SARIF 2.1.0, for code scanning.

May: format records.  Must not: decide anything.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from derive.lint.records import REDEFINITION, SKIPPED, Record, Result
from derive.lint.report import said

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
RULES = {
    "refuted": ("error", "An equation that fails for some data."),
    REDEFINITION: ("warning", "A symbol or an operator that gets another meaning."),
    "unknown": ("note", "An equation that is neither proved nor refuted."),
    SKIPPED: ("note", "An equation that cannot be read."),
}


def sarif_text(result: Result, strict: bool) -> str:
    """The whole log; what is proved or defined is not in it."""
    return json.dumps(sarif(result, strict), ensure_ascii=False, indent=2)


def sarif(result: Result, strict: bool) -> dict[str, Any]:
    from derive import __version__

    rules = list(RULES)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "derive lint",
                        "version": __version__,
                        "rules": [
                            {
                                "id": name,
                                "shortDescription": {"text": words},
                                "defaultConfiguration": {"level": level},
                            }
                            for name, (level, words) in RULES.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not result.failures,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": f"{file}: {message}"}}
                            for file, message in result.failures
                        ],
                    }
                ],
                "results": [
                    _result(r, rules, strict) for r in result.records if r.word in RULES
                ],
            }
        ],
    }


def _result(record: Record, rules: list[str], strict: bool) -> dict[str, Any]:
    level = RULES[record.word][0]
    if strict and level == "note":
        level = "error"
    return {
        "ruleId": record.word,
        "ruleIndex": rules.index(record.word),
        "level": level,
        "message": {"text": said(record) or record.word},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(record.file)},
                    "region": {"startLine": record.line, "startColumn": record.column},
                }
            }
        ],
    }


def uri(name: str) -> str:
    """A file's name as a URI reference."""
    return quote(PurePath(name).as_posix(), safe="/~")
