"""Notes (BG-1): the mentions of the law under their codes, the scope of the sale, free texts.

Codes: UNTDID 4451; BAR, TXD and the mandatory PMT, PMD, AAB: XP Z12-012, BR-FR-05, 06, 20, CO-14.
"""

from collections.abc import Iterator
from typing import Final

from documents.facturx.source import Source
from domain.parties import Card

_CODED: Final = frozenset({"PMT", "PMD", "AAB", "TXD"})
_OF_TRADERS: Final = ("PMT", "PMD")
_NOT_OF_PERSONS: Final = "Sans objet : l’acheteur n’est pas un professionnel."
_MEMBER: Final = "MEMBRE_ASSUJETTI_UNIQUE"  # BR-FR-CO-14
_FACTICE: Final = "FACTICE : document d’école, sans valeur."  # BOI-TVA-DECLA-30-10-30 § 150
_SCOPES: Final = {"b2b": "B2B", "b2g": "B2B", "b2b_int": "B2BINT", "out": "OUTOFSCOPE"}


def notes(source: Source) -> tuple[tuple[str, str], ...]:
    """Code and text of each note."""
    said = (*_mentions(source), *_group(source), ("BAR", _scope(source)), *_free(source))
    return tuple((code, text) for code, text in said if text.strip())


def _mentions(source: Source) -> Iterator[tuple[str, str]]:
    """Reasons why there is no VAT stand in the VAT breakdown instead; persons owe nothing for late payment."""
    issued = source.issued
    reasons = {part.code for part in issued.vat}
    codes = {mention.code for mention in issued.mentions}
    for mention in issued.mentions:
        if mention.code not in reasons:
            yield mention.code if mention.code in _CODED else "REG", mention.text
    if issued.buyer.kind == "person":
        yield from ((code, _NOT_OF_PERSONS) for code in _OF_TRADERS if code not in codes)


def _group(source: Source) -> Iterator[tuple[str, str]]:
    if source.group != Card():
        yield "TXD", _MEMBER


def _free(source: Source) -> Iterator[tuple[str, str]]:
    issued, opened = source.issued, source.opened
    if source.training:
        yield "AAI", _FACTICE
    if issued.reason:
        yield "ACD", opened.text(issued.reason.text)
    yield "AAI", opened.text(issued.subject)
    yield "SUR", opened.text(issued.note)


def _scope(source: Source) -> str:
    """A public body is invoiced as a business is: by its SIREN, through the platforms."""
    issued = source.issued
    if issued.scope == "b2c":
        return "B2C" if issued.buyer.country == "FR" else "B2CINT"
    return _SCOPES[issued.scope]
