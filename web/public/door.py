"""Who comes in without an account: whoever holds the token of a link that is good. Everything else gets one answer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from psycopg.rows import class_row

from projections.tx import Row, Tx
from web import forms
from web.public import tokens


class Link(Row, frozen=True):
    """A link that is good: to one document of one company, for one client."""

    company_id: UUID
    id: UUID
    kind: str
    document_id: UUID
    revision: int
    client_id: UUID
    expires_at: datetime

    @property
    def actor(self) -> str:
        return f"client:{self.client_id}"


def by_link(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view of `/d/<token>…`: it gets the `link`. Unknown, altered, expired, revoked: the same 404."""

    @wraps(view)
    def viewed(token: str, **arguments: Any) -> Any:
        link = _link(token)
        return gone() if link is None else view(link=link, **arguments)

    return viewed


def gone() -> Response:
    return make_response(render_template("public/gone.html"), 404)


def address(endpoint: str) -> str:
    """Of another page behind the same link."""
    return url_for(endpoint, token=(request.view_args or {})["token"])


def reading(link: Link) -> AbstractContextManager[Tx]:
    """The read models of the link's company."""
    return current_app.extensions["engine"].read(link.company_id)  # type: ignore[no-any-return]


def do(link: Link, use_case: Callable[..., Any], **facts: Any) -> Any:
    """Carries out a use case as the client, once for each form. Errors: `DomainError`."""
    command_id = forms.uuid(request.form["command_id"])
    return current_app.extensions["books"].do(use_case, link.company_id, command_id, link.actor, **facts)


def mark(link: Link, change: str) -> None:
    """Notes what a link did: `change` is one of `MARKS`."""
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", [str(link.company_id)])
        conn.execute(MARKS[change], [link.company_id, link.id])


MARKS = {
    "seen": "UPDATE accounts.links SET seen_at = now() WHERE company_id = %s AND id = %s",
    "downloaded": (
        "UPDATE accounts.links SET seen_at = now(), downloads = downloads + 1, downloaded_at = now()"
        " WHERE company_id = %s AND id = %s"
    ),
}


def unindexed(bp: Blueprint) -> None:
    """No search engine keeps what a blueprint answers."""

    @bp.after_request
    def say_so(response: Response) -> Response:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response


def _link(token: str) -> Link | None:
    if not tokens.FORM.fullmatch(token):
        return None
    with current_app.extensions["pool"].connection() as conn:
        cursor = conn.cursor(row_factory=class_row(Link))
        digest = bytes.fromhex(tokens.hashed(token))
        found: Link | None = cursor.execute("SELECT * FROM accounts.link(%s)", [digest]).fetchone()
    return found
