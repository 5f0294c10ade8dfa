"""A chart as a PNG, drawn on this machine alone."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.errors import Invalid

WIDTH: Final = 520  # CSS pixels: a mail's width, or a little less, so that a phone's is not tiny
SCALE: Final = 2  # dots a pixel
GRAMMAR: Final = "6.4"  # of Vega-Lite, as the renderer has it built in
MOST_BYTES: Final = 60_000
LONGEST_SPEC: Final = 200_000  # characters
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_of(spec: Mapping[str, Any]) -> bytes:
    """The chart, WIDTH wide on a transparent ground; the same specification gives the same bytes.

    Without its title: whoever shows the picture writes that beside it, in the reader's own colours.
    Raises Invalid for a specification that is none, that is too large, or that names anything to
    be fetched.
    """
    from vl_convert import vegalite_to_png  # tens of megabytes, and only writers draw

    drawn = {name: _own(part) for name, part in spec.items() if name not in _OURS}
    drawn |= {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}
    drawn |= {"background": "transparent"}
    if len(json.dumps(drawn)) > LONGEST_SPEC:
        raise Invalid("This chart is too large to be drawn.")
    try:
        png = vegalite_to_png(drawn, vl_version=GRAMMAR, scale=SCALE, allowed_base_urls=[])
    except ValueError as error:
        raise Invalid("This chart cannot be drawn.") from error
    packed = _packed(png)
    if len(packed) > MOST_BYTES:
        raise Invalid("This chart is too large to be sent.")
    return packed


_OURS = ("title", "width", "autosize", "background", "usermeta")
_UNDRAWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML can hold them


def _own(part: Any) -> Any:
    """A part of a specification that leads nowhere and harms nobody.

    The renderer fetches images whatever it is told to allow, and reads files: nothing in the
    grammar leads out but an address in a field of this name. And it ends the whole process at a
    character that is none in XML.
    """
    if isinstance(part, str):
        return _UNDRAWABLE.sub(" ", part)
    if isinstance(part, Mapping):
        if "url" in part:
            raise Invalid("A chart holds its data itself: it names nothing to be fetched.")
        return {_own(name): _own(value) for name, value in part.items()}
    return [_own(one) for one in part] if isinstance(part, list | tuple) else part


def _packed(png: bytes) -> bytes:
    """The same picture in about a quarter of the bytes: the renderer packs for speed."""
    dots = b"".join(body for kind, body in _chunks(png) if kind == b"IDAT")
    head = next(body for kind, body in _chunks(png) if kind == b"IHDR")
    packed = zlib.compress(zlib.decompress(dots), 9)
    parts = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12  # with its length, kind and checksum


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
