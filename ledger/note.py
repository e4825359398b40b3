"""C2SP signed notes: a text, an empty line, signature lines; the keys that verify them; witnesses' cosignatures.

https://c2sp.org/signed-note · https://c2sp.org/tlog-cosignature. Only Ed25519; lines of other keys are carried along.
"""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import ed25519

SIGNS, COSIGNS = 1, 4  # what a key is for: the first byte of its public half
LONGEST = 64 * 1024  # bytes of a note
MOST_LINES = 64  # signatures of a note


class NoteRefused(ValueError):
    """It is not a signed note; the message says why, for the operator."""


@dataclass(frozen=True)
class Key:
    """A verifier key, written `<name>+<id, 8 hex>+<base64(type ‖ key)>`; `type` is `SIGNS` or `COSIGNS`."""

    name: str
    type: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """Errors: `NoteRefused`."""
        name, _, rest = text.strip().partition("+")
        told, _, encoded = rest.partition("+")
        raw = _unbase64(encoded)
        key = cls(name, raw[0] if raw else 0, raw[1:])
        if not _name(name) or key.type not in (SIGNS, COSIGNS) or not ed25519.usable(key.public):
            raise NoteRefused(f"« {text.strip()} » is no Ed25519 verifier key")
        if key.id.hex() != told:
            raise NoteRefused(f"the id of the key « {name} » is {key.id.hex()}, not {told}")
        return key

    @property
    def id(self) -> bytes:
        """4 bytes that a signature line begins with."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.public).decode()}"


@dataclass(frozen=True)
class Signature:
    """A signature line; `raw` is what follows the id of the key: 64 bytes, after 8 of time for a cosignature."""

    name: str
    key_id: bytes
    raw: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.raw).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text, each of its lines ended by LF, and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Errors: `NoteRefused`."""
        if len(raw) > LONGEST:
            raise NoteRefused("longer than a note may be")
        try:
            whole = raw.decode()
        except UnicodeDecodeError as error:
            raise NoteRefused("not UTF-8") from error
        if any(character < " " and character != "\n" for character in whole):
            raise NoteRefused("a control character")
        text, empty, lines = whole.rpartition("\n\n")
        if not empty or not lines.endswith("\n"):
            raise NoteRefused("no signature lines after an empty line, or the last one is cut")
        return cls(text + "\n", signatures(lines))

    @property
    def bytes(self) -> bytes:
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()

    def signed_by(self, key: Key) -> bool:
        """Whether a line of that key holds; one of its lines that does not, refuses them all."""
        found = [each.raw for each in self.signatures if (each.name, each.key_id) == (key.name, key.id)]
        return bool(found) and all(_holds(key, self.text, raw) for raw in found)

    def also(self, *more: Signature) -> Self:
        """The note with more lines; one that is there stays."""
        return type(self)(self.text, tuple(dict.fromkeys((*self.signatures, *more))))


def signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines, each ended by LF. Errors: `NoteRefused`."""
    found = tuple(_signature(line) for line in lines.removesuffix("\n").split("\n"))
    if len(found) > MOST_LINES:
        raise NoteRefused("more signature lines than a note may have")
    return found


def sign(text: str, name: str, private: Ed25519PrivateKey) -> Signature:
    """The signature of a text by the key of that name."""
    key = Key(name, SIGNS, private.public_key().public_bytes_raw())
    return Signature(name, key.id, private.sign(text.encode()))


def cosign(text: str, name: str, private: Ed25519PrivateKey, at: int) -> Signature:
    """The cosignature of a witness; `at` = seconds since 1970."""
    key = Key(name, COSIGNS, private.public_key().public_bytes_raw())
    return Signature(name, key.id, at.to_bytes(8, "big") + private.sign(_cosigned(text, at)))


def _holds(key: Key, text: str, raw: bytes) -> bool:
    if key.type == SIGNS:
        return ed25519.holds(key.public, text.encode(), raw)
    return len(raw) == 72 and ed25519.holds(key.public, _cosigned(text, int.from_bytes(raw[:8], "big")), raw[8:])


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _signature(line: str) -> Signature:
    dash, name, encoded = (*line.split(" "), "", "")[:3]
    raw = _unbase64(encoded)
    if dash != "—" or line.count(" ") != 2 or not _name(name) or len(raw) < 5:
        raise NoteRefused(f"« {line} » is no signature line")
    return Signature(name, raw[:4], raw[4:])


def _name(text: str) -> bool:
    return bool(text) and "+" not in text and not any(character.isspace() for character in text)


def _unbase64(text: str) -> bytes:
    """Errors: `NoteRefused`; also for what another text would say as well."""
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused(f"« {text} » is not base64") from error
    if b64encode(raw).decode() != text:
        raise NoteRefused(f"« {text} » is not written as base64 is")
    return raw
