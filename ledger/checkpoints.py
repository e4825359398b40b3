"""Checkpoints of a ledger: made as the job, kept in `ledger.checkpoint` with what witnesses and authorities added."""

import json
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerReadOnly
from ledger.note import Note, Signature, signatures
from ledger.signer import Restored, Signer
from ledger.succession import Succession, named
from ledger.tree import grow, tree

Conn = Connection[TupleRow]
HEAD = "SELECT pos, encode(hash, 'hex'), at, origin, frozen FROM ledger.head WHERE company_id = %s"
RESTORED = "SELECT line FROM ledger.entry WHERE company_id = %s AND type = 'ledger.restored' ORDER BY pos"
LAST = "SELECT note FROM ledger.checkpoint WHERE company_id = %s ORDER BY size DESC LIMIT 1"
PLACE = "SELECT encode(hash, 'hex'), substr(line, 8, 27) FROM ledger.entry WHERE company_id = %s AND pos = %s"
NEWEST = "SELECT size FROM ledger.checkpoint WHERE company_id = %s ORDER BY size DESC LIMIT 1"
KEEP = "INSERT INTO ledger.checkpoint (company_id, size, note) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
NOTE = "SELECT note FROM ledger.checkpoint WHERE company_id = %s AND size = %s"
LINES = "SELECT line FROM ledger.cosignature WHERE company_id = %s AND size = %s ORDER BY made_at"
COSIGN = """
    INSERT INTO ledger.cosignature (company_id, size, witness, line) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
    """


class Head(NamedTuple):
    """Where a ledger stands."""

    pos: int
    hash: str
    at: datetime
    origin: str
    frozen: bool


def make(conn: Conn, signer: Signer, company: UUID) -> Note:
    """The checkpoint of the ledger as it stands; the one that there is when nothing was added since.

    A change of key is signed first, with both keys (ledger-format.md § 5).
    Errors: `NotAnExtension`, `KeyUndeclared`, `LedgerReadOnly` while a restore is to be declared, `LookupError` without
    a ledger.
    """
    with conn.transaction():
        see(conn, company)
        where = head(conn, company)
        if where.frozen:
            raise LedgerReadOnly(company)
        _remind(conn, signer, company)
        grow(conn, company, where.pos)
        for size in _due(conn, company, where.pos):
            note = _sign(conn, signer, company, at(conn, company, where.origin, size))
    return note


def at(conn: Conn, company: UUID, origin: str, size: int) -> Checkpoint:
    """The checkpoint of the first `size` entries, not signed. Errors: `LookupError` when there are fewer."""
    row = conn.execute(PLACE, (company, size)).fetchone()
    if row is None:
        raise LookupError(size)
    return Checkpoint(origin, size, tree(conn, company).root(size), *row)


def see(conn: Conn, company: UUID) -> None:
    """Until the end of the transaction the connection sees this company."""
    conn.execute("SELECT set_config('probant.company', %s, true)", (str(company),))


def head(conn: Conn, company: UUID) -> Head:
    """Errors: `LookupError` without a ledger."""
    row = conn.execute(HEAD, (company,)).fetchone()
    if row is None:
        raise LookupError(company)
    return Head(*row)


def restored(conn: Conn, company: UUID) -> list[Restored]:
    """The restores that a ledger declares, in their order."""
    told = (json.loads(line)["data"] for (line,) in conn.execute(RESTORED, (company,)))
    return [Restored(each["origin"], each["kept_pos"], each["known_size"], each["known_root"]) for each in told]


def signed(conn: Conn, company: UUID, size: int) -> Note | None:
    """The note of a checkpoint as it was signed: what a time-stamp is of."""
    row = conn.execute(NOTE, (company, size)).fetchone()
    return Note.read(row[0].encode()) if row else None


def note(conn: Conn, company: UUID, size: int) -> Note | None:
    """The note of a checkpoint with the lines of its witnesses; None when there is none of that size."""
    found = signed(conn, company, size)
    if found is None:
        return None
    more = [line for (found,) in conn.execute(LINES, (company, size)) for line in signatures(found)]
    return found.also(*more)


def covering(conn: Conn, company: UUID, pos: int) -> Note | None:
    """The newest checkpoint, if it counts the entry at `pos`."""
    row = conn.execute(NEWEST, (company,)).fetchone()
    return note(conn, company, row[0]) if row and row[0] >= pos else None


def add_cosignature(conn: Conn, company: UUID, size: int, line: Signature) -> None:
    """What a witness answered, once verified."""
    conn.execute(COSIGN, (company, size, line.name, line.line))


def instant(at: datetime) -> str:
    """As `at` in a line."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _due(conn: Conn, company: UUID, size: int) -> list[int]:
    """The sizes to be signed: of each change of key that no checkpoint counts yet, then the ledger as it stands."""
    row = conn.execute(NEWEST, (company,)).fetchone()
    changes = (key.pos for key in named(conn, company).keys[1:])
    return [*(pos for pos in changes if (row[0] if row else 0) < pos < size), size]


def _sign(conn: Conn, signer: Signer, company: UUID, asked: Checkpoint) -> Note:
    keys = _keys(named(conn, company), signer, asked.size)
    note = signer.sign(asked, tree(conn, company), restored(conn, company), keys)
    conn.execute(KEEP, (company, asked.size, note.bytes.decode()))
    return note


def _keys(named_keys: Succession, signer: Signer, size: int) -> list[bytes]:
    """The key of that time; before it the one that it follows, where the change went as planned."""
    key = named_keys.at(size)
    if key.pos < size or key.cause != "rotation":
        return [key.public]
    before = named_keys.at(size - 1).public
    return [*([before] if before and signer.ring.holds(before) else []), key.public]


def _remind(conn: Conn, signer: Signer, company: UUID) -> None:
    """A signer whose memory was lost takes up the newest checkpoint of the database: better than none."""
    row = conn.execute(LAST, (company,)).fetchone()
    if row and signer.last(str(company)) is None:
        signer.remember(str(company), row[0].encode())
