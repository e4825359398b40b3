"""Ed25519 of RFC 8032, strict: S below the order, canonical points, no key of small order, no cofactor."""

from __future__ import annotations

import hashlib
from typing import Optional, Tuple

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of −1
Extended = Tuple[int, int, int, int]


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of `message` by the public `key` (32 bytes)."""
    point, s = _point(key), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or point is None or _point(signature[:32]) is None or s >= ORDER or _small(point):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    x, y, z, t = point
    return _bytes(_sum(_times(s, BASE), _times(k, (P - x, y, z, P - t)))) == signature[:32]


def _point(encoded: bytes) -> Optional[Extended]:
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    sign = len(encoded) == 32 and encoded[31] >> 7
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _sum(one: Extended, other: Extended) -> Extended:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Extended) -> Extended:
    found = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = _sum(found, point)
        point = _sum(point, point)
        factor >>= 1
    return found


def _small(point: Extended) -> bool:
    x, _, z, _ = _times(8, point)
    return x % P == 0 and z % P != 0 and _times(8, point)[1] % P == z % P


def _bytes(point: Extended) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)
