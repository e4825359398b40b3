"""How often something may be tried: the fixed-window counters of Flask-Limiter, kept in PostgreSQL for all processes.

`limits` knows Redis, Memcached and MongoDB, not PostgreSQL; one unlogged table does, at 0.2 ms an attempt.
"""

import time
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any, LiteralString

from flask import Flask, request
from flask_limiter import Limiter
from flask_security import current_user
from limits.storage import Storage
from psycopg_pool import ConnectionPool

from web.accounts.second import waiting_account

SIGN_IN = "5 per minute; 20 per hour"
PASSWORDS = "10 per minute; 40 per hour"  # of one person, who is signed in
MAILING = ("sending.invoice", "sending.quote", "outbox.send_again", "tickets.reply", "ideas.propose")
MAILS = "30 per minute; 300 per hour"  # of one person
STRANGERS = ("public.", "fingerprints.")
DOOR = {  # of one network
    "invitations.join": "20 per hour", "second.ask_passkey": "20 per minute", "second.check_passkey": "20 per minute",
    "sign_up.create": "20 per hour", "sign_up.resend": "5 per hour", "confirming.confirm": "10 per minute; 40 per hour",
    "reset.send": "10 per hour", "reset.change": "20 per hour", "first_run.ask": "20 per hour",
    "contact.send": "20 per hour",
}  # fmt: skip
DOOR_MAILING, DOOR_MAILS = ("sign_up.create", "reset.send", "contact.send"), "10 per hour"  # to one address
VISITS = "60 per minute; 600 per hour"  # of one network to the client's pages: nobody tries tokens out


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
    """Limits sign-in by network and by account, mails by person, client's pages by network; beyond, a page says 429."""
    options: Any = {"pool": pool}  # typed by the library as text only
    limiter = Limiter(network, app=app, storage_uri="probant-limits://", storage_options=options)

    @app.before_request
    def slow_down() -> None:
        if request.endpoint == "security.login" and request.method == "POST":
            with limiter.limit(SIGN_IN, key_func=network), limiter.limit(SIGN_IN, key_func=account):
                pass
        elif request.method == "POST" and (rate := DOOR.get(request.endpoint or "")):
            with limiter.limit(rate, key_func=network):
                if request.endpoint in DOOR_MAILING and request.form.get("email"):  # who is signed in types none
                    with limiter.limit(DOOR_MAILS, key_func=account):
                        pass
        elif request.method == "POST" and request.endpoint == "second.check":
            with limiter.limit(SIGN_IN, key_func=network), limiter.limit(SIGN_IN, key_func=waiting_account):
                pass
        elif request.method == "POST" and "current" in request.form:  # the password, asked again
            with limiter.limit(PASSWORDS, key_func=person):
                pass
        elif request.method == "POST" and (request.endpoint in MAILING or request.form.get("envoyer")):
            with limiter.limit(MAILS, key_func=person):
                pass
        elif (request.endpoint or "").startswith(STRANGERS):
            with limiter.limit(VISITS, key_func=network):
                pass


def person() -> str:
    """The person who is signed in; the caller's network when nobody is."""
    return f"user:{current_user.id}" if current_user.is_authenticated else network()


def network() -> str:
    """The address of the caller; of an IPv6 one its /64, which is one subscriber."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return f"net:{address if address.version == 4 else ip_network((address, 64), strict=False)}"


def account() -> str:
    """The account that is tried, hashed: people type their password into the wrong field."""
    typed = request.form.get("email", "").strip().casefold()
    return f"account:{sha256(typed.encode('utf-8', 'replace')).hexdigest()}"
