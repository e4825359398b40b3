"""What a writer of one part of the XML is given: the issued event, its sealed values in clear, and the sign."""

from dataclasses import dataclass
from typing import Final

from documents.facturx.tree import amount
from documents.opened import Opened
from domain.invoice import Invoice
from domain.parties import Card

_OUTSIDE_VAT: Final = "O"
CREDITS: Final = frozenset({261, 381, 396, 502, 503})  # UNTDID 1001: their amounts are what is given back


@dataclass(frozen=True)
class Source:
    """The ledger holds a credit note with negative amounts; EN 16931 wants them positive under a credit's type code."""

    issued: Invoice.Issued
    opened: Opened
    training: bool = False

    @property
    def is_credit(self) -> bool:
        return self.issued.type_code in CREDITS

    @property
    def sign(self) -> int:
        return -1 if self.is_credit else 1

    @property
    def group(self) -> Card:
        """The assujetti unique that the seller is a member of; empty when it is of none."""
        return self.opened.identity(self.issued.seller.identity).member_of

    @property
    def is_outside_vat(self) -> bool:
        return any(part.category == _OUTSIDE_VAT for part in self.issued.vat)

    @property
    def names_group(self) -> bool:
        """Outside VAT a representative may have no number (BR-O-02), and without one it may not stand there (BR-56)."""
        return self.group != Card() and not self.is_outside_vat

    def amount(self, cents: int) -> str:
        """An amount of the event as the XML writes it."""
        return amount(self.sign * cents)
