"""Request bodies: bounded, hashed as they are read, and never held whole in memory when large."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from flask import Request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from shared.domain.requests import Upload
from shared.errors import Malformed, TooLarge
from shared.runtime.http.problems import UnsupportedMedia

JSON_MOST = 1 << 20
IGNORED_MOST = 64 << 10
DRAINED_MOST = 80 << 20
IN_MEMORY = 1 << 20
BLOCK = 1 << 18
UPLOAD_TYPES = frozenset(
    {
        "text/csv",
        "text/plain",
        "text/tab-separated-values",
        "application/csv",
        "application/vnd.ms-excel",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/octet-stream",
    }
)


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON body as bytes."""

    content: bytes

    @property
    def digest(self) -> str:
        """What makes two bodies the same."""
        return sha256(self.content).hexdigest()


def read_json(request: Request) -> JsonBody:
    """The body, if it is JSON of at most 1 MiB; empty for none."""
    if not _has_body(request):
        return JsonBody(b"")
    _refuse_what_is_too_large(request, JSON_MOST)
    _refuse_encodings(request)
    content = b"".join(blocks(request, JSON_MOST))
    if content and request.mimetype != "application/json":
        raise UnsupportedMedia("Send the body as JSON: `Content-Type: application/json`.")
    return JsonBody(content)


def read_past(request: Request) -> JsonBody:
    """Nothing of the body: whoever sends it must send one, and it says nothing."""
    _refuse_what_is_too_large(request, IGNORED_MOST)
    for _ in blocks(request, IGNORED_MOST):
        pass
    return JsonBody(b"")


def read_upload(request: Request, most: int) -> Upload:
    """A file of at most so many bytes: the body, or the form field `file` of a multipart body."""
    _refuse_what_is_too_large(request, most)
    _refuse_encodings(request)
    if request.mimetype == "multipart/form-data":
        return _from_form(request, most)
    if request.mimetype and request.mimetype not in UPLOAD_TYPES:
        raise UnsupportedMedia(
            "Send the file as text/csv or application/x-ndjson, or as the form field `file`."
        )
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by Upload)
    digest = sha256()
    try:
        for block in blocks(request, most):
            digest.update(block)
            spool.write(block)
    except BaseException:
        spool.close()
        raise
    return Upload(spool, request.mimetype, None, digest.hexdigest())


def _has_body(request: Request) -> bool:
    return bool(request.content_length) or "HTTP_TRANSFER_ENCODING" in request.environ


def finish(request: Request) -> None:
    """Read past what is left of a body that was refused, within reason, and keep none of it.

    A client that is still sending would miss the answer. functions-framework does this too, but
    into memory and without a bound, so it finds nothing left to read.
    """
    if not _has_body(request):
        return
    left = DRAINED_MOST
    try:
        while left > 0 and (block := request.environ["wsgi.input"].read(min(BLOCK, left))):
            left -= len(block)
    except OSError:
        pass  # the client has gone
    request.__dict__["stream"] = io.BytesIO()


def _from_form(request: Request, most: int) -> Upload:
    request.max_content_length = most + JSON_MOST  # the parts' headers
    request.max_form_parts = 20
    try:
        part = request.files.get("file")
    except RequestEntityTooLarge as large:
        raise _too_large(most) from large
    except HTTPException as wrong:
        raise Malformed("The multipart body cannot be read.") from wrong
    if part is None:
        raise Malformed("The multipart body has no form field `file`.")
    digest = sha256()
    size = 0
    while block := part.stream.read(BLOCK):
        size += len(block)
        digest.update(block)
    if size > most:
        raise _too_large(most)
    part.stream.seek(0)
    return Upload(part.stream, part.mimetype, part.filename, digest.hexdigest())


def _refuse_what_is_too_large(request: Request, most: int) -> None:
    if (request.content_length or 0) > most + JSON_MOST * (most > JSON_MOST):
        raise _too_large(most)


def _refuse_encodings(request: Request) -> None:
    # A compressed body can unpack to anything; none of our clients needs it.
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMedia("Send the body uncompressed.")


def blocks(request: Request, most: int) -> Iterator[bytes]:
    """The body in parts. Raises TooLarge past `most` bytes, Malformed if it is cut off."""
    request.max_content_length = most
    read = 0
    try:
        while block := request.stream.read(BLOCK):
            read += len(block)
            if read > most:
                raise _too_large(most)
            yield block
    except RequestEntityTooLarge as large:
        raise _too_large(most) from large
    except (ClientDisconnected, OSError) as cut:
        raise Malformed("The body ended before it was complete.") from cut


def _too_large(most: int) -> TooLarge:
    size = f"{most >> 20} MiB" if most >> 20 else f"{most >> 10} KiB"
    return TooLarge(f"The body is larger than {size}. Split it.")
