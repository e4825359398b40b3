"""The account deleted by its person: archive first, what stays is said, what may go goes.

What she wrote in ledgers stays under an id that names nobody. A company where others work needs another owner before.
"""

import logging
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_login import logout_user
from flask_security import current_user
from psycopg.rows import class_row
from werkzeug.wrappers import Response

from domain.access import AccountStillOpen, LastOwner
from ledger.commands.members import leave_for_good
from ledger.errors import LedgerReadOnly
from web import forms, frame
from web.account.page import ask_password
from web.accounts import members, store
from web.accounts.store import pool
from web.books import new_id
from web.errors import again
from web.mail import notices
from web.pages import show
from web.subscriptions import changes

MINE = """
    SELECT company_id, role FROM accounts.memberships
     WHERE user_id = %s AND (until_at IS NULL OR until_at > now()) ORDER BY from_at, company_id
    """  # those that begin later are left too
LEAVE = """
    UPDATE accounts.memberships
       SET from_at = least(from_at, now()),
           until_at = greatest(now(), least(from_at, now()) + interval '1 microsecond')
     WHERE company_id = %s AND user_id = %s
    """
log = logging.getLogger(__name__)

bp = Blueprint("closing", __name__, url_prefix="/supprimer")


class Company(NamedTuple):
    """One that she would leave; `others` are in it; `alone`: as its last owner."""

    id: UUID
    name: str
    role: str
    others: int
    alone: bool

    @property
    def held(self) -> bool:
        """Whether another owner is needed first."""
        return self.alone and self.others > 0


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    return show(
        "account/closing.html", companies=mine(), open_id=g.membership and g.membership.company_id,
        errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("")
def ask() -> str:
    return page()


@bp.post("")
@again(page)
def close() -> Response:
    fields = forms.Fields(request.form)
    ask_password(fields)
    if "sure" not in request.form:
        fields.refuse("sure", "Cochez cette case pour supprimer le compte.")
    fields.check()
    held = [company for company in mine() if company.held]
    if held:
        raise LastOwner(current_user.id)
    for company in mine():
        _leave(company.id)
    forget(current_user.id, current_user.email)
    g.membership = None  # no sign-out is recorded where she is no member any more
    logout_user()
    flash("Votre compte est supprimé.")
    return redirect(url_for("security.login"), 303)


def forget(user_id: UUID, email: str) -> None:
    """All or nothing. Errors: `AccountStillOpen`: a company was opened to her meanwhile."""
    with pool().connection() as conn, conn.transaction():
        conn.execute("SELECT support.forget(%s)", [user_id])
        changes.leave(conn, user_id)
        row = conn.execute("SELECT accounts.forget_user(%s)", [user_id]).fetchone()
        if not row or not row[0]:
            raise AccountStillOpen(user_id)
        notices.send(conn, email, "account_closed")


def mine() -> list[Company]:
    with pool().connection() as conn, conn.cursor(row_factory=class_row(store.Membership)) as cursor:
        found = cursor.execute(MINE, [current_user.id]).fetchall()
    return [_company(one) for one in found]


def _company(one: store.Membership) -> Company:
    others = [m for m in members.every(pool(), one.company_id) if m.id != current_user.id and m.role != "inspector"]
    alone = one.role == "owner" and not any(m.role == "owner" for m in others)
    return Company(one.company_id, frame.name_of(one.company_id), one.role, len(others), alone)


def _leave(company_id: UUID) -> None:
    """With its entry; a ledger that takes none keeps nobody."""
    command_id = new_id(f"leave {company_id}")
    try:
        current_app.extensions["books"].do(
            leave_for_good, company_id, command_id, current_user.actor, access_id=command_id,
            subject_id=current_user.id,
        )  # fmt: skip
    except LedgerReadOnly:
        log.warning("the ledger %s is read-only: that a member left is not in it", company_id)
        with pool().connection() as conn:
            conn.execute(LEAVE, [company_id, current_user.id])
