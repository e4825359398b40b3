"""Numbers by keys of one width, kept small: some tens of bytes each, whatever the archive holds of them."""

from __future__ import annotations

from array import array

MOST = 4_000_000


class Packed:
    """Keys are given in ascending order, as archives keep them; then found by halving."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.keys, self.values = bytearray(), array("q")

    def add(self, key: bytes, value: int) -> bool:
        """False when the key is out of order, or one too many."""
        if len(self.values) >= MOST or key <= self.keys[-self.width :]:
            return False
        self.keys += key
        self.values.append(value)
        return True

    def find(self, key: bytes) -> int:
        """The rank of a key; -1 when it is not there."""
        low, high, width = 0, len(self.values), self.width
        while low < high:
            middle = (low + high) // 2
            if self.keys[middle * width : middle * width + width] < key:
                low = middle + 1
            else:
                high = middle
        return low if self.keys[low * width : low * width + width] == key and key else -1
