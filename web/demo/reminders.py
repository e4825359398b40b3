"""Reminders of the first company: by themselves, some sent, one promised, one disputed."""

from datetime import date
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from domain.registry import AGGREGATES
from domain.reminder_policy import LEVELS, Policy
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import reminders as commands
from ledger.postgres import Pool
from ledger.settings import Settings
from projections import reminder_lists
from web.app import read_models
from web.mail import rows
from web.reminders import plan
from web.reminders.plan import Wanted

SENT = 5


def remind(settings: Settings, web: Pool, job: Pool, company_id: UUID, actor: str, today: date) -> None:
    """What the worker and a person would have done. The mails stand in « Envois » as sent; none left this machine."""
    books = Books(web, EventMapper(*AGGREGATES), settings.secret("commands"))
    do = partial(_do, books, company_id, actor)
    do(commands.set_policy, policy=Policy(automatic=True))
    with read_models(job).read(company_id) as tx:
        late = [row for row in reminder_lists.unpaid(tx, today) if row.days > 0 and not row.doubtful]
        tones = cycle(LEVELS[1:])
        asks = [plan.ask(tx, [Wanted(row, next(tones))], today) for row in late[: 3 * SENT]]
    for one in [ask for ask in asks if ask.to][:SENT]:
        sending_id = uuid4()
        do(commands.ask_reminder, **plan.request(one, Policy(link=False), settings, sending_id))
        _taken(settings, job, company_id, sending_id, one)
    for cause, row in zip(("promise", "dispute"), late[-2:], strict=False):
        until_on = today.replace(day=28) if cause == "promise" and today.day < 28 else today
        do(commands.suspend, invoice_id=row.id, cause=cause, until_on=until_on if cause == "promise" else None)


def _taken(settings: Settings, job: Pool, company_id: UUID, sending_id: UUID, one: plan.Ask) -> None:
    books, message_id = Books(job, EventMapper(*AGGREGATES), settings.secret("commands")), f"<{sending_id}@demo>"
    with job.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        mail = rows.begin(conn, company_id, sending_id, message_id)
    if mail:
        books.do(
            commands.record_reminder, company_id, uuid4(), "job:demo", sending_id=sending_id, client_id=one.client_id,
            message_id=message_id, subjects=tuple(mail.subjects), addresses=tuple(mail.recipients), refusals=(),
        )  # fmt: skip


def _do(books: Books, company_id: UUID, actor: str, use_case: Any, **facts: Any) -> Any:
    return books.do(use_case, company_id, uuid4(), actor, **facts)
