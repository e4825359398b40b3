"""`probant clock declare`: the clock is right, and the time of a ledger was not."""

import click
import psycopg

from audit.cli import one_company, only
from audit.companies import known_companies
from audit.refusal import Refusal
from ledger.settings import Settings


@click.group()
def clock() -> None:
    """Quand l’horloge du serveur et le registre ne sont plus d’accord."""


@clock.command()
@one_company
@click.confirmation_option(prompt="L’horloge du serveur est-elle à l’heure ?")
def declare(*, called: str | None) -> None:
    """Rouvre un registre dont la dernière écriture est datée de plus d’une heure dans l’avenir."""
    from web.cli import prepared, refuse_without_ledger

    settings = Settings.from_env()
    refuse_without_ledger(settings)
    with prepared(settings) as server:
        company = only(known_companies(server.uri("probant_audit")), called)
        with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
            try:
                conn.execute("SELECT ledger.declare_clock(%s, 'job:clock')", (company.id,))
            except psycopg.Error as error:
                raise Refusal("Ce registre n’est pas en avance d’une heure sur l’horloge : rien à déclarer.") from error
    click.echo("Déclaré. Le temps de ce registre repart de l’horloge ; ses séries postérieures sont closes.")
