"""Tells users what is new: follows each ledger from where it stood, and looks at what has come about.

What is told, the place in the ledger and the mails asked for are one transaction: nothing is lost, nothing told twice.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from projections import companies
from web.alarm import link
from web.dashboard import unarchived_year
from web.days import today
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import notices
from web.notifications import stopping
from web.notifications.kinds import ALL, KINDS
from web.notifications.news import News, of_entries, of_states
from web.notifications.said import said

MEMBERS = """
    SELECT m.user_id, m.role, u.email, m.from_at FROM accounts.memberships m JOIN accounts.users u ON u.id = m.user_id
     WHERE m.company_id = %s AND u.active AND m.from_at <= now() AND (m.until_at IS NULL OR m.until_at > now())
    """
CHOICES = "SELECT user_id, kind, shown, mailed FROM accounts.notification_choice WHERE user_id = ANY (%s)"
PLACE = """
    INSERT INTO accounts.notification_cursor AS c VALUES (%s, 0)
    ON CONFLICT (company_id) DO UPDATE SET pos = c.pos RETURNING pos
    """
HEAD = "SELECT coalesce(max(pos), 0) FROM ledger.entry WHERE company_id = %s"
MOVED = "UPDATE accounts.notification_cursor SET pos = %s WHERE company_id = %s"
TELL = """
    INSERT INTO accounts.notification (company_id, user_id, key, kind, about, pos, at, shown)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
    """
FORGET = "DELETE FROM accounts.notification WHERE company_id = %s AND at < now() - interval '1 year'"
log = logging.getLogger(__name__)


class Member(NamedTuple):
    """Somebody who may be told; `choices`: kind → (on the page, by mail), where it is not as the program has it."""

    user_id: UUID
    role: str
    email: str
    from_at: datetime
    choices: dict[str, tuple[bool, bool]]

    def ways(self, kind: str) -> tuple[bool, bool]:
        usual = ALL[kind]
        return self.choices.get(kind, (usual.shown, usual.mailed))


@task("follow_news", cron="* * * * *")
def follow_news(shop: Workshop) -> None:
    """In every company; one that cannot be read stops no other."""
    for company_id in shop.companies():
        try:
            follow(shop, company_id, datetime.now(UTC))
        except Exception:
            log.exception("the news of %s could not be told", company_id)


@task("forget_news", cron="23 3 * * *")
def forget_news(shop: Workshop) -> None:
    """What was told a year ago."""
    with shop.pool.connection() as conn:
        for company_id in shop.companies():
            with conn.transaction():
                see(conn, company_id)
                conn.execute(FORGET, (company_id,))


def follow(shop: Workshop, company_id: UUID, now: datetime) -> int:
    """How much was told."""
    with shop.read(company_id) as tx:
        day, year = today(tx), unarchived_year(tx)
    with shop.pool.connection() as conn, conn.transaction():
        see(conn, company_id)
        after, to = _one(conn, PLACE, company_id), _one(conn, HEAD, company_id)
        news = [*of_entries(conn, company_id, after, to), *of_states(conn, company_id, now, day)]
        if year:
            news.append(News("archive", f"archive {year.to_on}", company_id, 0, now))
        told = [
            (member, one)
            for one, member in _pairs(news, members(conn, company_id))
            if _told(conn, company_id, member, one)
        ]
        _mail(shop, conn, company_id, told)
        conn.execute(MOVED, (to, company_id))
    return len(told)


def see(conn: Connection[TupleRow], company_id: UUID) -> None:
    """The rows of this company, for the transaction."""
    conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))


def members(conn: Connection[TupleRow], company_id: UUID) -> list[Member]:
    rows = conn.execute(MEMBERS, (company_id,)).fetchall()
    chosen: dict[UUID, dict[str, tuple[bool, bool]]] = {user_id: {} for user_id, *_ in rows}
    for user_id, kind, shown, mailed in conn.execute(CHOICES, (list(chosen),)):
        chosen[user_id][kind] = (shown, mailed)
    return [Member(user_id, role, email, since, chosen[user_id]) for user_id, role, email, since in rows]


def _pairs(news: list[News], people: list[Member]) -> Iterator[tuple[News, Member]]:
    """Each with whom it concerns: who did it knows it already, who came later asks the books."""
    for one in news:
        for member in people:
            concerned = one.only in (None, member.user_id) and one.at >= member.from_at
            if concerned and member.role in KINDS[one.kind].roles and one.by != f"user:{member.user_id}":
                yield one, member


def _told(conn: Connection[TupleRow], company_id: UUID, member: Member, one: News) -> bool:
    """Whether it was not told before, in a way that the person wants."""
    shown, mailed = member.ways(one.kind)
    if not shown and not mailed:
        return False
    facts = (company_id, member.user_id, one.key, one.kind, one.about, one.pos, one.at, shown)
    return conn.execute(TELL, facts).rowcount == 1


def _mail(shop: Workshop, conn: Connection[TupleRow], company_id: UUID, told: list[tuple[Member, News]]) -> None:
    mailed = [(member, one) for member, one in told if member.ways(one.kind)[1]]
    if not mailed or not shop.settings.smtp_host:
        return
    with shop.read(company_id) as tx:
        company = companies.current(tx)
        sentences = {one.key: said(tx, one.kind, one.about) for _, one in mailed}
    for member, one in mailed:
        sentence = sentences[one.key]
        notices.send(
            conn, member.email, "notification", key=f"{company_id} {member.user_id} {one.key}",
            link=link(shop, "Ouvrir", sentence.path), company=company.name if company else "",
            label=ALL[one.kind].label, told=sentence.text,
            stop=stopping.address(shop.settings, member.user_id, one.kind),
        )  # fmt: skip


def _one(conn: Connection[TupleRow], query: str, company_id: UUID) -> int:
    row = conn.execute(query.encode(), (company_id,)).fetchone()
    return int(row[0]) if row else 0
