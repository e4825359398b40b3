"""The one place where a role is held against what an address needs, before its view is asked."""

from flask import Flask, abort, g, request
from flask_security import current_user

from web import roles
from web.accounts.sign_in import OPEN_TO_ALL
from web.books import NoCompany


def init(app: Flask) -> None:
    app.before_request(refuse)


def refuse() -> None:
    """403 for a role that may not; without a company, a page is left to say so and a form leads to the list of them."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_TO_ALL or not current_user.is_authenticated:
        return
    need = roles.need_of(endpoint, request.method)
    if need in (roles.SELF, roles.LOOK):
        return  # every member may look; who is none has no company open
    if g.membership is None:
        raise NoCompany
    if not roles.may(g.membership.role, need):
        abort(403)
