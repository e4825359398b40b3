"""Events of security on their way into the ledger. A job records them: nobody waits for it, and a ledger that takes no
entry, or is not there, keeps nobody out.
"""

import logging
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask import Flask, Response, g, request
from flask_security import current_user
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool
from werkzeug.http import parse_options_header

NOBODY = UUID(int=0)
GIVEN = (200, 206)
LISTS = ("text/csv", "text/tab-separated-values")  # the second: the accounting file
log = logging.getLogger(__name__)


def init(app: Flask, pool: ConnectionPool[Any]) -> None:
    """Each file that an inspector downloads becomes an entry; and each list that anybody exports."""

    @app.after_request
    def taken(answer: Response) -> Response:
        mine = g.get("membership")
        if mine and answer.status_code in GIVEN and "Content-Disposition" in answer.headers:
            place = (request.endpoint or "").replace(".", ":")
            what = [str(value) for value in (request.view_args or {}).values()][-1:]
            if mine.role == "inspector":
                thing = {"thing": what[0][:64]} if what else {}
                note(pool, "file_taken", mine.company_id, current_user.id, place=place, **thing)
            elif answer.mimetype in LISTS:
                note(pool, "list_exported", mine.company_id, current_user.id, place=place, thing=_stem(answer))
        return answer


def _stem(answer: Response) -> str:
    """The name of the file, without its kind."""
    name = str(parse_options_header(answer.headers["Content-Disposition"])[1].get("filename", ""))
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name.rpartition(".")[0])[:64] or "liste"


def note(pool: ConnectionPool[Any], what: str, company_id: UUID | None, user_id: UUID | None, **ids: str) -> None:
    """Asks for the entry of what just happened. Without a company: in each that the user is a member of. It costs the
    same when there is no such user, so that a stranger learns nothing by the clock. Never an error.
    """
    facts = {
        "what": what, "user_id": str(user_id or NOBODY), "access_id": str(uuid4()),
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), **ids,
    }  # fmt: skip
    try:
        with pool.connection() as conn:
            conn.execute(
                "SELECT jobs.defer(%s, '{note_access}', %s, current_date)", (company_id or NOBODY, [Jsonb(facts)])
            )
    except psycopg.Error:
        log.exception("%s could not be noted", what)
