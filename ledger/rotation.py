"""Another key for the checkpoints of every ledger: declared in each, signed by both, then the old one is gone.

It can be taken up where it stopped: the next key waits in its file, ledgers that name it already are left alone, and
each process signs with the key that a ledger names.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

from domain.keys import Cause
from ledger import checkpoints
from ledger.books import Books
from ledger.checkpoints import Conn
from ledger.commands.keys import declare_signer
from ledger.errors import LedgerReadOnly
from ledger.keyring import public_of
from ledger.note import SIGNS, Key
from ledger.signer import Signer
from ledger.succession import Named, named

LIVING = "SELECT company_id FROM ledger.living()"
BEFORE = """
    SELECT coalesce(max(c.size), 0) FROM ledger.checkpoint c JOIN ledger.head h USING (company_id)
     WHERE c.company_id = %s AND (c.made_at AT TIME ZONE h.time_zone)::date < %s
    """


def rotate(books: Books, signer: Signer, cause: Cause, stolen_on: date | None = None) -> Iterator[UUID]:
    """Changes the key; each ledger is told once it names the new one, and its checkpoint is signed. `books`: the job's.

    `stolen_on`: after a theft, the day from which notes of the old key count no more.
    Errors: `LedgerReadOnly` before anything is done, while a ledger waits for a declaration; `KeyLocked`.
    """
    with books.pool.connection() as conn:
        _refuse_read_only(conn)
        new = public_of(signer.ring.begin())
        while behind := [(company, key) for company, key in _named(conn) if key.public != new]:
            for company, key in behind:
                _declare(books, conn, company, key, new, cause, stolen_on)
        for company, _ in _named(conn):
            checkpoints.make(conn, signer, company)
            yield company
    signer.ring.finish()


def _refuse_read_only(conn: Conn) -> None:
    for company in _living(conn):
        with conn.transaction():
            checkpoints.see(conn, company)
            if checkpoints.head(conn, company).frozen:
                raise LedgerReadOnly(company)


def _named(conn: Conn) -> list[tuple[UUID, Named]]:
    found = []
    for company in _living(conn):
        with conn.transaction():
            checkpoints.see(conn, company)
            found.append((company, named(conn, company).current))
    return found


def _living(conn: Conn) -> list[UUID]:
    return [company for (company,) in conn.execute(LIVING).fetchall()]


def _declare(
    books: Books, conn: Conn, company: UUID, old: Named, new: bytes, cause: Cause, stolen_on: date | None
) -> None:
    with conn.transaction():
        checkpoints.see(conn, company)
        origin = checkpoints.head(conn, company).origin
        row = conn.execute(BEFORE, (company, stolen_on)).fetchone() if stolen_on else None
    books.do(
        declare_signer, company, uuid4(), "job:keys", declaration_id=uuid4(), signer=str(Key(origin, SIGNS, new)),
        previous=old.text, cause=cause, trusted_to=row[0] if row else 0,
    )  # fmt: skip
