"""Sentences that the law wants on a document, as dated data: a text stays as it was printed.

Sources: Code de commerce L441-9, L441-10 II, D441-5; CGI ann. II art. 242 nonies A, I; CGI 293 B, 283.
The engine that knows every mention of every kind of sale comes with the frozen documents.
"""

from collections.abc import Iterator

from domain.company import Configuration
from domain.invoice import Mention
from domain.lines import Line
from domain.snapshot import Buyer

VERSION = "2026-11"

RECOVERY = "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €."
LATE_BY_LAW = "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points."
LATE_AGREED = "Pénalités de retard : taux annuel de {rate} %."
NO_DISCOUNT = "Escompte pour paiement anticipé : néant."
DEBITS = "Option pour le paiement de la taxe d’après les débits."


def mentions(configuration: Configuration, buyer: Buyer, lines: tuple[Line, ...]) -> tuple[Mention, ...]:
    """The mentions of an invoice or credit note with these lines, in the order of print.

    Codes PMT, PMD, AAB are those of EN 16931 notes (UNTDID 4451); persons owe no recovery indemnity.
    """
    return (*_terms(configuration, buyer), *_taxes(configuration, lines))


def _terms(configuration: Configuration, buyer: Buyer) -> Iterator[Mention]:
    if buyer.kind != "person":
        yield Mention(code="PMT", text=RECOVERY)
        yield Mention(code="PMD", text=_late(configuration.late_rate_bp))
    yield Mention(code="AAB", text=configuration.discount_text or NO_DISCOUNT)


def _taxes(configuration: Configuration, lines: tuple[Line, ...]) -> Iterator[Mention]:
    if configuration.vat_regime == "debit" and any(line.vat_category == "S" for line in lines):
        yield Mention(code="DEBITS", text=DEBITS)
    for code, text in sorted({(line.vat_code, line.vat_text) for line in lines if line.vat_text}):
        yield Mention(code=code, text=f"{text}.")


def _late(rate_bp: int) -> str:
    return LATE_AGREED.format(rate=f"{rate_bp / 100:g}".replace(".", ",")) if rate_bp else LATE_BY_LAW
