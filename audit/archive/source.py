"""What an archive is made of, read as `probant_audit` in one snapshot: lines, hashes, openings, frozen files."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit.verifier.lines import Entry
from domain.period_totals import COUNTED

BATCH = 500


ENDED = """
    SELECT coalesce(greatest(
        (SELECT pos FROM ledger.entry WHERE company_id = %(company)s AND pos <= %(size)s
            AND recorded_at < (%(day)s::date + 1)::timestamp AT TIME ZONE %(zone)s ORDER BY pos DESC LIMIT 1),
        (SELECT max(pos) FROM ledger.entry WHERE company_id = %(company)s AND pos <= %(size)s
            AND type = 'period.closed' AND (line::jsonb #>> '{data,to}')::date <= %(day)s)), 0)
    """
ENDED_BY_AN_ARCHIVE = """
    SELECT max((line::jsonb #>> '{data,to_pos}')::bigint) FROM ledger.entry
     WHERE company_id = %(company)s AND pos <= %(size)s AND type = 'archive.created'
       AND (line::jsonb #>> '{data,to}')::date = %(day)s
    """


class Span(NamedTuple):
    """Positions of an archive, both included, the two instants (UTC) that chose them, and the ledger's time zone;
    `provisional`: its last day was not over.
    """

    from_pos: int
    to_pos: int
    since: datetime
    until: datetime
    time_zone: str
    provisional: bool = False


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
        """Days of the ledger's time zone, both included. A day ends with the last entry recorded in it, or with the
        last closing of it or of an earlier one, recorded afterwards. What follows begins there: where an archive that
        was made up to the day before ended, else where it would have. `size` = the positions that the newest checkpoint
        covers. Errors: `NothingThere`.
        """
        zone = self.time_zone()
        since, until = (
            self._value("SELECT %s::timestamp AT TIME ZONE %s FROM ledger.head WHERE company_id = %s", *day)
            for day in ((f"{first} 00:00", zone), (f"{last} 24:00", zone))
        )
        facts = {"company": self.id, "size": size, "zone": zone}
        before, until_last = facts | {"day": first - timedelta(days=1)}, facts | {"day": last}
        begin = self._number(ENDED_BY_AN_ARCHIVE, before) or self._number(ENDED, before)
        end = self._number(ENDED, until_last)
        if end <= begin:
            raise NothingThere(self.id, first, last)
        provisional = self._value("SELECT %s > now() FROM ledger.head WHERE company_id = %s", until)
        return Span(begin + 1, end, since, until, zone, provisional)

    def time_zone(self) -> str:
        found: str = self._value("SELECT time_zone FROM ledger.head WHERE company_id = %s")
        return found

    def last(self) -> int:
        """The position of the last entry."""
        found: int = self._value("SELECT pos FROM ledger.head WHERE company_id = %s")
        return found

    def today(self) -> date:
        """In the ledger's time zone."""
        found: date = self._value("SELECT (now() AT TIME ZONE time_zone)::date FROM ledger.head WHERE company_id = %s")
        return found

    def entries(self, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Position, line, hash."""
        yield from self._stream(
            "SELECT pos, textsend(line), hash FROM ledger.entry WHERE company_id = %s AND pos BETWEEN %s AND %s"
            " ORDER BY pos", first, last,
        )  # fmt: skip

    def told(self, first: int, last: int) -> Iterator[Entry]:
        """Entries as they are told, in the format or not."""
        for pos, line, hash_ in self.entries(first, last):
            told = json.loads(line)
            yield Entry(
                pos, hash_, line.decode(), told["at"], told["by"], told["stream"], told["type"], told["version"],
                told["data"],
            )  # fmt: skip

    def fiscal(self, first: int, last: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Position, type and data of the entries that closings count."""
        query = (
            "SELECT pos, type, textsend(line) FROM ledger.entry WHERE company_id = %s AND pos BETWEEN %s AND %s"
            " AND type = ANY (%s) ORDER BY pos"
        )
        for pos, type_, line in self._stream(query, first, last, list(COUNTED)):
            yield pos, type_, json.loads(line)["data"]

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

    def numbers(self, streams: Iterable[str], last: int) -> dict[str, str]:
        """Of the documents among these streams, the numbers that they bear at the end of the range."""
        query = (
            "SELECT DISTINCT ON (stream_id) stream_id::text, line::jsonb #>> '{data,number}' FROM ledger.entry"
            " WHERE company_id = %s AND stream_id = ANY (%s::uuid[]) AND type IN ('invoice.issued', 'quote.sent')"
            " AND pos <= %s ORDER BY stream_id, version DESC"
        )
        return dict(self.conn.execute(query.encode(), (self.id, [*streams], last)).fetchall())

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

    def _number(self, query: str, facts: dict[str, Any]) -> int:
        row = self.conn.execute(query.encode(), facts).fetchone()
        return (row and row[0]) or 0

    def _value(self, query: str, *values: Any, first: bool = False) -> Any:
        """One value; the company is the last parameter, or the first one."""
        row = self.conn.execute(query.encode(), (self.id, *values) if first else (*values, self.id)).fetchone()
        return row[0] if row else None

    def _stream(self, query: str, *values: Any) -> Iterator[TupleRow]:
        cursor = self.conn.cursor(binary=True)
        yield from cursor.stream(query.encode(), (self.id, *values), size=BATCH)
