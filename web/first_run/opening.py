"""A company that a person asked for: its row until the worker has opened it, as only the job's role may."""

import logging
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from domain.errors import DomainError
from ledger.commands.reminders import set_policy
from ledger.commands.security import grant_rights
from ledger.settings import Settings
from projections.tx import Row
from web import texts
from web.first_run.form import Asked
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.opening import open_company as open_books
from web.opening import siren_hash
from web.subscriptions import changes, rows, standing
from web.subscriptions.refusals import SirenTaken, SubscriptionEnded

log = logging.getLogger(__name__)


class Opening(Row, frozen=True):
    """`finished_at` and no `problem`: the books are open."""

    company_id: UUID
    problem: str
    asked_at: datetime
    finished_at: datetime | None


def ask(
    conn: Connection[Any], settings: Settings, user_id: UUID, company_id: UUID, asked: Asked, plan: str, rhythm: str
) -> None:
    """Once, however often the form is sent. `plan` and `rhythm` begin the subscription of a person who has none.

    Errors: `SirenTaken`, `CompaniesUsed`, `SubscriptionEnded`.
    """
    try:
        with conn.transaction():
            conn.execute("SELECT 1 FROM accounts.users WHERE id = %s FOR UPDATE", [user_id])
            if one(conn, user_id, company_id) is None:
                subscription_id = _subscribed(conn, user_id, company_id, plan, rhythm)
                known = [company_id, siren_hash(settings, asked.identity.siren), subscription_id]
                conn.execute(
                    "INSERT INTO accounts.companies (company_id, siren_hash, subscription_id) VALUES (%s, %s, %s)",
                    known,
                )
                row = [company_id, user_id, Jsonb(msgspec.to_builtins(asked))]
                conn.execute("INSERT INTO accounts.openings (company_id, user_id, asked) VALUES (%s, %s, %s)", row)
                conn.execute("SELECT jobs.defer(%s, '{open_company}', ARRAY['{}'::jsonb], current_date)", [company_id])
    except UniqueViolation:
        raise SirenTaken(asked.identity.siren) from None


def one(conn: Connection[Any], user_id: UUID, company_id: UUID) -> Opening | None:
    """What became of what a person asked for."""
    with conn.cursor(row_factory=class_row(Opening)) as cursor:
        return cursor.execute(OPENING + " AND company_id = %s", [user_id, company_id]).fetchone()


def waiting(conn: Connection[Any], user_id: UUID) -> Opening | None:
    """The one that is not open yet."""
    with conn.cursor(row_factory=class_row(Opening)) as cursor:
        return cursor.execute(OPENING + " AND finished_at IS NULL LIMIT 1", [user_id]).fetchone()


@task("open_company")
def open_company(shop: Workshop, company_id: UUID) -> None:
    """Opens the books, makes their owner, then asks for the first invoice; a refusal gives the SIREN free again."""
    with shop.pool.connection() as conn:
        row = conn.execute(ASKED, [company_id]).fetchone()
    if row is None:
        return
    user_id, asked = row[0], msgspec.convert(row[1], Asked)
    try:
        _open(shop, company_id, user_id, asked)
    except DomainError as error:
        log.warning("the company %s was not opened: %s", company_id, type(error).__name__)
        with shop.pool.connection() as conn, conn.transaction():
            released = conn.execute(RELEASE, [company_id]).fetchone()
            conn.execute(UNSUBSCRIBE, [released and released[0]])
            conn.execute(FINISH, [texts.sentence(error), company_id])
    else:
        with shop.pool.connection() as conn, conn.transaction():
            conn.execute(FINISH, ["", company_id])
            conn.execute("SELECT jobs.defer(%s, '{bill_company}', ARRAY['{}'::jsonb], current_date)", [company_id])


def mode_of(trainings: list[bool]) -> Literal["live", "training"]:
    """A folder holds real books or those of the demo, never both: `trainings` are the ledgers that are there."""
    return "training" if trainings and all(trainings) else "live"


def _open(shop: Workshop, company_id: UUID, user_id: UUID, asked: Asked) -> None:
    with shop.pool.connection() as conn:
        others = conn.execute("SELECT training FROM ledger.companies() WHERE company_id <> %s", [company_id]).fetchall()
    open_books(
        shop.settings, shop.pool, asked.identity, asked.configuration, natural_person=asked.natural_person,
        mode=mode_of([training for (training,) in others]), first_day=date.fromisoformat(asked.day),
        company_id=company_id, fiscal_year=asked.fiscal_year,
    )  # fmt: skip
    owner = uuid5(company_id, "owner")
    shop.books.do(grant_rights, company_id, owner, "system", access_id=owner, subject_id=user_id, role="owner")
    chosen = uuid5(company_id, "reminders")
    shop.books.do(set_policy, company_id, chosen, f"user:{user_id}", policy=asked.reminders)


def _subscribed(conn: Connection[Any], user_id: UUID, company_id: UUID, plan: str, rhythm: str) -> UUID:
    subscription, day = rows.of_user(conn, user_id), rows.today()
    if subscription is None:
        return changes.begin(conn, user_id, company_id, plan, rhythm, day)
    if subscription.ends_on and subscription.ended(day):
        raise SubscriptionEnded(subscription.ends_on)
    standing.check_companies(conn, subscription.id)
    return subscription.id


OPENING = "SELECT company_id, problem, asked_at, finished_at FROM accounts.openings WHERE user_id = %s"
ASKED = "SELECT user_id, asked FROM accounts.openings WHERE company_id = %s AND finished_at IS NULL"
FINISH = "UPDATE accounts.openings SET asked = NULL, problem = %s, finished_at = now() WHERE company_id = %s"
RELEASE = "DELETE FROM accounts.companies WHERE company_id = %s RETURNING subscription_id"
UNSUBSCRIBE = """
    DELETE FROM accounts.subscriptions s
     WHERE id = %s AND NOT EXISTS (SELECT FROM accounts.companies c WHERE c.subscription_id = s.id)
    """
