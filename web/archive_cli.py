"""`probant archive restore`: archives opened again as a company, for one person, read-only."""

import sys
import zipfile
from pathlib import Path
from uuid import UUID

import click
import psycopg
from psycopg.errors import CheckViolation, UniqueViolation

from audit.archive.reopen import AlreadyHere, DoNotFollow, NotConform, Reopened, reopen
from audit.archive_cli import archive, existing
from audit.refusal import Refusal
from ledger import postgres
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from web.accounts import store

__all__ = ["archive"]  # the group of `audit`, with one command more


@archive.command()
@click.argument("paths", metavar="ARCHIVE...", type=existing, nargs=-1, required=True)
@click.option("--user", "name", required=True, help="Nom d’utilisateur qui la lira.")
@click.option("--email", default="", help="Son adresse, si ce compte n’existe pas encore.")
def restore(*, paths: tuple[Path, ...], name: str, email: str) -> None:
    """Ouvre des archives en lecture seule, comme une société à part : toutes, depuis la première écriture."""
    from web.cli import prepared, refuse_without_ledger

    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server, postgres.pool(server, "probant_web", min_size=1, max_size=2) as pool:
        user_id = _known(pool, name) or _made(pool, name, email)
        found = _reopened(server, paths)
        store.grant(pool, user_id, found.company, "reader")
        _build(server, found.company)
    click.echo(
        f"{found.entries} écritures, du {found.first_on:%d/%m/%Y} au {found.last_on:%d/%m/%Y}, sont ouvertes en lecture"
        f" seule à {name}. Lancez « probant serve » et choisissez la société."
    )


def _reopened(server: Server, paths: tuple[Path, ...]) -> Reopened:
    try:
        with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
            return reopen(conn, paths)
    except NotConform as error:
        click.echo("\n".join(error.report.lines()), err=True)
        click.echo(f"{error.path} n’est pas conforme : rien n’a été ouvert.", err=True)
        sys.exit(1)
    except DoNotFollow as error:
        raise Refusal(str(error)) from error
    except AlreadyHere as error:
        raise Refusal(
            f"Le registre {error} est déjà dans cette installation : une archive ne s’ouvre pas par-dessus."
        ) from error
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise Refusal("Un de ces fichiers n’est pas une archive lisible.") from error


def _known(pool: Pool, name: str) -> UUID | None:
    found = store.Store(pool).identify(name)
    return found.id if found else None


def _made(pool: Pool, name: str, email: str) -> UUID:
    if not email:
        raise Refusal(f"« {name} » n’a pas de compte ici : donnez aussi son adresse par --email.")
    password = click.prompt("Mot de passe (12 caractères au moins)", hide_input=True, confirmation_prompt=True)
    try:
        return store.create_user(pool, name, email, password)
    except UniqueViolation:
        raise Refusal("Cette adresse sert déjà à un autre compte.") from None
    except CheckViolation:
        raise Refusal("Ce nom d’utilisateur ou cette adresse n’a pas une forme acceptée.") from None
    except ValueError as error:
        raise Refusal(str(error)) from error


def _build(server: Server, company: UUID) -> None:
    """The read models, so that the first page does not wait for them."""
    from web.app import read_models

    with postgres.pool(server, "probant_job", min_size=1, max_size=2) as pool:
        read_models(pool).catch_up(company)
