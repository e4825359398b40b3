"""Archives of consecutive periods, as the command makes them: nothing falls between two, nothing stands in both."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from audit import reading
from audit.archive.make import NotYet, TooLong, make
from audit.archive.reopen import reopen
from audit.archive.source import NothingThere, Source
from audit.companies import known_companies
from audit.verifier import main
from ledger import postgres
from ledger.books import Books
from ledger.commands.archives import record_archive
from ledger.commands.closings import close_all
from ledger.migrate import migrate
from ledger.postgres import Server
from ledger.settings import Settings
from ledger.signer import Signer
from tests.audit.archiving import ground
from tests.audit.clock import in_hand
from tests.conftest import open_folder
from tests.today import today
from tests.web.shop import LINE, MAPPER, Shop, open_shop

PARIS = timedelta(hours=1)  # in winter


@dataclass
class House:
    """An installation whose clock is in the test's hand."""

    settings: Settings
    server: Server
    books: Books
    open: Callable[[], Shop]
    put: Callable[[datetime], None]

    def at(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """An hour of Paris, in winter."""
        self.put(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - PARIS)

    def sell(self, shop: Shop, day: date) -> None:
        self.at(day)
        shop.invoice(shop.client("Hôtel du Parc", card={"siren": "552100554"}), "", LINE, issued_on=day)

    def close(self, shop: Shop) -> None:
        close_all(lambda do, *ids, **facts: self.books.do(do, *ids, "job:closings", **facts), shop.id)

    def make(self, shop: Shop, first: date, last: date, path: Path) -> tuple[int, int]:
        """As the command does."""
        self.close(shop)
        company = next(one for one in known_companies(self.server.uri("probant_audit")) if one.id == shop.id)
        built = make(self.settings, self.server, company, first, last, path, progress=lambda _: None)
        self.books.do(
            record_archive, shop.id, uuid4(), "job:archive", archive_id=uuid4(), first=first, last=last,
            **built._asdict(),
        )  # fmt: skip
        return built.from_pos, built.to_pos

    def head(self, shop: Shop) -> int:
        return len(self.lines(shop))

    def lines(self, shop: Shop) -> list[bytes]:
        with reading.snapshot(self.server.uri("probant_audit"), shop.id) as conn:
            return [*reading.lines(conn, shop.id)]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        migrate(server)
        put, key = in_hand(server), settings.secret("commands")
        with (
            postgres.pool(server, "probant_web", min_size=1, max_size=2) as web,
            postgres.pool(server, "probant_job", min_size=1, max_size=2) as job,
        ):

            def open_() -> Shop:
                years = (date(2023, 1, 1), date(2023, 12, 31))
                return open_shop(web, job, key, signer=Signer(settings).key, fiscal_year=years)

            yield House(settings, server, Books(job, MAPPER, key), open_, put)
        postgres.stop(settings)


@pytest.fixture
def two_years(house) -> Shop:
    """Sales in two years; around midnight somebody works on before the closings are made."""
    house.at(date(2023, 3, 1))
    shop = house.open()
    for day in (date(2023, 3, 2), date(2023, 12, 31)):
        house.sell(shop, day)
    house.at(date(2024, 1, 1), 0, 1)
    shop.client("Nuit blanche")
    house.at(date(2024, 1, 1), 0, 5)
    house.close(shop)
    for day in (date(2024, 1, 15), date(2024, 6, 10), date(2024, 12, 31)):
        house.sell(shop, day)
        house.at(day + timedelta(days=1), 0, 5)
        house.close(shop)
    house.sell(shop, date(2025, 1, 10))
    return shop


def parts(path: Path) -> tuple[dict, bytes, list[dict]]:
    """The range, the state before it, the lines."""
    with zipfile.ZipFile(path) as opened:
        lines = opened.read("registre/ecritures-000001.jsonl").splitlines()
        state = opened.read("registre/etat.json")
        return json.loads(opened.read("registre/plage.json")), state, [*map(json.loads, lines)]


def follow(house: House, shop: Shop, periods: list[tuple[date, date]], folder: Path) -> list[Path]:
    """The archives of these periods, each conform and the very next after the one before."""
    paths = [folder / f"{first}.asice" for first, _ in periods]
    ranges = [house.make(shop, *period, path) for period, path in zip(periods, paths, strict=True)]
    assert ranges[0][0] == 1
    assert [begin for begin, _ in ranges[1:]] == [end + 1 for _, end in ranges[:-1]]
    for path in paths:
        report = main.verify(str(path))
        assert report.conform, report.lines()
    return paths


def test_two_years_follow_each_other_hold_their_own_closings_and_are_opened_together(
    house, two_years, server, tmp_path
):
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024)]
    house.at(date(2025, 1, 11))
    paths = follow(house, two_years, years, tmp_path)
    for (first, last), path in zip(years, paths, strict=True):
        lines = parts(path)[2]
        closed = [(line["data"]["period"], line["data"]["to"]) for line in lines if line["type"] == "period.closed"]
        assert ("year", last.isoformat()) == closed[-1] == (lines[-1]["data"]["period"], lines[-1]["data"]["to"])
        assert all(first.isoformat() <= to <= last.isoformat() for _, to in closed)
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        found = reopen(conn, paths[::-1])
    assert (found.company, found.first_on, found.last_on) == (two_years.id, date(2023, 1, 1), date(2024, 12, 31))
    with reading.snapshot(server.uri("probant_audit"), two_years.id) as conn:
        assert [*reading.lines(conn, two_years.id)] == house.lines(two_years)[: found.entries]


def test_months_and_days_follow_each_other_too(house, two_years, tmp_path):
    house.at(date(2025, 1, 11))
    follow(
        house, two_years,
        [(date(2023, 1, 1), date(2023, 12, 30)), (date(2023, 12, 31), date(2023, 12, 31)),
         (date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 2, 1), date(2024, 2, 29)),
         (date(2024, 3, 1), date(2024, 12, 31)), (date(2025, 1, 1), date(2025, 1, 10))],
        tmp_path,
    )  # fmt: skip


def test_the_first_closings_of_an_archive_are_recomputed_from_what_the_one_before_left_open(house, two_years, tmp_path):
    house.at(date(2025, 1, 11))
    periods = [(date(2023, 1, 1), date(2024, 1, 20)), (date(2024, 1, 21), date(2024, 12, 31))]
    second = tmp_path / "2.asice"
    with pytest.raises(TooLong):
        house.make(two_years, *periods[0], second)
    house.make(two_years, date(2023, 3, 1), date(2024, 1, 20), tmp_path / "1.asice")
    house.make(two_years, *periods[1], second)
    state = json.loads(parts(second)[1])
    sold = 213_120  # one sale of 1 776 € and its VAT
    assert {kind: [*days] for kind, days in state["open"].items()} == {
        "month": ["2024-01-15"], "year": ["2024-01-15"],
    }  # fmt: skip
    assert state["open"]["year"]["2024-01-15"]["gross_cents"] == sold
    report = main.verify(str(second))
    assert report.conform, report.lines()
    closings = [line for line in parts(second)[2] if line["type"] == "period.closed"]
    assert f"{len(closings)} recalculées" in "\n".join(report.lines())


def test_the_state_that_an_archive_ends_with_is_that_of_the_next(house, two_years, tmp_path):
    house.at(date(2025, 1, 11))
    house.make(two_years, date(2023, 1, 1), date(2023, 12, 31), tmp_path / "1.asice")
    house.make(two_years, date(2024, 1, 1), date(2024, 12, 31), tmp_path / "2.asice")
    told = [json.loads(line)["data"] for line in house.lines(two_years) if b'"archive.created"' in line]
    assert told[0]["state_sha256"] == sha256(parts(tmp_path / "2.asice")[1]).hexdigest()


def test_closings_made_late_leave_nothing_between_two_archives(house, tmp_path):
    """Nobody closed anything for months: what was recorded before the late closings stands in the archive that ends
    with them, and nowhere else.
    """
    house.at(date(2023, 3, 1))
    shop = house.open()
    for day in (date(2023, 3, 2), date(2023, 4, 10), date(2023, 5, 3)):
        house.sell(shop, day)
    house.at(date(2023, 6, 2))
    months = [(date(2023, month, 1), date(2023, month, last)) for month, last in ((3, 31), (4, 30), (5, 31))]
    follow(house, shop, months, tmp_path)
    with pytest.raises(NothingThere):
        house.make(shop, date(2023, 6, 1), date(2023, 6, 1), tmp_path / "june.asice")


def test_an_archive_made_before_its_last_day_was_over_is_provisional_and_the_next_holds_the_rest(
    settings, server, web_pool, job_pool, tmp_path
):
    """By the real clock."""
    key = settings.secret("commands")
    shop = open_shop(web_pool, job_pool, key, signer=Signer(settings).key)
    here = House(settings, server, Books(job_pool, MAPPER, key), open_shop, lambda _: None)
    day = today()
    _, end = here.make(shop, day, day, tmp_path / "1.asice")
    assert parts(tmp_path / "1.asice")[0]["provisional"] is True
    with zipfile.ZipFile(tmp_path / "1.asice") as opened:
        assert "ARCHIVE PROVISOIRE" in opened.read("LISEZMOI.txt").decode()
    assert main.verify(str(tmp_path / "1.asice")).conform
    tomorrow = day + timedelta(days=1)
    with pytest.raises(NotYet):
        here.make(shop, day, tomorrow, tmp_path / "2.asice")
    shop.client("Le soir")
    with reading.snapshot(server.uri("probant_audit"), shop.id) as conn:
        assert Source(conn, shop.id).span(tomorrow, tomorrow, here.head(shop)).from_pos == end + 1


def test_a_complete_archive_is_not_provisional_and_tells_every_change_of_offset(house, two_years, tmp_path):
    house.at(date(2025, 1, 11))
    house.make(two_years, date(2023, 1, 1), date(2023, 12, 31), tmp_path / "1.asice")
    range_, _, _ = parts(tmp_path / "1.asice")
    assert "provisional" not in range_
    assert range_["offsets"] == [
        {"from": "2022-12-31 23:00:00+00:00", "minutes": 60}, {"from": "2023-03-26 01:00:00+00:00", "minutes": 120},
        {"from": "2023-10-29 01:00:00+00:00", "minutes": 60},
    ]  # fmt: skip


def test_a_school_whose_days_are_its_own_is_archived_by_its_closings(settings, server, web_pool, job_pool):
    """All of it was recorded today; March was closed in its own time."""
    world = ground(settings, server, web_pool, job_pool)
    closed = "SELECT pos FROM ledger.entry WHERE company_id = %s AND type = 'period.closed' AND line LIKE %s"
    with reading.snapshot(world.uri, world.shop.id) as conn:
        source = world.source(conn)
        march = conn.execute(closed, (world.shop.id, '%"period":"month"%')).fetchone()[0]
        span = source.span(date(2026, 3, 1), date(2026, 3, 31), source.last())
        rest = source.span(date(2026, 4, 1), source.today(), source.last())
        assert (rest.from_pos, rest.to_pos) == (march + 1, source.last())
    assert (span.from_pos, span.to_pos, span.provisional, rest.provisional) == (1, march, False, True)


def test_the_command_closes_what_is_over_before_it_archives_with_no_worker_about(house, tmp_path):
    house.at(date(2023, 3, 1))
    shop = house.open()
    house.sell(shop, date(2023, 12, 31))
    house.at(date(2024, 1, 2))
    told = probant(house, shop, "2023-01-01", "2023-12-31", tmp_path / "1.asice")
    assert told.returncode == 0, told.stderr
    closed = [line["data"]["period"] for line in parts(tmp_path / "1.asice")[2] if line["type"] == "period.closed"]
    assert closed == ["day", *["month"] * 10, "year"]


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [("2023-01-01", "2024-01-02", "exercice au plus"), ("2023-01-02", "2023-01-01", "exercice au plus"),
     ("2999-01-01", "2999-01-02", "pas encore venu"), ("2022-01-01", "2022-12-31", "Aucune écriture")],
    ids=["long", "backwards", "later", "empty"],
)  # fmt: skip
def test_the_command_says_why_it_makes_none(house, two_years, tmp_path, first, last, why):
    told = probant(house, two_years, first, last, tmp_path / "1.asice")
    assert (told.returncode, why in told.stderr, [*tmp_path.iterdir()]) == (2, True, []), told.stderr


def probant(house: House, shop: Shop, first: str, last: str, path: Path) -> subprocess.CompletedProcess:
    days = ("--from", first, "--to", last, "-o", str(path))
    command = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')", "archive", "create"]
    env = os.environ | {"PROBANT_DATA": str(house.settings.data)}
    return subprocess.run(
        [*command, "--company", str(shop.id), *days], env=env, capture_output=True, text=True, check=False
    )
