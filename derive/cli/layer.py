"""`derive layer`: a forward formula to its gradients, derived, and to NumPy code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from derive.cli.output import UserError, put

FORMATS = ("text", "latex", "markdown", "html", "json")


def register(commands: Any) -> None:
    layer = commands.add_parser(
        "layer", help="the gradients of a layer, from its forward formula", allow_abbrev=False,
        description="Derive the gradients of a loss through a layer from its forward formula, for "
        "symbolic sizes, and write them out with reasons, or as NumPy code. An index runs from "
        "its sum's lower bound, else from 0; tensors are 0 outside of their ranges. "
        "Exit status: 0, or 2 for a formula that cannot be read or derived.",
    )  # fmt: skip
    layer.add_argument("formula", metavar="FORMULA", help=r"such as h_i = \sum_p w_p x_{i + p}")
    layer.add_argument("--wrt", metavar="w,x,b", help="by which tensors; default: all")
    layer.add_argument(
        "--out", action="append", default=[], metavar="RANGE",
        help="the range of an output's index, such as 'i < O_H'; may be repeated",
    )  # fmt: skip
    layer.add_argument(
        "--given", action="append", default=[], metavar="CONDITION",
        help="a condition on the sizes; may be repeated",
    )  # fmt: skip
    layer.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    layer.add_argument("--code", choices=("numpy",), help="the code instead of the derivation")
    layer.add_argument("--language", default="en", help="of the reasons: en or ko; default: en")
    layer.add_argument(
        "--fragment", action="store_true",
        help="with --format latex: without the preamble, to paste into your notes",
    )  # fmt: skip
    layer.add_argument("--output", type=Path, metavar="FILE", help="write there instead")
    layer.set_defaults(run=run_layer)


def run_layer(options: argparse.Namespace) -> int:
    from derive.latex import Unreadable
    from derive.layers import Outside, layer, numpy_source
    from derive.layers.document import document
    from derive.notes.catalogue import UnknownLanguage, catalogue

    if options.fragment and options.format != "latex":
        raise UserError("layer: --fragment is for --format latex")
    if options.code and options.format != "text":
        raise UserError("layer: --code is source, and has no --format")
    try:
        catalogue(options.language)
        made = layer(options.formula, options.wrt, options.out, options.given)
        if options.code:
            shown = numpy_source(made)
        else:
            shown = document(made, options.format, options.language, options.fragment)
    except UnknownLanguage as error:
        raise UserError(str(error)) from None
    except Unreadable as error:
        raise UserError(f"layer: {error}") from None
    except Outside as error:
        raise UserError(f"layer: cannot be derived: {error}") from None
    put(shown, options.output)
    return 0
