"""Legal limits of payment terms between professionals: passing one is fined, so it is said, though never refused.

Source: Code de commerce L441-10, L441-11, L441-16.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.company import Sector
from domain.half_years import floor_bp
from domain.mentions.references import Reference, commerce
from domain.mentions.sale import Sale

_LAST_DAYS: Final = {"transport": 30, "perishable": 30}  # sectors that leave the common rule


@dataclass(frozen=True)
class Cap:
    """A cap: `exceeded` on sales that it concerns; `text` says it to who writes the invoice."""

    code: str
    sources: tuple[Reference, ...]
    text: str
    concerns: Callable[[Sale], bool]
    exceeded: Callable[[Sale], bool]


def _due_on(sale: Sale) -> date:
    return sale.terms.due_on(sale.on)


def _later_than(days: int) -> Callable[[Sale], bool]:
    return lambda sale: _due_on(sale) > sale.on + timedelta(days=days)


def _later_than_from_delivery(days: int) -> Callable[[Sale], bool]:
    return lambda sale: _due_on(sale) > (sale.content.delivered_on or sale.on) + timedelta(days=days)


def _beyond_both(sale: Sale) -> bool:
    """Neither within 60 days nor within 45 days end of month."""
    terms = sale.terms
    end_of_month = terms.end_of_month and terms.days + terms.then_days <= 45
    return not end_of_month and _later_than(60)(sale)


def _agreed_too_low(sale: Sale) -> bool:
    told = sale.configuration
    return 0 < told.late_rate_bp < floor_bp(sale.on, told.half_years)


def _in(sector: Sector) -> Callable[[Sale], bool]:
    return lambda sale: _asks_professional(sale) and sale.configuration.sector == sector


def _asks_professional(sale: Sale) -> bool:
    return (sale.asks_payment or sale.kind == "quote") and not sale.to_person


def _common(sale: Sale) -> bool:
    return _asks_professional(sale) and sale.configuration.sector not in _LAST_DAYS


CAPS: Final = (
    Cap(
        "common",
        commerce("L441-10, I"),
        "Plafond légal dépassé : 60 jours, ou 45 fin de mois.",
        lambda sale: _common(sale) and not sale.content.period,
        _beyond_both,
    ),
    Cap(
        "summary",
        commerce("L441-10, I"),
        "Plafond légal dépassé : 45 jours pour une facture périodique.",
        lambda sale: _common(sale) and sale.content.period is not None,
        _later_than(45),
    ),
    Cap(
        "transport",
        commerce("L441-11, II"),
        "Plafond légal dépassé : 30 jours dans le transport.",
        _in("transport"),
        _later_than(30),
    ),
    Cap(
        "perishable",
        commerce("L441-11, II"),
        "Plafond légal dépassé : 30 jours après livraison de denrées.",
        _in("perishable"),
        _later_than_from_delivery(30),
    ),
    Cap(
        "late_rate",
        commerce("L441-10, II"),
        "Pénalités de retard convenues sous le plancher légal, trois fois l’intérêt légal : voyez les Réglages.",
        lambda sale: _asks_professional(sale) and sale.scope != "b2g",
        _agreed_too_low,
    ),
)
