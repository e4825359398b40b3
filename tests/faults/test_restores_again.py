"""T14, T16 and T26 once more: a second restore, the checkpoint of the last archive, a person who had been erased."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from ledger.checkpoint import Checkpoint
from ledger.settings import Settings
from tests.conftest import open_folder
from tests.faults.test_restores import House, mirror, put_back
from tests.ledger.raw import append, one, sealed


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield Path(folder)


@pytest.fixture
def house(folder) -> House:
    settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
    settings.make_secret_key()
    return House(settings)


def lose(house, old, count):
    """Entries that nobody has any more, but for a checkpoint: that note."""
    mirror(house.settings.data / "postgres", old)
    with house.open() as conn:
        house.add(conn, count)
        note = house.checkpoint(conn)
    put_back(house, old)
    return note


def test_a_second_restore_goes_on_under_a_third_name_and_each_lost_history_is_told(house, folder):
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 3)
        house.checkpoint(conn)
    first = lose(house, folder / "one", 4)
    assert house.run("restore", "declare", "--yes").returncode == 0
    with house.open() as conn:
        house.add(conn, 2)
        kept = house.checkpoint(conn)
    second = lose(house, folder / "two", 3)
    told = house.run("restore", "declare", "--yes")
    assert (told.returncode, f"sous le nom {house.origin}/3" in told.stdout) == (0, True), told.stderr
    with house.open() as conn:
        house.add(conn, 1)
        last = house.checkpoint(conn)
    assert [Checkpoint.read(each.text).origin for each in (first, second, last)] == [
        house.origin, f"{house.origin}/2", f"{house.origin}/3"
    ]  # fmt: skip
    for note, words in (
        (first, "fourche déclarée : le point de contrôle de 9 écritures"),
        (second, "fourche déclarée : le point de contrôle de 11 écritures"),
        (kept, "Registre intact."), (last, "Registre intact."),
    ):  # fmt: skip
        (folder / "held.txt").write_bytes(note.bytes)
        done = house.run("verify", "--checkpoint", str(folder / "held.txt"))
        assert (done.returncode, words in done.stdout) == (0, True), (words, done.stdout, done.stderr)


def note(house, conn, count):
    append(conn, house.company, *(one("test.noted") for _ in range(count)), actor="system")


def today(house):
    with house.open() as conn:
        return str(conn.execute("SELECT (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date").fetchone()[0])


def test_the_checkpoint_in_the_last_archive_suffices_to_show_a_lost_tail(house, folder):
    """T16: neither the data folder nor a witness nor a mail is left."""
    with house.open() as conn:
        house.found(conn)
        note(house, conn, 5)
    old = folder / "old"
    mirror(house.settings.data / "postgres", old)
    with house.open() as conn:
        note(house, conn, 5)
    day, archive = today(house), folder / "a.asice"
    made = house.run("archive", "create", "--from", day, "--to", day, "-o", str(archive))
    assert made.returncode == 0, made.stderr
    put_back(house, old)
    with zipfile.ZipFile(archive) as opened:
        opened.extract("registre/points-de-controle/dernier.txt", folder)
    told = house.run("verify", "--checkpoint", str(folder / "registre/points-de-controle/dernier.txt"))
    assert (told.returncode, re.findall("tête perdue : [0-9]+", told.stderr)) == (1, ["tête perdue : 5"])


def test_a_person_whose_erasure_was_lost_with_a_restore_is_erased_again(house, folder):
    """T26: I8, no value of hers is left."""
    person, values = uuid4(), "SELECT count(*) FROM ledger.sealed WHERE value LIKE '%Oubli%'"
    with house.open() as conn:
        house.found(conn)
        digest = sealed(conn, house.company, person, '"Paul Oubli"')
        append(conn, house.company, one("client.created", {"card": {"sealed": digest}}, stream=person))
        house.checkpoint(conn)
    mirror(house.settings.data / "postgres", folder / "old")
    with house.open() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (house.company, person))
        house.checkpoint(conn)
        assert conn.execute(values).fetchone() == (0,)
    put_back(house, folder / "old")
    told = house.run("restore", "declare", "--yes", "--erased", str(person))
    assert told.returncode == 0, told.stderr
    with house.open() as conn:
        assert conn.execute(values).fetchone() == (0,)
        lines = [
            json.loads(line) for (line,) in conn.execute("SELECT line FROM ledger.entry ORDER BY pos DESC LIMIT 2")
        ]
    assert [line["type"] for line in lines] == ["subject.erased", "ledger.restored"]
    assert lines[0]["data"] == {"digests": [digest], "reason": "restauration", "subject_id": str(person)}
    assert lines[1]["data"]["lost_erasures"] == [str(person)]
    done = house.run("verify")
    assert (done.returncode, "effacé, engagement intact" in done.stdout) == (0, True), done.stderr


def test_a_data_folder_put_back_with_its_database_is_declared_by_a_note_that_left_by_mail(house, folder):
    """Nothing here remembers what is lost; the receipt of the month does."""
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 3)
        house.checkpoint(conn)
    backup = house.copy(folder / "backup")
    with house.open() as conn:
        house.add(conn, 4)
        note = house.checkpoint(conn)
    (folder / "recu.txt").write_bytes(note.bytes)
    (folder / "faux.txt").write_bytes(note.bytes.replace(b"\n9\n", b"\n8\n"))
    assert "rien à déclarer" in backup.run("restore", "declare", "--yes").stderr
    for path in (folder / "faux.txt", Path(__file__)):
        told = backup.run("restore", "declare", "--yes", "--checkpoint", str(path))
        assert (told.returncode, "pas un point de contrôle signé de ce registre" in told.stderr) == (2, True)
    told = backup.run("restore", "declare", "--yes", "--checkpoint", str(folder / "recu.txt"))
    assert (told.returncode, f"sous le nom {house.origin}/2" in told.stdout) == (0, True), told.stderr
    with backup.open() as conn:
        line = conn.execute("SELECT line FROM ledger.entry ORDER BY pos DESC LIMIT 1").fetchone()[0]
        assert '"known_size":9' in line
        backup.add(conn, 1)
        backup.checkpoint(conn)
    told = backup.run("verify", "--checkpoint", str(folder / "recu.txt"))
    assert (told.returncode, "fourche déclarée" in told.stdout) == (0, True), told.stderr
