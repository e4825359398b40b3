"""What the database says of itself: ledgers, workers, queue, mails. Its functions answer operators only."""

from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from projections.tx import Row
from web.support.people import Connection


class Ledger(Row, frozen=True):
    """A ledger from outside: `pos` entries, the last at `at`; the last checkpoint covers `checkpoint_size`."""

    company_id: UUID
    pos: int
    at: datetime
    training: bool
    frozen: bool
    checkpoint_size: int | None
    checkpoint_at: datetime | None


class WorkerRow(Row, frozen=True):
    """A worker and its last sign of life."""

    id: int
    seen_at: datetime


class Queued(Row, frozen=True):
    """How many jobs of a task wait (`todo`), are under way (`doing`) or were given up (`failed`); `due_at`: the next of
    those that are tried again.
    """

    task: str
    status: str
    jobs: int
    due_at: datetime | None


class Failure(Row, frozen=True):
    """A job that was given up."""

    id: int
    task: str
    company_id: UUID | None
    attempts: int
    at: datetime | None


class Mails(Row, frozen=True):
    """Documents' mails of a company that did not simply leave."""

    company_id: UUID
    state: str
    mails: int
    last_at: datetime


class Notices(Row, frozen=True):
    """Mails of the service by state."""

    state: str
    mails: int
    last_at: datetime


def ledgers(conn: Connection) -> list[Ledger]:
    """Every ledger, the last written first."""
    with conn.cursor(row_factory=class_row(Ledger)) as cursor:
        return cursor.execute("SELECT * FROM support.companies()").fetchall()


def named(conn: Connection, asked: str) -> set[UUID]:
    """Companies whose name, SIREN or beginning of the id holds `asked`, which is in small letters without gaps."""
    return {company_id for (company_id,) in conn.execute("SELECT support.named(%s)", [asked])}


def workers(conn: Connection) -> list[WorkerRow]:
    with conn.cursor(row_factory=class_row(WorkerRow)) as cursor:
        return cursor.execute("SELECT * FROM support.workers()").fetchall()


def queue(conn: Connection) -> list[Queued]:
    with conn.cursor(row_factory=class_row(Queued)) as cursor:
        return cursor.execute("SELECT * FROM support.queue()").fetchall()


def failures(conn: Connection) -> list[Failure]:
    """The last fifty."""
    with conn.cursor(row_factory=class_row(Failure)) as cursor:
        return cursor.execute("SELECT * FROM support.failures()").fetchall()


def mails(conn: Connection) -> list[Mails]:
    with conn.cursor(row_factory=class_row(Mails)) as cursor:
        return cursor.execute("SELECT * FROM support.mails()").fetchall()


def notices(conn: Connection) -> list[Notices]:
    with conn.cursor(row_factory=class_row(Notices)) as cursor:
        return cursor.execute(
            "SELECT state, count(*) AS mails, max(coalesce(settled_at, asked_at)) AS last_at FROM jobs.notice"
            " WHERE state <> 'sent' GROUP BY state ORDER BY state"
        ).fetchall()


def versions(conn: Connection) -> tuple[str, int]:
    """PostgreSQL's version, and the number of the last migration."""
    row = conn.execute("SELECT current_setting('server_version'), support.schema_version()").fetchone()
    return (row[0], row[1]) if row else ("", 0)
