"""Who was erased, remembered in the data folder: a backup of the database that comes back brings their values with it.

Identifiers only: a file for each ledger, one line for each person, in the order of their erasures.
"""

import os
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from ledger.settings import Settings

ERASED = """
    SELECT DISTINCT line::jsonb #>> '{data,subject_id}'
      FROM ledger.entry
     WHERE company_id = %s AND type = 'subject.erased'
    """


def remember(settings: Settings, company_id: UUID, subject: UUID) -> None:
    """Written to the disk when this returns."""
    file = _file(settings, company_id)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as stream:
        stream.write(f"{subject}\n")
        stream.flush()
        os.fsync(stream.fileno())


def lost(conn: psycopg.Connection[TupleRow], settings: Settings, company_id: UUID) -> list[UUID]:
    """Persons whose erasure the ledger, restored, does not know. The company is the one that `conn` sees."""
    file = _file(settings, company_id)
    remembered = dict.fromkeys(file.read_text(encoding="ascii").split()) if file.exists() else {}
    known = {subject for (subject,) in conn.execute(ERASED, (company_id,))}
    return [UUID(subject) for subject in remembered if subject not in known]


def _file(settings: Settings, company_id: UUID) -> Path:
    return settings.data / "erased" / str(company_id)
