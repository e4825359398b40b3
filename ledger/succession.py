"""The keys that a ledger names for its checkpoints, one after the other (ledger-format.md § 5).

A note is signed by the key of its time. The note of exactly the size of a `signer.declared` carries both keys' lines:
so the old key vouches for the new one. Where it does not, after a loss or a theft, the succession is broken, and
whoever holds the old key only has to get the new one from elsewhere.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger import checkpoint
from ledger.checkpoint import Checkpoint
from ledger.note import SIGNS, Key, Note, NoteRefused

Conn = Connection[TupleRow]
DECLARED = """
    SELECT pos, line FROM ledger.entry
     WHERE company_id = %(company)s AND (pos = 1 OR type = 'signer.declared') ORDER BY pos
    """
NOTES = "SELECT size, note FROM ledger.checkpoint WHERE company_id = %s AND size = ANY (%s)"


@dataclass(frozen=True)
class Named:
    """A key that signs from the entry `pos` on. `text`: as the ledger writes it; `public`: empty when that is no key.

    `cause`: why it follows the one before, whose notes count up to `valid_to` entries.
    """

    pos: int
    text: str
    public: bytes
    cause: str = ""
    valid_to: int = 0


@dataclass(frozen=True)
class Succession:
    """`keys` in their order; `bridges`: positions of declarations whose note both keys signed."""

    keys: tuple[Named, ...]
    bridges: frozenset[int]

    @property
    def current(self) -> Named:
        return self.keys[-1]

    @property
    def names_none(self) -> bool:
        return not any(key.public for key in self.keys)

    @property
    def breaks(self) -> list[Named]:
        """Keys that the one before does not vouch for."""
        return [key for key in self.keys[1:] if key.pos not in self.bridges]

    def at(self, size: int) -> Named:
        """The key of the time when a ledger had so many entries."""
        return [key for key in self.keys if key.pos <= size][-1]

    def signing(self, note: Note, origin: str, size: int) -> list[Named]:
        """The keys that signed a note, of its time or later: a later one vouches for all that was before."""
        since = self.keys.index(self.at(size))
        return [key for key in self.keys[since:] if key.public and note.signed_by(Key(origin, SIGNS, key.public))]

    def trusts(self, key: Named, size: int) -> bool:
        """Whether a note of that key may count so many entries: not after it was lost or stolen."""
        after = self.keys.index(key) + 1
        return after == len(self.keys) or size <= self.keys[after].valid_to

    def leads(self, public: bytes, to: Named) -> bool:
        """Whether who holds the key `public` can believe in `to`: it is that one, or follows it without a break."""
        held = [index for index, key in enumerate(self.keys) if key.public == public]
        follows = self.keys[held[0] + 1 : self.keys.index(to) + 1] if held else ()
        return bool(held) and (to.public == public or (bool(follows) and all(k.pos in self.bridges for k in follows)))


def named(conn: Conn, company: UUID) -> Succession:
    """Of the ledger that the connection sees. A line that is damaged names no key: `verify` tells where."""
    keys: list[Named] = []
    for pos, line in conn.execute(DECLARED, {"company": company}):
        keys.append(_named(pos, line))
    pairs = {new.pos: (old, new) for old, new in pairwise(keys) if new.cause == "rotation"}
    notes = conn.execute(NOTES, (company, [*pairs])).fetchall() if pairs else []
    bridges = frozenset(size for size, note in notes if _both(note, *pairs[size]))
    return Succession(tuple(keys) or (Named(1, "", b""),), bridges)


def key_of(conn: Conn, company: UUID, point: Checkpoint) -> str:
    """The verifier key of the time of a checkpoint, under the name of its history; what is no key, as it is written."""
    found = named(conn, company).at(point.size)
    return str(Key(point.origin, SIGNS, found.public)) if found.public else found.text


def _named(pos: int, line: str) -> Named:
    try:
        told = json.loads(line)["data"]
        text, cause, valid_to = str(told.get("signer", "")), str(told.get("cause", "")), told.get("valid_to_pos", 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Named(pos, "", b"")
    valid_to = valid_to if isinstance(valid_to, int) else 0
    try:
        return Named(pos, text, Key.read(text).public, cause, valid_to)
    except NoteRefused:
        return Named(pos, text, b"", cause, valid_to)


def _both(text: str, old: Named, new: Named) -> bool:
    try:
        point, note = checkpoint.read(text.encode())
    except NoteRefused:
        return False
    return all(key.public and note.signed_by(Key(point.origin, SIGNS, key.public)) for key in (old, new))
