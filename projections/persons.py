"""Personal data in read models: opened from the vault when an entry is applied, blank once it was erased."""

from typing import Any, TypeVar

import msgspec

from domain.company import Identity
from domain.content import Content, Refs
from domain.parties import Card, ContactCard, Sealed, Text
from projections.tx import Tx

S = TypeVar("S", Card, ContactCard, Identity)

ERASED = "Personne effacée"  # stands for the name; every other fact of the person is empty


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
    """A draft with its free texts in clear."""
    refs: dict[str, Any] = {name: opened_text(tx, getattr(content.refs, name)) for name in TEXT_REFS}
    return msgspec.structs.replace(
        content,
        subject=opened_text(tx, content.subject),
        note=opened_text(tx, content.note),
        refs=Refs(**refs, quote_id=content.refs.quote_id),
    )


def seal_of(value: Text | S) -> str:
    """The digest that a value stands behind; empty for one in clear."""
    return value.sealed if isinstance(value, Sealed | Card | ContactCard | Identity) else ""


TEXT_REFS = ("order", "buyer_reference", "contract", "project")
