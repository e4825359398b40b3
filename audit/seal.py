"""The company seal of archives: a key, its certificate and the chain above it, in one file.

`<data>/keys/seal.pem` is the installation's own, made at the first archive (ECDSA P-256, a certificate that it signs
itself); `<data>/keys/seals/<ledger>.pem` is one that a company has from a provider. Keys are encrypted, or stay in a
token. ECDSA signs deterministically (RFC 6979), but in a token: an archive built twice has the same signature.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from audit import hsm
from ledger import keyfile
from ledger.errors import KeyLocked, ServerError
from ledger.settings import Settings, write_once

YEARS = 15  # archives are kept ten years after the fiscal year that they close
PURPOSE = "archive seal"
SHA256 = hashes.SHA256()


@dataclass(eq=False)
class SealExpired(ServerError):
    """The certificate of a seal is over: what it would seal now would be worth nothing."""

    file: Path
    expired_on: str


class Seal(NamedTuple):
    """Certificates (DER), the one that signs first; what signs for it, and by which algorithm, as CMS names it."""

    chain: tuple[bytes, ...]
    algorithm: str
    sign: Callable[[bytes], bytes]

    @property
    def certificate(self) -> bytes:
        return self.chain[0]

    @property
    def fingerprint(self) -> str:
        return sha256(self.certificate).hexdigest()


def seal_of(settings: Settings, company: UUID | None = None) -> Seal:
    """The company's seal, else the installation's, made at the first call. Errors: `SealExpired`, `KeyLocked`."""
    file = file_of(settings, company)
    if not file.exists():
        write(settings, file, *made(settings.host))
    chain = certificates(file)
    if not chain:
        raise KeyLocked(file)
    if chain[0].not_valid_after_utc < datetime.now(UTC):
        raise SealExpired(file, chain[0].not_valid_after_utc.strftime("%d/%m/%Y"))
    return Seal(tuple(one.public_bytes(Encoding.DER) for one in chain), *_signing(settings, file, chain[0]))


def file_of(settings: Settings, company: UUID | None = None) -> Path:
    """Of the company's own seal when it has one, else of the installation's."""
    if company and has_its_own(settings, company):
        return own_file(settings, company)
    _join(settings.data / "keys")
    return settings.data / "keys" / "seal.pem"


def own_file(settings: Settings, company: UUID) -> Path:
    """Where the seal of that company is, if it has one from a provider."""
    return settings.data / "keys" / "seals" / f"{company}.pem"


def has_its_own(settings: Settings, company: UUID) -> bool:
    return own_file(settings, company).exists()


def certificates(file: Path) -> list[x509.Certificate]:
    """The chain in a file, the signing certificate first; none when there is no such file."""
    found = file.read_bytes() if file.exists() else b""
    return x509.load_pem_x509_certificates(found) if b"BEGIN CERTIFICATE" in found else []


def write(settings: Settings, file: Path, key: keyfile.PrivateKey | hsm.Place, chain: list[x509.Certificate]) -> None:
    """Puts a seal in the place of the one that is there, whose certificate is kept: it verifies old archives.

    `key`: one to be encrypted in the file, or the token that holds it.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in certificates(file)[:1]:
        retired(settings).mkdir(mode=0o700, exist_ok=True)
        write_once(retired(settings) / f"{old.fingerprint(SHA256).hex()}.pem", old.public_bytes(Encoding.PEM))
    if isinstance(key, hsm.Place):
        words = f"{key}\n".encode()
    else:
        words = keyfile.encrypted(key, keyfile.passphrase_of(settings, file, PURPOSE))
    keyfile.replace(file, words + b"".join(one.public_bytes(Encoding.PEM) for one in chain))


def retired(settings: Settings) -> Path:
    """Where the certificates of seals that were replaced are."""
    return settings.data / "keys" / "retired"


def made(host: str) -> tuple[keyfile.PrivateKey, list[x509.Certificate]]:
    """A key and a certificate of its own."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Probant"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Cachet d’archives de {host}"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=366 * YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_cert_sign=True, crl_sign=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, SHA256)
    )  # fmt: skip
    return key, [certificate]


def _signing(settings: Settings, file: Path, own: x509.Certificate) -> tuple[str, Callable[[bytes], bytes]]:
    with file.open(encoding="utf-8") as told:
        first = told.readline()
    if first.startswith("pkcs11:"):
        return hsm.signing(settings, hsm.Place.read(first), own.public_key())
    key = keyfile.unlocked(settings, file, PURPOSE)
    if own.public_key() != key.public_key():
        raise KeyLocked(file)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return "sha256_ecdsa", lambda signed: key.sign(signed, ec.ECDSA(SHA256, deterministic_signing=True))
    if isinstance(key, rsa.RSAPrivateKey):
        return "sha256_rsa", lambda signed: key.sign(signed, padding.PKCS1v15(), SHA256)
    raise KeyLocked(file)


def _join(folder: Path) -> None:
    """An earlier version left the certificate beside the key."""
    key, beside = folder / "seal.pem", folder / "seal.crt.pem"
    if beside.exists() and key.exists():
        if not certificates(key):
            keyfile.replace(key, key.read_bytes() + beside.read_bytes())
        beside.unlink()
