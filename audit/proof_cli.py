"""`probant checkpoint` and `probant prove`: what leaves the machine, so that somebody else can prove something."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg

from audit import texts
from audit.cli import one_company, only, open_server
from audit.companies import Company, known_companies
from audit.proof import prove as proof_of
from audit.refusal import Refusal
from ledger.checkpoint import Checkpoint
from ledger.checkpoints import Conn, covering, make, see
from ledger.errors import LedgerReadOnly, NotAnExtension
from ledger.note import Note, NoteRefused
from ledger.settings import Settings
from ledger.signer import Signer

into_file = click.option("-o", "file", type=click.Path(dir_okay=False, path_type=Path), help="Fichier à écrire.")


@click.command()
@one_company
@into_file
def checkpoint(*, called: str | None, file: Path | None) -> None:
    """Signe un point de contrôle : à remettre à quelqu’un d’autre, qui saura si l’histoire change."""
    signer = Signer(Settings.from_env())
    with _ledger(called) as (conn, company):
        note = _made(conn, signer, company)
    point = Checkpoint.read(note.text)
    _write(note.bytes, file)
    click.echo(f"{texts.count(point.size, 'écriture', 'écritures')}, tête {point.head}", err=True)
    click.echo(f"Clé du registre : {signer.key(point.origin)}", err=True)


@click.command()
@one_company
@click.option("--entry", "pos", type=click.IntRange(1), required=True, metavar="POS", help="Position de l’écriture.")
@into_file
def prove(*, called: str | None, pos: int, file: Path | None) -> None:
    """Écrit la preuve qu’une écriture est dans le registre ; elle se vérifie sans Probant."""
    with _ledger(called) as (conn, company), conn.transaction():
        see(conn, company.id)
        note = covering(conn, company.id, pos) or _made(conn, Signer(Settings.from_env()), company)
        try:
            proof = proof_of(conn, company.id, pos, note)
        except LookupError:
            raise Refusal(f"Il n’y a pas d’écriture {pos} dans ce registre.") from None
    _write(proof.bytes, file)


@contextmanager
def _ledger(called: str | None) -> Iterator[tuple[Conn, Company]]:
    """A connection of the job, which alone keeps checkpoints."""
    with open_server() as server, psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
        yield conn, only(known_companies(server.uri("probant_audit")), called)


def _made(conn: Conn, signer: Signer, company: Company) -> Note:
    try:
        return make(conn, signer, company.id)
    except (NotAnExtension, LedgerReadOnly) as error:
        raise Refusal(
            "Ce registre n’est pas la suite du dernier point de contrôle signé, ou attend une déclaration de"
            " restauration : rien n’est signé. Voyez « probant restore declare »."
        ) from error
    except NoteRefused as error:
        raise Refusal(f"Le dernier point de contrôle gardé hors de la base est abîmé : {error}.") from error


def _write(content: bytes, file: Path | None) -> None:
    if file is None:
        sys.stdout.buffer.write(content)
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refusal(f"{file} : {error.strerror}.") from error
