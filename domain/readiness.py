"""What a draft still lacks to be issued: names of fields, in the order of the page. The screen links each."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import DomainError
from domain.mentions import Sale, lacks

LARGEST_CENTS = 10**13  # 100 billion euros: beyond it stands a typing error, and sums stay within the format


@dataclass(eq=False)
class NotReady(DomainError):
    """The document cannot be issued before these facts are there."""

    fields: tuple[str, ...]


def check_ready(sale: Sale) -> None:
    """Errors: `NotReady`. Identity and cards of the sale in clear."""
    if fields := missing(sale):
        raise NotReady(fields)


def missing(sale: Sale) -> tuple[str, ...]:
    """Fields that are missing or wrong, each once; identity and cards of the sale in clear."""
    return tuple(dict.fromkeys((*lacks(sale), *_total(sale))))


def _total(sale: Sale) -> Iterator[str]:
    """An invoice asks for nothing below 0; a credit note gives something back."""
    wrong = sale.gross_cents >= 0 if sale.kind == "credit_note" else sale.gross_cents < 0
    if wrong or abs(sale.gross_cents) > LARGEST_CENTS:
        yield "total"
