"""When it is to be paid, what a delay costs, what an early payment saves (Code de commerce L441-9, L441-10, D441-5)."""

from typing import Final

from domain.mentions import texts
from domain.mentions.references import commerce, other
from domain.mentions.rule import Rule, tells
from domain.mentions.sale import Sale

RETENTION_MOST_BP: Final = 500  # loi n° 71-584, art. 1


def _between_professionals(sale: Sale) -> bool:
    return sale.is_invoice and not sale.to_person


def _to_public_buyer(sale: Sale) -> bool:
    return sale.scope == "b2g"


def _late(sale: Sale) -> str:
    rate_bp = sale.configuration.late_rate_bp
    if _to_public_buyer(sale):
        return texts.said(texts.LATE_PUBLIC, sale.on)
    if not rate_bp:
        return texts.said(texts.LATE_BY_LAW, sale.on)
    return texts.said(texts.LATE_AGREED, sale.on, rate=_percent(rate_bp))


def _discount(sale: Sale) -> str:
    return sale.configuration.discount_text or texts.said(texts.NO_DISCOUNT, sale.on)


def _percent(rate_bp: int) -> str:
    return f"{rate_bp / 100:g}".replace(".", ",")


_RETENTION: Final = other("Loi n° 71-584 du 16 juillet 1971")
RULES: Final = (
    tells(
        "PMT",
        commerce("L441-10, II") + commerce("D441-5"),
        lambda sale: texts.said(texts.RECOVERY, sale.on),
        _between_professionals,
    ),
    tells(
        "PMD",
        commerce("L441-10, II") + other("Code de la commande publique, art. L2192-13 et R2192-31"),
        _late,
        _between_professionals,
    ),
    tells(
        "TERMS",
        commerce("L441-1, II"),
        lambda sale: texts.said(texts.TERMS, sale.on, terms=sale.terms.french),
        lambda sale: sale.kind == "quote",
    ),
    tells("AAB", commerce("L441-9"), _discount, lambda sale: sale.is_invoice),
    Rule(
        "retention",
        _RETENTION,
        lambda _: True,
        misses=lambda sale: () if 0 <= sale.content.retention_bp <= RETENTION_MOST_BP else ("retention",),
    ),
    tells(
        "RETENTION",
        _RETENTION,
        lambda sale: texts.said(texts.RETENTION, sale.on, rate=_percent(sale.content.retention_bp)),
        lambda sale: sale.asks_payment and sale.content.retention_bp > 0,
    ),
)
