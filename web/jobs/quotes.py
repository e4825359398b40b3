"""Quotes whose last day of validity is over: said by an entry, once."""

import logging
from uuid import uuid4

from ledger.commands.quotes import expire_quote
from projections import quotes
from web.days import today
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

log = logging.getLogger(__name__)


@task("expire_quotes", cron="*/30 * * * *")
def expire_quotes(shop: Workshop) -> None:
    """In every ledger; one that cannot be written stops no other."""
    for company_id in shop.companies():
        try:
            with shop.read(company_id) as tx:
                over = quotes.over(tx, today(tx))
            for quote_id in over:
                shop.do(expire_quote, company_id, uuid4(), quote_id=quote_id)
        except Exception:
            log.exception("the quotes of %s could not expire", company_id)
