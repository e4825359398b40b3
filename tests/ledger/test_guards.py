"""Who can do what. A superuser is stopped by the triggers, but can remove them: only a checkpoint outside tells."""

import subprocess
from uuid import uuid4

import psycopg
import pytest

from ledger import blobs, cluster
from tests.ledger.example import new_ledger
from tests.ledger.raw import append, issued, one, sealed, sqlstate

TRIGGER = "PB001"
NO_PRIVILEGE = "42501"  # row security too
TABLES = ("head", "entry", "number", "seal", "sealed", "command", "blob")
CHANGES = {
    "update entry": "UPDATE ledger.entry SET line = 'x'",
    "delete entry": "DELETE FROM ledger.entry",
    "delete no entry": "DELETE FROM ledger.entry WHERE false",
    "change a number": "UPDATE ledger.number SET number = 'x'",
    "delete a number": "DELETE FROM ledger.number",
    "change a seal": "UPDATE ledger.seal SET pos = 1",
    "delete a seal": "DELETE FROM ledger.seal",
    "change a command": "UPDATE ledger.command SET result = 'null'",
    "delete a command": "DELETE FROM ledger.command",
    "change an opening": "UPDATE ledger.sealed SET value = 'x'",
    "keep an opening less long": "UPDATE ledger.sealed SET kept_until = kept_until - 1",
    "keep an opening for no term": "UPDATE ledger.sealed SET kept_until = NULL",
    "delete a kept opening": "DELETE FROM ledger.sealed",
    "change a blob": "UPDATE ledger.blob SET bytes = 'x', sha256 = sha256('x')",
    "keep a blob less long": "UPDATE ledger.blob SET kept_until = kept_until - 1",
    "delete a kept blob": "DELETE FROM ledger.blob",
    "delete the head": "DELETE FROM ledger.head",
    "move the head back": "UPDATE ledger.head SET pos = pos - 1",
    "move the head on without an entry": "UPDATE ledger.head SET pos = pos + 1",
    "stay, with another hash": "UPDATE ledger.head SET hash = sha256('x')",
    "lower a number of the head": "UPDATE ledger.head SET series = jsonb_set(series, '{F2026,last}', '0')",
    "forget the series": "UPDATE ledger.head SET series = '{}'",
    "make it a training ledger": "UPDATE ledger.head SET training = true",
    "set the clock back": "UPDATE ledger.head SET at = at - interval '1 day'",
    "thaw": "UPDATE ledger.head SET frozen = false",
    **{f"truncate {table}": f"TRUNCATE ledger.{table}" for table in TABLES},
}


@pytest.fixture(scope="module")
def written(server, job_pool):
    """A ledger with something in each table; every test of this file leaves it as it is."""
    company = new_ledger(job_pool)
    with psycopg.connect(server.uri("probant_web"), autocommit=True) as web:
        web.execute("SELECT set_config('probant.company', %s, false)", (str(company),))
        append(web, company, issued(web, 1, card={"sealed": sealed(web, company, uuid4())}))
        done = "SELECT ledger.append(%s, %s, %s, 'x', '1', '{}', '{}', '{}', '{}')"
        web.execute(done, (company, f"user:{uuid4()}", uuid4()))
        blobs.put(web, company, b"%PDF", web.execute("SELECT current_date + 10").fetchone()[0])
        assert [web.execute(f"SELECT count(*) > 0 FROM ledger.{table}").fetchone()[0] for table in TABLES] == [True] * 7
    return company


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("probant_web", NO_PRIVILEGE),
        ("probant_job", NO_PRIVILEGE),
        ("probant_audit", NO_PRIVILEGE),
        ("probant_owner", TRIGGER),
        ("postgres", TRIGGER),
    ],
)
def test_nobody_changes_what_is_written(connect, written, role, expected, change):
    assert sqlstate(connect(role, written).execute, changed(change, written)) == expected


@pytest.mark.parametrize("change", CHANGES)
def test_replica_mode_does_not_silence_the_triggers(connect, written, change):
    conn = connect("postgres", written)
    conn.execute("SET session_replication_role = replica")
    assert sqlstate(conn.execute, changed(change, written)) == TRIGGER


def changed(change, company):
    """The statement, aimed at this company's rows: a superuser sees all of them."""
    statement = CHANGES[change]
    if statement.startswith("TRUNCATE") or "WHERE" in statement:
        return statement
    return f"{statement} WHERE company_id = '{company}'"


MOVES = {
    "another hash": "hash = sha256('y')",
    "an earlier time": "at = at - interval '1 second'",
    "an earlier day": "day = day - 1",
    "no day": "day = NULL",
    "another origin": "origin = origin || '/2'",
    "another time zone": "time_zone = 'UTC'",
    "training": "training = true",
    "frozen": "frozen = true",
    "another company": "company_id = gen_random_uuid()",
    "a lower number": "series = jsonb_set(series, '{F2026,last}', '0')",
    "an earlier date of issue": "series = jsonb_set(series, '{F2026,issued_on}', '\"2000-01-01\"')",
    "another pattern": "series = jsonb_set(series, '{F2026,pattern}', '\"X#\"')",
    "a series less": "series = series - 'F2026'",
    "a series open again": "series = series #- '{G,closed}'",
}


@pytest.mark.parametrize("role", ["probant_owner", "postgres"])
def test_even_with_an_entry_the_head_does_not_turn_back(connect, written, role):
    conn = connect(role, written)
    row = (written, uuid4(), b"x" * 32)
    insert = (
        "INSERT INTO ledger.entry SELECT %s, pos + 1, %s, 1, 'client.created', at, '', %s"
        "  FROM ledger.head WHERE company_id = %s"
    )
    move = "UPDATE ledger.head SET pos = pos + 1, {} WHERE company_id = %s"
    with conn.transaction(force_rollback=True):
        conn.execute(insert, (*row, written))
        closed = """hash = %s, series = series || '{"G": {"kinds": [], "pattern": "#", "last": 0, "closed": true}}'"""
        conn.execute(move.format(closed), (row[2], written))
        conn.execute(insert, (written, uuid4(), b"y" * 32, written))
        for change in MOVES.values():
            linked = "" if change.startswith("hash") else "hash = decode(repeat('79', 32), 'hex'), "
            with conn.transaction(force_rollback=True):
                assert sqlstate(conn.execute, move.format(linked + change), (written,)) == TRIGGER, change
        conn.execute(move.format("hash = decode(repeat('79', 32), 'hex')"), (written,))


@pytest.mark.parametrize("table", [table for table in TABLES if table not in ("sealed", "blob")])
@pytest.mark.parametrize("role", ["probant_web", "probant_job", "probant_audit"])
def test_no_role_of_the_application_inserts_but_openings_and_blobs(connect, written, role, table):
    assert (
        sqlstate(connect(role, written).execute, f"INSERT INTO ledger.{table} SELECT * FROM ledger.{table}")
        == NO_PRIVILEGE
    )


@pytest.mark.parametrize("table", ["sealed", "blob"])
def test_the_audit_role_inserts_nothing(connect, written, table):
    assert (
        sqlstate(connect("probant_audit", written).execute, f"INSERT INTO ledger.{table} SELECT * FROM ledger.{table}")
        == NO_PRIVILEGE
    )


def test_the_application_does_not_choose_a_term(connect, written):
    insert = (
        "INSERT INTO ledger.sealed SELECT company_id, digest, subject_id, salt, value, current_date FROM ledger.sealed"
    )
    assert sqlstate(connect("probant_web", written).execute, insert) == NO_PRIVILEGE


EVERYWHERE = ["probant_web", "probant_job", "probant_audit"]
RIGHTS = {
    "SET ROLE probant_owner": EVERYWHERE,
    "SET session_replication_role = replica": EVERYWHERE,
    "SET SESSION AUTHORIZATION probant_job": ["probant_web", "probant_audit"],
    "ALTER TABLE ledger.entry DISABLE TRIGGER ALL": EVERYWHERE,
    "ALTER TABLE ledger.entry NO FORCE ROW LEVEL SECURITY": EVERYWHERE,
    "CREATE TABLE ledger.x ()": EVERYWHERE,
    "CREATE TABLE read.x ()": EVERYWHERE,
    "CREATE FUNCTION ledger.x() RETURNS int LANGUAGE sql AS 'SELECT 1'": EVERYWHERE,
    "SELECT ledger.record(NULL, '', NULL, NULL, NULL, '{}', '{}', '{}', '{}', now())": EVERYWHERE,
    "SELECT ledger.in_profile('{}')": EVERYWHERE,
    "SELECT ledger.compose(now(), '', '', NULL, 1, NULL, '', 1)": EVERYWHERE,
    "SELECT ledger.stand(NULL, '', NULL, 1, NULL)": EVERYWHERE,
    "SELECT ledger.open(gen_random_uuid(), NULL)": ["probant_audit"],
    "SELECT ledger.append(NULL, '', NULL, NULL, NULL, '{}', '{}', '{}', '{}')": ["probant_audit"],
    "SELECT ledger.erase_subject(gen_random_uuid(), gen_random_uuid(), '')": ["probant_web", "probant_audit"],
    "SELECT ledger.purge_commands(gen_random_uuid(), '1 day')": ["probant_web", "probant_audit"],
    "SELECT ledger.declare_clock(gen_random_uuid(), 'system')": ["probant_web", "probant_audit"],
    "SELECT ledger.suspect_clock(gen_random_uuid())": ["probant_web", "probant_audit"],
    "SELECT ledger.freeze(gen_random_uuid())": ["probant_web", "probant_audit"],
    "SELECT ledger.drop_blobs(gen_random_uuid())": ["probant_web", "probant_audit"],
    "SELECT ledger.keep_blob(gen_random_uuid(), '', '2030-01-01')": ["probant_audit"],
    "SELECT * FROM ledger.companies()": ["probant_web"],
    "SELECT * FROM ledger.living()": ["probant_web"],
    "SELECT ledger.drop_files(gen_random_uuid(), '{}')": ["probant_web", "probant_audit"],
    "SELECT ledger.reopen(NULL, NULL, '{}', '{}', '{}', '{}', '{}', '{}')": EVERYWHERE,
    "INSERT INTO ledger.reopened VALUES (gen_random_uuid(), now(), now())": EVERYWHERE,
    "SELECT * FROM ledger.migration": EVERYWHERE,
}


@pytest.mark.parametrize(
    ("role", "statement"), [(role, statement) for statement, roles in RIGHTS.items() for role in roles]
)
def test_what_a_role_may_not_do(connect, written, role, statement):
    assert sqlstate(connect(role, written).execute, statement) == NO_PRIVILEGE


@pytest.mark.parametrize("role", ["probant_owner", "postgres"])
def test_the_owner_and_a_superuser_could_remove_a_guard(connect, role):
    conn = connect(role)
    with conn.transaction(force_rollback=True):
        conn.execute("ALTER TABLE ledger.entry DISABLE TRIGGER no_change")
        assert sqlstate(conn.execute, "DELETE FROM ledger.entry") is None


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("role", "seen"), [("probant_web", False), ("probant_job", False), ("probant_audit", False), ("postgres", True)]
)
def test_without_a_company_no_row_is_seen_but_by_a_superuser(connect, written, role, seen, table):
    rows = connect(role).execute(f"SELECT count(*) FROM ledger.{table} WHERE company_id = %s", (written,)).fetchone()[0]
    assert (rows > 0) == seen


@pytest.mark.parametrize("table", [table for table in TABLES if table != "head"])
def test_without_a_company_the_owner_sees_no_row_but_heads(connect, written, table):
    assert connect("probant_owner").execute(f"SELECT count(*) FROM ledger.{table}").fetchone()[0] == 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", EVERYWHERE)
def test_another_companys_rows_are_not_seen(connect, written, role, table):
    assert connect(role, uuid4()).execute(f"SELECT count(*) FROM ledger.{table}").fetchone()[0] == 0


def test_every_table_with_a_company_has_row_level_security_that_binds_its_owner(connect):
    bare = connect("postgres").execute(
        """
        SELECT c.oid::regclass::text
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id'
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'ledger'::regnamespace
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
        """
    )
    assert bare.fetchall() == []


def test_every_guard_is_always_enabled(connect):
    guards = connect("postgres").execute(
        "SELECT tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = 'ledger'::regnamespace"
    )
    assert {enabled for (enabled,) in guards} == {"A"}


def test_every_function_with_the_owners_rights_has_a_fixed_search_path_and_plain_strings(connect):
    functions = (
        connect("postgres")
        .execute("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'ledger'::regnamespace")
        .fetchall()
    )
    assert len(functions) == 15
    assert {tuple(config) for _, config in functions} == {
        ("search_path=ledger, pg_temp", "standard_conforming_strings=on")
    }


def test_a_session_cannot_bend_the_checks_by_its_settings(connect, company):
    web = connect("probant_web", company)
    web.execute(
        "SET standard_conforming_strings = off; SET backslash_quote = on;"
        "SET search_path = pg_temp, ledger; SET DateStyle = 'German'"
    )
    web.execute("CREATE TEMP TABLE entry (a int); CREATE TEMP TABLE head (a int); CREATE TEMP TABLE sealed (a int)")
    assert sqlstate(append, web, company, one("client.created", '{"a":"\\u0041"}')) == "PB003"
    assert sqlstate(append, web, company, one("clientxcreated")) == "PB009"
    assert (
        append(web, company, issued(web, 1, card={"sealed": sealed(connect("probant_web", company), company, uuid4())}))
        == 3
    )
    assert sqlstate(sealed, web, company, uuid4(), '"\\u0041"') in ("23514", "42P01")


def test_the_web_does_not_become_a_job_by_a_setting(connect, company):
    web = connect("probant_web", company)
    assert sqlstate(web.execute, "SET ROLE probant_job") == NO_PRIVILEGE
    assert sqlstate(append, web, company, one("period.closed")) == "PB009"


def test_companies_are_listed_for_the_audit_and_jobs(connect, written):
    for role in ("probant_audit", "probant_job"):
        rows = connect(role).execute("SELECT company_id, pos, training FROM ledger.companies()").fetchall()
        assert (written, 3, False) in rows


def test_a_program_that_hangs_loses_the_pen(connect):
    for role, idle, lock in (("probant_web", "15s", "10s"), ("probant_job", "1min", "1min")):
        conn = connect(role)
        assert conn.execute("SHOW idle_in_transaction_session_timeout").fetchone() == (idle,)
        assert conn.execute("SHOW lock_timeout").fetchone() == (lock,)


def test_nobody_logs_in_as_the_owner(server):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.uri("probant_owner"))


@pytest.mark.parametrize("user", ["nobody", cluster.SYSTEM_USER])
def test_another_system_user_does_not_come_in(server, user):
    command = [cluster.binary("psql"), server.uri("probant_web"), "-c", "SELECT 1"]
    assert subprocess.run(command, user=user, cwd="/", capture_output=True, check=False).returncode == 2
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
