"""The Merkle tree of RFC 6962 / 9162, SHA-256: roots, proofs, and what reads a large tree without walking it.

The leaf of entry n holds the hash of entry n (ledger-format.md § 5). Leaves are counted from 0. Nodes that are never
changed again are kept at every eighth level: node i of level k is the root of leaves i × 256^k to (i + 1) × 256^k − 1.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

LEVELS = 8  # of the tree between two levels that are kept
TILE = 1 << LEVELS  # nodes that are read at once
EMPTY = sha256(b"").digest()
Read = Callable[[int, int], Sequence[bytes]]


def leaf(data: bytes) -> bytes:
    """The leaf of an entry, given its hash."""
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def perfect(nodes: Sequence[bytes]) -> bytes:
    """The root over a power of two of nodes."""
    while len(nodes) > 1:
        nodes = [node(*nodes[at : at + 2]) for at in range(0, len(nodes), 2)]
    return nodes[0]


class Frontier:
    """A tree that is only appended to: at most one root per level is kept. For whoever reads all entries anyway."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def append(self, data: bytes) -> None:
        found, size = leaf(data), self.size
        while size & 1:
            found, size = node(self._roots.pop(), found), size >> 1
        self._roots.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Of the tree as it is now.

        >>> Frontier().root().hex()[:16]
        'e3b0c44298fc1c14'
        """
        if not self._roots:
            return EMPTY
        found = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            found = node(left, found)
        return found


class Tree:
    """A tree read by tiles: `read(level, i)` answers nodes 256 × i and following of a kept level, at most 256.

    Level 0 are the leaves. A root or a proof reads at most two tiles of each level.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}
        self._roots: dict[tuple[int, int], bytes] = {}  # of perfect subtrees

    def root(self, size: int) -> bytes:
        """Of the first `size` leaves."""
        return self._range(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """That leaf `index` is in the tree of `size` leaves: from its neighbour up. Errors: `ValueError`."""
        if not 0 <= index < size:
            raise ValueError(f"no leaf {index} among {size}")
        return self._path(index, 0, size)

    def consistency(self, first: int, second: int) -> list[bytes]:
        """That the tree of `first` leaves begins that of `second`. Errors: `ValueError`."""
        if not 0 < first <= second:
            raise ValueError(f"no tree of {first} leaves begins one of {second}")
        return self._subproof(first, 0, second, known=True)

    def tile(self, level: int, index: int) -> Sequence[bytes]:
        """Nodes 256 × `index` and following of a kept level, read once."""
        if (level, index) not in self._tiles:
            self._tiles[level, index] = self._read(level, index)
        return self._tiles[level, index]

    def _range(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0:
            return self._perfect(count.bit_length() - 1, start // count)
        middle = start + _left(count)
        return node(self._range(start, middle), self._range(middle, end))

    def _perfect(self, height: int, index: int) -> bytes:
        """The root of the perfect subtree `index` of that height, from the highest level kept below it."""
        if (height, index) not in self._roots:
            level, above = divmod(height, LEVELS)
            first, count = index << above, 1 << above
            start = first % TILE
            self._roots[height, index] = perfect(self.tile(level, first // TILE)[start : start + count])
        return self._roots[height, index]

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _left(end - start)
        if index < middle:
            return [*self._path(index, start, middle), self._range(middle, end)]
        return [*self._path(index, middle, end), self._range(start, middle)]

    def _subproof(self, first: int, start: int, end: int, *, known: bool) -> list[bytes]:
        """RFC 9162 § 2.1.4.1; `known`: the verifier has the root of `start` to `first` already."""
        if first == end:
            return [] if known else [self._range(start, end)]
        middle = start + _left(end - start)
        if first <= middle:
            return [*self._subproof(first, start, middle, known=known), self._range(middle, end)]
        return [*self._subproof(first, middle, end, known=False), self._range(start, middle)]


def included(data: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that leaf `index`, of that data, is in the tree of `size` leaves with that root."""
    if not 0 <= index < size:
        return False
    found, at, last = leaf(data), index, size - 1
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(other, found)
            at, last = _up(at, last)
        else:
            found = node(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether `proof` shows that the tree of `first` leaves begins that of `second`; every tree begins with the empty
    one.
    """
    if not 0 <= first <= second:
        return False
    if first in (0, second):
        return not proof and (first == 0 or first_root == second_root)
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            at, last = _up(at, last)
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _up(at: int, last: int) -> tuple[int, int]:
    """Levels that have no left neighbour are passed over."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _left(count: int) -> int:
    """Leaves of the left subtree: the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
