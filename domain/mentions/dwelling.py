"""What the client certifies of works in a dwelling at a reduced rate, on the quote or on the invoice.

The program cannot know that a line is such works: `Content.dwelling` says so. Since 16 February 2025 (loi n° 2025-127,
art. 41) this stands in place of the forms 1300-SD and 1301-SD; the words are the models of BOI-LETTRE-000280 of
22 October 2025, for mainland France. The name is left to who signs: no mention holds one.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain.mentions import texts
from domain.mentions.references import cgi, other
from domain.mentions.rule import Rule, tells
from domain.mentions.sale import Sale

RENOVATION_BP, ENERGY_BP = 1000, 550  # CGI 279-0 bis, 278-0 bis A
CODES: Final = frozenset({"RENOVATION", "ENERGY"})

_RENOVATION: Final = cgi("279-0 bis, 3") + other("BOI-LETTRE-000280, § 1")
_ENERGY: Final = cgi("278-0 bis A, IV") + other("BOI-LETTRE-000280, § 10")


def _of_works(sale: Sale) -> bool:
    """A document that sells them: a credit note takes back what was certified."""
    return sale.content.dwelling and sale.kind not in ("credit_note", "debit_note")


def _at(rate_bp: int) -> Callable[[Sale], bool]:
    return lambda sale: (
        _of_works(sale)
        and any((line.vat_category, line.vat_bp, line.territory) == ("S", rate_bp, "FR") for line in sale.lines)
    )


def _without_rate(sale: Sale) -> Iterable[str]:
    """Nothing to certify; but what is drawn from a quote may bill the rest of it."""
    reduced = any(_at(rate_bp)(sale) for rate_bp in (RENOVATION_BP, ENERGY_BP))
    return () if reduced or sale.content.refs.quote_id else ("dwelling",)


RULES: Final = (
    Rule("dwelling", _RENOVATION + _ENERGY, _of_works, misses=_without_rate),
    tells("RENOVATION", _RENOVATION, lambda sale: texts.said(texts.RENOVATION_CERTIFIED, sale.on), _at(RENOVATION_BP)),
    tells("ENERGY", _ENERGY, lambda sale: texts.said(texts.ENERGY_CERTIFIED, sale.on), _at(ENERGY_BP)),
)
