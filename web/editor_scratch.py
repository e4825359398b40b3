"""Keystrokes not yet saved, kept for the person who typed them until she saves or throws them away.

They stand in `scratch.drafts`, never in the ledger: nothing here is evidence.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from flask_security import current_user
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb

from web.books import company

KIND = "kind"
NEVER = ("csrf_token", "action", "suite", "q_article")


class Kept(NamedTuple):
    """What was typed: `fields` of the form; `base_version` = the version of the document that was on the screen."""

    document_id: UUID
    fields: dict[str, str]
    base_version: int
    saved_at: datetime


def keep(kind: str, document_id: UUID, form: Mapping[str, str], base_version: int) -> datetime:
    """Keeps what was typed; the instant."""
    content = {name: value for name, value in form.items() if name not in NEVER} | {KIND: kind}
    with _rows() as (cursor, own):
        cursor.execute(
            """
            INSERT INTO scratch.drafts (company_id, document_id, user_id, content, base_version)
            VALUES (%(company)s, %(document)s, %(user)s, %(content)s, %(base_version)s)
            ON CONFLICT (company_id, document_id, user_id) DO UPDATE
               SET content = excluded.content, base_version = excluded.base_version, saved_at = now()
            RETURNING saved_at
            """,
            own | {"document": document_id, "content": Jsonb(content), "base_version": base_version},
        )
        saved_at: datetime = cursor.fetchone().saved_at
        return saved_at


def of(document_id: UUID) -> Kept | None:
    """What this person typed into a document and did not save."""
    with _rows() as (cursor, own):
        cursor.execute(
            """
            SELECT document_id, content, base_version, saved_at
              FROM scratch.drafts
             WHERE company_id = %(company)s AND user_id = %(user)s AND document_id = %(document)s
            """,
            own | {"document": document_id},
        )
        return _kept(cursor.fetchone())


def unsaved(kind: str) -> Kept | None:
    """The last new document of this kind that this person began and never saved."""
    with _rows() as (cursor, own):
        cursor.execute(
            """
            SELECT document_id, content, base_version, saved_at
              FROM scratch.drafts d
             WHERE company_id = %(company)s AND user_id = %(user)s AND content ->> 'kind' = %(kind)s
               AND base_version = 0 AND NOT EXISTS (
                     SELECT FROM ledger.entry e WHERE e.company_id = d.company_id AND e.stream_id = d.document_id)
             ORDER BY saved_at DESC
             LIMIT 1
            """,
            own | {"kind": kind},
        )
        return _kept(cursor.fetchone())


def forget(document_id: UUID) -> None:
    """Throws away what was typed: it is saved, or the person does not want it."""
    with _rows() as (cursor, own):
        cursor.execute(
            "DELETE FROM scratch.drafts"
            " WHERE company_id = %(company)s AND user_id = %(user)s AND document_id = %(document)s",
            own | {"document": document_id},
        )


def _kept(row: Any) -> Kept | None:
    return Kept(row.document_id, row.content, row.base_version, row.saved_at) if row else None


@contextmanager
def _rows() -> Iterator[tuple[Any, dict[str, Any]]]:
    """A cursor on this company's rows, and the parameters that make them this person's."""
    own = {"company": company(), "user": current_user.id}
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(own["company"]),))
        yield conn.cursor(row_factory=namedtuple_row), own
