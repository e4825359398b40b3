"""What day it is where the company keeps its books."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from projections import companies
from projections.tx import Tx

PARIS = "Europe/Paris"


def today(tx: Tx) -> date:
    """The civil day of the company, as the ledger will date what is recorded now."""
    return datetime.now(ZoneInfo(zone(tx))).date()


def zone(tx: Tx) -> str:
    """The time zone of the company."""
    company = companies.current(tx)
    return company.time_zone if company else PARIS
