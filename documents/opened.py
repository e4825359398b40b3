"""Sealed values in clear, for one paper; what was erased says so."""

from collections.abc import Callable
from typing import Any

import msgspec

from domain.company import Identity
from domain.parties import Card, Text

Opening = Callable[[str], Any]  # digest → the JSON value that was sealed, None when it was erased
ERASED = "(texte effacé)"


class Opened:
    """Opens what a paper needs by `opening`."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening

    def text(self, text: Text) -> str:
        """A text that may be sealed."""
        if isinstance(text, str):
            return text
        found = self.opening(text.sealed)
        return ERASED if found is None else str(found)

    def card(self, card: Card) -> Card:
        """A party's card."""
        if not card.sealed:
            return card
        found = self.opening(card.sealed)
        return Card(name="Tiers effacé") if found is None else msgspec.convert(found, Card)

    def identity(self, identity: Identity) -> Identity:
        """The seller's identity."""
        if not identity.sealed:
            return identity
        found = self.opening(identity.sealed)
        return Identity(name="Vendeur effacé") if found is None else msgspec.convert(found, Identity)
