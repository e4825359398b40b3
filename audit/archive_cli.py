"""`probant archive create`, `verify`, `purge`: exit 0 CONFORME, 1 NON CONFORME, 2 usage, or nothing is to be done."""

import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from rich.console import Console
from rich.progress import Progress

from audit import reading, texts
from audit.archive.build import TooMany
from audit.archive.make import NotYet, TooLong, make
from audit.archive.purge import Kept, kept
from audit.archive.source import NothingThere
from audit.cli import DAY, one_company, only, open_server
from audit.companies import known_companies
from audit.refusal import Refusal
from audit.time_stamp import NoTimeStamp
from audit.verifier import lines, main
from audit.verifier.container import Container
from audit.verifier.report import Report
from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands.archives import purge_archive, record_archive
from ledger.commands.closings import close_all
from ledger.errors import LedgerReadOnly
from ledger.settings import Settings

existing = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def archive() -> None:
    """Les archives fiscales : ce que reçoit un contrôle, et qui se vérifie sans Probant."""


@archive.command()
@one_company
@click.option("--from", "first", type=DAY, required=True, help="Premier jour d’enregistrement, AAAA-MM-JJ.")
@click.option("--to", "last", type=DAY, required=True, help="Dernier jour, inclus.")
@click.option(
    "-o", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Fichier .asice à écrire."
)
def create(*, called: str | None, first: datetime, last: datetime, path: Path) -> None:
    """Produit l’archive scellée d’une période, et l’inscrit au registre. Les périodes finies sont d’abord closes."""
    settings = Settings.from_env()
    with open_server() as server, postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool:
        company = only(known_companies(server.uri("probant_audit")), called)
        do = partial(_do, Books(pool, EventMapper(*AGGREGATES), settings.secret("commands")))
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar, refused():
            task = bar.add_task("Archive", total=1.0)
            close_all(do, company.id)
            built = make(
                settings, server, company, first.date(), last.date(), path,
                progress=lambda share: bar.update(task, completed=share),
            )  # fmt: skip
            with without_a_trace(path):
                do(
                    record_archive, company.id, uuid4(), archive_id=uuid4(), first=first.date(), last=last.date(),
                    **built._asdict(),
                )  # fmt: skip
    click.echo(f"{path} : écritures {built.from_pos} à {built.to_pos}, {built.size} octets, SHA-256 {built.sha256}")


def _do(books: Books, use_case: Callable[..., Any], company_id: UUID, command_id: UUID, **facts: Any) -> Any:
    return books.do(use_case, company_id, command_id, "job:archive", **facts)


@contextmanager
def without_a_trace(path: Path) -> Iterator[None]:
    """An archive that the ledger does not tell of is none: its file goes."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def refused() -> Iterator[None]:
    """Why there is no archive, in one sentence."""
    try:
        yield
    except NoTimeStamp as error:
        raise Refusal("L’autorité d’horodatage ne répond pas comme il faut. Rien n’a été produit.") from error
    except LedgerReadOnly as error:
        raise Refusal("Ce registre est en lecture seule : rien ne s’y inscrit. Rien n’a été produit.") from error
    except TooLong as error:
        raise Refusal(
            "Une archive tient un exercice au plus, et ne finit pas avant son début. Rien n’a été produit."
        ) from error
    except TooMany as error:
        raise Refusal(
            "Elle tiendrait plus de 100 000 fichiers : choisissez une période plus courte. Rien n’a été produit."
        ) from error
    except NotYet as error:
        raise Refusal("Le dernier jour n’est pas encore venu. Rien n’a été produit.") from error
    except NothingThere as error:
        raise Refusal("Aucune écriture n’a été enregistrée dans ces jours. Rien n’a été produit.") from error
    except OSError as error:
        raise Refusal(f"L’archive n’a pas pu être écrite : {error.strerror}. Rien n’est laissé.") from error


@archive.command()
@click.argument("path", metavar="ARCHIVE", type=existing)
@click.option("--checkpoint", type=existing, help="Point de contrôle que vous détenez déjà.")
@click.option("--fingerprint", default="", metavar="HEX", help="Empreinte imprimée sur une facture, entière ou non.")
@click.option("--key", default="", metavar="VKEY", help="Clé du registre, reçue ailleurs.")
@click.option("--signer", default="", metavar="SHA256", help="Empreinte du certificat attendu.")
def verify(*, path: Path, checkpoint: Path | None, fingerprint: str, key: str, signer: str) -> None:
    """Vérifie une archive : douze contrôles, une ligne chacun."""
    held = checkpoint.read_bytes() if checkpoint else None
    report = _read(path, held, key, signer, fingerprint)
    click.echo("\n".join(report.lines()))
    sys.exit(0 if report.conform else 1)


@archive.command()
@click.argument("path", metavar="ARCHIVE", type=existing)
def purge(*, path: Path) -> None:
    """Enlève d’ici les fichiers de documents dont le terme est passé et que cette archive tient ; elle le prouve."""
    settings, report = Settings.from_env(), _read(path)
    if not report.conform:
        click.echo("\n".join(report.lines()), err=True)
        sys.exit(1)
    with open_server() as server:
        company = only(known_companies(server.uri("probant_audit")), lines.start(Container(str(path))).ledger)
        with reading.snapshot(server.uri("probant_audit"), company.id) as conn:
            found = _purgeable(kept(conn, company.id, path, settings.retention_years), settings.retention_years)
        files = texts.count(found.due, "fichier", "fichiers")
        click.echo(f"Conservée : {found.where}. {files} de documents ne resteront que dans cette archive.")
        click.confirm("Les enlever d’ici ?", abort=True)
        with postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool:
            Books(pool, EventMapper(*AGGREGATES), settings.secret("commands")).do(
                purge_archive, company.id, uuid4(), "job:archive", archive_id=found.id, years=settings.retention_years
            )
    click.echo(f"Purge inscrite : {files}. Les écritures, leurs empreintes et les totaux restent.")


def _purgeable(found: Kept | None, years: int) -> Kept:
    if found is None:
        raise Refusal("Le registre ne dit pas cette archive produite, puis mise en lieu sûr : rien n’est purgé.")
    if not found.due:
        raise Refusal(f"Rien à purger : aucun fichier de cette archive n’a passé son terme ({years} ans).")
    return found


def _read(path: Path, held: bytes | None = None, key: str = "", signer: str = "", printed: str = "") -> Report:
    try:
        return main.verify(str(path), held, key, signer, printed)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise Refusal(f"{path} n’est pas une archive lisible.") from error
