"""What a screen does with the books: `do` a command, `read` a state, of the company that is open, as who is there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Flask, current_app, flash, g, request
from flask_security import current_user
from markupsafe import Markup

from web import forms, roles
from web.accounts.store import Membership
from web.subscriptions import standing


class NoCompany(Exception):
    """The person is signed in but no company is open in her session: she must choose one."""


def init(app: Flask, books: Any, engine: Any) -> None:
    app.extensions["books"], app.extensions["engine"] = books, engine
    app.jinja_env.globals.update(command_field=command_field)


def do(use_case: Callable[..., Any], **facts: Any) -> Any:
    """Carries out a use case; twice the same form does it once. Errors: `DomainError`, for the error handler."""
    command_id, pool = forms.uuid(request.form["command_id"]), current_app.extensions["pool"]
    with pool.connection() as conn:
        standing.check(conn, company(), command_id, use_case.__name__, facts.get("invoice_id"))
    answer = current_app.extensions["books"].do(use_case, company(), command_id, current_user.actor, **facts)
    with pool.connection() as conn:
        if warning := standing.warning(conn, company(), use_case.__name__):
            flash(warning)
    return answer


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


def allowed(need: str) -> bool:
    """Whether the person may do there what needs `need` (see `roles`): whether its button is worth showing."""
    return bool(g.get("membership")) and roles.may(role(), need)


def command_field() -> Markup:
    """The hidden field that makes a form count once: double click, back button, a lost answer."""
    command_id = request.form.get("command_id") or uuid4()
    return Markup('<input type="hidden" name="command_id" value="{}">').format(command_id)


def _membership() -> Membership:
    membership: Membership | None = g.membership
    if membership is None:
        raise NoCompany
    return membership
