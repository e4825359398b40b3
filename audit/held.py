"""Checkpoints against a ledger: one that a reader holds, and those that the database keeps of itself.

A chain proves only that it fits itself. A checkpoint that left the machine proves which chain it was.
"""

from collections.abc import Iterator
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit.finding import Finding
from ledger import checkpoint, checkpoints
from ledger.checkpoint import Checkpoint
from ledger.merkle import Frontier
from ledger.note import SIGNS, Key, Note, NoteRefused
from ledger.signer import Restored
from ledger.succession import Succession, named
from ledger.tree import tree

Conn = Connection[TupleRow]
CAUSES = {"loss": "ancienne perdue", "compromise": "ancienne volée"}
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
    keys, size = named(conn, company), _counted(checkpoints.restored(conn, company), asked)
    if key is None:
        yield Finding(asked.size, "key_unconfirmed")
    if not _believed(keys, note, asked, size, key):
        yield Finding(asked.size, "checkpoint_key", {"size": asked.size})
        return
    yield from broken(keys)
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
    """Whether the checkpoints in the database are signed by the ledger's keys, and each is of a beginning of it.

    Reads the hash of every entry up to the last of them; the first that differs is told with the place where the one
    before still agreed.
    """
    rows = conn.execute(KEPT, (company,)).fetchall()
    if not rows:
        return
    keys, given_up, sound = named(conn, company), checkpoints.restored(conn, company), {}
    yield from broken(keys)
    for size, text in rows:
        try:
            asked, note = checkpoint.read(text.encode())
        except NoteRefused:
            yield Finding(size, "checkpoint_form", {"size": size})
            continue
        if asked.size == size and keys.signing(note, asked.origin, _counted(given_up, asked)):
            sound[size] = asked
        else:
            yield Finding(size, "checkpoint_key", {"size": size})
    yield from _follow(conn, company, sound)


def broken(keys: Succession) -> Iterator[Finding]:
    """Keys that the one before does not vouch for."""
    for key in keys.breaks:
        yield Finding(key.pos, "key_break", {"cause": CAUSES.get(key.cause, "sans signature de l’ancienne")})


def _believed(keys: Succession, note: Note, asked: Checkpoint, size: int, held_key: Key | None) -> bool:
    """Whether a note is signed by a key that the ledger names and that was not lost or stolen by then; and by the one
    that the reader has, or one that follows it without a break. The same keys sign every history of a ledger.
    """
    if keys.names_none:
        return held_key is not None and note.signed_by(Key(asked.origin, SIGNS, held_key.public))
    signing = [key for key in keys.signing(note, asked.origin, size) if keys.trusts(key, size)]
    return any(held_key is None or keys.leads(held_key.public, key) for key in signing)


def _counted(restored: list[Restored], asked: Checkpoint) -> int:
    """The size of a note for the key of its time; one of a history that was given up, where that history ended."""
    return min([asked.size, *(each.kept_pos for each in restored if checkpoint.history(each.origin) > asked.history)])


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
