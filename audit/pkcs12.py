"""A company's own seal, as its provider delivers it: a PKCS#12 file (.p12, .pfx), its certificate chain kept."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from ledger.keyfile import PrivateKey

CURVES = ("secp256r1", "secp384r1")
SHORTEST_RSA = 3072  # bits


class NoSeal(Exception):
    """The file gives no seal; the message is the French sentence that says why."""


def read(content: bytes, password: str) -> tuple[PrivateKey, list[x509.Certificate]]:
    """The key and its certificates, the one that signs first, each followed by its issuer. Errors: `NoSeal`."""
    try:
        found = load_pkcs12(content, password.encode() or None)
    except ValueError as error:
        raise NoSeal(
            "Ce fichier ne s’ouvre pas : le mot de passe n’est pas le sien, ou ce n’est pas un PKCS#12."
        ) from error
    key, own = found.key, found.cert.certificate if found.cert else None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or own is None:
        raise NoSeal("Ce fichier ne contient pas à la fois une clé et son certificat.")
    if own.public_key() != key.public_key():
        raise NoSeal("Le certificat de ce fichier n’est pas celui de sa clé.")
    return key, chain_of([own, *(one.certificate for one in found.additional_certs)])


def chain_of(found: list[x509.Certificate]) -> list[x509.Certificate]:
    """The first certificate, its issuer, and so on, as far as they are there. Errors: `NoSeal`."""
    if not found:
        raise NoSeal("Ce fichier ne contient pas de certificat (PEM).")
    _check(found[0])
    chain = found[:1]
    while above := next((one for one in found if one.subject == chain[-1].issuer and one not in chain), None):
        chain.append(above)
    return chain


def _check(own: x509.Certificate) -> None:
    key, now = own.public_key(), datetime.now(UTC)
    strong = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES
    if not strong and not (isinstance(key, rsa.RSAPublicKey) and key.key_size >= SHORTEST_RSA):
        raise NoSeal(f"Cette clé ne convient pas : il faut P-256, P-384 ou RSA d’au moins {SHORTEST_RSA} bits.")
    if not own.not_valid_before_utc <= now <= own.not_valid_after_utc:
        raise NoSeal(
            f"Ce certificat vaut du {own.not_valid_before_utc:%d/%m/%Y} au {own.not_valid_after_utc:%d/%m/%Y} :"
            " il ne peut rien sceller aujourd’hui."
        )
    if not _signs(own):
        raise NoSeal("Ce certificat n’est pas fait pour signer.")


def _signs(own: x509.Certificate) -> bool:
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment
