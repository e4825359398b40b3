"""Time-stamps of RFC 3161: an authority outside says that these bytes existed at that moment."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import new
from http.client import HTTPException
from typing import NamedTuple
from urllib.request import Request, urlopen

from cryptography.x509 import Certificate
from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError

LONGEST = 256 * 1024  # bytes of an answer
PATIENCE = 20  # seconds
TYPE, ANSWER = "application/timestamp-query", "application/timestamp-reply"


class NoTimeStamp(Exception):
    """The authority does not answer, refuses, or answers something else than was asked."""


class TimeStamp(NamedTuple):
    """A token (DER), as `openssl ts -verify -token_in` reads it, and the moment that it says."""

    token: bytes
    at: datetime


def stamp(url: str, content: bytes, algorithm: str = "sha256", roots: Sequence[Certificate] = ()) -> TimeStamp:
    """A time-stamp of `content`. The answer's status, nonce and imprint are checked; its signature, when the roots of
    the authority are given. Errors: `NoTimeStamp`.
    """
    asked = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm[algorithm.upper()]).build()
    try:
        answer = decode_timestamp_response(_posted(url, asked.as_bytes()))
        if answer.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise NoTimeStamp(f"{url}: status {answer.status} {answer.status_string}")
        said = answer.tst_info
        if said.message_imprint.message != new(algorithm, content).digest() or said.nonce != asked.nonce:
            raise NoTimeStamp(f"{url}: stamped something else")
        if roots:
            builder = VerifierBuilder.from_request(asked)
            for root in roots:
                builder = builder.add_root_certificate(root)
            builder.build().verify_message(answer, content)
    except (ValueError, VerificationError) as error:
        raise NoTimeStamp(f"{url}: {error}") from error
    return TimeStamp(answer.time_stamp_token(), said.gen_time)


def _posted(url: str, query: bytes) -> bytes:
    request = Request(url, query, {"Content-Type": TYPE, "Accept": ANSWER})  # noqa: S310  # http(s): settings
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            found: bytes = answer.read(LONGEST)
            return found
    except (OSError, HTTPException) as error:
        raise NoTimeStamp(f"{url}: {error}") from error
