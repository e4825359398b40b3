"""At start, each ledger is compared with what is remembered of it outside its database: the data folder, the witnesses.

A ledger that is smaller, or another one, was restored or changed behind Probant's back. It becomes read-only until
somebody declares what is lost (`probant restore declare`).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg

from audit.finding import Finding
from audit.held import held, history
from audit.witnesses import WitnessSilent, clients
from ledger import checkpoint, checkpoints
from ledger.checkpoint import Checkpoint
from ledger.checkpoints import Conn
from ledger.note import NoteRefused
from ledger.postgres import Server
from ledger.settings import Settings
from ledger.signer import Signer

CONTRADICT = ("checkpoint_lost", "checkpoint_differs", "checkpoint_place")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Remembered:
    """A checkpoint kept outside the database, and where."""

    where: str
    point: Checkpoint


def freeze_lost(settings: Settings, server: Server) -> Iterator[str]:
    """Makes read-only every ledger that something outside contradicts; one French sentence for each."""
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
        for (company,) in conn.execute("SELECT company_id FROM ledger.living()").fetchall():
            if told := _contradictions(conn, settings, company):
                conn.execute("SELECT ledger.freeze(%s)", (company,))
                yield told[0]


def remembered(settings: Settings, origin: str) -> Iterator[Remembered]:
    """What is known outside of a history; a place that cannot be read is left out, and said to the operator."""
    ledger = origin.split("/")[1]
    try:
        last = Signer(settings).last(ledger)
    except NoteRefused:
        log.exception("the last checkpoint of %s in the data folder cannot be read", ledger)
        last = None
    if last:
        yield Remembered("le dossier de données", last[0])
    for client in clients(settings):
        try:
            found = client.last(origin)
        except WitnessSilent:
            log.warning("the witness %s does not answer", client.url)
            continue
        if found:
            yield Remembered(f"le témoin {client.url}", found)


def _contradictions(conn: Conn, settings: Settings, company: UUID) -> list[str]:
    with conn.transaction():
        checkpoints.see(conn, company)
        return [
            _sentence(company, outside, finding)
            for outside in remembered(settings, checkpoints.head(conn, company).origin)
            for finding in history(conn, company, outside.point)
            if not finding.is_notice
        ]


def held_by_hand(conn: Conn, company: UUID, raw: bytes) -> Checkpoint:
    """A checkpoint that somebody kept: the note of a receipt, of a mail. It makes the ledger read-only when it
    contradicts it. In a transaction that sees the company.

    Errors: `NoteRefused` when it is no checkpoint, or not one that a key of this ledger signed.
    """
    findings = [finding for finding in held(conn, company, raw) if not finding.is_notice]
    if strange := [finding.code for finding in findings if finding.code not in CONTRADICT]:
        raise NoteRefused(f"the checkpoint is none of this ledger: {strange[0]}")
    if findings:
        conn.execute("SELECT ledger.freeze(%s)", (company,))
    return checkpoint.read(raw)[0]


def _sentence(company: UUID, outside: Remembered, finding: Finding) -> str:
    if finding.code == "checkpoint_lost":
        told = (
            f"il s’arrête à l’écriture {finding.position - 1}, alors que {outside.where} en connaît"
            f" {outside.point.size} : il en manque {finding.facts['lost']}"
        )
    else:
        told = f"ses {outside.point.size} premières écritures ne sont pas celles que {outside.where} connaît"
    return (
        f"Le registre {company} est en lecture seule : {told}. Une sauvegarde ancienne a été restaurée, ou la base"
        " a été modifiée. Retrouvez la base la plus récente, ou lancez « probant restore declare »."
    )
