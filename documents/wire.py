"""What `pressroom.py` and the press say to each other over a pipe: length-prefixed MessagePack."""

import os
import select
import time
from typing import TypeVar

import msgspec

WALL_SECONDS = 45  # what one page may take


class Archive(msgspec.Struct, frozen=True):
    """What makes a print an archive: `language` is a BCP 47 tag, `identity` the first half of the trailer's /ID."""

    title: str
    author: str
    language: str
    identity: bytes
    xml: bytes = b""


class Row(msgspec.Struct, frozen=True):
    """A row of `<pdf:rows>`: lines of text, small ones under them, figures, and the sum up to here."""

    label: tuple[str, ...]
    details: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    carried: str = ""


class Job(msgspec.Struct, frozen=True, tag=True):
    """Pages to print; `epoch` is the document's date in seconds; with `archive` they become PDF/A-3b."""

    html: str
    epoch: int
    rows: tuple[Row, ...] = ()
    archive: Archive | None = None


class Copy(msgspec.Struct, frozen=True, tag=True):
    """A file to hand out again, with `words` at the head of each page, and lines `beside` it."""

    original: bytes
    words: str
    beside: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The PDF, or why there is none: `time`, `memory`, or what the renderer said."""

    pdf: bytes = b""
    refusal: str = ""


Message = TypeVar("Message")
JOBS: msgspec.msgpack.Decoder[Job | Copy] = msgspec.msgpack.Decoder(Job | Copy)
ANSWERS = msgspec.msgpack.Decoder(Answer)


def send(pipe: int, message: Job | Copy | Answer) -> None:
    """Writes one message. Errors: `BrokenPipeError`."""
    body = msgspec.msgpack.encode(message)
    rest = memoryview(len(body).to_bytes(4, "big") + body)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def receive(pipe: int, kind: msgspec.msgpack.Decoder[Message], seconds: float = float("inf")) -> Message:
    """Reads one message. Errors: `EOFError` when the other side is gone, `TimeoutError` after `seconds`."""
    deadline = time.monotonic() + seconds
    length = int.from_bytes(_read(pipe, 4, deadline), "big")
    return kind.decode(_read(pipe, length, deadline))


def _read(pipe: int, length: int, deadline: float) -> bytes:
    pieces: list[bytes] = []
    while length:
        left = deadline - time.monotonic()
        if not select.select([pipe], [], [], None if left == float("inf") else max(left, 0))[0]:
            raise TimeoutError
        piece = os.read(pipe, length)
        if not piece:
            raise EOFError
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
