"""Personal data in read models: opened from the vault when an entry is applied, blank once it was erased."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from domain.company import Identity
from domain.content import Content, L, with_label, with_texts
from domain.invoice import Invoice
from domain.parties import Card, ContactCard, Sealed, Text
from projections.tx import Tx

S = TypeVar("S", Card, ContactCard, Identity)

ERASED = "Tiers effacé"  # stands for the name; every other fact of the person is empty


def opened(tx: Tx, value: S) -> S:
    """A card in clear; only `ERASED` when what opens it is gone."""
    if not value.sealed:
        return value
    found = tx.opened(value.sealed)
    return type(value)(name=ERASED) if found is None else msgspec.convert(found, type(value))


def opened_text(tx: Tx, text: Text) -> str:
    """A text in clear; empty when what opens it is gone."""
    return text if isinstance(text, str) else tx.opened(text.sealed) or ""


def opened_content(tx: Tx, content: Content) -> Content:
    """A draft with its free texts and its place in clear; both empty when what opens them is gone."""

    def place(card: Card) -> Card:
        return Card() if is_erased(tx, card) else opened(tx, card)

    return with_texts(content, lambda text: opened_text(tx, text), place)


def opened_line(tx: Tx, line: L) -> L:
    """A line with its label in clear."""
    return with_label(line, lambda text: opened_text(tx, text))


def is_erased(tx: Tx, card: Card) -> bool:
    """Whether the person of a card that was looked up is gone."""
    return bool(card.sealed) and tx.opened(card.sealed) is None


def seller_only(tx: Tx, document: Invoice.Issued) -> Callable[[str], Any]:
    """What opens the seals of an issued document whose client was erased: what the law keeps of her is for its file."""
    own = {document.seller.identity.sealed, *(seal_of(means.iban) for means in document.payment_means)}
    return lambda digest: tx.opened(digest) if digest in own else None


def seal_of(value: Text | S) -> str:
    """The digest that a value stands behind; empty for one in clear."""
    return value.sealed if isinstance(value, Sealed | Card | ContactCard | Identity) else ""
