"""T12 and T13 of the reliability plan: whoever has all rights on the database changes what stands in it.

Each mutant is a real ledger, changed by SQL as superuser with the guards switched off, and verified as the command line
does it. What is found is the whole list: one finding for one defect, where it is. The last test says what the chain
alone can never show.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from uuid import uuid4

import psycopg
import pytest

from audit.form import seals
from audit.verify import verify_company
from ledger import postgres
from ledger.migrate import migrate
from ledger.postgres import Server
from ledger.settings import Settings
from tests.audit import forge
from tests.audit.forge import Ledger, position
from tests.conftest import open_folder

SEED = int(os.environ.get("SEED") or Random().randrange(2**32))
Found = list[tuple[int, str]]


@contextmanager
def guards_off(server: Server) -> Iterator[psycopg.Connection]:
    """The superuser's connection, in a transaction in which nothing refuses."""
    with psycopg.connect(server.uri("postgres")) as conn:
        guards = conn.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'"
            " AND tgrelid::regclass::text IN ('ledger.entry', 'ledger.head', 'ledger.sealed')"
        ).fetchall()
        assert guards
        for table, guard in guards:
            conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        yield conn
        for table, guard in guards:
            conn.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")


def stored(server: Server) -> Ledger:
    """A lawful ledger of some forty entries, in the database."""
    ledger = Ledger(12, uuid4().int)
    with guards_off(server) as conn:
        forge.store(conn, ledger.id, ledger.rows, ledger.vault, **ledger.last)
    return ledger


def found(server: Server, ledger: Ledger) -> Found:
    result = verify_company(server, ledger.id)
    return [(finding.position, finding.code) for finding in result.findings]


class Forger:
    """Writes what he wants into one ledger. `k` is the position of an invoice in the middle, `n` the last one."""

    def __init__(self, conn: psycopg.Connection, ledger: Ledger) -> None:
        self.conn, self.ledger = conn, ledger
        self.k, self.n = position(ledger, "invoice.issued", 5), len(ledger.rows)

    def sql(self, statement: str, **values) -> None:
        self.conn.execute(statement, {"company": self.ledger.id, "k": self.k, "n": self.n, **values})

    def set(self, change: str, pos: int | None = None, **values) -> None:
        where = " WHERE company_id = %(company)s AND pos = %(pos)s"
        self.sql(f"UPDATE ledger.entry SET {change}{where}", pos=pos or self.k, **values)

    def head(self, change: str, **values) -> None:
        self.sql(f"UPDATE ledger.head SET {change} WHERE company_id = %(company)s", **values)

    def delete(self, first: int, last: int | None = None) -> None:
        self.sql(
            "DELETE FROM ledger.entry WHERE company_id = %(company)s AND pos BETWEEN %(first)s AND %(last)s",
            first=first, last=last or first,
        )  # fmt: skip

    def shift(self, first: int, by: int) -> None:
        """Renumbers the column from `first` on."""
        for change in ("-(pos + %(by)s)", "-pos"):
            where = "pos >= %(first)s" if "by" in change else "pos < 0"
            statement = f"UPDATE ledger.entry SET pos = {change} WHERE company_id = %(company)s AND {where}"
            self.sql(statement, first=first, by=by)

    def swap(self, i: int, j: int) -> None:
        for pos, to in ((i, -j), (j, -i)):
            self.set("pos = %(to)s", pos, to=to)
        self.sql("UPDATE ledger.entry SET pos = -pos WHERE company_id = %(company)s AND pos < 0")

    def exchange(self, column: str, i: int, j: int) -> None:
        """Two entries exchange one column and keep the rest."""
        self.sql(
            f"UPDATE ledger.entry e SET {column} = o.{column} FROM ledger.entry o WHERE e.company_id = %(company)s AND"
            " o.company_id = %(company)s AND ((e.pos, o.pos) = (%(i)s, %(j)s) OR (e.pos, o.pos) = (%(j)s, %(i)s))",
            i=i, j=j,
        )  # fmt: skip

    def insert(self, pos: int, digest: bytes | None = None) -> None:
        """A forged entry at `pos`; its hash follows the one before unless it is given."""
        stream, at = uuid4(), self.ledger.rows[pos - 2][4]
        when = forge.EPOCH + timedelta(microseconds=at)
        line = forge.line_of(self.ledger.id, pos, stream, 1, "client.created", when, {"kind": "business"})
        self.put((pos, stream, 1, "client.created", at, line, digest or forge.link(self.ledger.rows[pos - 2][6], line)))

    def put(self, row: tuple) -> None:
        names = ("pos", "stream", "version", "type", "at", "line", "hash")
        values = dict(zip(names, row, strict=True))
        values |= {"line": row[5].decode(), "at": forge.EPOCH + timedelta(microseconds=row[4])}
        self.sql(
            "INSERT INTO ledger.entry VALUES"
            " (%(company)s, %(pos)s, %(stream)s, %(version)s, %(type)s, %(at)s, %(line)s, %(hash)s)",
            **values,
        )

    def rechain(self, first: int, last: int, *, head: bool = False) -> None:
        """Doubles the amount of the invoice `first`, and computes the hashes up to `last` again."""
        rows = self.ledger.rows
        row = rows[first - 1]
        rows = [*rows[: first - 1], (*row[:5], row[5].replace(b"19872", b"39744"), b""), *rows[first:]]
        for row in forge.chained(rows[first - 1 : last], rows[first - 2][6]):
            self.set("line = %(line)s, hash = %(hash)s", row[0], line=row[5].decode(), hash=row[6])
        if head:
            self.head("hash = %(hash)s", hash=row[6])

    def cut(self, last: int, *, head: str = "") -> None:
        row = self.ledger.rows[last - 1]
        self.delete(last + 1, self.n)
        if head:
            self.head(head, pos=last, hash=row[6], at=forge.EPOCH + timedelta(microseconds=row[4]))

    def digest_at(self, pos: int) -> bytes:
        (digest,) = seals(self.ledger.rows[pos - 1][5])
        return bytes.fromhex(digest.decode())

    def edit_opening(self, pos: int) -> None:
        """The table checks digests, even for the superuser: as long as he lets it."""
        checks = self.conn.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'ledger.sealed'::regclass AND contype = 'c'"
        ).fetchall()
        for name, _ in checks:
            self.sql(f"ALTER TABLE ledger.sealed DROP CONSTRAINT {name}")
        self.sql("UPDATE ledger.sealed SET value = '\"Jean\"' WHERE digest = %(digest)s", digest=self.digest_at(pos))
        for name, definition in checks:
            again = definition.removesuffix(" NOT VALID")
            self.conn.execute(f"ALTER TABLE ledger.sealed ADD CONSTRAINT {name} {again} NOT VALID")


HEAD = "pos = %(pos)s, hash = %(hash)s, at = %(at)s"
LINE = "line = replace(line, %(old)s, %(new)s)"
MUTANTS: dict[str, tuple[Callable[[Forger], None], Callable[[Forger], Found]]] = {
    # The line
    "edits an amount": (lambda f: f.set(LINE, old="19872", new="19873"), lambda f: [(f.k, "altered")]),
    "edits the first line": (lambda f: f.set(LINE, 1, old="SAS", new="SA"), lambda _: [(1, "altered")]),
    "edits the last line": (lambda f: f.set(LINE, f.n, old="19872", new="1"), lambda f: [(f.n, "altered")]),
    "edits an actor": (lambda f: f.set(LINE, old="user:8", new="user:9"), lambda f: [(f.k, "altered")]),
    "edits an instant": (lambda f: f.set(LINE, old='"at":"2026', new='"at":"2025'), lambda f: [(f.k, "altered")]),
    "edits a position in a line": (
        lambda f: f.set(LINE, old=f'"pos":{f.k}', new='"pos":1'), lambda f: [(f.k, "displaced")]),
    "makes a line no JSON": (lambda f: f.set("line = 'oubliée'"), lambda f: [(f.k, "altered")]),
    "empties a line": (lambda f: f.set("line = ''"), lambda f: [(f.k, "unreadable")]),
    "edits a type in line and column": (
        lambda f: f.set(f"{LINE}, type = 'invoice.noted'", old="invoice.issued", new="invoice.noted"),
        lambda f: [(f.k, "altered")]),
    "edits a version in line and column": (
        lambda f: f.set(f"{LINE}, version = 7", old='"version":2', new='"version":7'), lambda f: [(f.k, "altered")]),
    "moves an entry to another stream": (
        lambda f: f.set("line = replace(line, stream_id::text, %(new)s), stream_id = %(new)s::uuid", new=str(uuid4())),
        lambda f: [(f.k, "altered")]),
    "edits a series that was opened": (
        lambda f: f.set(LINE, 2, old="F2026-#", new="G2026-#"), lambda _: [(2, "altered")]),
    # The columns and the hash
    "edits the column type": (lambda f: f.set("type = 'invoice.drafted'"), lambda f: [(f.k, "columns")]),
    "edits the column version": (lambda f: f.set("version = 9"), lambda f: [(f.k, "columns")]),
    "edits the column stream": (lambda f: f.set("stream_id = gen_random_uuid()"), lambda f: [(f.k, "columns")]),
    "edits the column instant": (lambda f: f.set("recorded_at = 'infinity'"), lambda f: [(f.k, "columns")]),
    "edits a hash": (lambda f: f.set("hash = sha256(hash)"), lambda f: [(f.k, "altered")]),
    "edits the last hash": (lambda f: f.set("hash = sha256(hash)", f.n), lambda f: [(f.n, "altered")]),
    "edits two hashes that follow": (
        lambda f: (f.set("hash = sha256(hash)"), f.set("hash = ''", f.k + 1)),
        lambda f: [(f.k, "altered"), (f.k + 1, "altered")]),
    # Places
    "swaps two neighbours": (
        lambda f: f.swap(f.k, f.k + 1), lambda f: [(f.k, "intruder"), (f.k + 1, "intruder")]),
    "swaps two distant entries": (
        lambda f: f.swap(5, f.k), lambda f: [(5, "displaced"), (f.k, "displaced")]),
    "swaps two lines": (
        lambda f: f.exchange("line", 5, f.k), lambda f: [(5, "displaced"), (f.k, "displaced")]),
    "swaps two hashes": (
        lambda f: f.exchange("hash", 5, f.k), lambda f: [(5, "altered"), (f.k, "altered")]),
    "deletes one in the middle": (lambda f: f.delete(f.k), lambda f: [(f.k, "missing")]),
    "deletes three in a row": (lambda f: f.delete(f.k, f.k + 2), lambda f: [(f.k, "missing")]),
    "deletes the first": (lambda f: f.delete(1), lambda _: [(1, "missing")]),
    "deletes one and renumbers the others": (
        lambda f: (f.delete(f.k), f.shift(f.k + 1, -1)), lambda f: [(f.k, "displaced")]),
    "deletes one, renumbers, and moves the head": (
        lambda f: (f.delete(f.k), f.shift(f.k + 1, -1), f.head("pos = pos - 1")), lambda f: [(f.k, "displaced")]),
    "inserts one, well linked, and renumbers": (
        lambda f: (f.shift(f.k, 1), f.insert(f.k)), lambda f: [(f.k, "intruder")]),
    "inserts one with any hash, and renumbers": (
        lambda f: (f.shift(f.k, 1), f.insert(f.k, b"h" * 32)), lambda f: [(f.k, "intruder")]),
    "doubles one and renumbers": (
        lambda f: (f.shift(f.k + 1, 1), f.put((f.k + 1, uuid4(), *f.ledger.rows[f.k - 1][2:]))),
        lambda f: [(f.k + 1, "repeated")]),
    "moves one far away": (
        lambda f: f.set("pos = 1000000"), lambda f: [(f.k, "missing"), (1_000_000, "displaced")]),
    "puts one before the first": (
        lambda f: f.put((0, uuid4(), *f.ledger.rows[0][2:])), lambda _: [(0, "repeated")]),
    "puts the line of another ledger": (
        lambda f: f.set(LINE, old=str(f.ledger.id), new=str(uuid4())), lambda f: [(f.k, "altered")]),
    # Chained again, but not to the end: the break shows where the old chain begins
    "chains one again": (lambda f: f.rechain(f.k, f.k), lambda f: [(f.k + 1, "altered")]),
    "chains five again": (lambda f: f.rechain(f.k, f.k + 4), lambda f: [(f.k + 5, "altered")]),
    "chains all again but the head": (lambda f: f.rechain(f.k, f.n), lambda f: [(f.n, "head")]),
    # The tail and the head
    "cuts the tail": (lambda f: f.cut(f.n - 3), lambda f: [(f.n - 2, "cut")]),
    "cuts the tail, moves the head, keeps the counters": (
        lambda f: f.cut(f.n - 2, head=HEAD), lambda f: [(position(f.ledger, "invoice.issued", 10), "counter")]),
    "adds an entry beyond the head": (lambda f: f.insert(f.n + 1), lambda f: [(f.n + 1, "beyond")]),
    "raises the head": (lambda f: f.head("pos = pos + 2"), lambda f: [(f.n + 1, "cut")]),
    "lowers the head": (lambda f: f.head("pos = pos - 2"), lambda f: [(f.n - 1, "beyond")]),
    "edits the head's hash": (lambda f: f.head("hash = sha256(hash)"), lambda f: [(f.n, "head")]),
    "edits the head's instant": (lambda f: f.head("at = at + interval '1 day'"), lambda f: [(f.n, "head")]),
    "lowers a counter": (
        lambda f: f.head("series = jsonb_set(series, '{F2026,last}', '11')"), lambda f: [(f.n, "counter")]),
    "forgets a series": (
        lambda f: f.head("series = series - 'D2026'"), lambda f: [(position(f.ledger, "quote.sent", 2), "counter")]),
    "deletes the head": (
        lambda f: f.sql("DELETE FROM ledger.head WHERE company_id = %(company)s"), lambda f: [(f.n, "head")]),
    # The vault
    "deletes an opening": (
        lambda f: f.sql("DELETE FROM ledger.sealed WHERE digest = %(digest)s", digest=f.digest_at(4)),
        lambda _: [(4, "seal_lost")]),
    "edits an opening": (lambda f: f.edit_opening(4), lambda _: [(4, "seal_altered")]),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_change_is_found_once_in_its_place(server, name):
    tamper, expected = MUTANTS[name]
    ledger = stored(server)
    with guards_off(server) as conn:
        forger = Forger(conn, ledger)
        tamper(forger)
    assert found(server, ledger) == expected(forger)


FLIPS = {
    "line": "line = convert_from(set_byte(textsend(line), %(byte)s, %(value)s), 'UTF8')",
    "hash": "hash = set_byte(hash, %(byte)s, %(value)s)",
    "type": "type = convert_from(set_byte(textsend(type), %(byte)s, %(value)s), 'UTF8')",
    "stream_id": "stream_id = encode(set_byte(uuid_send(stream_id), %(byte)s, %(value)s), 'hex')::uuid",
    "version": "version = version # (4::bigint << %(bit)s)",  # 1 to 3 stand beside it in its stream
    "recorded_at": "recorded_at = recorded_at + (%(step)s * interval '1 microsecond')",
}


def flip(forger: Forger, column: str, row: tuple, random: Random) -> None:
    """Turns one bit of a column over, as far as text stays text."""
    old = {"line": row[5], "hash": row[6], "type": row[3].encode(), "stream_id": row[1].bytes}.get(column, b"-")
    while True:
        byte, bit = random.randrange(len(old)), random.randrange(8)
        value = old[byte] ^ 1 << bit
        try:
            if column in ("line", "type"):
                (old[:byte] + bytes([value]) + old[byte + 1 :]).decode()
                assert value
        except (UnicodeDecodeError, AssertionError):
            continue
        step = 1 << random.randrange(50)
        forger.set(FLIPS[column], row[0], byte=byte, value=value, bit=random.randrange(60), step=step)
        return


@pytest.mark.parametrize("seed", [SEED + n for n in range(20)])
def test_each_flipped_bit_is_found_in_its_place(server, seed):
    print(f"SEED={seed}")
    random, ledger = Random(seed), stored(server)
    rows = random.sample(ledger.rows, 10)
    with guards_off(server) as conn:
        forger = Forger(conn, ledger)
        for row in rows:
            flip(forger, random.choice(["line", "line", "line", *FLIPS]), row, random)
    result = verify_company(server, ledger.id)
    flipped = [finding.position for finding in result.findings]
    unproven = {notice.position for notice in result.notices if notice.code == "unproven"}
    assert flipped == sorted({*flipped})
    assert {*flipped} <= {row[0] for row in rows} <= {*flipped} | unproven  # beside one whose position was flipped


def test_a_flipped_bit_on_the_disk_is_found_in_the_entries_of_its_page():
    """PostgreSQL's checksum refuses the whole page; its neighbours are read, and all are told."""
    print(f"SEED={SEED}")
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        migrate(server)
        ledger = stored(server)
        with psycopg.connect(server.uri("postgres")) as conn:
            file, pages = conn.execute(
                "SELECT pg_relation_filepath('ledger.entry'), pg_relation_size('ledger.entry') / 8192"
            ).fetchone()
            page = Random(SEED).randrange(pages)
            hit = conn.execute(
                "SELECT pos FROM ledger.entry WHERE (ctid::text::point)[0] = %s ORDER BY pos", (page,)
            ).fetchall()
        postgres.stop(settings)
        with (settings.data / "postgres" / file).open("r+b") as disk:
            at = page * 8192 + 8192 - Random(SEED).randrange(1, 2000)
            disk.seek(at)
            byte = disk.read(1)[0]
            disk.seek(at)
            disk.write(bytes([byte ^ 1 << Random(SEED).randrange(8)]))
        server = postgres.start(settings)
        try:
            assert found(server, ledger) == [(pos, "unreadable") for (pos,) in hit]
        finally:
            postgres.stop(settings)


def test_the_chain_alone_cannot_show_a_history_that_was_rewritten_whole(server):
    """Chained again to the end, head included; or cut, with head, counters and vault made to fit: nothing contradicts.

    Only a signed checkpoint that left the machine shows it (ledger-format.md § 5).
    """
    for rewrite in (
        lambda f: f.rechain(f.k, f.n, head=True),
        lambda f: f.cut(f.n - 2, head=HEAD + ", series = jsonb_set(series, '{F2026,last}', '11')"),
    ):
        ledger = stored(server)
        with guards_off(server) as conn:
            rewrite(Forger(conn, ledger))
        assert found(server, ledger) == []
