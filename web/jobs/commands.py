"""Commands done long ago are forgotten: by then nobody sends their form again."""

import logging
from datetime import timedelta

from web.jobs.tasks import task
from web.jobs.workshop import Workshop

KEPT = timedelta(days=90)  # the ledger refuses less

log = logging.getLogger(__name__)


@task("forget_commands", cron="17 3 * * *")
def forget_commands(shop: Workshop) -> None:
    """In every ledger; one that cannot be written stops no other."""
    for company_id in shop.companies():
        try:
            with shop.pool.connection() as conn:
                conn.execute("SELECT ledger.purge_commands(%s, %s)", [company_id, KEPT])
        except Exception:
            log.exception("the commands of %s could not be forgotten", company_id)
