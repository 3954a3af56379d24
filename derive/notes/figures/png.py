"""Grey pixels as a PNG file, and as the compressed stream that a PDF takes: zlib alone.

May: encode.  Must not: scale, clip or otherwise change a pixel.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

Pixels = Sequence[Sequence[int]]


def png(pixels: Pixels) -> bytes:
    r"""The bytes of an 8-bit grey PNG.

    >>> png([[0, 255]])[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    data = _rows(pixels)
    header = struct.pack(">IIBBBBB", len(data[0]), len(data), 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in data), 9)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*c) for c in chunks)


def write_png(path: str | Path, pixels: Pixels) -> Path:
    target = Path(path)
    target.write_bytes(png(pixels))
    return target


def stream(pixels: Pixels) -> bytes:
    """The pixels alone, row after row, compressed as PDF's FlateDecode reads them."""
    return zlib.compress(b"".join(_rows(pixels)), 9)


def _rows(pixels: Pixels) -> list[bytes]:
    if not len(pixels) or not len(pixels[0]):
        raise ValueError("an image needs at least one pixel")
    widths = sorted({len(row) for row in pixels})
    if len(widths) > 1:
        raise ValueError(f"the rows of an image must be of one length, got {widths}")
    try:
        return [bytes(row) for row in pixels]
    except (ValueError, TypeError) as e:
        raise ValueError("a grey pixel is an integer from 0 to 255") from e


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
