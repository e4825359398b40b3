"""What an archive is made of, read as `probant_audit` in one snapshot: lines, hashes, openings, frozen files."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

BATCH = 500


class Span(NamedTuple):
    """Positions of an archive, both included, the two instants (UTC) that chose them, and the ledger's time zone."""

    from_pos: int
    to_pos: int
    since: datetime
    until: datetime
    time_zone: str


class Rendered(NamedTuple):
    """A frozen file: the position of its entry, its digest and media type, the number and type of what it shows."""

    pos: int
    sha256: str
    media: str
    number: str
    type: str


class NothingThere(Exception):
    """No entry was recorded in these days."""


class Source:
    """One ledger of one snapshot."""

    def __init__(self, conn: Connection[TupleRow], company_id: UUID) -> None:
        self.conn, self.id = conn, company_id

    def span(self, first: date, last: date, size: int) -> Span:
        """Days of the ledger's time zone, both included; it ends with the closing whose last day is `last`, when there
        is one. `size` = the positions that the newest checkpoint covers. Errors: `NothingThere`.
        """
        zone = self._value("SELECT time_zone FROM ledger.head WHERE company_id = %s")
        since, until = (
            self._value("SELECT %s::timestamp AT TIME ZONE %s FROM ledger.head WHERE company_id = %s", *day)
            for day in ((f"{first} 00:00", zone), (f"{last} 24:00", zone))
        )
        inside = self.conn.execute(
            "SELECT min(pos), max(pos) FROM ledger.entry"
            " WHERE company_id = %s AND recorded_at >= %s AND recorded_at < %s AND pos <= %s",
            (self.id, since, until, size),
        ).fetchone()
        if inside is None or inside[0] is None:
            raise NothingThere(self.id, first, last)
        closing = self._value(
            "SELECT max(pos) FROM ledger.entry WHERE type = 'period.closed' AND pos <= %s"
            " AND line::jsonb #>> '{data,to}' = %s AND company_id = %s", size, last.isoformat(),
        )  # fmt: skip
        return Span(inside[0], max(inside[1], closing or 0), since, until, zone)

    def entries(self, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Position, line, hash."""
        yield from self._stream(
            "SELECT pos, textsend(line), hash FROM ledger.entry WHERE company_id = %s AND pos BETWEEN %s AND %s"
            " ORDER BY pos", first, last,
        )  # fmt: skip

    def hashes(self, last: int) -> Iterator[bytes]:
        """The hash of every entry, from the first one."""
        query = "SELECT hash FROM ledger.entry WHERE company_id = %s AND pos <= %s ORDER BY pos"
        for (hash_,) in self._stream(query, last):
            yield hash_

    def versions(self, last: int) -> Iterator[tuple[str, int]]:
        """Each stream and its last version, ordered by stream."""
        query = (
            "SELECT stream_id::text, max(version) FROM ledger.entry WHERE company_id = %s AND pos <= %s"
            " GROUP BY stream_id ORDER BY stream_id"
        )
        yield from self._stream(query, last)

    def hash_of(self, pos: int) -> str:
        found: bytes = self._value("SELECT hash FROM ledger.entry WHERE company_id = %s AND pos = %s", pos, first=True)
        return found.hex()

    def openings(self, first: int, last: int) -> Iterator[dict[str, str]]:
        """Of every sealed value that the lines refer to and that still exists."""
        query = (
            "SELECT encode(o.digest, 'hex'), o.subject_id::text, o.salt, o.value FROM ledger.seal s"
            " JOIN ledger.sealed o USING (company_id, digest)"
            " WHERE company_id = %s AND s.pos BETWEEN %s AND %s ORDER BY o.digest"
        )
        for row in self._stream(query, first, last):
            yield dict(zip(("digest", "subject", "salt", "value"), row, strict=True))

    def erasures(self, first: int, last: int) -> Iterator[dict[str, Any]]:
        """Digests that the lines refer to and that were erased, with the entry that says so."""
        missing = {
            digest
            for (digest,) in self.conn.execute(
                "SELECT encode(s.digest, 'hex') FROM ledger.seal s LEFT JOIN ledger.sealed o USING (company_id, digest)"
                " WHERE s.company_id = %s AND s.pos BETWEEN %s AND %s AND o.digest IS NULL",
                (self.id, first, last),
            )
        }
        query = "SELECT pos, line FROM ledger.entry WHERE company_id = %s AND type = 'subject.erased' ORDER BY pos"
        for pos, line in self.conn.execute(query, (self.id,)).fetchall() if missing else ():
            for digest in json.loads(line)["data"]["digests"]:
                if digest in missing:
                    yield {"digest": digest, "pos": pos, "line": line}

    def signers(self, last: int) -> list[dict[str, Any]]:
        """Every change of the key of the checkpoints, and the note that both keys signed."""
        query = (
            "SELECT e.pos, e.line, coalesce(c.note, '') FROM ledger.entry e"
            " LEFT JOIN ledger.checkpoint c ON c.company_id = e.company_id AND c.size = e.pos"
            " WHERE e.company_id = %s AND e.type = 'signer.declared' AND e.pos <= %s ORDER BY e.pos"
        )
        rows = self.conn.execute(query.encode(), (self.id, last))
        return [dict(zip(("pos", "line", "note"), row, strict=True)) for row in rows]

    def rendered(self, first: int, last: int) -> list[Rendered]:
        """The frozen files of the range; a number is what the document bears at its end."""
        query = (
            "SELECT file.pos, facts ->> 'sha256', facts ->> 'media_type',"
            " coalesce(shown.line::jsonb #>> '{data,number}', ''), coalesce(shown.type, '')"
            " FROM ledger.entry file CROSS JOIN LATERAL (SELECT file.line::jsonb -> 'data') data (facts)"
            " LEFT JOIN LATERAL (SELECT line, type FROM ledger.entry WHERE company_id = file.company_id"
            "  AND stream_id = (facts ->> 'document_id')::uuid AND type IN ('invoice.issued', 'quote.sent')"
            "  AND pos <= %s ORDER BY version DESC LIMIT 1) shown ON true"
            " WHERE file.company_id = %s AND file.type = 'document.rendered' AND file.pos BETWEEN %s AND %s"
            " ORDER BY file.pos"
        )
        return [Rendered(*row) for row in self.conn.execute(query, (last, self.id, first, last))]

    def purges(self, last: int) -> list[dict[str, Any]]:
        """Every entry that says which files went after their term."""
        rows = self.conn.execute(
            "SELECT pos, line FROM ledger.entry WHERE company_id = %s AND pos <= %s"
            " AND type IN ('archive.purged', 'security.files_erased') ORDER BY pos",
            (self.id, last),
        )
        return [dict(zip(("pos", "line"), row, strict=True)) for row in rows]

    def blob(self, sha256: str) -> bytes | None:
        """None when it is there no more."""
        found: bytes | None = self._value(
            "SELECT bytes FROM ledger.blob WHERE company_id = %s AND sha256 = %s", bytes.fromhex(sha256), first=True
        )
        return None if found is None else bytes(found)

    def _value(self, query: str, *values: Any, first: bool = False) -> Any:
        """One value; the company is the last parameter, or the first one."""
        row = self.conn.execute(query.encode(), (self.id, *values) if first else (*values, self.id)).fetchone()
        return row[0] if row else None

    def _stream(self, query: str, *values: Any) -> Iterator[TupleRow]:
        cursor = self.conn.cursor(binary=True)
        yield from cursor.stream(query.encode(), (self.id, *values), size=BATCH)
