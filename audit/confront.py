"""`probant verify --checkpoint`: the result of a verification, and what a checkpoint held elsewhere adds to it."""

from dataclasses import dataclass, replace
from typing import IO

from audit import held, reading
from audit.refusal import Refusal
from audit.verify import Result
from ledger import checkpoint
from ledger.note import Key, NoteRefused
from ledger.postgres import Server


@dataclass(frozen=True)
class Held:
    """A note that the reader has, of that ledger, and the key that she has from elsewhere, if she does."""

    ledger: str
    raw: bytes
    key: Key | None


def read_held(file: IO[bytes], key: str) -> Held:
    """Errors: `Refusal` when it is no checkpoint, or no key."""
    raw = file.read()
    try:
        return Held(checkpoint.read(raw)[0].ledger, raw, Key.read(key) if key else None)
    except NoteRefused as error:
        raise Refusal(f"Ce point de contrôle, ou cette clé, n’est pas lisible : {error}.") from error


def confronted(server: Server, result: Result, mine: Held) -> Result:
    """The result with what the note says against the ledger."""
    with reading.snapshot(server.uri("probant_audit"), result.company_id) as conn:
        told = [*held.held(conn, result.company_id, mine.raw, mine.key)]
    return replace(
        result,
        findings=(*result.findings, *(finding for finding in told if not finding.is_notice)),
        notices=(*result.notices, *(finding for finding in told if finding.is_notice)),
    )
