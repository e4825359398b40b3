"""Checkpoints against a ledger: one that a reader holds, and those that the database keeps of itself.

A chain proves only that it fits itself. A checkpoint that left the machine proves which chain it was.
"""

import json
from collections.abc import Iterator
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit.finding import Finding
from ledger import checkpoint, checkpoints
from ledger.checkpoint import Checkpoint
from ledger.merkle import Frontier
from ledger.note import SIGNS, Key, Note, NoteRefused
from ledger.tree import tree

Conn = Connection[TupleRow]
OPENED = "SELECT line FROM ledger.entry WHERE company_id = %s AND pos = 1"
PLACE = "SELECT encode(hash, 'hex'), substr(line, 8, 27) FROM ledger.entry WHERE company_id = %s AND pos = %s"
KEPT = "SELECT size, note FROM ledger.checkpoint WHERE company_id = %s ORDER BY size"
HASHES = """
    SELECT pos, hash, CASE WHEN pos = ANY (%(sizes)s) THEN substr(line, 8, 27) END FROM ledger.entry
     WHERE company_id = %(company)s AND pos <= %(last)s ORDER BY pos
    """


def held(conn: Conn, company: UUID, raw: bytes, key: Key | None = None) -> Iterator[Finding]:
    """What a checkpoint that the reader holds says against this ledger. `key`: one that she has from elsewhere.

    Errors: `NoteRefused` when it is no checkpoint.
    """
    asked, note = checkpoint.read(raw)
    if asked.ledger != str(company):
        yield Finding(asked.size, "checkpoint_foreign", {"ledger": asked.ledger})
        return
    if key is None:
        yield Finding(asked.size, "key_unconfirmed")
    if not _signed(note, asked, key or declared_key(conn, company)):
        yield Finding(asked.size, "checkpoint_key", {"size": asked.size})
        return
    yield from history(conn, company, asked)


def history(conn: Conn, company: UUID, asked: Checkpoint) -> Iterator[Finding]:
    """Whether the entries that a checkpoint counts are those of this ledger; its signature is not looked at."""
    where = checkpoints.head(conn, company)
    for restored in checkpoints.restored(conn, company):
        begins = checkpoint.history(restored.origin)
        if asked.history < begins and restored.kept_pos < asked.size <= restored.known_size:
            yield Finding(restored.kept_pos + 1, "forked", {"size": asked.size})
            return
    if asked.size > where.pos:
        yield Finding(where.pos + 1, "checkpoint_lost", {"last": asked.size, "lost": asked.size - where.pos})
    elif tree(conn, company).root(asked.size) != asked.root:
        yield Finding(asked.size, "checkpoint_differs", {"size": asked.size})
    elif conn.execute(PLACE, (company, asked.size)).fetchone() != (asked.head, asked.at):
        yield Finding(asked.size, "checkpoint_place", {"size": asked.size})


def kept(conn: Conn, company: UUID) -> Iterator[Finding]:
    """Whether the checkpoints in the database are signed by the ledger's key, and each is of a beginning of it.

    Reads the hash of every entry up to the last of them; the first that differs is told with the place where the one
    before still agreed.
    """
    rows = conn.execute(KEPT, (company,)).fetchall()
    if not rows:
        return
    key, sound = declared_key(conn, company), {}
    for size, text in rows:
        try:
            asked, note = checkpoint.read(text.encode())
        except NoteRefused:
            yield Finding(size, "checkpoint_form", {"size": size})
            continue
        if asked.size == size and _signed(note, asked, key):
            sound[size] = asked
        else:
            yield Finding(size, "checkpoint_key", {"size": size})
    yield from _follow(conn, company, sound)


def declared_key(conn: Conn, company: UUID) -> Key | None:
    """The verifier key that the ledger names in its first entry; None when it names none."""
    row = conn.execute(OPENED, (company,)).fetchone()
    try:
        return Key.read(json.loads(row[0])["data"]["signer"]) if row else None
    except (ValueError, KeyError, TypeError):
        return None


def _signed(note: Note, asked: Checkpoint, key: Key | None) -> bool:
    """The same key signs every history of a ledger, under the name of each."""
    return key is not None and note.signed_by(Key(asked.origin, SIGNS, key.public))


def _follow(conn: Conn, company: UUID, sound: dict[int, Checkpoint]) -> Iterator[Finding]:
    frontier, agreed = Frontier(), 0
    asked_for = {"company": company, "sizes": list(sound), "last": max(sound, default=0)}
    for pos, hash_, at in conn.cursor(binary=True).stream(HASHES, asked_for, size=1_000):
        frontier.append(hash_)
        asked = sound.pop(pos, None)
        if asked is None:
            continue
        if frontier.size != pos or frontier.root() != asked.root:
            yield Finding(agreed + 1, "checkpoint_differs", {"last": pos, "size": pos})
            return
        if (hash_.hex(), at) != (asked.head, asked.at):
            yield Finding(pos, "checkpoint_place", {"size": pos})
        agreed = pos
    for size in sound:
        yield Finding(agreed + 1, "checkpoint_lost", {"last": size, "lost": size - frontier.size})
