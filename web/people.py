"""Who made an entry, as a person reads it: the ledger says `user:<id>`, the accounts know the name today."""

from collections.abc import Iterable
from uuid import UUID

from flask import current_app

SYSTEM = "Probant"
GONE = "un ancien utilisateur"
OTHERS = {"user": GONE, "client": "le client, par son lien"}


def names(actors: Iterable[str]) -> dict[str, str]:
    """The name of each actor: a user's, the client's who holds a link, or the program's own."""
    wanted = set(actors)
    ids = [UUID(actor.removeprefix("user:")) for actor in wanted if actor.startswith("user:")]
    found: dict[str, str] = {}
    if ids:
        with current_app.extensions["pool"].connection() as conn:
            rows = conn.execute("SELECT id, username FROM accounts.users WHERE id = ANY (%s)", [ids]).fetchall()
        found = {f"user:{user_id}": name for user_id, name in rows}
    return {actor: found.get(actor) or OTHERS.get(actor.partition(":")[0], SYSTEM) for actor in wanted}
