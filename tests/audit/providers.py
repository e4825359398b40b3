"""Certificates and PKCS#12 files as a provider of company seals delivers them."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID


def authority(name="Autorité d’essai"):
    key = ec.generate_private_key(ec.SECP256R1())
    return key, certificate(name, key, name, key, ca=True)


def certificate(name, key, issuer, issuer_key, *, ca=False, days=365, **usage):
    now = datetime.now(UTC)
    subject, above = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    uses = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_cert_sign", "crl_sign", "key_encipherment",
         "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False,
    ) | {"digital_signature": not ca, "key_cert_sign": ca} | usage  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, now + timedelta(days=days)) - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**uses), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def p12(key, own, *others, password="mot de passe"):
    return serialize_key_and_certificates(b"cachet", key, own, others, BestAvailableEncryption(password.encode()))
