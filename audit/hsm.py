"""A seal whose key never leaves a token (PKCS#11): an HSM, a card. Its file here says which, with the certificates.

`PROBANT_PKCS11_MODULE` is the token's own library, `PROBANT_PKCS11_PIN_FILE` holds its PIN. A session is opened for
each signature: a token that was taken out is told, not waited for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, Self
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ledger.errors import ServerError
from ledger.settings import Settings

PROOF = b"Probant"


@dataclass(eq=False)
class TokenSilent(ServerError):
    """The token, its key or its PIN is not there; `why` is what PKCS#11 says."""

    token: str
    why: str


class OtherKey(Exception):
    """The certificate is not that of the key; the message is the French sentence."""


class Place(NamedTuple):
    """Where a key is: the label of its token, and its own."""

    token: str
    label: str

    @classmethod
    def read(cls, line: str) -> Self:
        """Of a PKCS#11 address (RFC 7512)."""
        told = dict(part.split("=", 1) for part in line.strip().removeprefix("pkcs11:").split(";"))
        return cls(unquote(told["token"]), unquote(told["object"]))

    def __str__(self) -> str:
        return f"pkcs11:token={quote(self.token)};object={quote(self.label)}"


def signing(
    settings: Settings, place: Place, public: CertificatePublicKeyTypes
) -> tuple[str, Callable[[bytes], bytes]]:
    """The algorithm, as CMS names it, and what signs with that key. Errors, when it signs: `TokenSilent`."""
    elliptic = isinstance(public, ec.EllipticCurvePublicKey)
    algorithm = "sha256_ecdsa" if elliptic else "sha256_rsa"
    return algorithm, lambda content: _signed(settings, place, content, elliptic=elliptic)


def prove(settings: Settings, place: Place, public: CertificatePublicKeyTypes) -> None:
    """The key of the token is that of the certificate: it signs. Errors: `OtherKey`, `TokenSilent`."""
    signature = signing(settings, place, public)[1](PROOF)
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, PROOF, ec.ECDSA(SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, PROOF, padding.PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise OtherKey("Ce certificat n’est pas celui de la clé du module.") from error


def _signed(settings: Settings, place: Place, content: bytes, *, elliptic: bool) -> bytes:
    import pkcs11  # C, and needed by few installations: not loaded by the others

    if not (settings.pkcs11_module and settings.pkcs11_pin_file):
        raise TokenSilent(place.token, "PROBANT_PKCS11_MODULE, PROBANT_PKCS11_PIN_FILE")
    try:
        pin = settings.pkcs11_pin_file.read_text(encoding="utf-8").strip()
        token = pkcs11.lib(str(settings.pkcs11_module)).get_token(token_label=place.token)
        with token.open(user_pin=pin) as session:
            key: Any = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=place.label)
            if elliptic:
                return _der(key.sign(sha256(content).digest(), mechanism=pkcs11.Mechanism.ECDSA))
            return bytes(key.sign(content, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise TokenSilent(place.token, str(error) or type(error).__name__) from error


def _der(raw: bytes) -> bytes:
    """The two halves of an ECDSA signature, as CMS has them."""
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
