"""Requests and their threads. What a page may see of them, the database decides (`people.as_person`)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from projections.tx import Row
from web.support.people import Connection


class Ticket(Row, frozen=True):
    """A request. `user_id` is None for somebody without an account, `company_id` when it is about none."""

    id: UUID
    user_id: UUID | None
    company_id: UUID | None
    name: str
    email: str
    subject: str
    status: str
    opened_at: datetime
    changed_at: datetime

    @property
    def reference(self) -> str:
        """How a person names it: `3F2A-90BC`."""
        return f"{self.id.hex[:4]}-{self.id.hex[4:8]}".upper()


class Message(Row, frozen=True):
    """One message of a thread; `author`: the user name of who wrote it on a page, `sender`: the address of a mail."""

    id: UUID
    side: str
    author: str
    sender: str
    body: str
    at: datetime


COLUMNS: LiteralString = """
    SELECT t.id, t.user_id, t.company_id, t.name, t.email, t.subject, t.status, t.opened_at, t.changed_at
      FROM support.ticket t
    """
OF_PERSON: LiteralString = COLUMNS + " WHERE t.user_id = %(user)s ORDER BY t.changed_at DESC"
ONE: LiteralString = COLUMNS + " WHERE t.id = %(id)s"
FOUND: LiteralString = """
    WHERE (%(status)s = '' OR t.status = %(status)s)
      AND (%(q)s = ''
           OR strpos(lower(concat_ws(' ', t.name, t.email, t.subject, left(t.id::text, 8))), lower(%(q)s)) > 0)
    """
PAGE: LiteralString = (
    COLUMNS
    + FOUND
    + """
    ORDER BY t.status <> 'open', CASE WHEN t.status = 'open' THEN t.changed_at END, t.changed_at DESC
    LIMIT %(limit)s OFFSET %(offset)s
    """
)
COUNT: LiteralString = "SELECT count(*) FROM support.ticket t"
TOTAL: LiteralString = COUNT + FOUND
OPEN = """
    SELECT support.open_ticket(%(id)s, %(user)s, %(company)s, %(name)s, %(email)s, %(subject)s, %(body)s, %(mail)s)
    """
THREAD = """
    SELECT m.id, m.side, coalesce(u.username, '') AS author, m.sender, m.body, m.at
      FROM support.message m LEFT JOIN accounts.users u ON u.id = m.author_id
     WHERE m.ticket_id = %s ORDER BY m.at, m.id
    """
SILENT_DAYS = 30
CLOSE_SILENT: LiteralString = """
    UPDATE support.ticket t SET status = 'closed', changed_at = now()
     WHERE t.status = 'answered' AND t.changed_at < now() - make_interval(days => %(days)s)
    RETURNING t.id, t.user_id, t.company_id, t.name, t.email, t.subject, t.status, t.opened_at, t.changed_at
    """
LAST_MAIL = "SELECT message_id FROM support.message WHERE ticket_id = %s AND message_id <> '' ORDER BY at DESC LIMIT 1"
SAY = """
    INSERT INTO support.message (id, ticket_id, side, author_id, body) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
    """


def new(id: UUID, name: str, email: str, subject: str, user_id: UUID | None, company_id: UUID | None) -> Ticket:
    """A request as it is opened; nobody has it yet."""
    now = datetime.now(UTC)
    return Ticket(id, user_id, company_id, name, email, subject, "open", now, now)


def open_(conn: Connection, ticket: Ticket, body: str, mail: str = "") -> bool:
    """Opens it with its first message; False when it is there. `mail`: the Message-ID of the mail that it came by."""
    told = {"id": ticket.id, "user": ticket.user_id, "company": ticket.company_id, "name": ticket.name}
    told |= {"email": ticket.email, "subject": ticket.subject, "body": body, "mail": mail}
    row = conn.execute(OPEN, told).fetchone()
    return bool(row and row[0])


def of_person(conn: Connection, user_id: UUID) -> list[Ticket]:
    """Her requests, what changed last first."""
    return _tickets(conn, OF_PERSON, {"user": user_id})


def one(conn: Connection, id: UUID) -> Ticket | None:
    found = _tickets(conn, ONE, {"id": id})
    return found[0] if found else None


def page(conn: Connection, status: str, q: str, limit: int, offset: int) -> tuple[list[Ticket], int]:
    """Requests of a status ("" for all) that a word finds, the one that waits longest first; and how many there are."""
    facts = {"status": status, "q": q, "limit": limit, "offset": offset}
    total = conn.execute(TOTAL, facts).fetchone()
    return _tickets(conn, PAGE, facts), total[0] if total else 0


def counts(conn: Connection) -> dict[str, int]:
    """How many requests each status has."""
    return dict(conn.execute("SELECT status, count(*) FROM support.ticket GROUP BY status").fetchall())


def thread(conn: Connection, ticket_id: UUID) -> list[Message]:
    with conn.cursor(row_factory=class_row(Message)) as cursor:
        return cursor.execute(THREAD, [ticket_id]).fetchall()


def last_mail(conn: Connection, ticket_id: UUID) -> str:
    """Message-ID of the last mail of a request, which an answer answers; empty when none came."""
    row = conn.execute(LAST_MAIL, [ticket_id]).fetchone()
    return row[0] if row else ""


def say(conn: Connection, id: UUID, ticket_id: UUID, side: str, author_id: UUID, body: str) -> bool:
    """Adds a message written on a page, once under that id: the other side is to speak now."""
    added = conn.execute(SAY, [id, ticket_id, side, author_id, body]).rowcount
    if added:
        settle(conn, ticket_id, "answered" if side == "operator" else "open")
    return bool(added)


def settle(conn: Connection, ticket_id: UUID, status: str) -> None:
    conn.execute("UPDATE support.ticket SET status = %s, changed_at = now() WHERE id = %s", [status, ticket_id])


def close_silent(conn: Connection) -> list[Ticket]:
    """Closes what was answered and had no word since; those that it closed."""
    return _tickets(conn, CLOSE_SILENT, {"days": SILENT_DAYS})


def erase(conn: Connection, ticket_id: UUID) -> int:
    """As an operator: the request, and of somebody without an account all that came from her address; how many."""
    row = conn.execute("SELECT support.erase_ticket(%s)", [ticket_id]).fetchone()
    return int(row[0]) if row else 0


def _tickets(conn: Connection, query: LiteralString, facts: Mapping[str, Any]) -> list[Ticket]:
    with conn.cursor(row_factory=class_row(Ticket)) as cursor:
        found: list[Ticket] = cursor.execute(query, facts).fetchall()
    return found
