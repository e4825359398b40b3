"""A ledger with some of everything, archived; and what an attacker does to an archive."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import reading, seal
from audit.archive.build import About, Builder, Built, Proofs
from audit.archive.fec import Year
from audit.archive.source import Source
from audit.verifier.tree import Tree
from domain.company import Configuration
from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import companies, invoices, payments
from ledger.commands.closings import close_next
from ledger.note import SIGNS, Key
from tests.ledger.commands.conftest import IDENTITY, Shop, line
from tests.today import today

MAPPER = EventMapper(*AGGREGATES)


@dataclass
class Ground:
    """`key` signs the checkpoints of `shop`'s ledger."""

    shop: Shop
    key: Ed25519PrivateKey
    origin: str
    uri: str
    books: Books
    settings: object

    @property
    def vkey(self) -> str:
        return str(Key(self.origin, SIGNS, self.key.public_key().public_bytes_raw()))

    def source(self, conn: psycopg.Connection) -> Source:
        return Source(conn, self.shop.id)

    def note(self, source: Source, size: int, key: Ed25519PrivateKey | None = None) -> bytes:
        """A signed checkpoint, made here from the hashes alone."""
        tree, head = Tree(), b""
        for head in source.hashes(size):
            tree.add(head)
        at = next(json.loads(text)["at"] for _, text, _ in source.entries(size, size))
        root = base64.b64encode(tree.root()).decode()
        body = f"{self.origin}\n{size}\n{root}\nhead {head.hex()}\nat {at}\n".encode()
        signer = key or self.key
        public = b"\x01" + signer.public_key().public_bytes_raw()
        mark = hashlib.sha256(self.origin.encode() + b"\n" + public).digest()[:4]
        signature = base64.b64encode(mark + signer.sign(body)).decode()
        return body + f"\n— {self.origin} {signature}\n".encode()

    def build(
        self,
        path: Path,
        first: int = 1,
        stamp: Callable[[bytes], bytes] | None = None,
        last: int = 0,
        keys: tuple[Ed25519PrivateKey | None, Ed25519PrivateKey | None] = (None, None),
        progress: Callable[[float], None] = lambda _: None,
    ) -> Built:
        """An archive from a position to another, or to the end of the ledger; `keys` sign its end and the newest."""
        with reading.snapshot(self.uri, self.shop.id) as conn:
            conn.adapters.register_loader("timestamptz", psycopg.types.datetime.TimestamptzBinaryLoader)
            source = self.source(conn)
            size = conn.execute("SELECT pos FROM ledger.head WHERE company_id = %s", (self.shop.id,)).fetchone()[0]
            span = source.span(today(), today(), size)._replace(from_pos=first)
            span = span._replace(to_pos=last or span.to_pos)
            end, newest = self.note(source, span.to_pos, keys[0]), self.note(source, size, keys[1])
            proofs = Proofs(
                {"fin.txt": end, "dernier.txt": newest}, size, seal.seal_of(self.settings, self.shop.id), stamp
            )
            years = [Year(date(2026, 1, 1), date(2026, 12, 31))]
            about = About(str(self.shop.id), IDENTITY.name, IDENTITY.siren, True, "full", years, "tests")
            return Builder(source, span, about, proofs, progress).write(path)


def ground(settings, server, web_pool, job_pool) -> Ground:
    """A training ledger of March 2026: persons and companies, a credit note, payments, one reversed, closings, an
    erasure.
    """
    key, secret = Ed25519PrivateKey.generate(), settings.secret("commands")
    shop = Shop(Books(web_pool, MAPPER, secret), lambda _: [])
    books = Books(job_pool, MAPPER, secret)
    origin = f"tests.example/{shop.id}"
    books.do(
        companies.open_ledger, shop.id, uuid4(), "system", origin=origin,
        signer=str(Key(origin, SIGNS, key.public_key().public_bytes_raw())),
        software="tests", identity=IDENTITY, natural_person=False, mode="training", configuration=Configuration(),
        fiscal_year=(date(2026, 1, 1), date(2026, 12, 31)),
    )  # fmt: skip
    whole = Ground(shop, key, origin, server.uri("probant_audit"), books, settings)
    trade(whole)
    return whole


def trade(ground: Ground) -> None:
    shop = ground.shop
    hotel = shop.client()
    jeanne = shop.client("person", natural_person=True, taxable=False, card={"name": "Jeanne Roux", "siren": ""})
    erased = shop.client("person", natural_person=True, taxable=False, card={"name": "Paul Oubli", "siren": ""})
    first = shop.issued(hotel, line("100"), line("50", id="2", nature="goods", vat_bp=550))
    shop.issued(jeanne, line("33.33", quantity="3"))
    shop.day = date(2026, 3, 3)
    shop.pay(hotel, 5_000, (first, 5_000))
    bounced = shop.pay(jeanne, 700)
    shop.do(payments.reverse_payment, payment_id=bounced, cause="bounced", reversed_on=shop.day)
    credit = uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit, invoice_id=first)
    shop.issue(credit)
    erase(ground, erased)
    close(ground, date(2026, 4, 2))
    shop.day = date(2026, 4, 3)
    shop.issued(hotel, line("10"))


def erase(ground: Ground, subject: UUID) -> None:
    with ground.books.pool.connection() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (ground.shop.id, subject))


def close(ground: Ground, on: date) -> None:
    for period in ("day", "month"):
        while ground.books.on(on).do(close_next, ground.shop.id, uuid4(), "job:closings", period=period):
            pass


def rewritten(
    path: Path, target: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
):
    """A copy of an archive whose members went through `change` (None: left out), with right CRCs and lengths."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for about in old.infolist():
            content = change(about.filename, old.read(about))
            if content is not None:
                new.writestr(zipfile.ZipInfo(about.filename, about.date_time), content, about.compress_type)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return target
