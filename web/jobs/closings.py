"""Closes every period that is over. What a closing counts never depends on when it is made."""

import logging

from ledger.commands.closings import close_all
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
