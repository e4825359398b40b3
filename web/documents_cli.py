"""`probant documents export`: the frozen files as they are, and their fingerprints as `sha256sum -c` reads them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click

from audit.companies import Company, UnknownCompany, find, known_companies
from ledger.books import Books
from ledger.commands.security import note_list_exported
from ledger.errors import LedgerReadOnly
from ledger.postgres import Server
from projections import files
from projections.engine import Engine
from web.files import file_name

INDEX = "SHA256SUMS"


class NothingChosen(Exception):
    """Several ledgers and none named, or a name that is not one ledger's."""


def export(server: Server, engine: Engine, called: str, every: bool, folder: Path) -> Iterator[tuple[Company, int]]:
    """Writes a folder for each company, and says how many files it holds. Errors: `NothingChosen`, `OSError`."""
    for company in _chosen(server, called, every):
        yield company, _written(engine, company, folder / _folder(company))


def _folder(company: Company) -> str:
    """By SIREN, and by the beginning of its UUID: a company may have two ledgers, one of them for training."""
    return "-".join(filter(None, (company.siren, str(company.id)[:8])))


def _chosen(server: Server, called: str, every: bool) -> list[Company]:
    known = known_companies(server.uri("probant_audit"))
    if every or (len(known) == 1 and not called):
        return known
    try:
        return [find(known, called)]
    except UnknownCompany as error:
        raise NothingChosen(called) from error


def _written(engine: Engine, company: Company, folder: Path) -> int:
    """Again over what is there: a file of that name is that file. Two documents have never the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    with engine.read(company.id) as tx:
        for file in files.every(tx):
            content = files.content(tx, file)
            if content is not None:  # its term is over
                (folder / file_name(file)).write_bytes(content)
                index.append(f"{file.sha256}  {file_name(file)}\n")
    (folder / INDEX).write_text("".join(index), encoding="utf-8")
    return len(index)


def _record(books: Books, company: Company) -> None:
    """In the journal of the company, unless its ledger takes nothing."""
    with suppress(LedgerReadOnly):
        books.do(
            note_list_exported, company.id, uuid4(), "job:documents", access_id=uuid4(), what="documents",
            place="probant documents export", happened_at=datetime.now(UTC),
        )  # fmt: skip


@click.group()
def documents() -> None:
    """Les documents figés : factures, avoirs, devis."""


@documents.command(name="export")
@click.option("--company", "called", metavar="C", default="", help="SIREN, ou UUID, ou début d’UUID.")
@click.option("--all", "every", is_flag=True, help="Toutes les sociétés.")
@click.option(
    "-o", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Dossier à remplir."
)
def export_(called: str, every: bool, folder: Path) -> None:
    """Écrit les fichiers figés tels qu’ils sont, avec leurs empreintes (« sha256sum -c SHA256SUMS »)."""
    from ledger import postgres
    from ledger.settings import Settings
    from web.app import MAPPER, read_models
    from web.cli import Refusal, prepared, refuse_without_ledger

    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server, postgres.pool(server, "probant_job", min_size=1, max_size=2) as pool:
        try:
            for company, count in export(server, read_models(pool), called, every, folder):
                _record(Books(pool, MAPPER, settings.secret("commands")), company)
                click.echo(f"{company.name or company.id} : {count} document{'s' if count > 1 else ''}")
        except NothingChosen:
            raise Refusal("Choisissez une société par --company (voir « probant companies »), ou --all.") from None
        except OSError as error:
            raise Refusal(f"{folder} : {error.strerror or error}.") from error
