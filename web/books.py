"""What a screen does with the books: `do` a command, `read` a state, of the company that is open, as who is there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Flask, abort, current_app, g, request
from flask_security import current_user
from markupsafe import Markup

from web import forms
from web.accounts.store import Membership

ONLY_READ = {"inspector"}


class NoCompany(Exception):
    """The person is signed in but no company is open in her session: she must choose one."""


def init(app: Flask, books: Any, engine: Any) -> None:
    app.extensions["books"], app.extensions["engine"] = books, engine
    app.jinja_env.globals.update(command_field=command_field)


def do(use_case: Callable[..., Any], **facts: Any) -> Any:
    """Carries out a use case; twice the same form does it once. Errors: `DomainError`, for the error handler."""
    if role() in ONLY_READ:
        abort(403)
    books = current_app.extensions["books"]
    return books.do(use_case, company(), forms.uuid(request.form["command_id"]), current_user.actor, **facts)


def new_id(what: str = "") -> UUID:
    """The id of what the posted form makes: the same however often it is sent. `what` parts several of one form."""
    return uuid5(forms.uuid(request.form["command_id"]), what)


def read(company_id: UUID | None = None) -> AbstractContextManager[Any]:
    """The read models, caught up, in one read-only transaction; of another company only for the switcher."""
    return current_app.extensions["engine"].read(company_id or company())  # type: ignore[no-any-return]


def company() -> UUID:
    """The company that is open in this session."""
    return _membership().company_id


def role() -> str:
    """What the person is in that company."""
    return _membership().role


def command_field() -> Markup:
    """The hidden field that makes a form count once: double click, back button, a lost answer."""
    command_id = request.form.get("command_id") or uuid4()
    return Markup('<input type="hidden" name="command_id" value="{}">').format(command_id)


def _membership() -> Membership:
    membership: Membership | None = g.membership
    if membership is None:
        raise NoCompany
    return membership
