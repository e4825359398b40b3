"""The usual periods of a list, as its address names them: `mois`, `mois-dernier`, `annee`, `annee-derniere`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from web import forms

PERIODS = {
    "mois": "Ce mois-ci",
    "mois-dernier": "Le mois dernier",
    "annee": "Cette année",
    "annee-derniere": "L’année dernière",
}


def bounds(period: str, today: date) -> tuple[date | None, date | None]:
    """First and last day, both included; nothing for all dates.

    >>> bounds("mois-dernier", date(2026, 3, 15))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    before = month - timedelta(days=1)
    known: dict[str, tuple[date, date]] = {
        "mois": (month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        "mois-dernier": (before.replace(day=1), before),
        "annee": (year, date(today.year, 12, 31)),
        "annee-derniere": (date(today.year - 1, 1, 1), year - timedelta(days=1)),
    }
    return known.get(period, (None, None))


def narrowed(filters: Mapping[str, str], today: date) -> dict[str, Any]:
    """Words, client, days and amounts of an address, as fields of `projections.listing.Filter`.

    A day that is typed goes before the period; what cannot be read filters nothing.
    """
    first_on, last_on = bounds(filters["periode"], today)
    fields = forms.Fields(filters)
    return {
        "q": filters["q"],
        "client_id": fields.get("client", forms.uuid, None),
        "first_on": fields.get("du", forms.date, first_on),
        "last_on": fields.get("au", forms.date, last_on),
        "from_cents": fields.get("min", forms.cents, None),
        "to_cents": fields.get("max", forms.cents, None),
    }
