"""What `pdf.py` and the press say to each other over a pipe: length-prefixed MessagePack."""

import os
import select
import time
from typing import TypeVar

import msgspec

WALL_SECONDS = 45  # what one page may take


class Job(msgspec.Struct, frozen=True):
    """A page to print; `epoch` is the document's date in seconds, `stamps` the words across its pages."""

    html: str
    epoch: int
    stamps: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The PDF, or why there is none: `time`, `memory`, or what the renderer said."""

    pdf: bytes = b""
    refusal: str = ""


Message = TypeVar("Message", Job, Answer)


def send(pipe: int, message: Job | Answer) -> None:
    """Writes one message. Errors: `BrokenPipeError`."""
    body = msgspec.msgpack.encode(message)
    rest = memoryview(len(body).to_bytes(4, "big") + body)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def receive(pipe: int, kind: type[Message], seconds: float = float("inf")) -> Message:
    """Reads one message. Errors: `EOFError` when the other side is gone, `TimeoutError` after `seconds`."""
    deadline = time.monotonic() + seconds
    length = int.from_bytes(_read(pipe, 4, deadline), "big")
    return msgspec.msgpack.decode(_read(pipe, length, deadline), type=kind)


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
