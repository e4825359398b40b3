"""What a draft still lacks to be issued: names of fields, in the order of the page. The screen links each."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.client import Client, Profile
from domain.company import Company, Identity, VatRegime
from domain.content import Content, Kind
from domain.errors import DomainError
from domain.parties import Card
from domain.pricing import Priced
from domain.snapshot import MEMBER_STATES

LONGEST_LINES = 500  # what one document prints in seconds; a longer one is split
LARGEST_CENTS = 10**13  # 100 billion euros: beyond it stands a typing error, and sums stay within the format


@dataclass(eq=False)
class NotReady(DomainError):
    """The document cannot be issued before these facts are there."""

    fields: tuple[str, ...]


def check_ready(
    kind: Kind, content: Content, priced: Priced, company: Company, identity: Identity, client: Client, card: Card
) -> None:
    """Errors: `NotReady`. `identity` and `card` are those of `company` and `client`, in clear."""
    fields = missing(kind, content, priced, identity, company.configuration.vat_regime, client.profile, card)
    if fields:
        raise NotReady(fields)


def missing(
    kind: Kind, content: Content, priced: Priced, identity: Identity, regime: VatRegime, profile: Profile, card: Card
) -> tuple[str, ...]:
    """Fields that are missing or wrong; `identity` and `card` in clear.

    Source: CGI ann. II art. 242 nonies A, I; Code de commerce L441-9.
    """
    return (*_seller(identity, regime), *_buyer(profile, card, content), *_lines(content), *_total(kind, priced))


def _seller(identity: Identity, regime: VatRegime) -> Iterator[str]:
    needed = {
        "seller.name": identity.name,
        "seller.siren": identity.siren,
        "seller.address": identity.address.city and identity.address.postcode,
        "seller.vat_number": identity.vat_number or regime == "franchise",
    }
    yield from (field for field, value in needed.items() if not value)


def _buyer(profile: Profile, card: Card, content: Content) -> Iterator[str]:
    if not card.name:
        yield "buyer.name"
    if not card.address.city:
        yield "buyer.address"
    if profile.kind in ("business", "public") and profile.country == "FR" and not card.siren:
        yield "buyer.siren"
    reverse_charged = any(line.vat_category in ("AE", "K") for line in content.lines)
    elsewhere_in_the_union = profile.country in MEMBER_STATES - {"FR"} and profile.taxable
    if (reverse_charged or elsewhere_in_the_union) and not card.vat_number:
        yield "buyer.vat_number"


def _lines(content: Content) -> Iterator[str]:
    if not 1 <= len(content.lines) <= LONGEST_LINES:
        yield "lines"
    for index, line in enumerate(content.lines, 1):
        if not line.label:
            yield f"lines.{index}.label"
        if line.quantity == 0:
            yield f"lines.{index}.quantity"


def _total(kind: Kind, priced: Priced) -> Iterator[str]:
    wrong = priced.gross_cents >= 0 if kind == "credit_note" else priced.gross_cents < 0
    if wrong or abs(priced.gross_cents) > LARGEST_CENTS:
        yield "total"
