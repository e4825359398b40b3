"""What may go: frozen files whose term is over, and that an archive holds which its owner put on a medium of her own.

Source: BOI-TVA-DECLA-30-10-30 § 260: only what a complete archive on a secured external medium holds; totals stay. The
archive itself has to be shown: it is read, found conform, and compared with what the ledger says of it.
"""

from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from domain.document import KEPT_YEARS
from ledger.commands.archives import DUE

KEPT = """
    SELECT made.stream_id, kept.line::json #>> '{data,where}', made.line::json #>> '{data,from_pos}',
           made.line::json #>> '{data,to_pos}'
      FROM ledger.entry made JOIN ledger.entry kept USING (company_id, stream_id)
     WHERE company_id = %s AND made.type = 'archive.created' AND kept.type = 'archive.kept'
       AND made.line::json #>> '{data,sha256}' = %s
    """


class Kept(NamedTuple):
    """An archive that the ledger says made and kept at `where`, and how many files it holds that may go."""

    id: UUID
    where: str
    due: int


def kept(conn: Connection[TupleRow], company: UUID, path: Path, years: int) -> Kept | None:
    """None when this file is not such an archive. `years` from the end of the fiscal year, ten at least."""
    with path.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    row = conn.execute(KEPT, (company, digest)).fetchone()
    if row is None:
        return None
    due = conn.execute(DUE, (company, int(row[2]), int(row[3]), max(years - KEPT_YEARS, 0))).fetchall()
    return Kept(row[0], row[1], len(due))
