"""Sign-in and sign-out by Flask-Security, with our form and our page; nothing else of it is switched on."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, request, session, url_for
from flask_security import LoginForm, Security, current_user
from psycopg_pool import ConnectionPool
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from web import access
from web.accounts.store import MEMORY_KIB, PARALLELISM, SHORTEST_PASSWORD, TIME_COST, Store, User

OPEN_TO_ALL = {
    "static", "security.login", "second.ask", "second.check", "second.ask_passkey", "second.check_passkey",
    "invitations.show_", "invitations.accept", "invitations.join", "account.email.show_", "account.email.confirm",
    "account.email.revert_", "account.email.revert",
    "health.show", "appearance.choose", "installation.show",
    "legal.notice", "legal.privacy", "legal.hosting", "legal.cookies",
    "stopping.ask", "stopping.stop",  # from a mail: their address is a secret
    "help.index", "help.page", "contact.ask", "contact.send", "news.changes",
    # the client's page: each asks for the token of a link, or tells of a fingerprint only that it is there
    "public.show", "public.seen", "public.download", "public.accept", "public.decline",
    "public.proof", "public.proof_file", "public.proof_entry", "fingerprints.ask", "fingerprints.look",
    # the door: offers, terms, sign-up, confirmation, a forgotten password
    "plans.index", "plans.terms", "sign_up.form", "sign_up.create", "sign_up.sent", "sign_up.resend",
    "confirming.show", "confirming.confirm", "reset.ask", "reset.send", "reset.sent", "reset.show", "reset.change",
}  # fmt: skip
CONFIG: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__time_cost": TIME_COST,
        "argon2__memory_cost": MEMORY_KIB,
        "argon2__parallelism": PARALLELISM,
    },
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],  # of link tokens: the default takes 300 ms and tells accounts by time
    "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
    "SECURITY_RETURN_GENERIC_RESPONSES": True,  # the same sentence for a wrong name and a wrong password
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_CONFIRM_EMAIL_WITHIN": timedelta(hours=24),
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(minutes=20),
    "SECURITY_LOGIN_URL": "/connexion",
    "SECURITY_LOGOUT_URL": "/deconnexion",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/connexion",
    "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_FRESHNESS": timedelta(minutes=-1),  # its page that asks the password again: ours is `step_up`
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
    "BABEL_DEFAULT_LOCALE": "fr",
}


class SignIn(LoginForm):
    """One field for the name or the address; « remember me » is gone, since our sessions are rows with their own end.

    The field is called `email` because the library makes the messages of that one indistinct.
    """

    email = StringField(validators=[DataRequired("À remplir."), Length(max=320)])  # type: ignore[assignment]  # see above
    unconfirmed = False
    remember = None  # type: ignore[assignment]  # how WTForms removes an inherited field

    def validate(self, **kwargs: Any) -> bool:
        self.ifield = self.email
        self.user = _store().identify(self.email.data or "")
        known = self.user.id if self.user else None
        if super().validate(**kwargs):
            return self._confirmed(cast(User, self.user))
        access.note(_store().pool, "sign_in_failed", None, known)
        return False

    def _confirmed(self, user: User) -> bool:
        """Somebody whose address waits for its confirmation stays outside; the page offers the mail once more."""
        self.unconfirmed = user.confirmed_at is None
        if self.unconfirmed:
            session["unconfirmed"] = str(user.id)
        return not self.unconfirmed


def init(app: Flask, pool: ConnectionPool[Any], salt: str) -> None:
    """No page is seen by a stranger but those of `OPEN_TO_ALL`."""
    app.config.update(CONFIG, SECURITY_PASSWORD_SALT=salt)
    Security(app, Store(pool), login_form=SignIn)
    app.before_request(ask_who)


def ask_who() -> AnyResponse | None:
    """Sends a stranger to the sign-in page, and back to her page afterwards."""
    if request.endpoint in OPEN_TO_ALL or current_user.is_authenticated:
        return None
    if "HX-Request" in request.headers:  # htmx would put the sign-in page inside a table
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))
        return Response(status=401, headers={"HX-Redirect": url_for("security.login", next=page.path)})
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=None if asked == "/" else asked), 303)


def _store() -> Store:
    return cast(Store, current_app.extensions["security"].datastore)
