"""The company seal of archives: ECDSA P-256 and its certificate, and CAdES signatures made with it.

`cryptography`'s own PKCS#7 builder writes no signing-certificate-v2, which `openssl cms -verify -cades` wants: the few
structures of CAdES-B are put together with asn1crypto. The key signs deterministically (RFC 6979): an archive built
twice has the same signature.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from asn1crypto import cms, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from ledger.settings import Settings, write_once

YEARS = 15  # archives are kept ten years after the fiscal year that they close


class Seal(NamedTuple):
    """A certificate (DER) and what signs for it."""

    certificate: bytes
    sign: Callable[[bytes], bytes]

    @property
    def fingerprint(self) -> str:
        return sha256(self.certificate).hexdigest()


def seal_of(settings: Settings) -> Seal:
    """The installation's seal, made at the first call; its key is encrypted under the installation's secret."""
    password = settings.secret("archive seal").hex().encode()
    folder = settings.data / "keys"
    key_file, certificate_file = folder / "seal.pem", folder / "seal.crt.pem"
    if not key_file.exists() or not certificate_file.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        _make(key_file, certificate_file, password, settings.host)
    key = load_pem_private_key(key_file.read_bytes(), password)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101  # we made it
    certificate = certificates.load_pem_x509_certificate(certificate_file.read_bytes())

    def sign(signed: bytes) -> bytes:
        return key.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    return Seal(certificate.public_bytes(Encoding.DER), sign)


def cades(content: bytes, seal: Seal) -> bytes:
    """A detached CAdES-B signature (DER) of `content`. Source: ETSI EN 319 122-1; RFC 5035 (signing-certificate-v2)."""
    certificate = x509.Certificate.load(seal.certificate)
    attributes = _attributes(sha256(content).digest(), certificate, seal.fingerprint)
    identifier = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", identifier),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": seal.sign(attributes.dump()),
    }
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    signed: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return signed


def _attributes(digest: bytes, certificate: x509.Certificate, fingerprint: str) -> cms.CMSAttributes:
    issuer = {"issuer": [x509.GeneralName("directory_name", certificate.issuer)],
              "serial_number": certificate.serial_number}  # fmt: skip
    which = tsp.ESSCertIDv2({"cert_hash": bytes.fromhex(fingerprint), "issuer_serial": issuer})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [which]})]}
            ),
        ]
    )


def _make(key_file: Path, certificate_file: Path, password: bytes, host: str) -> None:
    """A key and a certificate of its own; a provider's can be put in their place."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = certificates.Name(
        [
            certificates.NameAttribute(NameOID.ORGANIZATION_NAME, "Probant"),
            certificates.NameAttribute(NameOID.COMMON_NAME, f"Cachet d’archives de {host}"),
        ]
    )
    certificate = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=366 * YEARS))
        .add_extension(certificates.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            certificates.KeyUsage(
                digital_signature=True, content_commitment=True, key_cert_sign=True, crl_sign=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    write_once(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password)))
    write_once(certificate_file, certificate.public_bytes(Encoding.PEM))
