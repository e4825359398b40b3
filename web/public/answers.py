"""What a client answered to an offer on her own page."""

from datetime import datetime
from typing import NamedTuple

from domain.quote import Quote
from projections.persons import ERASED, opened_text
from projections.tx import Tx


class Answer(NamedTuple):
    """An acceptance that she signed; `drawing` is an SVG path, empty when the name was only typed."""

    at: datetime
    signer: str
    drawing: str
    order: str
    sha256: str
    address_hash: str


def signed(tx: Tx, quote: Quote) -> Answer | None:
    """None for a quote that is not accepted, or whose acceptance the company noted. The quote was loaded by `tx`."""
    accepted = quote.accepted
    if accepted is None or accepted.signature is None:
        return None
    signature = accepted.signature
    return Answer(
        accepted.timestamp, opened_text(tx, signature.signer) or ERASED, opened_text(tx, signature.drawing),
        opened_text(tx, accepted.order), signature.sha256, signature.address_hash,
    )  # fmt: skip
