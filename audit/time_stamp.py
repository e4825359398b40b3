"""Time-stamps of RFC 3161: an authority outside says that these bytes existed at that moment.

An answer is believed when what our verifier will ask of it in ten years holds now: its imprint and its signature by the
certificate that it brings, made for time-stamps; with roots (`PROBANT_TSA_ROOTS`) also that this one leads to them.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import new
from http.client import HTTPException
from typing import NamedTuple
from urllib.request import Request, urlopen

from asn1crypto import tsp
from cryptography.x509 import (
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import PKIStatus, TimeStampResponse, VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError

from audit.verifier import cms
from ledger.settings import Settings

LONGEST = 64 * 1024  # bytes of an answer: the verifier of archives takes no longer token
PATIENCE = 20  # seconds
TYPE, ANSWER = "application/timestamp-query", "application/timestamp-reply"


class NoTimeStamp(Exception):
    """The authority does not answer, refuses, or answers something else than was asked; or its roots are unreadable."""


class TimeStamp(NamedTuple):
    """A token (DER), as `openssl ts -verify -token_in` reads it, and the moment that it says."""

    token: bytes
    at: datetime


def of(settings: Settings) -> Callable[[bytes], TimeStamp] | None:
    """What has bytes stamped by the authority of an installation; nothing without one."""
    if not settings.tsa_url:
        return None
    return lambda content: stamp(settings.tsa_url, content, settings.tsa_hash, _roots(settings))


def stamp(url: str, content: bytes, algorithm: str = "sha256", roots: Sequence[Certificate] = ()) -> TimeStamp:
    """A time-stamp of `content`, by `sha256`, `sha384` or `sha512`. Errors: `NoTimeStamp`."""
    nonce, imprint = secrets.randbits(63), new(algorithm, content).digest()
    try:
        answer = decode_timestamp_response(_posted(url, _query(algorithm, imprint, nonce)))
        if answer.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise NoTimeStamp(f"{url}: status {answer.status} {answer.status_string}")
        said = answer.tst_info
        if said.message_imprint.message != imprint or said.nonce != nonce:
            raise NoTimeStamp(f"{url}: stamped something else")
        _check(answer, content, roots)
    except (ValueError, IndexError, ExtensionNotFound, VerificationError) as error:
        raise NoTimeStamp(f"{url}: {error}") from error
    return TimeStamp(answer.time_stamp_token(), said.gen_time)


def _check(answer: TimeStampResponse, content: bytes, roots: Sequence[Certificate]) -> None:
    """Errors: `ValueError` (bad signatures are), `IndexError`, `ExtensionNotFound`, `VerificationError`."""
    certificate = load_der_x509_certificate(cms.token(answer.time_stamp_token(), content).certificate)
    uses = certificate.extensions.get_extension_for_class(ExtendedKeyUsage)
    if not uses.critical or list(uses.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise VerificationError("its certificate is not one for time-stamps alone")
    if not certificate.not_valid_before_utc <= answer.tst_info.gen_time <= certificate.not_valid_after_utc:
        raise VerificationError("its certificate is not of that time")
    if roots:
        VerifierBuilder(roots=list(roots)).build().verify_message(answer, content)


def _query(algorithm: str, imprint: bytes, nonce: int) -> bytes:
    asked: bytes = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": imprint},
            "nonce": nonce,
            "cert_req": True,
        }
    ).dump()
    return asked


def _roots(settings: Settings) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(settings.tsa_roots.read_bytes()) if settings.tsa_roots else []
    except (OSError, ValueError) as error:
        raise NoTimeStamp(f"PROBANT_TSA_ROOTS: {error}") from error


def _posted(url: str, query: bytes) -> bytes:
    request = Request(url, query, {"Content-Type": TYPE, "Accept": ANSWER})  # noqa: S310  # http(s): settings
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            found: bytes = answer.read(LONGEST)
            return found
    except (OSError, HTTPException) as error:
        raise NoTimeStamp(f"{url}: {error}") from error
