"""DER, as far as signatures need it: strict lengths, bounded depth, nothing after the value."""

from __future__ import annotations

from typing import NamedTuple


class BadDer(ValueError):
    """The bytes are not the DER that was expected."""


class Node(NamedTuple):
    """A value: its tag byte, its content, and the bytes of the whole."""

    tag: int
    body: bytes
    whole: bytes

    def children(self) -> list[Node]:
        found, rest = [], self.body
        while rest:
            node, rest = _first(rest)
            found.append(node)
        return found

    def child(self, rank: int, tag: int) -> Node:
        nodes = self.children()
        if rank >= len(nodes) or nodes[rank].tag != tag:
            raise BadDer(f"tag {tag:#x} expected")
        return nodes[rank]

    def integer(self) -> int:
        if self.tag != 2 or not self.body or (len(self.body) > 1 and self.body[0] == 0 and self.body[1] < 128):
            raise BadDer("integer")
        return int.from_bytes(self.body, "big", signed=True)


SEQUENCE, SET, OID, OCTETS, BITS, INTEGER, TIME = 0x30, 0x31, 6, 4, 3, 2, 0x18


def parse(data: bytes, tag: int = SEQUENCE) -> Node:
    """The one value that `data` is. Errors: `BadDer`."""
    node, rest = _first(data)
    if rest or node.tag != tag:
        raise BadDer("one value expected")
    return node


def _first(data: bytes) -> tuple[Node, bytes]:
    if len(data) < 2 or data[0] & 31 == 31:
        raise BadDer("cut short")
    length, start = data[1], 2
    if length & 128:
        size = length & 127
        if not 1 <= size <= 4 or len(data) < 2 + size or data[2] == 0:
            raise BadDer("length")
        length, start = int.from_bytes(data[2 : 2 + size], "big"), 2 + size
        if length < 128:
            raise BadDer("length")
    if len(data) < start + length:
        raise BadDer("cut short")
    return Node(data[0], data[start : start + length], data[: start + length]), data[start + length :]


def oid(text: str) -> bytes:
    """The content of an object identifier.

    >>> oid("2.16.840.1.101.3.4.2.1").hex()
    '608648016503040201'
    """
    first, second, *others = map(int, text.split("."))
    body = bytearray([40 * first + second])
    for number in others:
        digits, rest = [number & 127], number >> 7
        while rest:
            digits.append(rest & 127 | 128)
            rest >>= 7
        body += bytes(reversed(digits))
    return bytes(body)
