"""`probant`: one command line for the service and for the proof. Modules are imported only when their command runs."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib import import_module
from types import FrameType
from typing import IO, TYPE_CHECKING, Any

import click

from ledger.errors import ServerError
from ledger.settings import Settings

if TYPE_CHECKING:
    from ledger.postgres import Server

ELSEWHERE = dict.fromkeys(("companies", "lines", "total", "verify"), "audit.cli") | {
    "archive": "web.archive_cli",
    "bounced": "web.mail.bounces",
    "checkpoint": "audit.proof_cli",
    "clock": "web.clock_cli",
    "documents": "web.documents_cli",
    "keys": "audit.keys_cli",
    "mail-in": "web.support.mail_in",
    "operator": "web.operator.cli",
    "perimeter": "audit.perimeter",
    "prove": "audit.proof_cli",
    "restore": "web.restore_cli",
    "witness": "audit.witness_server",
}

PROXY: dict[str, Any] = {  # on this machine, it tells who is behind it: limits count by address
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_count": 1,
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
}


class Commands(click.Group):
    """The commands below and those of `ELSEWHERE`; a server that cannot be used is told in French, exit 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in ELSEWHERE:
            found: click.Command = getattr(import_module(ELSEWHERE[name]), name.replace("-", "_"))
            return found
        return super().get_command(ctx, name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ServerError as error:
            from web.texts import server_sentence

            raise Refusal(server_sentence(error)) from error


class Refusal(click.ClickException):
    """A reason to stop, as one French sentence."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), err=True)


@click.group(cls=Commands)
def main() -> None:
    """Probant : des factures dans un registre que l’on peut vérifier."""


@main.command()
@click.option(
    "--database-url", envvar="PROBANT_DATABASE_URL", default="", help="PostgreSQL à prendre ; sinon, le sien."
)
def init(database_url: str) -> None:
    """Crée le dossier de données, la clé, la base et ses tables ; ne touche pas à ce qui existe."""
    settings = replace(Settings.from_env(), database_url=database_url)
    settings.make_secret_key()
    with prepared(settings):
        click.echo(f"Probant est prêt dans {settings.data}.\nLancez « probant open », puis « probant serve ».")


@main.command(name="open")
@click.option("--name", prompt="Raison sociale", help="Raison sociale, ou nom de l’entrepreneur.")
@click.option("--siren", prompt="SIREN", help="SIREN, neuf chiffres.")
@click.option("--city", prompt="Ville", help="Ville du siège.")
@click.option("--sole-trader", is_flag=True, help="Entrepreneur individuel : son identité est scellée.")
@click.option("--username", prompt="Nom d’utilisateur du titulaire", help="Nom d’utilisateur du titulaire.")
@click.option("--email", prompt="Adresse e-mail", help="Adresse e-mail du titulaire.")
@click.password_option(prompt="Mot de passe (12 caractères au moins)", help="Demandé au terminal s’il n’est pas donné.")
def open_(**typed: Any) -> None:
    """Ouvre les livres d’une société réelle et donne accès à son titulaire ; le reste se règle à l’écran."""
    from web.first_company import create

    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server:
        try:
            create(settings, server, **typed)
        except ValueError as error:
            raise Refusal(str(error)) from error
    click.echo("Les livres sont ouverts. Lancez « probant serve », connectez-vous et complétez les Réglages.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", default=8000, show_default=True, type=int, help="Port ; 0 : un port libre.")
@click.option("--no-worker", is_flag=True, help="Sans les tâches de fond : « probant worker » tourne à part.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Sert Probant dans un navigateur, jusqu’à Ctrl-C ; derrière un mandataire si PROBANT_PUBLIC_URL est en https."""
    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server, nullcontext() if no_worker else working(settings, server):
        listen(settings, host, port)


@main.command()
def worker() -> None:
    """Fait les tâches de fond (documents, e-mails, vérifications, clôtures), jusqu’à Ctrl-C ; achève celle en cours."""
    from web.jobs.access import running
    from web.jobs.worker import Worker

    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server, running(settings, server):
        at_work = Worker(settings, server)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: at_work.stop())
        click.echo("Probant fait les tâches de fond.  (Ctrl-C pour arrêter)")
        at_work.run()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", default=8000, show_default=True, type=int, help="Port ; 0 : un port libre.")
@click.option("--no-serve", is_flag=True, help="Remplit les sociétés, puis s’arrête.")
def demo(host: str, port: int, no_serve: bool) -> None:
    """Remplit trois sociétés FACTICES et les sert ; sans PROBANT_DATA, dans un dossier à elles."""
    from web.demo.run import USER, LiveLedgers, prepare
    from web.demo.seller import company_of
    from web.mail.demo import letterbox

    settings = Settings.from_env()
    if "PROBANT_DATA" not in os.environ:
        settings = Settings.from_env({**os.environ, "PROBANT_DATA": f"{settings.data}-demo"})
    settings.make_secret_key()
    settings = replace(settings, operator_company=company_of(settings))
    with prepared(settings) as server:
        try:
            password = prepare(settings, server, lambda name: click.echo(f"  {name}"))
        except LiveLedgers:
            raise Refusal(
                f"{settings.data} tient déjà les livres de sociétés réelles : choisissez un autre dossier."
            ) from None
        click.echo(f"Trois sociétés factices dans {settings.data}.\nNom : {USER}\nMot de passe : {password}")
        if not no_serve:
            with letterbox(settings) as posting, working(posting, server):
                listen(posting, host, port)


def listen(settings: Settings, host: str, port: int) -> None:
    """Answers browsers until the program is told to end; requests under way are finished first."""
    from waitress.server import create_server

    from web.app import THREADS, create_app

    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise Refusal(f"Le port {port} de {host} n’est pas libre : choisissez-en un autre par --port.") from error
    app = create_app(settings)
    try:
        server = create_server(
            app, sockets=[listening], threads=THREADS, ident=None, **(PROXY if settings.https else {})
        )
        click.echo(f"Probant : http://{host}:{listening.getsockname()[1]}/  (Ctrl-C pour arrêter)")
        server.run()
    finally:
        listening.close()
        app.extensions["pool"].close()


@contextmanager
def working(settings: Settings, server: "Server") -> Iterator[None]:
    """A worker beside the pages, and the entries that say when the service ran."""
    from web.jobs.access import running
    from web.jobs.beside import beside

    with running(settings, server), beside(settings):
        yield


@contextmanager
def prepared(settings: Settings) -> Iterator["Server"]:
    """A server that runs, on this program's schema; on the way out, whatever ends us, we leave it."""
    import psycopg

    from ledger import postgres
    from ledger.migrate import migrate
    from web.app import read_models
    from web.restores import freeze_lost

    signal.signal(signal.SIGTERM, _end)
    server = postgres.start(settings)
    try:
        migrate(server)
        with psycopg.connect(server.uri("postgres")) as conn, postgres.pool(server, "probant_job") as pool:
            read_models(pool).install(conn)
        for told in freeze_lost(settings, server):
            click.echo(told, err=True)
        yield server
    finally:
        postgres.stop(settings)


def refuse_without_ledger(settings: Settings) -> None:
    """A missing ledger means a wrong folder or a lost disk: making an empty one would start a second history."""
    if not settings.database_url and not (settings.data / "postgres" / "PG_VERSION").exists():
        raise Refusal(
            f"Aucun registre dans {settings.data}.\nSi c’est une première installation, lancez « probant init »."
            " Sinon, corrigez PROBANT_DATA ou restaurez la sauvegarde : Probant n’ouvre pas de seconde histoire."
        )


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
