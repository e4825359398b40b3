"""What day it is where the company keeps its books."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from projections import companies
from projections.tx import Tx

PARIS = "Europe/Paris"


def today(tx: Tx) -> date:
    """The civil day of the company, as the ledger will date what is recorded now."""
    company = companies.current(tx)
    return datetime.now(ZoneInfo(company.time_zone if company else PARIS)).date()
