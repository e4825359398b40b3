"""The signed checkpoints of a ledger, and what witnesses and authorities added: rows of the job, read as they are."""

from datetime import datetime

from projections.tx import Row, Tx


class CheckpointRow(Row, frozen=True):
    """A checkpoint of the first `size` entries; how many witnesses cosigned it, how many authorities stamped it."""

    size: int
    made_at: datetime
    note: str
    witnesses: int
    stamps: int


COLUMNS = """
    SELECT c.size, c.made_at, c.note,
        (SELECT count(*) FROM ledger.cosignature s WHERE (s.company_id, s.size) = (c.company_id, c.size)) AS witnesses,
        (SELECT count(*) FROM ledger.time_stamp t WHERE (t.company_id, t.size) = (c.company_id, c.size)) AS stamps
      FROM ledger.checkpoint c
     WHERE c.company_id = %(company)s
    """


def newest(tx: Tx, limit: int = 1) -> list[CheckpointRow]:
    """The last checkpoints, the newest first."""
    return tx.rows(CheckpointRow, f"{COLUMNS} ORDER BY c.size DESC LIMIT %(limit)s", limit=limit)


def covered(tx: Tx) -> int:
    """How many entries the newest checkpoint counts; 0 when there is none."""
    return tx.value("SELECT coalesce(max(size), 0) FROM ledger.checkpoint WHERE company_id = %(company)s") or 0


def token(tx: Tx, size: int) -> bytes | None:
    """The first time-stamp of a checkpoint (DER)."""
    found: bytes | None = tx.value(
        """
        SELECT token FROM ledger.time_stamp WHERE company_id = %(company)s AND size = %(size)s
         ORDER BY stamped_at LIMIT 1
        """,
        size=size,
    )
    return found
