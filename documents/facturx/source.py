"""What a writer of one part of the XML is given: the issued event, its sealed values in clear, and the sign."""

from dataclasses import dataclass
from typing import Final

from documents.facturx.tree import amount
from documents.opened import Opened
from domain.invoice import Invoice

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

    def amount(self, cents: int) -> str:
        """An amount of the event as the XML writes it."""
        return amount(self.sign * cents)
