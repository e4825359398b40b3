"""`probant restore declare`: a ledger says that it was restored, and may be written again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
import psycopg

from audit.cli import one_company, only
from audit.companies import Company, known_companies
from audit.refusal import Refusal
from domain.registry import AGGREGATES
from domain.restore import LostNumbers
from ledger import checkpoints, postgres
from ledger.books import Books
from ledger.checkpoint import Checkpoint
from ledger.checkpoints import Conn
from ledger.codec import EventMapper
from ledger.commands.restores import declare_restore
from ledger.erased import lost as lost_erasures
from ledger.note import NoteRefused
from ledger.postgres import Server
from ledger.settings import Settings
from ledger.tree import tree
from web.restores import held_by_hand, remembered

LOST = re.compile(r"([A-Z0-9-]{1,16}):([1-9][0-9]*)-([1-9][0-9]*)")


@click.group()
def restore() -> None:
    """Après la restauration d’une sauvegarde."""


@restore.command()
@one_company
@click.option("--lost", multiple=True, metavar="SÉRIE:DE-À", help="Numéros donnés depuis, par exemple F2026:43-52.")
@click.option("--erased", multiple=True, type=click.UUID, help="Effacement perdu que le dossier de données ignore.")
@click.option(
    "--checkpoint", "notes", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Point de contrôle reçu ailleurs (joint à un reçu), quand le dossier de données est ancien lui aussi.",
)  # fmt: skip
@click.confirmation_option(prompt="Les écritures perdues ne pourront plus jamais rejoindre ce registre. Continuer ?")
def declare(*, called: str | None, lost: tuple[str, ...], erased: tuple[UUID, ...], notes: tuple[Path, ...]) -> None:
    """Inscrit ce qui est perdu ; ferme les séries, rouvre le registre sous une nouvelle histoire."""
    from web.cli import prepared, refuse_without_ledger

    numbers = tuple(map(_lost, lost))
    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server:
        company = only(known_companies(server.uri("probant_audit")), called)
        highest = _highest(settings, server, company, [path.read_bytes() for path in notes])
        erased = tuple(dict.fromkeys((*erased, *_lost_erasures(settings, server, company))))
        origin = _do(settings, server)(
            declare_restore, company.id, uuid4(), "job:restore", restore_id=uuid4(), known_size=highest.size,
            known_root=highest.root.hex(), known_head=highest.head, lost_numbers=numbers, lost_erasures=erased,
        )  # fmt: skip
        _erase_again(server, company, erased)
    click.echo(
        f"Déclaré. Le registre continue après l’écriture {company.pos}, sous le nom {origin} ; ses séries sont closes,"
        " les prochains documents en ouvriront d’autres. Gardez les anciens points de contrôle."
    )


def _lost_erasures(settings: Settings, server: Server, company: Company) -> list[UUID]:
    """What the data folder remembers, and the restored ledger does not."""
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn, conn.transaction():
        checkpoints.see(conn, company.id)
        return lost_erasures(conn, settings, company.id)


def _erase_again(server: Server, company: Company, persons: tuple[UUID, ...]) -> None:
    """The values of these came back with the backup."""
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
        for person in persons:
            conn.execute("SELECT ledger.erase_subject(%s, %s, 'restauration')", (company.id, person))


def _lost(text: str) -> LostNumbers:
    found = LOST.fullmatch(text)
    if not found or int(found[2]) > int(found[3]):
        raise Refusal(f"« {text} » : écrivez la série et ses numéros perdus, par exemple F2026:43-52.")
    return LostNumbers(series=found[1], from_=int(found[2]), to=int(found[3]))


def _highest(settings: Settings, server: Server, company: Company, notes: list[bytes]) -> Checkpoint:
    """The highest checkpoint known outside, `notes` among them; the ledger's own head when nothing higher is. The
    ledger is frozen.

    Errors: `Refusal` when nothing outside contradicts it, and it was not frozen before.
    """
    with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn, conn.transaction():
        checkpoints.see(conn, company.id)
        if conn.execute("SELECT 1 FROM ledger.reopened WHERE company_id = %s", (company.id,)).fetchone():
            raise Refusal("Ce registre a été ouvert depuis une archive : il reste en lecture seule.")
        here, given = _here(conn, company.id), [_given(conn, company.id, note) for note in notes]
        if not checkpoints.head(conn, company.id).frozen:
            raise Refusal("Rien ne montre que ce registre ait été restauré : il n’y a rien à déclarer.")
        outside = [each.point for each in remembered(settings, here.origin)]
    return max([here, *given, *outside], key=lambda point: point.size)


def _given(conn: Conn, company: UUID, note: bytes) -> Checkpoint:
    try:
        return held_by_hand(conn, company, note)
    except NoteRefused as error:
        raise Refusal("Ce fichier n’est pas un point de contrôle signé de ce registre.") from error


def _here(conn: Conn, company: UUID) -> Checkpoint:
    head = checkpoints.head(conn, company)
    root = tree(conn, company).root(head.pos)
    return Checkpoint(head.origin, head.pos, root, head.hash, checkpoints.instant(head.at))


def _do(settings: Settings, server: Server) -> Callable[..., Any]:
    def do(*command: Any, **facts: Any) -> Any:
        with postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool:
            return Books(pool, EventMapper(*AGGREGATES), settings.secret("commands")).do(*command, **facts)

    return do
