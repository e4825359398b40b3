"""Makes an archive of a ledger: its checkpoint first, then one snapshot, then the file; the entry comes after it."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.datetime import TimestamptzBinaryLoader

from audit import reading, seal, time_stamp
from audit.archive.build import About, Builder, Built, Proofs
from audit.archive.fec import Year
from audit.archive.source import Source
from audit.archive.work import Progress
from audit.companies import Company
from ledger import checkpoints
from ledger.checkpoint import Checkpoint
from ledger.postgres import Server
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.succession import named
from ledger.tree import tree
from ledger.version import SOFTWARE


class TooLong(Exception):
    """An archive holds one fiscal year at most, and does not end before it begins."""


class NotYet(Exception):
    """The last day has not come."""


def make(
    settings: Settings,
    server: Server,
    company: Company,
    first: date,
    last: date,
    path: Path,
    *,
    progress: Progress,
) -> Built:
    """Writes `path`, whole or not at all: the facts of `archive.created`. `first` and `last`: days of recording. Who
    asks has closed before what is over (`ledger.commands.closings.close_all`): closings of the last day belong to it.

    Errors: `TooLong`, `NotYet`, `build.TooMany`, `source.NothingThere`, `time_stamp.NoTimeStamp` (an archive that
    should be stamped is, or is not made), those of `checkpoints.make` and `seal_of`.
    """
    with reading.snapshot(server.uri("probant_audit"), company.id) as conn:
        about = _about(conn, company)
        _check(first, last, about.years, Source(conn, company.id).today())
    signer = Signer(settings)
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
        newest = checkpoints.make(conn, signer, company.id)
    size = Checkpoint.read(newest.text).size
    with reading.snapshot(server.uri("probant_audit"), company.id) as conn:
        conn.adapters.register_loader("timestamptz", TimestamptzBinaryLoader)
        source = Source(conn, company.id)
        span = source.span(first, last, size)
        end = _end(conn, signer, company.id, span.to_pos)
        notes = _notes(conn, company.id, span.from_pos, span.to_pos) | {"fin.txt": end, "dernier.txt": newest.bytes}
        proofs = Proofs(notes, size, seal.seal_of(settings, company.id), _stamp(settings))
        return Builder(source, span, about, proofs, progress).write(path)


def fits(first: date, last: date, years: Sequence[Year]) -> bool:
    """Whether an archive may hold these days: a year at most, or the fiscal year that holds both, which may be longer.

    >>> fits(date(2026, 1, 1), date(2027, 1, 1), ())
    False
    >>> fits(date(2026, 1, 1), date(2027, 6, 30), [Year(date(2026, 1, 1), date(2027, 6, 30))])
    True
    """
    a_year = (last.year, last.month, last.day) < (first.year + 1, first.month, first.day)
    return first <= last and (a_year or any(year.first <= first and last <= year.last for year in years))


def _check(first: date, last: date, years: Sequence[Year], today: date) -> None:
    if not fits(first, last, years):
        raise TooLong(first, last)
    if last > today:
        raise NotYet(last)


def _stamp(settings: Settings) -> Callable[[bytes], bytes] | None:
    """What asks the authority of the settings for a token; nothing without one."""
    stamping = time_stamp.of(settings)
    return (lambda content: stamping(content).token) if stamping else None


def _end(conn: Any, signer: Signer, company: UUID, size: int) -> bytes:
    """The checkpoint of the last entry of the range: the one that was made, or one signed now."""
    if known := checkpoints.note(conn, company, size):
        return known.bytes
    asked = checkpoints.at(conn, company, checkpoints.head(conn, company).origin, size)
    return signer.sign_earlier(asked, tree(conn, company), [named(conn, company).current.public]).bytes


def _notes(conn: Any, company: UUID, first: int, last: int) -> dict[str, bytes]:
    """Every checkpoint that was made of an entry of the range, with the lines of its witnesses."""
    query = "SELECT size FROM ledger.checkpoint WHERE company_id = %s AND size BETWEEN %s AND %s"
    found = {size: checkpoints.note(conn, company, size) for (size,) in conn.execute(query, (company, first, last))}
    return {f"{size:010d}.txt": note.bytes for size, note in found.items() if note}


def _about(conn: Any, company: Company) -> About:
    query = "SELECT line FROM ledger.entry WHERE company_id = %s AND stream_id = %s AND type = %s ORDER BY version"

    def told(type_: str) -> list[dict[str, Any]]:
        return [json.loads(line)["data"] for (line,) in conn.execute(query, (company.id, company.id, type_))]

    ends = {year["from"]: year["to"] for year in told("fiscal_year.defined")}  # one not begun may be defined anew
    years = [Year(date.fromisoformat(first), date.fromisoformat(last)) for first, last in ends.items()]
    keeping = (told("books.configured") or [{"keeping": "full"}])[-1]["keeping"]
    return About(str(company.id), company.name, company.siren, company.training, keeping, years, SOFTWARE)
