"""T26: a backup that comes back brings erased persons with it; the data folder remembers them, and they go again."""

from pathlib import Path
from uuid import uuid4

import pytest

from ledger.erased import remember
from ledger.settings import Settings
from tests.conftest import open_folder
from tests.faults.test_restores import House, mirror, put_back
from tests.ledger.raw import append, one, sealed

VALUES = "SELECT count(*) FROM ledger.sealed WHERE value LIKE '%Oubli%'"


@pytest.fixture
def folder():
    with open_folder() as name:
        yield Path(name)


@pytest.fixture
def house(folder) -> House:
    settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
    settings.make_secret_key()
    return House(settings)


def test_an_erasure_that_a_restore_lost_is_done_again_by_itself(house, folder):
    before, after = uuid4(), uuid4()
    with house.open() as conn:
        house.found(conn)
        for person in (before, after):
            digest = sealed(conn, house.company, person, '"Paul Oubli"')
            append(conn, house.company, one("client.created", {"card": {"sealed": digest}}, stream=person))
        erase(conn, house, before)
        house.checkpoint(conn)
    mirror(house.settings.data / "postgres", folder / "old")
    with house.open() as conn:
        erase(conn, house, after)
        house.checkpoint(conn)
        assert conn.execute(VALUES).fetchone() == (0,)
    put_back(house, folder / "old")
    told = house.run("restore", "declare", "--yes")
    assert told.returncode == 0, told.stderr
    with house.open() as conn:
        assert conn.execute(VALUES).fetchone() == (0,)
        again = conn.execute(
            "SELECT line::jsonb #>> '{data,subject_id}' FROM ledger.entry"
            " WHERE type = 'subject.erased' ORDER BY pos DESC"
        ).fetchall()
    assert again == [(str(after),), (str(before),)]
    assert house.run("verify").returncode == 0


def erase(conn, house, person):
    conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (house.company, person))
    remember(house.settings, house.company, person)
