"""Makes the invoices that recurrences owe: each date once, in order, with today's date, which is the only true one."""

import logging
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from documents.from_domain import draft_paper
from domain.client import Client
from domain.company import Company
from domain.errors import DomainError
from domain.recurring import NotDue, Recurring
from domain.recurring_content import content_of
from ledger.commands.recurring import BILL, draft_due, issue_due
from ledger.commands.sendings import Mail
from ledger.errors import LedgerReadOnly
from projections import numbers, persons, recurring, streams
from projections.recurring import RecurringRow
from projections.tx import Tx
from web import texts
from web.days import today
from web.jobs.tasks import Interrupted, task
from web.jobs.workshop import Workshop
from web.mail import compose, letters
from web.subscriptions import standing

log = logging.getLogger(__name__)


class Due(NamedTuple):
    """A date of a recurrence that has come, and the ids of what it makes: always the same."""

    row: RecurringRow
    facts: dict[str, Any]

    @classmethod
    def of(cls, row: RecurringRow) -> "Due":
        return cls(row, {"recurring_id": row.id, "due_on": row.next_on, "invoice_id": _id(row, "invoice")})

    def command(self, what: str) -> UUID:
        return _id(self.row, what)


@task(BILL, cron="7 * * * *")
def bill_recurring(shop: Workshop, company_id: UUID | None = None) -> None:
    """In that ledger, or in every one; one that cannot be written stops no other."""
    for ledger in [company_id] if company_id else shop.companies():
        try:
            bill_all(shop, ledger)
        except Interrupted:
            raise
        except Exception:
            log.exception("the recurring invoices of %s could not be made", ledger)


def bill_all(shop: Workshop, company_id: UUID) -> None:
    """Date after date, the oldest first, so that what an outage left is numbered in its order."""
    stuck: set[UUID] = set()
    with shop.pool.connection() as conn:
        if not standing.may_write(conn, company_id):
            return
    _forget(shop, company_id)
    while True:
        if shop.stopping.is_set():
            raise Interrupted
        with shop.read(company_id) as tx:
            waiting = [row for row in recurring.due(tx, today(tx)) if row.id not in stuck]
        if not waiting:
            return
        for row in waiting:
            if not _made(shop, company_id, Due.of(row)):
                stuck.add(row.id)


def _made(shop: Workshop, company_id: UUID, due: Due) -> bool:
    """Issued when asked for and possible, else a draft; False when there is neither, which is told."""
    try:
        told = _issued(shop, company_id, due) if due.row.plan.issue else ""
        if told is not None:
            shop.do(draft_due, company_id, due.command("draft"), told=told, **due.facts)
    except (NotDue, LedgerReadOnly) as error:
        log.warning("%s of %s is left: %s", due.row.id, company_id, error)
        return False
    except DomainError as refused:
        _tell(shop, company_id, due, texts.sentence(refused))
        return False
    return True


def _issued(shop: Workshop, company_id: UUID, due: Due) -> str | None:
    """None when it is; else why it is refused, in French."""
    try:
        with shop.pool.connection() as conn:
            standing.check(conn, company_id, due.command("issue"), "issue_invoice")
        mail = _mail(shop, company_id, due.row) if due.row.plan.mail else None
        shop.do(
            issue_due, company_id, due.command("issue"), mail=mail,
            sending_id=due.command("mail") if mail else None, **due.facts,
        )  # fmt: skip
    except (NotDue, LedgerReadOnly):
        raise
    except DomainError as refused:
        return texts.sentence(refused)
    return None


def _mail(shop: Workshop, company_id: UUID, row: RecurringRow) -> Mail:
    """The company's letter, to those whom the plan names."""
    with shop.read(company_id) as tx:
        return _written(tx, row)


def _written(tx: Tx, row: RecurringRow) -> Mail:
    company, day = streams.load(tx, Company, tx.company), today(tx)
    client, plan = streams.load(tx, Client, row.client_id), streams.load(tx, Recurring, row.id).plan
    content = persons.opened_content(tx, content_of(plan, row.next_on or day))
    paper = draft_paper(
        "invoice", content, company, client, issued_on=day, training=company.mode == "training", opening=tx.opened
    )
    number = numbers.upcoming(tx, company, "invoice", day)
    words = letters.written(tx, paper, number)
    to = tuple(who.id for who in compose.recipients(tx, client.id, set(content.contact_ids)) if who.chosen)
    return Mail(to=to, subject=words.subject, body=words.body, number=number)


def _forget(shop: Workshop, company_id: UUID) -> None:
    """Of dates without even a draft, what was told last time: it is told again if it still holds."""
    with shop.pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        conn.execute(
            "DELETE FROM jobs.recurring_refusal WHERE company_id = %s AND invoice_id IS NULL", (company_id,)
        )  # fmt: skip


def _tell(shop: Workshop, company_id: UUID, due: Due, told: str) -> None:
    with shop.pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        conn.execute(
            """
            INSERT INTO jobs.recurring_refusal (company_id, recurring_id, due_on, told) VALUES (%s, %s, %s, %s)
            ON CONFLICT (company_id, recurring_id, due_on) DO UPDATE SET told = excluded.told, refused_at = now()
            """,
            (company_id, due.row.id, due.row.next_on, told),
        )


def _id(row: RecurringRow, what: str) -> UUID:
    return uuid5(row.id, f"{what} {row.next_on}")
