"""`probant companies`, `lines`, `total`, `verify`: exit 0 all is well, 1 something was found, 2 anything else."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any

import click
import psycopg
from rich.console import Console
from rich.progress import Progress

from audit import reading, texts
from audit.companies import Company, UnknownCompany, find, known_companies
from audit.confront import confronted, read_held
from audit.cores import processes
from audit.finding import Finding
from audit.refusal import Refusal
from audit.total import totals
from audit.verify import Result, verify_companies
from ledger import postgres
from ledger.canonical import canonical
from ledger.postgres import Server
from ledger.settings import Settings

one_company = click.option("--company", "called", metavar="C", help="SIREN, ou UUID, ou début d’UUID.")
DAY = click.DateTime(["%Y-%m-%d"])
as_json = click.option("--json", "as_json", is_flag=True, help="Un document JSON.")


@click.command()
@as_json
def companies(*, as_json: bool) -> None:
    """Liste les registres : UUID, SIREN, nombre d’écritures, société."""
    with open_server() as server:
        known = known_companies(server.uri("probant_audit"))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in known], ensure_ascii=False, default=str))
    for one in [] if as_json else known:
        click.echo(f"{one.id}  {one.siren or '—':9}  {one.pos:9}  {_name(one)}")


@click.command()
@one_company
def lines(*, called: str | None) -> None:
    """Écrit les lignes d’un registre telles qu’elles sont, prêtes pour « sha256sum »."""
    with open_server() as server:
        uri = server.uri("probant_audit")
        company = only(known_companies(uri), called)
        with reading.snapshot(uri, company.id) as conn:
            sys.stdout.buffer.writelines(line + b"\n" for line in reading.lines(conn, company.id))


@click.command()
@one_company
@click.option("--from", "first", type=DAY, required=True, help="Premier jour, AAAA-MM-JJ.")
@click.option("--to", "last", type=DAY, required=True, help="Dernier jour, inclus.")
@as_json
def total(*, called: str | None, first: datetime, last: datetime, as_json: bool) -> None:
    """Donne le facturé et l’encaissé d’une période, par jour d’enregistrement, tirés des lignes du registre."""
    with open_server() as server:
        uri = server.uri("probant_audit")
        company = only(known_companies(uri), called)
        with reading.snapshot(uri, company.id) as conn:
            found = totals(conn, company.id, first.date(), last.date())
    documents, payments = found.documents_fact(), found.payments_fact()
    if as_json:
        click.echo(canonical({"company": company.id, "documents": documents, "payments": payments}))
        return
    click.echo(f"{_name(company)}, du {first:%d/%m/%Y} au {last:%d/%m/%Y}")
    for label, cents in (
        ("Facturé HT", documents.net_cents), ("TVA", documents.vat_cents), ("Facturé TTC", documents.gross_cents),
        ("dont avoirs", documents.credited_gross_cents), ("Règlements reçus", payments.received_cents),
        ("Règlements annulés", payments.reversed_cents), ("Remboursements", payments.refunded_cents),
        ("Encaissé net", payments.net_cents),
    ):  # fmt: skip
        click.echo(f"{label:20}{texts.euros(cents):>18}")


@click.command()
@one_company
@click.option("--checkpoint", "note", type=click.File("rb"), help="Point de contrôle que vous détenez.")
@click.option("--key", default="", help="Clé du registre, reçue ailleurs que de ce registre.")
@as_json
def verify(*, called: str | None, note: IO[bytes] | None, key: str, as_json: bool) -> None:
    """Vérifie un registre, ou tous : chaîne, lignes, numéros, engagements, tête, points de contrôle."""
    mine = read_held(note, key) if note else None
    with open_server() as server:
        known = known_companies(server.uri("probant_audit"))
        called = called or (mine.ledger if mine else None)
        chosen = [only(known, called)] if called else known
        results = [*_verified(server, chosen)]
        if mine:
            results = [confronted(server, result, mine) for result in results]
    tell = _tell_json if as_json else _tell
    tell(chosen, results)
    if any(result.findings for result in results):
        raise SystemExit(1)


def _verified(server: Server, chosen: list[Company]) -> Iterator[Result]:
    """On a terminal, with a bar."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar, processes() as pool:
        task = bar.add_task("Vérification", total=sum(company.pos for company in chosen))
        yield from verify_companies(server, chosen, lambda count: bar.advance(task, count), pool)


def _tell(chosen: list[Company], results: list[Result]) -> None:
    for company, result in zip(chosen, results, strict=True):
        click.echo(f"{_name(company)} : {texts.count(result.count, 'écriture', 'écritures')}, tête {result.head}")
        for sentence in texts.sentences(result.notices):
            click.echo(sentence)
        for sentence in texts.sentences(result.findings):
            click.echo(sentence, err=True)
        if result.findings:
            click.echo(texts.count(len(result.findings), "anomalie.", "anomalies."), err=True)
        else:
            click.echo("Registre intact.")
    if not chosen:
        click.echo("Aucun registre.")


def _tell_json(chosen: list[Company], results: list[Result]) -> None:
    told = [
        {
            "company": str(company.id), "siren": company.siren, "name": company.name, "entries": result.count,
            "head": result.head, "ok": not result.findings, "findings": [*map(_plain, result.findings)],
            "notices": [*map(_plain, result.notices)],
        }
        for company, result in zip(chosen, results, strict=True)
    ]  # fmt: skip
    click.echo(json.dumps({"ok": all(one["ok"] for one in told), "companies": told}, ensure_ascii=False))


def _plain(finding: Finding) -> dict[str, Any]:
    return {"position": finding.position, "code": finding.code, **finding.facts, "text": texts.sentence(finding)}


def only(known: list[Company], called: str | None) -> Company:
    if called is None and len(known) == 1:
        return known[0]
    try:
        return find(known, called or "")
    except UnknownCompany as unknown:
        among = "".join(f"\n{one.id}  {_name(one)}" for one in unknown.candidates or known)
        raise Refusal(f"Indiquez un registre par --company (SIREN ou UUID) :{among}") from unknown


def _name(company: Company) -> str:
    told = " (FACTICE)" * company.training + " (archive, lecture seule)" * company.archive
    return (company.name or str(company.id)) + told


@contextmanager
def open_server() -> Iterator[Server]:
    """The server of this installation; never a new one, which would be an empty ledger."""
    settings = Settings.from_env()
    if not settings.database_url and not (settings.data / "postgres" / "PG_VERSION").exists():
        raise Refusal(f"Aucun registre dans {settings.data}.")
    try:
        yield postgres.start(settings)
    except psycopg.Error as error:
        raise Refusal(f"Le registre est injoignable : {error}".strip()) from error
    finally:
        postgres.stop(settings)
