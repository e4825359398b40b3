"""Ledgers made by hand, right or wrong: what a forger with all keys but one could write.

A ledger is a list of rows as `audit.batch.Row`, and a `Head`. `story` is a lawful one: a company that draws up,
issues and revises documents for clients whose names are sealed.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from uuid import UUID

import psycopg

from audit.batch import EPOCH, Row
from audit.finding import Finding
from audit.verify import check
from audit.whole import Head, Opening
from ledger.chain import genesis, seal

OPENED_AT = datetime(2026, 1, 5, 8, 0, 0, 250000, tzinfo=UTC)
USER = "user:8f0c2d4e-1111-4222-8333-944455556666"

Event = tuple[UUID, str, dict]  # stream, type, data


class Ledger:
    """A lawful ledger of `documents` invoices, to be spoilt."""

    def __init__(self, documents: int = 10, seed: int = 1) -> None:
        self.id = UUID(int=Random(seed).getrandbits(128))
        self.vault: list[Opening] = []
        self.rows = list(ledger_of(self.id, story(self.id, documents, self.vault, Random(f"story {seed}"))))
        self.last = {"F2026": documents, "D2026": 117 + documents // 5}

    @property
    def head(self) -> Head:
        return head_of(self.rows, **self.last)

    def check(self, rows: list[Row] | None = None, head: Head | None = None) -> list[Finding]:
        return list(check(str(self.id), self.rows if rows is None else rows, head or self.head, self.vault))

    def rewrite(self, pos: int, /, **changes) -> list[Row]:
        """The rows with another line at `pos`, its columns agreeing, and everything from there on chained again."""
        row = list(self.rows[pos - 1])
        line = {**json.loads(row[5]), **changes}
        row[5] = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
        if {"stream", "version", "type", "at"} & changes.keys():
            at = microseconds(datetime.fromisoformat(line["at"]))
            row[1:5] = UUID(line["stream"]), line["version"], line["type"], at
        return self.chain_again([*self.rows[: pos - 1], tuple(row), *self.rows[pos:]])

    def chain_again(self, rows: list[Row]) -> list[Row]:
        return list(chained(rows, genesis_of(self.id)))

    def tell(self, rows: list[Row], **last: int) -> list[tuple[int, str]]:
        """Positions and codes of what is found in `rows` under a head that goes with them."""
        findings = check(str(self.id), rows, head_of(rows, **{**self.last, **last}), self.vault)
        return [(finding.position, finding.code) for finding in findings]


def position(ledger: Ledger, type_: str, n: int = 0) -> int:
    """Of the n-th entry of that type."""
    return [row[0] for row in ledger.rows if row[3] == type_][n]


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def line_of(ledger: UUID, pos: int, stream: UUID, version: int, type_: str, at: datetime, data: dict) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (
        f'{{"at":"{stamp}","by":"{USER}","data":{text},"ledger":"{ledger}","pos":{pos},"stream":"{stream}",'
        f'"type":"{type_}","version":{version}}}'
    ).encode()


def link(previous: bytes, line: bytes) -> bytes:
    return sha256(previous.hex().encode() + b"\n" + line + b"\n").digest()


def chained(rows: Iterable[Row], previous: bytes) -> Iterator[Row]:
    """The rows with the hashes that follow `previous`."""
    for row in rows:
        previous = link(previous, row[5])
        yield (*row[:6], previous)


def genesis_of(ledger: UUID) -> bytes:
    return bytes.fromhex(genesis(str(ledger)))


def ledger_of(ledger: UUID, events: Iterable[Event]) -> Iterator[Row]:
    """Entries a second apart."""
    versions: dict[UUID, int] = {}

    def unchained() -> Iterator[Row]:
        for pos, (stream, type_, data) in enumerate(events, start=1):
            version = versions[stream] = versions.get(stream, 0) + 1
            at = OPENED_AT + timedelta(seconds=pos)
            line = line_of(ledger, pos, stream, version, type_, at, data)
            yield pos, stream, version, type_, microseconds(at), line, b""

    return chained(unchained(), genesis_of(ledger))


def story(ledger: UUID, documents: int, vault: list[Opening], random: Random) -> Iterator[Event]:
    """Opens a ledger and a series, then for each document: a client, a draft, its issue; a quote for every fifth."""
    yield ledger, "ledger.opened", {
        "format": 1, "mode": "live", "origin": f"probant.example/{ledger}", "time_zone": "Europe/Paris",
        "company": {"name": "Ateliers Probant SAS", "siren": "732829320"}, "signer": "x", "software": "probant 0.1.0",
    }  # fmt: skip
    yield ledger, "series.opened", {"series": "F2026", "kinds": ["invoice"], "pattern": "F2026-####"}
    yield ledger, "series.opened", {"series": "D2026", "kinds": ["quote"], "pattern": "D2026-####", "first": 118}
    for n in range(1, documents + 1):
        client, invoice, quote = (UUID(int=random.getrandbits(128)) for _ in range(3))
        yield client, "client.created", {"card": sealed(ledger, client, f"Zoé {n}", vault, random), "kind": "person"}
        if n % 5 == 0:
            number = {"series": "D2026", "seq": 117 + n // 5, "number": f"D2026-{117 + n // 5:04}"}
            yield quote, "quote.drafted", {"client_id": str(client)}
            yield quote, "quote.sent", {**number, "revision": 1, "sent_on": "2026-01-05"}
            yield quote, "quote.sent", {**number, "revision": 2, "sent_on": "2026-01-05"}
        yield invoice, "invoice.drafted", {"client_id": str(client), "lines": LINES}
        yield invoice, "invoice.issued", issued(n, sealed(ledger, invoice, f"Zoé {n}", vault, random))


LINES = [
    {"label": "Conseil — « audit »", "quantity": "1.5", "unit_price": "95", "vat_bp": 2000, "net_cents": 14250},
    {"label": "Déplacement\nTGV", "quantity": "42", "unit_price": "0.6", "vat_bp": 1000, "net_cents": 2520},
]


def issued(n: int, card: dict) -> dict:
    """An invoice of usual size: about 1 100 bytes."""
    number = f"F2026-{n:04}"
    return {
        "buyer": {"card": card, "country": "FR", "kind": "person", "natural_person": True}, "day": "2026-01-05",
        "gross_cents": 19872, "issued_on": "2026-01-05", "kind": "invoice", "lines": LINES, "net_cents": 16770,
        "number": number, "seq": n, "series": "F2026", "tax_due": [], "vat_cents": 3102,
        "postings": [{"date": "2026-01-05", "journal": "VE", "label": number, "piece": number, "lines": [
            {"account": "411000", "aux": "C000001", "credit_cents": 0, "debit_cents": 19872},
            {"account": "706000", "credit_cents": 16770, "debit_cents": 0},
            {"account": "445740", "credit_cents": 3102, "debit_cents": 0,
             "vat": {"base_cents": 16770, "category": "S", "rate_bp": 2000, "side": "output"}},
        ]}],
        "vat": [{"base_cents": 2520, "category": "S", "rate_bp": 1000, "vat_cents": 252},
                {"base_cents": 14250, "category": "S", "rate_bp": 2000, "vat_cents": 2850}],
    }  # fmt: skip


def sealed(ledger: UUID, subject: UUID, name: str, vault: list[Opening], random: Random) -> dict:
    """A sealed name; its opening goes to the vault."""
    salt, value = random.randbytes(32).hex(), json.dumps({"name": name}, ensure_ascii=False, separators=(",", ":"))
    digest = seal(str(ledger), str(subject), salt, value)
    vault.append(Opening(digest, str(subject), salt, value))
    return {"sealed": digest}


def head_of(rows: list[Row], **last: int) -> Head:
    """The head row after `rows`; `last` numbers of the series."""
    series = {name: {"pattern": f"{name}-####", "last": number} for name, number in last.items()}
    return Head(rows[-1][0], rows[-1][6], rows[-1][4], series)


def store(
    conn: psycopg.Connection, ledger: UUID, rows: Iterable[Row], vault: Iterable[Opening] = (), **last: int
) -> None:
    """Writes a ledger as the superuser can."""
    row: Row | None = None
    with conn.transaction(), conn.cursor() as cursor:
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(ledger),))
        with cursor.copy("COPY ledger.entry FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "int8", "uuid", "int8", "text", "timestamptz", "text", "bytea"])
            for row in rows:
                pos, stream, version, type_, recorded, line, digest = row
                at = EPOCH + timedelta(microseconds=recorded)
                copy.write_row((ledger, pos, stream, version, type_, at, line.decode(), digest))
        assert row
        head = head_of([row], **last)
        conn.execute(
            "INSERT INTO ledger.head (company_id, pos, hash, at, origin, time_zone, training, series)"
            " VALUES (%s, %s, %s, %s, %s, 'Europe/Paris', false, %s)",
            (ledger, head.pos, head.hash, EPOCH + timedelta(microseconds=head.recorded), f"probant.example/{ledger}",
             json.dumps(head.series)),
        )  # fmt: skip
        cursor.executemany(
            "INSERT INTO ledger.sealed (company_id, digest, subject_id, salt, value) VALUES (%s, %s, %s, %s, %s)",
            [(ledger, bytes.fromhex(one.digest), one.subject, one.salt, one.value) for one in vault],
        )
