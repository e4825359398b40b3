"""Where the bench runs: a server of its own, companies, and many entries at once."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg

from domain.client import Profile
from domain.company import Configuration, Identity
from domain.content import Content
from domain.parties import Address, Card, french_vat_number
from domain.registry import AGGREGATES
from ledger import chain, postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import clients, companies, invoices
from ledger.migrate import migrate
from ledger.postgres import Server
from ledger.settings import Settings
from web.demo.bindery_catalogue import BOOKS, SERVICES
from web.demo.story import line

MAPPER = EventMapper(*AGGREGATES)
DAY = date(2026, 3, 2)
SIREN = "732829320"
IDENTITY = Identity(
    name="Banc d’essai",
    legal_form="Association",
    siren=SIREN,
    vat_number=french_vat_number(SIREN),
    address=Address(street="12, rue des Filigranes", postcode="25000", city="Besançon", country="FR"),
)
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Row(NamedTuple):
    """An entry to be imported: `data` in the profile."""

    stream: UUID
    version: int
    type: str
    data: str


@contextmanager
def ground() -> Iterator[tuple[Settings, Server]]:
    with TemporaryDirectory(prefix="probant-bench-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        try:
            migrate(server)
            yield settings, server
        finally:
            postgres.stop(settings)


class Shop:
    """A training company with one client, on one connection as the web and one as the job; `signer` gives the key."""

    def __init__(self, server: Server, signer: Callable[[str], object] = lambda _: "none") -> None:
        self.id, self.client, self.actor = uuid4(), uuid4(), f"user:{uuid4()}"
        self.pool = postgres.pool(server, "probant_web", min_size=1, max_size=1)
        self.books = Books(self.pool, MAPPER, b"bench").on(DAY)
        origin = f"bench.invalid/{self.id}"
        with postgres.pool(server, "probant_job", min_size=1, max_size=1) as job:
            Books(job, MAPPER, b"bench").do(
                companies.open_ledger, self.id, uuid4(), "system", origin=origin, signer=str(signer(origin)),
                software="bench", identity=IDENTITY, natural_person=False, mode="training",
                configuration=Configuration(), fiscal_year=(date(2026, 1, 1), date(2026, 12, 31)),
            )  # fmt: skip
        card = Card(name="Client", address=IDENTITY.address, siren="552100554")
        self.do(clients.create_client, client_id=self.client, profile=Profile(kind="business", card=card))

    def do(self, use_case: object, **request: object) -> object:
        return self.books.do(use_case, self.id, uuid4(), self.actor, **request)  # type: ignore[arg-type]

    def draft(self) -> UUID:
        """An invoice of two lines."""
        invoice_id = uuid4()
        content = Content(client_id=self.client, lines=(line(BOOKS[0], 3), line(SERVICES[0], 2)))
        self.do(invoices.draft_invoice, invoice_id=invoice_id, kind="invoice", content=content)
        return invoice_id

    def issue(self, invoice_id: UUID) -> None:
        self.do(invoices.issue_invoice, invoice_id=invoice_id, issued_on=DAY, base_version=1)

    def close(self) -> None:
        self.pool.close()


def import_rows(server: Server, company: UUID, rows: Iterable[Row]) -> int:
    """Appends many entries in one COPY, as the administrator: lines composed and linked here. The new position."""
    with psycopg.connect(server.uri("postgres")) as conn:
        pos, head, at = conn.execute(
            "SELECT pos, encode(hash, 'hex'), greatest(at, clock_timestamp()) FROM ledger.head WHERE company_id = %s"
            " FOR UPDATE",
            (company,),
        ).fetchone() or (0, "", None)
        stamp = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        with conn.cursor().copy("COPY ledger.entry FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "int8", "uuid", "int8", "text", "timestamptz", "text", "bytea"])
            for row in rows:
                pos += 1
                text = (
                    f'{{"at":"{stamp}","by":"job:import","data":{row.data},"ledger":"{company}","pos":{pos},'
                    f'"stream":"{row.stream}","type":"{row.type}","version":{row.version}}}'
                )
                head = chain.link(head, text)
                copy.write_row((company, pos, row.stream, row.version, row.type, at, text, bytes.fromhex(head)))
        conn.execute(
            "UPDATE ledger.head SET pos = %s, hash = decode(%s, 'hex'), at = %s WHERE company_id = %s",
            (pos, head, at, company),
        )
        return int(pos)


def draft_rows(server: Server, shop: Shop, count: int) -> list[Row]:
    """`count` drafts of invoices, as the commands write them."""
    shop.draft()
    with psycopg.connect(server.uri("postgres")) as conn:
        sample = conn.execute(
            "SELECT line::jsonb ->> 'type', (line::json -> 'data')::text FROM ledger.entry"
            " WHERE company_id = %s ORDER BY pos DESC LIMIT 1",
            (shop.id,),
        ).fetchone() or ("", "")
    return [Row(uuid4(), 1, *sample) for _ in range(count)]
