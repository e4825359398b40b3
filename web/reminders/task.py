"""The morning's round: each company that chose so has its clients reminded, once a step, by the job role."""

import logging
from datetime import UTC, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from domain.errors import DomainError
from ledger.commands.reminders import ask_reminder
from projections import reminder_lists
from web.days import zone
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.reminders import plan
from web.subscriptions import standing

MORNING, EVENING = 8, 19  # hours of the company's clock between which a round that was missed is made up for
log = logging.getLogger(__name__)


@task("send_reminders", cron="*/20 * * * *")
def send_reminders(shop: Workshop) -> None:
    """In every company; one that cannot be written stops no other. Without a mail server nobody is reminded."""
    if not shop.settings.smtp_host:
        return
    for company_id in shop.companies():
        try:
            remind(shop, company_id, datetime.now(UTC))
        except Exception:
            log.exception("the clients of %s could not be reminded", company_id)


def remind(shop: Workshop, company_id: UUID, now: datetime) -> int:
    """How many mails were asked for. Done twice on a day it asks once: their ids follow from the day."""
    with shop.pool.connection() as conn:
        if not standing.may_write(conn, company_id):
            return 0
    with shop.read(company_id) as tx:
        policy, here = reminder_lists.policy(tx), zone(tx)
        if not policy.automatic or not MORNING <= now.astimezone(ZoneInfo(here)).hour < EVENING:
            return 0
        today = plan.day_of(now, here)
        asks = [(group, plan.ask(tx, group, today)) for group in plan.automatic(tx, policy, today, now)]
    asked = 0
    for group, one in asks:
        sending_id = uuid5(company_id, f"reminder {today} {group[0].row.id}")
        if one.to:
            asked += _ask(shop, company_id, sending_id, plan.request(one, policy, shop.settings, sending_id))
    return asked


def _ask(shop: Workshop, company_id: UUID, sending_id: UUID, facts: dict[str, object]) -> int:
    """1 when it was asked for. A payment that came in between, or another worker, is no failure."""
    try:
        shop.do(ask_reminder, company_id, sending_id, automatic=True, **facts)
    except DomainError as refused:
        log.info("not reminded in %s: %s", company_id, refused)
        return 0
    return 1
