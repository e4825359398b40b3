"""The notice that the rate of this half-year is not known: until it is said, penalties are reckoned at an older one."""

import datetime

from domain import half_years
from domain.company import Company
from projections import streams
from projections.tx import Tx
from web.days import today
from web.filters import NBSP, day, percent


def stale(tx: Tx) -> str:
    """What the company's people are told; empty while the rate of today's half-year is known."""
    return sentence(today(tx), streams.load(tx, Company, tx.company).configuration.half_years)


def sentence(on: datetime.date, told: half_years.Told = ()) -> str:
    if not half_years.unknown(on, told):
        return ""
    used = half_years.ecb(on, told)
    return (
        f"Le taux de refinancement de la BCE au {day(half_years.start(on))} n’est pas connu de Probant{NBSP}: les"
        f" pénalités au taux de la loi sont calculées avec celui du {day(used.first_on)}, {percent(used.bp)}, et les"
        " lettres le disent."
    )
