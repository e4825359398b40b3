"""What identifies a person is sealed here on its way into an entry, and opened on its way out."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from domain.client import Client, Profile
from domain.company import Company, Identity
from domain.content import Content, Kind, delivered_to, with_labels, with_texts
from domain.lines import Allowance
from domain.mentions import Sale
from domain.parties import Card, Contact, ContactCard, Sealed, Text
from domain.pricing import Priced
from ledger.entry import Entry

S = TypeVar("S", Card, ContactCard, Identity)


def seal(entry: Entry, subject: UUID, value: S) -> S:
    """`value` sealed afresh: a digest stands in one entry only."""
    return value if value == type(value)() else type(value)(sealed=entry.seal(subject, value))


def opened(entry: Entry, value: S) -> S:
    """`value` in clear; empty when the person was erased."""
    if not value.sealed:
        return value
    found = entry.opening(value.sealed)
    return type(value)() if found is None else msgspec.convert(found, type(value))


def seal_text(entry: Entry, subject: UUID, text: Text) -> Text:
    return Sealed(sealed=entry.seal(subject, text)) if isinstance(text, str) and text else text


def opened_text(entry: Entry, text: Text) -> str:
    return text if isinstance(text, str) else entry.opening(text.sealed) or ""


def seal_profile(entry: Entry, client_id: UUID, profile: Profile) -> Profile:
    """Contacts are always sealed, each under its own subject; cards for a natural person."""
    contacts = tuple(Contact(id=c.id, card=seal(entry, c.id, c.card)) for c in profile.contacts)
    sealed: dict[str, Any] = {"contacts": contacts}
    if profile.natural_person:
        sealed |= {"card": seal(entry, client_id, profile.card), "delivery": seal(entry, client_id, profile.delivery)}
    return msgspec.structs.replace(profile, **sealed)


def seal_content(entry: Entry, client: Client, content: Content) -> Content:
    """Free texts and place of a draft for a natural person. `content` in clear."""
    return with_texts(content, sealing(entry, client), lambda card: _sealed_for(entry, client, card))


def sealed_draft(entry: Entry, content: Content) -> Content:
    """A draft's content as it goes into the ledger."""
    entry.fetch(content.client_id)
    client = entry.get(Client, content.client_id)
    client.check_active()
    return seal_content(entry, client, content)


def opened_content(entry: Entry, content: Content) -> Content:
    """A draft's free texts and place in clear, to be sealed again in the document that prints them."""
    return with_texts(content, lambda text: opened_text(entry, text), lambda card: opened(entry, card))


def seal_shares(entry: Entry, client: Client, changes: tuple[Allowance, ...]) -> tuple[Allowance, ...]:
    """Priced discounts of a document: one that was entered once and shared over VAT groups bears a seal in each."""
    return with_labels(with_labels(changes, lambda text: opened_text(entry, text)), sealing(entry, client))


def sealing(entry: Entry, client: Client) -> Callable[[Text], Text]:
    """How the free texts about a client are written: sealed for a natural person."""
    if not client.profile.natural_person:
        return lambda text: text
    return lambda text: seal_text(entry, client.id, text)


def opened_sale(
    entry: Entry,
    kind: Kind | Literal["quote"],
    on: date,
    content: Content,
    priced: Priced,
    company: Company,
    client: Client,
    *,
    credits: UUID | None = None,
) -> Sale:
    """What the rules of the law look at, in clear. `content` is."""
    return Sale.of(
        kind, on, content, priced, company, client, identity=opened(entry, company.identity),
        card=opened(entry, client.profile.card), delivery=opened(entry, client.profile.delivery), credits=credits,
    )  # fmt: skip


def sealed_identity(entry: Entry, company: Company) -> Identity:
    """The company's identity for one document: sealed afresh when it is a sole trader's."""
    if not company.natural_person:
        return company.identity
    return seal(entry, company.id, opened(entry, company.identity))


def sealed_card(entry: Entry, client: Client) -> Card:
    """The client's card for one document: sealed afresh for a natural person."""
    return _sealed_for(entry, client, opened(entry, client.profile.card))


def sealed_place(entry: Entry, client: Client, printed: Content, usual: Card) -> Card:
    """Where one document is delivered: the place of its own, sealed with the rest of `printed`, else the `usual` one,
    in clear, which is sealed here.
    """
    own = printed.deliver_to != Card()
    return delivered_to(printed, usual if own else _sealed_for(entry, client, usual))


def _sealed_for(entry: Entry, client: Client, card: Card) -> Card:
    """A card about a client, for one entry: sealed for a natural person."""
    return seal(entry, client.id, card) if client.profile.natural_person else card
