"""The usual periods of a list, as its address names them: `mois`, `mois-dernier`, `annee`, `annee-derniere`."""

from datetime import date, timedelta

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
