"""What a quote offers, and how its client accepts it by herself."""

from dataclasses import dataclass
from datetime import date

from domain.company import Company
from domain.content import Content
from domain.errors import DomainError
from domain.invoice import Mention
from domain.parties import Card, Fact, Text
from domain.pricing import Priced
from domain.snapshot import Buyer, Seller
from domain.terms import PaymentTerms

NOWHERE = Card()


@dataclass(frozen=True)
class Offer:
    """What is offered: the content as printed (its free texts sealed afresh when they must be), priced, and to whom."""

    printed: Content
    priced: Priced
    buyer: Buyer
    seller: Seller
    terms: PaymentTerms
    mentions: tuple[Mention, ...] = ()
    deliver_to: Card = NOWHERE


def place_of(company: Company, card: Card, delivery: Card) -> Card:
    """Where what a quote without a place of its own offers is done: the client's address of delivery; for a builder who
    was told none, the client's own.

    Source: arrêté du 24 janvier 2017, art. 4 (the place of works).
    """
    if delivery != NOWHERE or company.configuration.sector != "building":
        return delivery
    return Card(name=card.name, address=card.address)


class Signature(Fact):
    """How a client accepted on the page of her link: which offer, which file of it, and who says so.

    `sha256`: of the PDF, in hex. `signer`: the name that was typed; `drawing`: an SVG path in a frame of 600 × 200;
    both sealed. `address_hash`: HMAC-SHA256, in hex, of the network address under a key of the installation.
    """

    revision: int
    sha256: str
    signer: Text
    drawing: Text = ""
    address_hash: str = ""


@dataclass(eq=False)
class OfferReplaced(DomainError):
    """The client answers an offer that is not the last one: it was revised, or its file is another."""

    number: str


@dataclass(eq=False)
class OfferExpired(DomainError):
    """The client may accept until the last day of validity; later it is for the company to do so."""

    number: str
    valid_until: date
