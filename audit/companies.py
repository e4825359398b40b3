"""Which ledgers there are, and whose: what a person calls a company by."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from stdnum.fr import siren as siren_number

IDENTITY = """
    SELECT line::json -> 'data' ->> CASE type WHEN 'ledger.opened' THEN 'company' ELSE 'identity' END
      FROM ledger.entry
     WHERE company_id = %(company)s AND stream_id = %(company)s AND type IN ('ledger.opened', 'company.changed')
     ORDER BY version DESC LIMIT 1
"""


@dataclass(frozen=True)
class Company:
    """A ledger and the identity that its last entry about it tells; empty where it was erased or cannot be read.

    `archive`: it was opened from archives, and is read-only.
    """

    id: UUID
    siren: str
    name: str
    pos: int
    at: datetime
    training: bool
    archive: bool = False


class UnknownCompany(Exception):
    """No ledger is called that, or several are."""

    def __init__(self, text: str, candidates: tuple[Company, ...]) -> None:
        super().__init__(text)
        self.text = text
        self.candidates = candidates


def known_companies(uri: str) -> list[Company]:
    """All ledgers; `uri` is that of `probant_audit`."""
    with psycopg.connect(uri, autocommit=True) as conn:
        found = conn.execute("SELECT company_id, pos, at, training FROM ledger.companies()").fetchall()
        return [_company(conn, *row) for row in found]


def find(known: Iterable[Company], text: str) -> Company:
    """The one called `text`: a SIREN, a UUID, or the beginning of a UUID. Errors: `UnknownCompany`."""
    compact = siren_number.compact(text)
    is_siren = siren_number.is_valid(compact)
    found = tuple(
        company
        for company in known
        if (company.siren == compact if is_siren else text and str(company.id).startswith(text.lower()))
    )
    if len(found) != 1:
        raise UnknownCompany(text, found)
    return found[0]


def _company(conn: Connection[TupleRow], company_id: UUID, pos: int, at: datetime, training: bool) -> Company:
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company_id),))
        identity = _identity(conn, company_id)
        archive = conn.execute("SELECT 1 FROM ledger.reopened WHERE company_id = %s", (company_id,)).fetchone()
    name, siren = str(identity.get("name", "")), str(identity.get("siren", ""))
    return Company(company_id, siren, name, pos, at, training, archive is not None)


def _identity(conn: Connection[TupleRow], company_id: UUID) -> dict[str, Any]:
    """The identity told last, opened where it is sealed (a sole trader)."""
    try:
        with conn.transaction():
            told = _json(conn.execute(IDENTITY, {"company": company_id}).fetchone())
            if "sealed" in told:
                query = "SELECT value FROM ledger.sealed WHERE company_id = %s AND digest = decode(%s, 'hex')"
                told = _json(conn.execute(query, (company_id, told["sealed"])).fetchone())
    except psycopg.DataError:
        return {}  # not JSON any more: `verify` says where
    return told


def _json(row: TupleRow | None) -> dict[str, Any]:
    value = json.loads(row[0]) if row and row[0] else {}
    return value if isinstance(value, dict) else {}
