"""The proof that an entry is in a ledger: a file that is checked anywhere, without Probant.

C2SP tlog-proof: https://c2sp.org/tlog-proof. Its `extra` holds the hash before the entry, LF, the line: so the file
says all by itself what it proves.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger import chain, checkpoint
from ledger.checkpoint import Checkpoint
from ledger.merkle import included
from ledger.note import Note, NoteRefused
from ledger.tree import tree

FIRST = "c2sp.org/tlog-proof@v1"
ENTRY = """
    SELECT line, (SELECT encode(hash, 'hex') FROM ledger.entry
                   WHERE company_id = %(company)s AND pos = %(pos)s::bigint - 1)
      FROM ledger.entry
     WHERE company_id = %(company)s AND pos = %(pos)s
    """  # by position, both: row-level security keeps the planner from joining by index


@dataclass(frozen=True)
class Proof:
    """An entry, and the checkpoint that its proof leads to."""

    line: str
    previous: str
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: Note

    @property
    def bytes(self) -> bytes:
        """The file."""
        extra = b64encode(f"{self.previous}\n{self.line}".encode()).decode()
        path = "".join(b64encode(each).decode() + "\n" for each in self.path)
        return f"{FIRST}\nextra {extra}\nindex {self.index}\n{path}\n".encode() + self.note.bytes

    @property
    def holds(self) -> bool:
        """Whether the line is in the tree of the checkpoint; its signature is another matter."""
        data = bytes.fromhex(chain.link(self.previous, self.line))
        return included(data, self.index, self.checkpoint.size, self.path, self.checkpoint.root)


def prove(conn: Connection[TupleRow], company: UUID, pos: int, note: Note) -> Proof:
    """The proof of the entry at `pos` under a checkpoint that counts it. Errors: `LookupError` when none is there."""
    asked = Checkpoint.read(note.text)
    row = conn.execute(ENTRY, {"company": company, "pos": pos}).fetchone()
    if row is None or not 0 < pos <= asked.size:
        raise LookupError(pos)
    path = tree(conn, company).inclusion(pos - 1, asked.size)
    return Proof(row[0], row[1] or chain.genesis(str(company)), pos - 1, tuple(path), asked, note)


def read(raw: bytes) -> Proof:
    """A proof file. Errors: `NoteRefused`."""
    head, _, rest = raw.partition(b"\n\n")
    asked, note = checkpoint.read(rest)
    try:
        first, extra, index, *path = head.decode("ascii").split("\n")
        previous, _, line = b64decode(extra.removeprefix("extra "), validate=True).decode().partition("\n")
        found = Proof(line, previous, int(index.removeprefix("index ")), tuple(map(b64decode, path)), asked, note)
    except ValueError as error:
        raise NoteRefused(str(error)) from error
    if first != FIRST or found.bytes != raw:
        raise NoteRefused("not a proof as they are written")
    return found
