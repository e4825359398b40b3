"""« Vie du document »: each entry of the ledger as one French sentence, who made it, when, and its fingerprint."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from projections.register import Entry
from web import people
from web.places import Link, beside, place
from web.sentences import sentence

OF_USERS = (  # types whose `subject_id` is a user
    "security.sign_in_failed", "security.session_expired", "security.rights_granted", "security.rights_withdrawn",
)  # fmt: skip


class Moment(NamedTuple):
    """A line of a timeline; `hash` in hex, `pos` opens the entry. `place`: the page of what `text` says; `beside`: what
    it speaks of without a name; `client`: whom it concerns, or which user, where not said.
    """

    pos: int
    at: datetime
    text: str
    who: str
    hash: str
    client: str
    place: str
    beside: tuple[Link, ...]


def moments(entries: Iterable[Entry]) -> list[Moment]:
    """The entries in their order."""
    told = list(entries)
    names = people.names([*(entry.actor for entry in told), *(user for entry in told if (user := _user(entry)))])
    return [
        Moment(
            entry.pos, entry.at, sentence(entry), names[entry.actor], entry.hash, names.get(_user(entry), entry.client),
            place(entry), beside(entry),
        )
        for entry in told
    ]  # fmt: skip


def _user(entry: Entry) -> str:
    """The user that an entry is about, as an actor; empty when there is none."""
    return f"user:{entry.facts.subject_id}" if entry.type in OF_USERS else ""
