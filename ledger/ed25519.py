"""Ed25519 as RFC 8032 has it, strictly: the same answer from whoever verifies.

The library decides whether the equation holds, without the cofactor and with S below the order of the group; it takes
keys that several programs judge differently, and those are refused here first.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P = 2**255 - 19
SMALL = frozenset(  # y of the points whose order divides 8
    {
        0,
        1,
        P - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of `message` by the public `key` (32 bytes)."""
    if len(signature) != 64 or not usable(key) or not _canonical(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def usable(key: bytes) -> bool:
    """Whether a public key is written canonically, and not one of the few under which many signatures hold."""
    return len(key) == 32 and _canonical(key) and _y(key) not in SMALL


def _canonical(point: bytes) -> bool:
    return _y(point) < P


def _y(point: bytes) -> int:
    return int.from_bytes(point, "little") & (2**255 - 1)
