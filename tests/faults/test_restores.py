"""An old backup put back, two copies that go on, a history made anew: what shows it, and how a ledger goes on.

T14 to T16 of the reliability plan. Each installation is a real one, in a folder of its own; a backup is a copy of it.
"""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from os import environ
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.witness import Witness
from audit.witness_server import server as witness_server
from audit.witnesses import WitnessRefuses, clients
from ledger import checkpoints, postgres
from ledger.chain import link
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerReadOnly, NotAnExtension
from ledger.migrate import migrate
from ledger.note import Key, Note
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.tree import tree
from tests.conftest import open_folder
from tests.ledger.raw import append, one, sqlstate
from web.restores import freeze_lost

COMMAND = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')"]


@dataclass
class House:
    """An installation that keeps one ledger."""

    settings: Settings
    company: UUID = field(default_factory=uuid4)

    @contextmanager
    def open(self) -> Iterator[psycopg.Connection]:
        """Its server, and a connection of the job that sees its ledger."""
        server = postgres.start(self.settings)
        try:
            migrate(server)
            with psycopg.connect(server.uri("probant_job"), autocommit=True) as conn:
                conn.execute("SELECT set_config('probant.company', %s, false)", (str(self.company),))
                yield conn
        finally:
            postgres.stop(self.settings)

    @property
    def origin(self) -> str:
        return f"probant.example/{self.company}"

    def found(self, conn: psycopg.Connection) -> None:
        facts = {
            "company": {"name": "Ateliers Probant SAS", "siren": "732829320"}, "format": 1, "mode": "live",
            "origin": self.origin, "signer": str(Signer(self.settings).key(self.origin)), "software": "probant 0.1.0",
            "time_zone": "Europe/Paris",
        }  # fmt: skip
        opened = one("ledger.opened", facts, stream=self.company)
        series = {"kinds": ["invoice"], "pattern": "F2026-####", "series": "F2026"}
        append(conn, self.company, opened, one("series.opened", series), actor="system")

    def add(self, conn: psycopg.Connection, count: int) -> None:
        append(conn, self.company, *(one("client.created", {"reference": str(uuid4())}) for _ in range(count)))

    def checkpoint(self, conn: psycopg.Connection) -> Note:
        return checkpoints.make(conn, Signer(self.settings), self.company)

    def copy(self, folder: Path) -> "House":
        """All of it, elsewhere; the server must be stopped."""
        mirror(self.settings.data, folder)
        return House(replace(self.settings, data=folder, secret_key_file=folder / "secret-key"), self.company)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        env = environ | {"PROBANT_DATA": str(self.settings.data), "PROBANT_WITNESS_URL": self.settings.witness_url}
        return subprocess.run([*COMMAND, *arguments], env=env, capture_output=True, text=True, check=False)


def mirror(folder: Path, other: Path) -> None:
    """A copy with the owners of its files."""
    subprocess.run(["cp", "-a", folder, other], check=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield Path(folder)


@pytest.fixture
def house(folder) -> House:
    settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
    settings.make_secret_key()
    return House(settings)


@pytest.fixture
def witness(house, folder):
    private = Ed25519PrivateKey.generate()
    key = Signer(house.settings).key(house.origin)
    (folder / "witness").mkdir()
    listening = witness_server(Witness(folder / "witness", "temoin.example", private, [key]), "127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    public = Key("temoin.example", 4, private.public_key().public_bytes_raw())
    yield f"http://127.0.0.1:{listening.server_address[1]}#{public}"
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_a_backup_put_back_is_whole_but_loses_to_a_checkpoint_that_left(house, folder):
    """T14: restored from before ten entries."""
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 18)
        house.checkpoint(conn)
    backup = house.copy(folder / "backup")
    with house.open() as conn:
        house.add(conn, 10)
        note = house.checkpoint(conn)
    (folder / "point.txt").write_bytes(note.bytes)
    assert house.run("verify", "--checkpoint", str(folder / "point.txt")).returncode == 0

    alone = backup.run("verify")
    assert (alone.returncode, alone.stdout.splitlines()[-1]) == (0, "Registre intact.")
    told = backup.run("verify", "--checkpoint", str(folder / "point.txt"))
    assert told.returncode == 1
    assert "écritures 21 à 30 : tête perdue : 10" in told.stderr
    assert "clé non confrontée" in told.stdout
    key = str(Signer(house.settings).key(house.origin))
    told = backup.run("verify", "--checkpoint", str(folder / "point.txt"), "--key", key)
    assert "clé non confrontée" not in told.stdout


def test_at_start_a_lost_tail_makes_the_ledger_read_only_until_it_is_declared(house, folder):
    """T14: the database is put back, the data folder remembers."""
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 18)
        early = house.checkpoint(conn)
    old = folder / "old"
    mirror(house.settings.data / "postgres", old)
    with house.open() as conn:
        house.add(conn, 10)
        late = house.checkpoint(conn)
    put_back(house, old)

    told = house.run("restore", "declare", "--company", str(house.company), "--yes", "--lost", "F2026:7-9")
    assert f"Le registre {house.company} est en lecture seule : il s’arrête à l’écriture 20" in told.stderr
    assert "il en manque 10" in told.stderr
    assert told.returncode == 0, told.stderr
    with house.open() as conn:
        line = conn.execute("SELECT line FROM ledger.entry ORDER BY pos DESC LIMIT 1").fetchone()[0]
        assert '"lost_numbers":[{"from":7,"series":"F2026","to":9}]' in line
        assert '"known_size":30' in line
        assert f'"origin":"{house.origin}/2"' in line
        house.add(conn, 1)
        assert Checkpoint.read(house.checkpoint(conn).text).origin == f"{house.origin}/2"
        series = "SELECT bool_and(s.value ? 'closed') FROM ledger.head, jsonb_each(series) s"
        assert conn.execute(series).fetchone() == (True,)
    for name, note, code, words in (
        ("early", early, 0, "Registre intact."),
        ("late", late, 0, "écriture 21 : fourche déclarée : le point de contrôle de 30 écritures"),
    ):
        (folder / name).write_bytes(note.bytes)
        done = house.run("verify", "--checkpoint", str(folder / name))
        assert (done.returncode, words in done.stdout) == (code, True), done.stderr
    assert house.run("restore", "declare", "--yes").returncode == 2


def put_back(house, old):
    shutil.rmtree(house.settings.data / "postgres")
    mirror(old, house.settings.data / "postgres")


def test_a_frozen_ledger_takes_nothing_and_nothing_is_signed(house, folder):
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 5)
        house.checkpoint(conn)
    mirror(house.settings.data / "postgres", folder / "old")
    with house.open() as conn:
        house.add(conn, 1)
        house.checkpoint(conn)
    put_back(house, folder / "old")
    with house.open() as conn:
        house.add(conn, 1)  # before the program starts: another history of the same size
        with pytest.raises(NotAnExtension):
            house.checkpoint(conn)
        server = postgres.start(house.settings)
        (told,) = freeze_lost(house.settings, server)
        assert "ses 8 premières écritures ne sont pas celles que le dossier de données connaît" in told
        assert sqlstate(house.add, conn, 1) == "PB008"
        with pytest.raises(LedgerReadOnly):
            house.checkpoint(conn)


def test_of_two_copies_that_go_on_the_witness_refuses_the_second(house, folder, witness):
    """T15."""
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 10)
        house.checkpoint(conn)
    house.settings = replace(house.settings, witness_url=witness)
    copy = house.copy(folder / "copy")
    notes = []
    for one_of, count in ((house, 3), (copy, 5)):
        with one_of.open() as conn:
            one_of.add(conn, count)
            notes.append(one_of.checkpoint(conn))
            (client,) = clients(one_of.settings)
            if one_of is house:
                assert client.cosign(notes[0], tree(conn, house.company)).name == "temoin.example"
            else:
                with pytest.raises(WitnessRefuses):
                    client.cosign(notes[1], tree(conn, house.company))
    (folder / "second.txt").write_bytes(notes[1].bytes)
    told = house.run("verify", "--checkpoint", str(folder / "second.txt"))
    assert "tête perdue : 2" in told.stderr
    (folder / "first.txt").write_bytes(notes[0].bytes)
    told = copy.run("verify", "--checkpoint", str(folder / "first.txt"))
    assert "écriture 15 : ce n’est pas l’histoire du point de contrôle signé de 15 écritures" in told.stderr


def test_each_place_that_remembers_suffices(house, folder, witness):
    """T16: the data folder's memory is lost too; the witness, or a note that somebody holds, still tells."""
    house.settings = replace(house.settings, witness_url=witness)
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 10)
    mirror(house.settings.data / "postgres", folder / "old")
    with house.open() as conn:
        house.add(conn, 4)
        note = house.checkpoint(conn)
        (client,) = clients(house.settings)
        client.cosign(note, tree(conn, house.company))
    put_back(house, folder / "old")
    (folder / "held.txt").write_bytes(note.bytes)
    assert "tête perdue : 4" in house.run("verify", "--checkpoint", str(folder / "held.txt")).stderr
    assert "le dossier de données en connaît 16" in start(house)
    shutil.rmtree(house.settings.data / "checkpoints")
    assert f"le témoin {client.url} en connaît 16" in start(house)
    house.settings = replace(house.settings, witness_url="")
    assert start(house) == ""


def start(house):
    server = postgres.start(house.settings)
    try:
        return "".join(freeze_lost(house.settings, server))
    finally:
        postgres.stop(house.settings)


def test_a_history_made_anew_by_its_operator_is_found_by_the_checkpoints_kept_with_it(house, folder):
    """The superuser chains everything again, head included: the chain fits, the signed notes do not."""
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 3)
        house.checkpoint(conn)
        house.add(conn, 3)
        house.checkpoint(conn)
        server = postgres.start(house.settings)
        with psycopg.connect(server.uri("postgres")) as admin:
            admin.execute("SELECT set_config('probant.company', %s, false)", (str(house.company),))
            admin.execute("ALTER TABLE ledger.entry DISABLE TRIGGER USER")
            admin.execute("ALTER TABLE ledger.head DISABLE TRIGGER USER")
            chain_again(admin, 7)
    told = house.run("verify")
    assert told.returncode == 1
    assert told.stderr.splitlines() == [
        "écritures 6 à 8 : ce n’est pas l’histoire du point de contrôle signé de 8 écritures",
        "1 anomalie.",
    ]


def chain_again(admin, changed):
    """Another author of the entry at `changed`, and every hash from there on."""
    forged = "UPDATE ledger.entry SET line = replace(line, 'user:8', 'user:9') WHERE pos = %s"
    admin.execute(forged, (changed,))
    before = admin.execute("SELECT encode(hash, 'hex') FROM ledger.entry WHERE pos = %s", (changed - 1,))
    previous = before.fetchone()[0]
    lines = admin.execute("SELECT pos, line FROM ledger.entry WHERE pos >= %s ORDER BY pos", (changed,)).fetchall()
    for pos, line in lines:
        previous = link(previous, line)
        admin.execute("UPDATE ledger.entry SET hash = decode(%s, 'hex') WHERE pos = %s", (previous, pos))
    admin.execute("UPDATE ledger.head SET hash = decode(%s, 'hex')", (previous,))
