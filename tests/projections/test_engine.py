"""Read models follow the ledger: whatever the history, the race, the version or the fault."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.client import Client
from domain.registry import AGGREGATES
from ledger.codec import EventMapper
from projections import PROJECTIONS, clients
from projections.engine import Engine
from projections.projection import Projection
from tests.projections.history import Shop
from tests.projections.trade import Trade

SCHEMA = "CREATE TABLE read.{name} (company_id uuid NOT NULL, id uuid, name text)"


def dump(connect, company, projections=PROJECTIONS):
    """Every row of the company in every table, as text, in one order."""
    conn = connect("probant_web", company)
    return {
        table: conn.execute(f"SELECT t::text FROM read.{table} t ORDER BY 1").fetchall()
        for projection in projections
        for table in projection.tables
    }


def names(engine, company):
    with engine.read(company) as tx:
        return [row.name for row in clients.page(tx, clients.Filter())]


def example(name, version=1, shown="{name}"):
    """A read model of the names of clients, as `shown`."""
    projection = Projection(name, version, SCHEMA.format(name=name))

    @projection.on(Client.Created)
    def _(tx, event):
        tx.execute(
            f"INSERT INTO read.{name} VALUES (%(company)s, %(stream)s, %(name)s)",
            name=shown.format(name=event.profile.card.name),
        )

    return projection


@pytest.mark.parametrize("seed", range(4))
def test_catching_up_step_by_step_gives_the_bytes_of_a_rebuild(engine, shop, connect, seed):
    trade = Trade(shop, seed)
    for _ in range(120):
        trade.go_on(1)
        engine.catch_up(shop.company)
    shown = dump(connect, shop.company)
    for projection in PROJECTIONS:
        engine.rebuild(shop.company, projection.name)
    assert dump(connect, shop.company) == shown
    assert all(shown[table] for table in ("invoices", "instalments", "payments", "settlements", "quotes", "contacts"))


def test_a_read_that_finds_nothing_new_costs_one_query(engine, shop):
    engine.catch_up(shop.company)
    engine._step = None  # would be called for anything to apply
    seen = []
    with engine.pool.connection() as conn:
        pipelines = conn.pipeline
        conn.pipeline = lambda: seen.append("exchange") or pipelines()
        try:
            engine._catch_up(conn, shop.company)
        finally:
            conn.pipeline = pipelines
    assert seen == ["exchange"]


def test_many_catch_up_at_once_and_each_entry_is_applied_once(engine, shop, connect, caplog):
    Trade(shop, 7).go_on(20)
    with ThreadPoolExecutor(4) as threads:
        for _ in range(20):
            shop.client()
            list(threads.map(lambda _: engine.catch_up(shop.company), range(4)))
    shown = dump(connect, shop.company)
    for projection in PROJECTIONS:
        engine.rebuild(shop.company, projection.name)
    assert dump(connect, shop.company) == shown
    assert not caplog.records


def test_an_entry_written_after_the_overtaker_looked_is_seen_all_the_same(engine, shop, connect):
    other, behind = Engine(engine.pool, engine.mapper, *PROJECTIONS), engine._behind

    def overtaken_once(conn, company):
        found = behind(conn, company)
        engine._behind = behind
        other.catch_up(company)
        shop.client("Dernier")
        return found

    engine._behind = overtaken_once
    shop.client("Premier")
    engine.catch_up(shop.company)
    conn = connect("probant_web", shop.company)  # a read would catch up once more
    assert conn.execute("SELECT name FROM read.clients ORDER BY name").fetchall() == [("Dernier",), ("Premier",)]


def test_more_than_a_batch_is_applied_to_the_end(engines, shop, monkeypatch):
    monkeypatch.setattr("projections.engine.BATCH", 3)
    engine = engines(*PROJECTIONS)
    for rank in range(10):
        shop.client(f"Client {rank}")
    assert names(engine, shop.company) == [f"Client {rank}" for rank in range(10)]


def test_a_broken_read_model_is_tried_once_however_far_the_others_go(engines, shop, monkeypatch, caplog):
    monkeypatch.setattr("projections.engine.BATCH", 3)
    engine = engines(example("tried", shown="\0"), example("untried"))
    for rank in range(10):
        shop.client(f"Client {rank}")
    engine.catch_up(shop.company)
    assert [record.args[0] for record in caplog.records] == ["tried"]


def test_a_broken_read_model_stops_nobody_and_heals_once_repaired(engines, shop, connect, caplog):
    broken, sound = example("broken"), example("sound")
    repaired = broken.handlers.copy()

    @broken.on(Client.Created)
    def _(tx, event):
        repaired["client.created"](tx, event)
        if event.profile.card.name == "Deux":
            raise ZeroDivisionError

    engine = engines(broken, sound)
    for name in ("Un", "Deux", "Trois"):
        shop.client(name)
        engine.catch_up(shop.company)
    shown = dump(connect, shop.company, (broken, sound))
    assert (len(shown["broken"]), len(shown["sound"])) == (1, 3)
    assert {record.args[0] for record in caplog.records} == {"broken"}

    broken.handlers = repaired
    engine.catch_up(shop.company)
    assert len(dump(connect, shop.company, (broken,))["broken"]) == 3


def test_a_statement_that_the_database_refuses_breaks_only_its_read_model(engines, shop, connect):
    refused, sound = example("refused", shown="\0{name}"), example("unrefused")
    engine = engines(refused, sound)
    shop.client()
    engine.catch_up(shop.company)
    assert {table: len(rows) for table, rows in dump(connect, shop.company, (refused, sound)).items()} == {
        "refused": 0,
        "unrefused": 1,
    }


def test_a_newer_version_has_a_new_table_and_starts_again_and_an_older_program_leaves_it_alone(engines, shop, connect):
    old = example("aging")
    older = engines(old)
    shop.client("Un")
    older.catch_up(shop.company)

    new = example("aging", 2, shown="{name} v2")
    new.schema = "CREATE TABLE read.aging (company_id uuid NOT NULL, id uuid, name text, more text DEFAULT 'nouveau')"
    newer = engines(new)
    newer.catch_up(shop.company)
    shop.client("Deux")
    older.catch_up(shop.company)
    engines(old)
    newer.catch_up(shop.company)
    conn = connect("probant_web", shop.company)
    assert conn.execute("SELECT name, more FROM read.aging ORDER BY 1").fetchall() == [
        ("Deux v2", "nouveau"),
        ("Un v2", "nouveau"),
    ]


def test_a_program_that_is_newer_than_the_tables_waits_for_its_installation(engines, shop, connect, web_pool):
    engines(example("waiting"))
    shop.client("Un")
    Engine(web_pool, EventMapper(*AGGREGATES), example("waiting", 2, shown="v2")).catch_up(shop.company)
    assert dump(connect, shop.company, (example("waiting"),)) == {"waiting": []}


@pytest.mark.parametrize("role", ["probant_web", "probant_job", "probant_owner"])
def test_no_role_sees_or_writes_rows_of_another_company(engine, shop, web_pool, job_pool, connect, role):
    other = Shop(web_pool, job_pool)
    for each in (shop, other):
        Trade(each, 1).go_on(30)
        engine.catch_up(each.company)
    conn = connect(role, other.company)
    for projection in PROJECTIONS:
        for table in projection.tables:
            seen = conn.execute(f"SELECT count(*) FILTER (WHERE company_id <> %s) FROM read.{table}", (other.company,))
            assert seen.fetchone() == (0,), table
            conn.execute(f"DELETE FROM read.{table}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
        conn.execute("INSERT INTO read.verifications VALUES (%s, 1, now(), 1, true, 0)", (shop.company,))
    conn.commit()
    assert dump(connect, shop.company)["invoices"]
    assert not dump(connect, other.company)["invoices"]


def test_without_a_company_there_are_no_rows(engine, shop, connect):
    shop.client()
    engine.catch_up(shop.company)
    conn = connect("probant_web")
    assert conn.execute("SELECT count(*) FROM read.clients").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM read.cursor").fetchone() == (0,)


def test_a_read_cannot_write(engine, shop):
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), engine.read(shop.company) as tx:
        tx.value("DELETE FROM read.clients WHERE company_id = %(company)s RETURNING 1")


def test_a_page_sees_one_moment(engine, shop):
    shop.client("Avant")
    with engine.read(shop.company) as tx:
        shop.client("Après")
        engine.catch_up(shop.company)
        assert [row.name for row in clients.page(tx, clients.Filter())] == ["Avant"]


# Python 3.11 knows Unicode 14, PostgreSQL 18 a later one: letters of the years between are beyond us.
KNOWN = st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cn", "Cs"])


@settings(max_examples=200, deadline=None)
@given(st.text(KNOWN, max_size=30))
def test_the_database_and_the_search_box_make_the_same_of_a_text(server, text):
    from projections.words import plain

    with psycopg.connect(server.uri("postgres")) as conn:
        assert conn.execute("SELECT read.plain(%s)", (text,)).fetchone() == (plain(text),)
