"""PostgreSQL under Probant: its own server, or the one of `PROBANT_DATABASE_URL`; and pools of connections to it."""

from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from ledger import embedded, external
from ledger.settings import Settings

Pool = ConnectionPool[Connection[TupleRow]]


@dataclass(frozen=True)
class Server:
    """A server that runs. `passwords` of our roles are needed by an external one only."""

    admin: str
    passwords: dict[str, str] = field(default_factory=dict, repr=False)

    def uri(self, role: str) -> str:
        """The address for `postgres` (the administrator), `probant_web`, `probant_job` or `probant_audit`."""
        if role == "postgres":
            return self.admin
        return make_conninfo(self.admin, user=role, password=self.passwords.get(role))


def start(settings: Settings) -> Server:
    """Our own server, started or joined; or the external one, when its version is one we know."""
    if settings.database_url:
        external.check_version(settings.database_url)
        return Server(settings.database_url, external.passwords(settings))
    return Server(embedded.start(settings))


def stop(settings: Settings) -> None:
    """We no longer use the server: our own stops after its last user."""
    if not settings.database_url:
        embedded.stop(settings)


def pool(server: Server, role: str, **sizes: Any) -> Pool:
    """Open connections of `role`. In autocommit: the unit of work sends BEGIN and COMMIT inside its own exchanges."""
    return ConnectionPool(server.uri(role), kwargs={"autocommit": True}, open=True, **sizes)
