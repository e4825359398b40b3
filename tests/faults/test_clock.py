"""T17: the clock of the database goes back, by an hour or by years; the order of entries is that of their positions.

The clock of no other machine counts: `at` and `day` are the database's. Here the ledger is put ahead of it, which is
what a clock that went back leaves. Days at the edges of hours, months and years: `tests/ledger/test_time.py`.
"""

import json
from collections.abc import Iterator
from itertools import pairwise

import psycopg
import pytest

from ledger import postgres
from ledger.settings import Settings
from tests.conftest import open_folder
from tests.faults.test_restores import House
from tests.ledger.raw import sqlstate


@pytest.fixture
def house() -> Iterator[House]:
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        yield House(settings)


def put_ahead(house, interval):
    server = postgres.start(house.settings)
    try:
        with psycopg.connect(server.uri("postgres")) as admin:
            admin.execute("ALTER TABLE ledger.head DISABLE TRIGGER USER")
            ahead = f"UPDATE ledger.head SET at = clock_timestamp() + interval '{interval}'"
            admin.execute(ahead)
            guards = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger.head'::regclass AND NOT tgisinternal"
            for (guard,) in admin.execute(guards).fetchall():
                admin.execute(f"ALTER TABLE ledger.head ENABLE ALWAYS TRIGGER {guard}")
    finally:
        postgres.stop(house.settings)


def test_a_clock_that_went_back_by_ten_years_is_declared_by_hand_and_the_ledger_goes_on(house):
    with house.open() as conn:
        house.found(conn)
        house.add(conn, 2)
    for interval in ("61 minutes", "1 day", "1 year", "10 years"):
        put_ahead(house, interval)
        with house.open() as conn:
            assert sqlstate(house.add, conn, 1) == "PB008", interval
        told = house.run("clock", "declare", "--yes")
        assert (told.returncode, "Déclaré." in told.stdout) == (0, True), told.stderr
        with house.open() as conn:
            house.add(conn, 1)
    right = house.run("clock", "declare", "--yes")
    assert (right.returncode, "rien à déclarer" in right.stderr) == (2, True)
    with house.open() as conn:
        lines = [json.loads(line) for (line,) in conn.execute("SELECT line FROM ledger.entry ORDER BY pos")]
    kinds = [line["type"] for line in lines]
    assert kinds.count("clock.declared") == 4
    for before, line in pairwise(lines):
        assert line["type"] == "clock.declared" or line["at"] >= before["at"]
    told = house.run("verify")
    assert (told.returncode, told.stdout.count("horloge remise à l’heure")) == (0, 4), told.stderr
