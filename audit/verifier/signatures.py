"""ECDSA on P-256 and P-384, and RSA PKCS#1 v1.5: verification only, of public data, so time may vary."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, Optional, Tuple

from audit.verifier.der import INTEGER, BadDer, Node, oid, parse

Point = Optional[Tuple[int, int]]


class Curve(NamedTuple):
    """y² = x³ − 3x + b modulo p, of prime order n, from g."""

    p: int
    b: int
    n: int
    g: tuple[int, int]
    size: int


P256 = Curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    32,
)
P384 = Curve(
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    (
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
    48,
)
CURVES = {oid("1.2.840.10045.3.1.7"): P256, oid("1.3.132.0.34"): P384}
RSA, EC = oid("1.2.840.113549.1.1.1"), oid("1.2.840.10045.2.1")
HASHES = {
    oid("2.16.840.1.101.3.4.2.1"): "sha256",
    oid("2.16.840.1.101.3.4.2.2"): "sha384",
    oid("2.16.840.1.101.3.4.2.3"): "sha512",
}


def holds(key: Node, signature: bytes, algorithm: str, signed: bytes) -> bool:
    """Whether `signature` is that of the bytes `signed` by `key` (a SubjectPublicKeyInfo). Errors: `BadDer`."""
    kind = key.child(0, 0x30)
    bits = key.child(1, 3).body
    if not bits or bits[0]:
        raise BadDer("bit string")
    digest = hashlib.new(algorithm, signed).digest()
    name = kind.child(0, 6).body
    if name == RSA:
        return _rsa(parse(bits[1:]), signature, algorithm, digest)
    curve = CURVES.get(kind.child(1, 6).body) if name == EC else None
    if curve is None:
        raise BadDer("unknown key")
    return _ecdsa(curve, bits[1:], parse(signature), digest)


def _ecdsa(curve: Curve, point: bytes, signature: Node, digest: bytes) -> bool:
    if len(point) != 1 + 2 * curve.size or point[0] != 4:
        raise BadDer("point")
    x, y = int.from_bytes(point[1 : 1 + curve.size], "big"), int.from_bytes(point[1 + curve.size :], "big")
    if max(x, y) >= curve.p or (y * y - x * x * x + 3 * x - curve.b) % curve.p:
        raise BadDer("point")
    r, s = signature.child(0, INTEGER).integer(), signature.child(1, INTEGER).integer()
    if len(signature.children()) != 2 or not (0 < r < curve.n and 0 < s < curve.n):
        return False
    z = int.from_bytes(digest[: curve.size], "big")
    w = pow(s, curve.n - 2, curve.n)
    found = _sum(curve, _times(curve, z * w % curve.n, curve.g), _times(curve, r * w % curve.n, (x, y)))
    return found is not None and found[0] % curve.n == r


def _sum(curve: Curve, one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2), p = one, other, curve.p
    if x1 == x2 and (y1 + y2) % p == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, p - 2, p) if one == other else (y2 - y1) * pow(x2 - x1, p - 2, p)
    x = (slope * slope - x1 - x2) % p
    return x, (slope * (x1 - x) - y1) % p


def _times(curve: Curve, factor: int, point: Point) -> Point:
    found = None  # type: Point
    while factor:
        if factor & 1:
            found = _sum(curve, found, point)
        point = _sum(curve, point, point)
        factor >>= 1
    return found


def _rsa(key: Node, signature: bytes, algorithm: str, digest: bytes) -> bool:
    modulus, exponent = key.child(0, INTEGER).integer(), key.child(1, INTEGER).integer()
    size = (modulus.bit_length() + 7) // 8
    if not (2048 <= modulus.bit_length() <= 8192 and 3 <= exponent < 2**64 and len(signature) == size):
        return False
    name = next(oid for oid, known in HASHES.items() if known == algorithm)
    info = b"\x30\x0d\x06\x09" + name + b"\x05\x00\x04" + bytes([len(digest)]) + digest
    info = b"\x30" + bytes([len(info)]) + info
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == padded
