"""Archives opened again, after a change of software or a disaster: a whole ledger, read-only, apart from live ones.

Written as the administrator in one transaction: the database composes every line and every hash again, and nothing
stays unless the last hash of each archive is the one that comes out. What stood beside the ledger (accounts, mails,
drafts, time-stamps of checkpoints, logos) is not in an archive, and does not come back.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import TupleRow

from audit.verifier import lines, main, tree
from audit.verifier.container import Container
from audit.verifier.report import Report
from ledger.tree import grow

Conn = Connection[TupleRow]
Row = TypeVar("Row")
PIECE = 1000  # entries that go to the database at a time
END = ',"ledger":"{ledger}","pos":{pos},"stream":"{stream}","type":"{type}","version":{version}}}'
AS_OWNER = """
    SET LOCAL ROLE probant_owner; SET LOCAL search_path = ledger, pg_temp; SET LOCAL standard_conforming_strings = on
    """
REOPEN = "SELECT r::text, encode(r.hash, 'hex') FROM reopen(%s::head, %s, %s::timestamptz[], %s, %s, %s, %s, %s) r"
OPENING = """
    INSERT INTO sealed (company_id, digest, subject_id, salt, value) VALUES (%s, decode(%s, 'hex'), %s, %s, %s)
    ON CONFLICT DO NOTHING
    """
BLOB = "INSERT INTO blob VALUES (%s, decode(%s, 'hex'), %b, term(%s, %s)) ON CONFLICT DO NOTHING"
NOTE = "INSERT INTO checkpoint (company_id, size, note) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
HEAD = "INSERT INTO head SELECT h.* FROM (SELECT (%s::head).*) h"


class NotConform(Exception):
    """An archive that does not hold is not opened; `report` says why."""

    def __init__(self, path: Path, report: Report) -> None:
        super().__init__(path)
        self.path, self.report = path, report


class DoNotFollow(Exception):
    """The archives are not those of one ledger from its first entry on; the message is the French sentence."""


class AlreadyHere(Exception):
    """That ledger is here, live or opened before."""


@dataclass(frozen=True)
class Reopened:
    """What was opened: the ledger, its entries, the days of recording that it holds, both included."""

    company: UUID
    entries: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Piece:
    """One archive: the positions that it holds, both included, and the hash before them and after."""

    archive: Container
    ledger: str
    from_pos: int
    to_pos: int
    before: str
    after: str


def reopen(conn: Conn, paths: Sequence[Path]) -> Reopened:
    """Opens the ledger that these archives hold together. `conn`: the administrator's, not in a transaction.

    Errors: `NotConform`, `DoNotFollow`, `AlreadyHere`; what cannot be read, as `audit.verifier.main.verify`.
    """
    pieces = sorted((_verified(path) for path in paths), key=lambda piece: piece.from_pos)
    _follow(pieces)
    company = UUID(pieces[0].ledger)
    with conn.transaction():
        conn.execute(AS_OWNER)
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company),))
        conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(company),))  # as `ledger.open`
        if conn.execute("SELECT 1 FROM head WHERE company_id = %s", (company,)).fetchone():
            raise AlreadyHere(company)
        return _write(conn, company, pieces)


def _verified(path: Path) -> Piece:
    report = main.verify(str(path))
    if not report.conform:
        raise NotConform(path, report)
    archive = Container(str(path))
    begin, end = lines.start(archive), tree.read_note(archive.read("registre/points-de-controle/fin.txt"))
    return Piece(archive, begin.ledger, begin.pos + 1, end.size, begin.head, end.head)


def _follow(pieces: list[Piece]) -> None:
    if pieces[0].from_pos > 1:
        raise DoNotFollow(
            f"Ces archives commencent à l’écriture {pieces[0].from_pos} : donnez aussi celles d’avant, depuis la"
            " première."
        )
    for one, other in pairwise(pieces):
        if (one.ledger, one.to_pos + 1, one.after) != (other.ledger, other.from_pos, other.before):
            raise DoNotFollow(
                f"L’archive des écritures {other.from_pos} à {other.to_pos} n’est pas la suite de celle des écritures"
                f" {one.from_pos} à {one.to_pos}."
            )


def _write(conn: Conn, company: UUID, pieces: list[Piece]) -> Reopened:
    head: str | None = None
    for piece in pieces:
        openings = (json.loads(raw) for raw in piece.archive.lines("coffre/ouvertures.jsonl"))
        rows = ((company, each["digest"], each["subject"], each["salt"], each["value"]) for each in openings)
        _many(conn, OPENING, rows)
        for entries in _pieces(_entries(piece)):
            head, hash_ = conn.execute(REOPEN, (head, company, *map(list, zip(*entries, strict=True)))).fetchone() or (
                None, "",
            )  # fmt: skip
        if hash_ != piece.after:
            raise DoNotFollow("L’histoire recalculée n’est pas celle de l’archive : rien n’a été ouvert.")
    conn.execute(HEAD, (head,))
    last = pieces[-1]
    found = Reopened(company, last.to_pos, *_days(conn, company, pieces))
    for piece in pieces:
        _beside(conn, found, piece)
    grow(conn, company, last.to_pos)
    conn.execute("UPDATE head SET frozen = true WHERE company_id = %s AND NOT frozen", (company,))
    conn.execute("INSERT INTO reopened VALUES (%s, %s, %s)", (company, found.first_on, found.last_on))
    return found


def _entries(piece: Piece) -> Iterator[tuple[str, str, str, int, str, str]]:
    """Instant, actor, stream, version, type and the very text of the data of each entry."""
    for name in piece.archive.names(r"registre/ecritures-\d{6}\.jsonl"):
        for raw in piece.archive.lines(name):
            line = raw.decode()
            told = json.loads(line)
            begin = f'{{"at":"{told["at"]}","by":"{told["by"]}","data":'
            data = line[len(begin) : -len(END.format(**told))]
            yield told["at"], told["by"], told["stream"], told["version"], told["type"], data


def _beside(conn: Conn, found: Reopened, piece: Piece) -> None:
    """The frozen files and the checkpoints."""
    years = conn.execute("SELECT fiscal_years FROM head WHERE company_id = %s", (found.company,)).fetchone()
    for name in piece.archive.names(r"documents/[^/]+\.(pdf|xml)"):
        content = b"".join(piece.archive.chunks(name))
        facts = (found.company, sha256(content).hexdigest(), content, json.dumps((years or ({},))[0]), found.last_on)
        conn.execute(BLOB, facts)
    for size, note in _notes(piece):
        if size <= found.entries:
            conn.execute(NOTE, (found.company, size, note))


def _notes(piece: Piece) -> Iterator[tuple[int, str]]:
    for name in piece.archive.names(r"registre/points-de-controle/[A-Za-z0-9._-]+\.txt"):
        raw = piece.archive.read(name)
        yield tree.read_note(raw).size, raw.decode()
    if "cles/signataires.jsonl" in piece.archive.members:
        for raw in piece.archive.lines("cles/signataires.jsonl"):
            told = json.loads(raw)
            if told["note"]:
                yield told["pos"], told["note"]


def _days(conn: Conn, company: UUID, pieces: list[Piece]) -> tuple[date, date]:
    """The first and the last day of recording that the archives hold, in the ledger's time zone."""
    row: Any = conn.execute("SELECT time_zone FROM head WHERE company_id = %s", (company,)).fetchone()
    ranges = [piece.archive.json("registre/plage.json")["instants"] for piece in (pieces[0], pieces[-1])]
    since, until = (datetime.fromisoformat(at).astimezone(ZoneInfo(row[0])) for at in (ranges[0][0], ranges[1][1]))
    return since.date(), (until - timedelta(microseconds=1)).date()


def _many(conn: Conn, query: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with conn.cursor() as cursor:
        for some in _pieces(rows):
            cursor.executemany(query.encode(), some)


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    return iter(lambda: list(islice(waiting, PIECE)), [])
