"""Today on the clock of the companies that tests make: past midnight in Paris it is not that of UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()
