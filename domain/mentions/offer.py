"""What a quote says beside the identity of its seller, above all to a person and for works in a building.

Source: arrêté du 24 janvier 2017, art. 4 (works); Code de la consommation L111-1, L612-1, L616-1.
"""

from typing import Final

from domain.mentions import texts
from domain.mentions.references import other
from domain.mentions.rule import asks, tells
from domain.mentions.sale import Sale

_WORKS: Final = other("Arrêté du 24 janvier 2017, art. 4")
_CONSUMER: Final = other("Code de la consommation, art. L111-1")
_MEDIATION: Final = other("Code de la consommation, art. L616-1 et R616-1")


def _of_works(sale: Sale) -> bool:
    return sale.kind == "quote" and sale.configuration.sector == "building"


def _to_consumer(sale: Sale) -> bool:
    return sale.kind == "quote" and sale.to_person


def _can_be_reached(sale: Sale) -> str:
    return sale.identity.email or sale.identity.phone


def _fee(sale: Sale) -> str:
    fee = sale.configuration.quote_fee
    return texts.said(texts.PAID_QUOTE, sale.on, fee=fee) if fee else texts.said(texts.FREE_QUOTE, sale.on)


def _travel(sale: Sale) -> str:
    return texts.said(texts.TRAVEL, sale.on, travel=sale.configuration.travel)


def _mediator(sale: Sale) -> str:
    return texts.said(texts.MEDIATOR, sale.on, mediator=sale.configuration.mediator)


RULES: Final = (
    asks(
        "seller.quote_days", _WORKS, lambda sale: sale.configuration.quote_days > 0, lambda sale: sale.kind == "quote"
    ),
    # A person may be told the rest in another writing (general terms, a site): advised, not refused.
    asks("seller.email", _CONSUMER, _can_be_reached, _to_consumer, only_advised=True),
    tells("QUOTE_FEE", _WORKS, _fee, _of_works),
    tells("TRAVEL", _WORKS, _travel, lambda sale: _of_works(sale) and bool(sale.configuration.travel)),
    asks("seller.mediator", _MEDIATION, lambda sale: sale.configuration.mediator, _to_consumer, only_advised=True),
    asks(
        "delivered_on",
        _CONSUMER,
        lambda sale: sale.content.delivered_on or sale.content.period,
        _to_consumer,
        only_advised=True,
    ),
    tells("MEDIATOR", _MEDIATION, _mediator, lambda sale: sale.to_person and bool(sale.configuration.mediator)),
)
