"""Closes every period that is over. What a closing counts never depends on when it is made."""

import logging
from collections.abc import Callable
from typing import Any, get_args
from uuid import UUID, uuid4

from domain.closing import PeriodKind
from ledger.commands.closings import close_next
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

log = logging.getLogger(__name__)


@task("close_periods", cron="*/5 * * * *")
def close_periods(shop: Workshop) -> None:
    """In every ledger; one that cannot be written stops no other."""
    for company_id in shop.companies():
        try:
            close_all(shop.do, company_id)
        except Exception:
            log.exception("the periods of %s could not be closed", company_id)


def close_all(do: Callable[..., Any], company_id: UUID) -> None:
    """Days, then months, then fiscal years, each in its order."""
    for period in get_args(PeriodKind):
        while do(close_next, company_id, uuid4(), period=period):
            pass
