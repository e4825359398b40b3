"""The superuser at work: what somebody who holds the database itself could do to a ledger."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg

from ledger.chain import link

TABLES = ("entry", "head", "number", "seal", "sealed", "checkpoint")
Admin = psycopg.Connection[Any]


@contextmanager
def unguarded(connect: Callable[..., Admin], company: UUID) -> Iterator[Admin]:
    """The superuser, whom no trigger stops."""
    admin = connect("postgres", company)
    admin.execute("SET session_replication_role = replica")
    for table in TABLES:
        admin.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL")
    try:
        yield admin
    finally:
        for table in TABLES:
            admin.execute(f"ALTER TABLE ledger.{table} ENABLE TRIGGER ALL")
            for (trigger,) in admin.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [f"ledger.{table}"]
            ).fetchall():
                admin.execute(f"ALTER TABLE ledger.{table} ENABLE ALWAYS TRIGGER {trigger}")


def change_client(admin: Admin, company: UUID, pos: int) -> None:
    """Another name in the line at `pos`, whose hash stays."""
    admin.execute(
        "UPDATE ledger.entry SET line = replace(line, 'Parc', 'Porc') WHERE company_id = %s AND pos = %s",
        [company, pos],
    )


def go_back(admin: Admin, company: UUID, pos: int) -> None:
    """As if nothing had been recorded after `pos`: a whole that fits itself, but for its checkpoints."""
    admin.execute("DELETE FROM ledger.entry WHERE company_id = %s AND pos > %s", [company, pos])
    admin.execute(
        """
        UPDATE ledger.head h SET pos = e.pos, hash = e.hash, at = e.recorded_at FROM ledger.entry e
         WHERE h.company_id = %s AND e.company_id = h.company_id AND e.pos = %s
        """,
        [company, pos],
    )
    for table in ("number", "seal"):
        admin.execute(f"DELETE FROM ledger.{table} WHERE company_id = %s AND pos > %s", [company, pos])


def chain_again(admin: Admin, company: UUID, pos: int) -> None:
    """Every hash from `pos` on, and the head's, so that the chain fits."""
    before = admin.execute(
        "SELECT encode(hash, 'hex') FROM ledger.entry WHERE company_id = %s AND pos = %s", [company, pos - 1]
    ).fetchone()[0]
    rows = admin.execute(
        "SELECT pos, line FROM ledger.entry WHERE company_id = %s AND pos >= %s ORDER BY pos", [company, pos]
    ).fetchall()
    for at, line in rows:
        before = link(before, line)
        admin.execute(
            "UPDATE ledger.entry SET hash = decode(%s, 'hex') WHERE company_id = %s AND pos = %s", [before, company, at]
        )
    admin.execute("UPDATE ledger.head SET hash = decode(%s, 'hex') WHERE company_id = %s", [before, company])


def rewrite(admin: Admin, company: UUID, type_: str, change: Callable[[dict[str, Any]], None]) -> None:
    """The data of the last entry of that type changed, and chained again."""
    pos, line = admin.execute(
        "SELECT pos, line FROM ledger.entry WHERE company_id = %s AND type = %s ORDER BY pos DESC LIMIT 1",
        [company, type_],
    ).fetchone()
    told = json.loads(line)
    change(told)
    line = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    admin.execute("UPDATE ledger.entry SET line = %s WHERE company_id = %s AND pos = %s", [line, company, pos])
    chain_again(admin, company, pos)
