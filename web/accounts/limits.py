"""How often something may be tried: the fixed-window counters of Flask-Limiter, kept in PostgreSQL for all processes.

`limits` knows Redis, Memcached and MongoDB, not PostgreSQL; one unlogged table does, at 0.2 ms an attempt.
"""

import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any, LiteralString, NamedTuple

from flask import Flask, current_app, g, request
from flask_babel import format_timedelta
from flask_limiter import Limiter, RateLimitExceeded
from flask_login import user_logged_in
from flask_security import current_user
from limits.storage import Storage
from psycopg_pool import ConnectionPool

from web.accounts import second, tries
from web.accounts.store import Store, User
from web.errors import TooOften
from web.reminders.index import BOX

SIGN_IN = "5 per minute; 20 per hour"  # of one network
PASSWORDS = "10 per minute; 40 per hour"  # of one person, who is signed in
MAILING = (
    "sending.invoice", "sending.quote", "outbox.send_again", "tickets.reply", "ideas.propose", "reminding.send",
    "reminders.send_all", "formal_notices.send",
)  # fmt: skip
INVITING = ("team.invite", "inspection.inspectors.invite")  # they mail once the password came with them
INVITING_AGAIN = ("team.mail_again", "inspection.inspectors.mail_again")
MAILS = "30 per minute; 300 per hour"  # of one person
COMPANY_MAILS, COMPANY_INVITATIONS = "1000 per day", "20 per hour; 50 per day"  # of one company, whoever asks
STRANGERS = ("public.", "fingerprints.")
DOOR = {  # of one network
    "invitations.join": "20 per hour", "second.ask_passkey": "20 per minute", "second.check_passkey": "20 per minute",
    "sign_up.create": "20 per hour", "sign_up.resend": "5 per hour", "confirming.confirm": "10 per minute; 40 per hour",
    "reset.send": "10 per hour", "reset.change": "20 per hour", "first_run.ask": "20 per hour",
    "contact.send": "20 per hour", "account.email.revert": "20 per hour",
}  # fmt: skip
DOOR_MAILING, DOOR_MAILS = ("sign_up.create", "reset.send", "contact.send"), "10 per hour"  # to one address
VISITS = "60 per minute; 600 per hour"  # of one network to the client's pages: nobody tries tokens out
TOO_MANY = (
    "Votre société a envoyé beaucoup de messages aujourd’hui : ceux-ci ne partent pas. Les envois reprennent demain."
)
TOO_MANY_INVITATIONS = "Votre société a envoyé beaucoup d’invitations : celle-ci ne part pas. Recommencez plus tard."


class Rate(NamedTuple):
    """How often, of whom; `scope`: addresses that count together; `told`: the sentence when it is too often."""

    often: str
    whose: Callable[[], str]
    scope: str = ""
    told: str = ""
    cost: int = 1


class PostgresStorage(Storage):
    """Registers itself for the addresses `probant-limits://`; the pool comes by `storage_options`."""

    STORAGE_SCHEME = ["probant-limits"]  # noqa: RUF012 - the library declares it so

    def __init__(self, uri: str, wrap_exceptions: bool = False, *, pool: ConnectionPool[Any]) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self.pool = pool

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return int(self._value(
            "INSERT INTO accounts.limits AS l VALUES (%s, %s, now() + make_interval(secs => %s))"
            " ON CONFLICT (key) DO UPDATE SET"
            " hits = CASE WHEN l.until <= now() THEN excluded.hits ELSE l.hits + excluded.hits END,"
            " until = CASE WHEN l.until <= now() THEN excluded.until ELSE l.until END RETURNING hits",
            key, amount, expiry,
        ))  # fmt: skip

    def get(self, key: str) -> int:
        return int(self._value("SELECT hits FROM accounts.limits WHERE key = %s AND until > now()", key) or 0)

    def get_expiry(self, key: str) -> float:
        until = self._value("SELECT extract(epoch FROM until)::float8 FROM accounts.limits WHERE key = %s", key)
        return float(until or time.time())

    def check(self) -> bool:
        return self._value("SELECT true") is True

    def reset(self) -> int:
        return int(self._value("WITH gone AS (DELETE FROM accounts.limits RETURNING 1) SELECT count(*) FROM gone"))

    def clear(self, key: str) -> None:
        self._value("DELETE FROM accounts.limits WHERE key = %s RETURNING true", key)

    def _value(self, query: LiteralString, *parameters: Any) -> Any:
        with self.pool.connection() as conn:
            row = conn.execute(query, parameters).fetchone()
        return row[0] if row else None


def init(app: Flask, pool: ConnectionPool[Any]) -> None:
    """Beyond what `rates` says, and while a try at an account waits, a page says 429."""
    options: Any = {"pool": pool}  # typed by the library as text only
    limiter = Limiter(network, app=app, storage_uri="probant-limits://", storage_options=options)

    @app.before_request
    def slow_down() -> None:
        for rate in rates():
            with ExitStack() as held:
                try:
                    held.enter_context(limiter.limit(
                        rate.often, key_func=rate.whose, scope=rate.scope or None, cost=rate.cost
                    ))  # fmt: skip
                except RateLimitExceeded as beyond:
                    raise (TooOften(rate.told) if rate.told else beyond) from None
        if request.method == "POST":
            wait_for_account(pool)

    def came_in(_: Flask, user: User, **__: Any) -> None:
        with pool.connection() as conn:
            tries.forget(conn, tries.password_key(user), tries.code_key(user))

    user_logged_in.connect(came_in, app, weak=False)


def rates() -> Iterator[Rate]:
    """Those that hold for this request."""
    endpoint = request.endpoint or ""
    if endpoint.startswith(STRANGERS):
        yield Rate(VISITS, network)
    if request.method != "POST":
        return
    if endpoint in ("security.login", "second.check"):
        yield Rate(SIGN_IN, network)
    if endpoint in DOOR:
        yield Rate(DOOR[endpoint], network)
    if endpoint in DOOR_MAILING and request.form.get("email"):  # who is signed in types none
        yield Rate(DOOR_MAILS, account)
    if "current" in request.form:  # the password, asked again
        yield Rate(PASSWORDS, person)
    if endpoint in INVITING_AGAIN or (endpoint in INVITING and "current" in request.form):
        yield Rate(MAILS, person)
        yield Rate(COMPANY_INVITATIONS, company, "invitations", TOO_MANY_INVITATIONS)
    if endpoint in MAILING or request.form.get("envoyer"):
        yield Rate(MAILS, person)
        yield Rate(
            COMPANY_MAILS, company, "mails", TOO_MANY, max(1, sum(name.startswith(BOX) for name in request.form))
        )


def wait_for_account(pool: ConnectionPool[Any]) -> None:
    """Errors: `TooOften`, for a password or a code that comes too soon after wrong ones."""
    if request.endpoint == "security.login":
        user, what = Store(pool).identify(_typed()), "mots de passe"
        key = _key(user)
    elif request.endpoint == "second.check" and (user := second.waiting()):
        what, key = "codes", tries.code_key(user)
    else:
        return
    tried = tries.begin(pool, key)
    if tried.wait:
        wait = format_timedelta(timedelta(seconds=tried.wait), granularity="second", threshold=2)
        raise TooOften(
            f"Trop d’essais sur ce compte : le prochain est possible dans {wait}. « Mot de passe oublié » et une clé"
            " d’accès n’attendent pas.",
            retry_after=tried.wait,
        )
    if tried.hits == tries.ALERT + 1:
        tries.tell(pool, user, what)


def company() -> str:
    """The company that is open; the person, where none is."""
    return f"company:{g.membership.company_id}" if g.get("membership") else person()


def person() -> str:
    """The person who is signed in; the caller's network when nobody is."""
    return f"user:{current_user.id}" if current_user.is_authenticated else network()


def network() -> str:
    """The address of the caller; of an IPv6 one its /64, which is one subscriber."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return f"net:{address if address.version == 4 else ip_network((address, 64), strict=False)}"


def account() -> str:
    """The account that is tried, under whatever name of it; hashed, when there is none: people type their password into
    the wrong field.
    """
    return _key(Store(current_app.extensions["pool"]).identify(_typed()))


def _key(user: User | None) -> str:
    return tries.password_key(user) if user else f"nobody:{sha256(_typed().casefold().encode()).hexdigest()}"


def _typed() -> str:
    return unicodedata.normalize("NFC", request.form.get("email", "").strip())
