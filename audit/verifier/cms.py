"""CMS signatures: the detached CAdES one over the manifest, and RFC 3161 tokens.

Certificates are compared, not trusted: whether they end at a root that the reader believes in is openssl's work.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from audit.verifier.der import BITS, INTEGER, OCTETS, OID, SEQUENCE, SET, TIME, BadDer, Node, oid, parse
from audit.verifier.signatures import EC, HASHES, RSA, holds

DATA = oid("1.2.840.113549.1.7.1")
SIGNED_DATA = oid("1.2.840.113549.1.7.2")
TST_INFO = oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE = oid("1.2.840.113549.1.9.16.2.12")
SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
ECDSA_WITH = {oid(f"1.2.840.10045.4.3.{n}"): name for n, name in ((2, "sha256"), (3, "sha384"), (4, "sha512"))}
RSA_WITH = {oid(f"1.2.840.113549.1.1.{n}"): name for n, name in ((11, "sha256"), (12, "sha384"), (13, "sha512"))}
RSA_PLAIN = oid("1.2.840.113549.1.1.1")
OTHERS = [oid("1.2.840.113549.1.1.5"), oid("1.2.840.113549.1.1.10"), oid("1.2.840.10045.4.1"), oid("1.3.101.112")]
TIME_STAMPING = oid("1.3.6.1.5.5.7.3.8")


class BadSignature(ValueError):
    """Why a signature does not hold, in French."""


class Signed(NamedTuple):
    """What a signature that holds says: its certificate (DER), the content that it carries (tokens), all of them."""

    certificate: bytes
    content: bytes
    chain: list[bytes]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()


class Token(NamedTuple):
    """A time-stamp: the certificate of its authority, and when, UTC, `AAAA-MM-JJ HH:MM:SS`."""

    certificate: bytes
    at: str


def verify(der: bytes, detached: bytes | None) -> Signed:
    """A SignedData with one signer, over `detached` or over the TSTInfo that it carries. Errors: `BadSignature`,
    `BadDer`.
    """
    info = parse(der)
    if info.child(0, OID).body != SIGNED_DATA:
        raise BadSignature("ce n’est pas une signature CMS")
    data = info.child(1, 0xA0).child(0, SEQUENCE)
    parts = data.children()
    certificates = [node.whole for part in parts if part.tag == 0xA0 for node in part.children()]
    signers = parts[-1].children()
    if parts[-1].tag != SET or len(signers) != 1:
        raise BadSignature("un signataire et un seul est attendu")
    carried = data.child(2, SEQUENCE)
    content = carried.child(1, 0xA0).child(0, OCTETS).body if detached is None else detached
    certificate = _signer(signers[0], carried.child(0, OID).body, content, certificates)
    stamping = detached is None
    if not (_wrapped(info, carried, stamping) and _as_written(parts, signers[0], certificate, stamping)):
        raise BadSignature("ce qu’elle ne signe pas n’est pas ce qui s’écrit autour d’elle")
    if stamping and not _linked(certificates, certificate):
        raise BadSignature("un certificat n’est pas de la chaîne de celui qui signe")
    return Signed(certificate, content, certificates)


def _wrapped(info: Node, carried: Node, inside: bool) -> bool:
    """Whether nothing stands in the envelopes but what is read."""
    sizes = [len(info.children()), len(info.child(1, 0xA0).children())]
    sizes += [len(carried.child(1, 0xA0).children())] if inside else []
    return max(sizes[1:]) == 1 and sizes[0] == 2 and len(carried.children()) == 1 + inside


def _as_written(parts: list[Node], signer: Node, certificate: bytes, token: bool) -> bool:
    """Whether what stands around the signed attributes is as the format says: no bit of it is free. A token may bear
    lists of revocation and attributes beside its signature.
    """
    known, fields = _fields(certificate), signer.children()
    beside = [0xA1] if token else []
    hashed, signing = fields[2].children(), fields[4].children()
    null = [b"", b"\x05\0"]
    named = [
        (one.child(0, OID).body, b"".join(node.whole for node in one.children()[1:])) for one in parts[1].children()
    ]
    return (
        [part.tag for part in parts if part.tag not in beside] == [INTEGER, SET, SEQUENCE, 0xA0, SET]
        and [field.tag for field in fields[:6]] == [INTEGER, SEQUENCE, SEQUENCE, 0xA0, SEQUENCE, OCTETS]
        and [field.tag for field in fields[6:]] in ([], beside)
        and signer.tag == SEQUENCE
        and parts[0].body == (b"\x03" if token else b"\x01")
        and fields[0].body == b"\x01"
        and all(one.tag == SEQUENCE for one in parts[1].children())
        and all(name in HASHES and rest in null for name, rest in named)
        and hashed[0].body in [name for name, _ in named]
        and parts[2].child(0, OID).body == (TST_INFO if token else DATA)
        and fields[1].body == known[2].whole + known[0].whole
        and b"".join(node.whole for node in hashed[1:]) in null
        and b"".join(node.whole for node in signing[1:]) in null
    )


def _linked(certificates: list[bytes], signer: bytes) -> bool:
    """Whether each certificate but the signer's issued another one of them, and signed it."""
    wanted, left = [signer], [one for one in certificates if one != signer]
    for issued in wanted:
        found = [one for one in left if _fields(one)[4].whole == _fields(issued)[2].whole and _issued(one, issued)]
        wanted += found
        left = [one for one in left if one not in found]
    return not left and all(_fields(one)[4].whole != _fields(one)[2].whole or _issued(one, one) for one in certificates)


def _issued(issuer: bytes, certificate: bytes) -> bool:
    """Whether its signature holds, as far as it is of a kind that is known here."""
    whole = parse(certificate)
    algorithm = whole.child(1, SEQUENCE).child(0, OID).body
    named = ECDSA_WITH.get(algorithm) or RSA_WITH.get(algorithm)
    if named is None or _public_key(issuer).child(0, SEQUENCE).child(0, OID).body not in (RSA, EC):
        return algorithm in OTHERS
    return holds(_public_key(issuer), whole.child(2, BITS).body[1:], named, whole.child(0, SEQUENCE).whole)


def _signer(signer: Node, content_type: bytes, content: bytes, certificates: list[bytes]) -> bytes:
    fields = signer.children()
    serial = fields[1].child(1, 2).whole
    hashed = HASHES.get(fields[2].child(0, OID).body)
    if hashed is None or len(fields) < 6 or fields[3].tag != 0xA0:
        raise BadSignature("algorithme inconnu ou attributs signés absents")
    attributes = {node.child(0, OID).body: node.child(1, SET).children() for node in fields[3].children()}
    if [node.body for node in attributes.get(CONTENT_TYPE, [])] != [content_type]:
        raise BadSignature("l’attribut content-type ne dit pas le contenu")
    digest = attributes.get(MESSAGE_DIGEST, [])
    if [node.body for node in digest] != [hashlib.new(hashed, content).digest()]:
        raise BadSignature("le contenu signé n’est pas celui-ci")
    certificate = next((one for one in certificates if _serial(one) == serial), None)
    if certificate is None:
        raise BadSignature("le certificat du signataire manque")
    _check_certificate(attributes, certificate)
    algorithm = fields[4].child(0, OID).body
    named = ECDSA_WITH.get(algorithm) or RSA_WITH.get(algorithm) or (hashed if algorithm == RSA_PLAIN else None)
    signed = b"\x31" + fields[3].whole[1:]
    if named is None or not holds(_public_key(certificate), fields[5].body, named, signed):
        raise BadSignature("la signature est fausse")
    return certificate


def _check_certificate(attributes: dict[bytes, list[Node]], certificate: bytes) -> None:
    """The signed attribute that says which certificate signed (RFC 5035; RFC 2634 in older tokens)."""
    if SIGNING_CERTIFICATE_V2 in attributes:
        first = attributes[SIGNING_CERTIFICATE_V2][0].child(0, SEQUENCE).child(0, SEQUENCE).children()
        named = HASHES.get(first[0].child(0, OID).body) if first[0].tag == SEQUENCE else "sha256"
        told = first[1] if first[0].tag == SEQUENCE else first[0]
    elif SIGNING_CERTIFICATE in attributes:
        first = attributes[SIGNING_CERTIFICATE][0].child(0, SEQUENCE).child(0, SEQUENCE).children()
        named, told = "sha1", first[0]
    else:
        raise BadSignature("l’attribut signing-certificate manque")
    if named is None or told.body != hashlib.new(named, certificate).digest():
        raise BadSignature("l’attribut signing-certificate désigne un autre certificat")


def token(der: bytes, stamped: bytes) -> Token:
    """An RFC 3161 token over `stamped`. Errors: `BadSignature`, `BadDer`."""
    signed = verify(der, None)
    info = parse(signed.content)
    imprint = info.child(2, SEQUENCE)
    hashed = HASHES.get(imprint.child(0, SEQUENCE).child(0, OID).body)
    if hashed is None or imprint.child(1, OCTETS).body != hashlib.new(hashed, stamped).digest():
        raise BadSignature("le jeton date un autre contenu")
    if TIME_STAMPING not in signed.certificate:
        raise BadSignature("le certificat n’est pas celui d’une autorité d’horodatage")
    when = next((node.body for node in info.children() if node.tag == TIME), b"").decode("ascii", "replace")
    if len(when) < 15 or not when[:14].isdigit():
        raise BadSignature("le jeton est sans date")
    at = f"{when[:4]}-{when[4:6]}-{when[6:8]} {when[8:10]}:{when[10:12]}:{when[12:14]}"
    return Token(signed.certificate, at)


def _fields(certificate: bytes) -> list[Node]:
    fields = parse(certificate).child(0, SEQUENCE).children()
    return fields[1:] if fields and fields[0].tag == 0xA0 else fields


def _serial(certificate: bytes) -> bytes:
    try:
        return _fields(certificate)[0].whole
    except (BadDer, IndexError):
        return b""


def _public_key(certificate: bytes) -> Node:
    return _fields(certificate)[5]
