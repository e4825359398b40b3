"""`probant keys`: the keys of this installation and the seals of its companies, shown, changed, imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
import psycopg
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from audit import hsm, pkcs12, seal
from audit.cli import DAY, one_company, only, open_server
from audit.companies import known_companies
from audit.refusal import Refusal
from domain.keys import Cause
from domain.registry import AGGREGATES
from ledger import checkpoints, postgres
from ledger.books import Books
from ledger.checkpoints import Conn
from ledger.codec import EventMapper
from ledger.commands.keys import declare_seal
from ledger.errors import LedgerReadOnly
from ledger.postgres import Server
from ledger.rotation import LIVING, rotate
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.succession import Succession, named

CAUSES = {"": "à l’ouverture", "rotation": "changement prévu", "loss": "clé perdue", "compromise": "clé volée"}
WAITS = "rendez-le d’abord inscriptible (« probant restore declare » après une restauration), puis recommencez."


@click.group()
def keys() -> None:
    """Les clés des points de contrôle et les cachets des archives."""


@keys.command()
def show() -> None:
    """Montre les clés que chaque registre annonce, et les cachets avec leur échéance. Ni clé privée, ni secret."""
    settings = Settings.from_env()
    with open_server() as server, psycopg.connect(server.uri("probant_audit"), autocommit=True) as conn:
        for company in known_companies(server.uri("probant_audit")):
            click.echo(f"{company.name or company.id}")
            for line in (*_keys(_named(conn, company.id)), *_own_seal(settings, company.id)):
                click.echo(f"  {line}")
    click.echo("Cachet de l’installation")
    for certificate in seal.certificates(seal.file_of(settings)):
        click.echo(f"  {_certificate(certificate)}")
    for file in sorted(seal.retired(settings).glob("*.pem")):
        click.echo(f"  remplacé : {_certificate(seal.certificates(file)[0])}")


@keys.command(name="rotate")
@click.option("--cause", type=click.Choice(["rotation", "loss", "compromise"]), default="rotation", show_default=True,
              help="Changement prévu, clé perdue, clé volée.")  # fmt: skip
@click.option("--stolen-on", type=DAY, help="Jour à partir duquel la clé volée ne fait plus foi, AAAA-MM-JJ.")
@click.confirmation_option(prompt="L’ancienne clé sera détruite ; chaque registre annoncera la nouvelle. Continuer ?")
def rotate_(*, cause: Cause, stolen_on: datetime | None) -> None:
    """Change la clé des points de contrôle : inscrite dans chaque registre, signée de l’ancienne et de la nouvelle."""
    if (cause == "compromise") != (stolen_on is not None):
        raise Refusal("--stolen-on va avec --cause compromise, et elle ne va pas sans lui.")
    settings = Settings.from_env()
    signer = Signer(settings)
    with _working(settings) as (_, _, books):
        told = [*rotate(books, signer, cause, stolen_on.date() if stolen_on else None)]
    click.echo(f"La clé est changée dans {len(told)} registres ; l’ancienne n’existe plus.")
    click.echo("Donnez la nouvelle à qui vérifie, et à vos témoins, par un autre chemin : « probant keys show ».")


@keys.command(name="rotate-seal")
@click.confirmation_option(prompt="L’ancien cachet ne scellera plus rien ; son certificat est gardé. Continuer ?")
def rotate_seal() -> None:
    """Change le cachet de l’installation ; les archives déjà scellées gardent le leur."""
    settings = Settings.from_env()
    file, (key, chain) = settings.data / "keys" / "seal.pem", seal.made(settings.host)
    with _working(settings) as (_, conn, books):
        for (company,) in conn.execute(LIVING).fetchall():
            if not seal.has_its_own(settings, company):
                _declare(books, company, chain[0], "installation")
        seal.write(settings, file, key, chain)
    click.echo(f"Nouveau cachet : {_certificate(chain[0])}")


@keys.command(name="import")
@one_company
@click.argument("path", metavar="FICHIER.p12", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.password_option(prompt="Mot de passe du fichier", confirmation_prompt=False, help="Demandé au terminal.")
def import_(*, called: str | None, path: Path, password: str) -> None:
    """Prend le cachet d’une société (PKCS#12 d’un prestataire) : il scelle ses prochaines archives."""
    settings = Settings.from_env()
    try:
        key, chain = pkcs12.read(path.read_bytes(), password)
    except pkcs12.NoSeal as error:
        raise Refusal(str(error)) from error
    with _working(settings) as (server, _, books):
        company = only(known_companies(server.uri("probant_audit")), called)
        _declare(books, company.id, chain[0], "company")
        seal.write(settings, seal.own_file(settings, company.id), key, chain)
    click.echo(f"Cachet de {company.name} : {_certificate(chain[0])}")
    click.echo(f"Chaîne : {' ← '.join(_name(one) for one in chain)}. Détruisez le fichier s’il n’est plus utile.")


@keys.command()
@one_company
@click.option("--token", "token", required=True, help="Étiquette du module de sécurité (HSM, carte).")
@click.option("--label", required=True, help="Étiquette de la clé dans ce module.")
@click.argument("path", metavar="CERTIFICAT.pem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def token(*, called: str | None, token: str, label: str, path: Path) -> None:
    """Prend le cachet d’une société dont la clé reste dans un module de sécurité (PKCS#11)."""
    settings, place = Settings.from_env(), hsm.Place(token, label)
    try:
        chain = pkcs12.chain_of(seal.certificates(path))
        hsm.prove(settings, place, chain[0].public_key())
    except (pkcs12.NoSeal, hsm.OtherKey) as error:
        raise Refusal(str(error)) from error
    with _working(settings) as (server, _, books):
        company = only(known_companies(server.uri("probant_audit")), called)
        _declare(books, company.id, chain[0], "company")
        seal.write(settings, seal.own_file(settings, company.id), place, chain)
    click.echo(f"Cachet de {company.name} : {_certificate(chain[0])}, clé dans le module « {token} »")


@contextmanager
def _working(settings: Settings) -> Iterator[tuple[Server, Conn, Books]]:
    """The server, a connection and the books of the job; a ledger that takes no entry stops the command."""
    with open_server() as server, postgres.pool(server, "probant_job", min_size=1, max_size=3) as pool:
        try:
            with pool.connection() as conn:
                yield server, conn, Books(pool, EventMapper(*AGGREGATES), settings.secret("commands"))
        except LedgerReadOnly as error:
            raise Refusal(f"Le registre {error.company_id} est en lecture seule : {WAITS}") from error


def _declare(books: Books, company: UUID, certificate: x509.Certificate, owner: Any) -> None:
    books.do(
        declare_seal, company, uuid4(), "job:keys", declaration_id=uuid4(), owner=owner,
        sha256=certificate.fingerprint(SHA256()).hex(), expires_on=certificate.not_valid_after_utc.date(),
    )  # fmt: skip


def _named(conn: Conn, company: UUID) -> Succession:
    with conn.transaction():
        checkpoints.see(conn, company)
        return named(conn, company)


def _keys(found: Succession) -> Iterator[str]:
    for key in found.keys:
        broken = " — rupture de clé" if key in found.breaks else ""
        yield f"clé depuis l’écriture {key.pos} ({CAUSES.get(key.cause, key.cause)}{broken}) : {key.text}"


def _own_seal(settings: Settings, company: UUID) -> Iterator[str]:
    if seal.has_its_own(settings, company):
        yield f"cachet de la société : {_certificate(seal.certificates(seal.own_file(settings, company))[0])}"


def _certificate(one: x509.Certificate) -> str:
    return f"{_name(one)}, jusqu’au {one.not_valid_after_utc:%d/%m/%Y}, SHA-256 {one.fingerprint(SHA256()).hex()}"


def _name(one: x509.Certificate) -> str:
    names = one.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME) or [*one.subject]
    return str(names[0].value) if names else "sans nom"
