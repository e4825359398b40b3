"""Monday morning's mail: what was invoiced and received, what is late, what waits to be done."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from projections import companies, dashboard, reminder_lists, turnover
from projections.tx import Tx
from web.alarm import link
from web.days import zone
from web.filters import day, euros, plural
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import notices
from web.notifications import stopping
from web.notifications.follower import members
from web.notifications.kinds import DIGEST
from web.reminders import plan

MONDAY, MORNING, EVENING = 0, 7, 19  # the hours of the company's clock in which a missed one is made up for
log = logging.getLogger(__name__)


@task("send_digests", cron="*/30 * * * *")
def send_digests(shop: Workshop) -> None:
    """In every company; one that cannot be read stops no other."""
    if not shop.settings.smtp_host:
        return
    for company_id in shop.companies():
        try:
            send(shop, company_id, datetime.now(UTC))
        except Exception:
            log.exception("the week of %s could not be told", company_id)


def send(shop: Workshop, company_id: UUID, now: datetime) -> int:
    """How many mails were asked for: once a week and person, however often it is done."""
    with shop.read(company_id) as tx:
        local = now.astimezone(ZoneInfo(zone(tx)))
        if local.weekday() != MONDAY or not MORNING <= local.hour < EVENING:
            return 0
        with shop.pool.connection() as conn:
            people = [
                member for member in members(conn, company_id) if member.role != "inspector" and member.ways(DIGEST)[1]
            ]
        told = facts(tx, now) if people else {}
    with shop.pool.connection() as conn, conn.transaction():
        for member in people:
            notices.send(
                conn, member.email, "digest", key=f"digest {company_id} {member.user_id} {local.date()}",
                link=link(shop, "Ouvrir le tableau de bord", "/"),
                stop=stopping.address(shop.settings, member.user_id, DIGEST), **told,
            )  # fmt: skip
    return len(people)


def facts(tx: Tx, now: datetime) -> dict[str, Any]:
    """The week that ended yesterday, and what stands today."""
    today = now.astimezone(ZoneInfo(zone(tx))).date()
    first, last = today - timedelta(days=7), today - timedelta(days=1)
    summary, company = dashboard.summary(tx, today), companies.current(tx)
    week = turnover.between(tx, first, last)
    to_remind = plan.due(reminder_lists.unpaid(tx, today), reminder_lists.policy(tx), today)
    todo = {
        plural(len(to_remind), "facture à relancer", "factures à relancer"): len(to_remind),
        plural(summary.drafts.count, "brouillon à émettre", "brouillons à émettre"): summary.drafts.count,
        plural(summary.quotes_waiting.count, "devis sans réponse"): summary.quotes_waiting.count,
    }
    return {
        "company": company.name if company else "", "first": day(first), "last": day(last),
        "invoiced": euros(week.gross_cents), "received": euros(week.received_cents),
        "outstanding": euros(summary.outstanding.cents), "overdue": euros(summary.overdue.cents),
        "overdue_count": plural(summary.overdue.count, "facture"), "late": summary.overdue.count,
        "todo": [label for label, count in todo.items() if count],
    }  # fmt: skip
