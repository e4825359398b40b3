"""An external PostgreSQL, 15 to 18: roles with passwords, an administrator who is no superuser, the same guarantees."""

import json
import os
import secrets
import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from ledger import cluster, external, migrate, postgres
from ledger.books import Books
from ledger.errors import SchemaNewer, VersionUnsupported
from ledger.settings import Settings
from tests.conftest import open_folder
from tests.ledger.example import KEY, USER, ExampleMapper, draft, issue, new_ledger
from tests.ledger.raw import append, one, sqlstate

WHEEL = cluster.binary("postgres").parents[2]
FOUND = [
    WHEEL / "pginstall/bin",
    WHEEL / "pginstall18/bin",
    *Path("/usr/lib/postgresql").glob("1[57]/bin"),
]  # 16, 18, the system's


@pytest.fixture(scope="module", params=[path for path in FOUND if (path / "initdb").exists()], ids=str)
def foreign(request):
    """Somebody's server, and settings that name its administrator, who may create roles and nothing more."""
    with open_folder() as folder:
        data, user = Path(folder) / "server", cluster.system_user()
        data.mkdir(mode=0o700)
        os.chown(data, user.pw_uid, user.pw_gid)

        def run(program, *args):
            subprocess.run(
                [request.param / program, "-D", data, *args],
                user=user.pw_uid,
                cwd="/",
                check=True,
                stdout=subprocess.DEVNULL,
            )

        password = Path(folder) / "password"
        password.write_text(secrets.token_hex())
        os.chown(password, user.pw_uid, user.pw_gid)
        run(
            "initdb",
            "-U",
            "root",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        run("pg_ctl", "start", "-w", "-l", data / "log", "-o", f"-k {data} -c listen_addresses='' -c log_statement=all")
        root = f"host={data} user=root password={password.read_text()} dbname=postgres"
        with psycopg.connect(root, autocommit=True) as conn:
            conn.execute("CREATE ROLE boss LOGIN CREATEROLE PASSWORD 'secret'")
            conn.execute("CREATE DATABASE books OWNER boss")
        url = f"postgresql://boss:secret@/books?host={data}"
        yield Settings.from_env({"PROBANT_DATA": f"{folder}/data", "PROBANT_DATABASE_URL": url})
        run("pg_ctl", "stop", "-m", "immediate")


@pytest.fixture(scope="module")
def remote(foreign):
    server = postgres.start(foreign)
    migrate.migrate(server)
    return server


def test_a_ledger_works_there(remote):
    with (
        postgres.pool(remote, "probant_job", min_size=1) as jobs,
        postgres.pool(remote, "probant_web", min_size=1) as pool,
    ):
        company, ticket_id = new_ledger(jobs), uuid4()
        books = Books(pool, ExampleMapper(), KEY)
        books.do(draft, company, uuid4(), USER, ticket_id=ticket_id, client_id=uuid4(), name="Zoé")
        assert books.do(issue, company, uuid4(), USER, ticket_id=ticket_id) == "F2026-0001"
        with pool.connection() as conn:
            assert sqlstate(append, conn, company, one("period.closed")) == "PB009"
            assert sqlstate(append, conn, company, one("client.created", '{"a":null}')) == "PB003"
        with jobs.connection() as conn:
            assert (company, 5, False) in conn.execute(
                "SELECT company_id, pos, training FROM ledger.companies()"
            ).fetchall()
            assert conn.execute("SELECT ledger.erase_subject(%s, %s, 'asked')", (company, uuid4())).fetchone() == (6,)


def test_passwords_are_made_once_and_only_we_can_read_them(foreign, remote):
    file = foreign.data / "database-passwords.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert postgres.start(foreign) == remote
    assert json.loads(file.read_text()) == remote.passwords
    assert not any(password in repr(remote) for password in remote.passwords.values())


def test_a_role_comes_in_with_its_password_only(remote):
    for password in ("wrong", remote.passwords["probant_job"]):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(make_conninfo(remote.uri("probant_web"), password=password))


def test_no_password_reaches_the_servers_log(foreign, remote):
    migrate.migrate(remote)
    log = Path(psycopg.conninfo.conninfo_to_dict(foreign.database_url)["host"]) / "log"
    told = log.read_text()
    assert "ALTER ROLE" in told
    assert not any(password in told for password in remote.passwords.values())


def test_the_application_is_bound_by_the_same_guards(remote):
    for role in ("probant_web", "probant_job", "probant_audit"):
        with psycopg.connect(remote.uri(role), autocommit=True) as conn:
            for change in (
                "DELETE FROM ledger.entry",
                "TRUNCATE ledger.head",
                "SET ROLE probant_owner",
                "SET ROLE boss",
            ):
                assert sqlstate(conn.execute, change) == "42501"
    with psycopg.connect(remote.uri("postgres"), autocommit=True) as conn:
        assert sqlstate(conn.execute, "TRUNCATE ledger.entry") == "PB001"


def test_a_migration_runs_once(remote):
    before = applied(remote)
    migrate.migrate(remote)
    assert applied(remote) == before
    assert [number for number, *_ in before] == sorted(int(file.name[:3]) for file in migrate.FOLDER.glob("*.sql"))


def applied(server):
    with psycopg.connect(server.uri("postgres")) as conn:
        return conn.execute("SELECT number, name, run_at FROM ledger.migration ORDER BY number").fetchall()


def test_a_database_of_a_newer_program_is_left_alone(remote):
    with psycopg.connect(remote.uri("postgres"), autocommit=True) as conn:
        conn.execute("INSERT INTO ledger.migration VALUES (999, 'future', 'x')")
        with pytest.raises(SchemaNewer) as refused:
            migrate.migrate(remote)
        conn.execute("DELETE FROM ledger.migration WHERE number = 999")
    assert refused.value.found == 999


def test_a_migration_that_has_run_is_not_changed(remote):
    with psycopg.connect(remote.uri("postgres"), autocommit=True) as conn:
        conn.execute("UPDATE ledger.migration SET sha256 = sha256 || '\\x00' WHERE number = 1")
        with pytest.raises(RuntimeError, match="001_ledger"):
            migrate.migrate(remote)
        conn.execute("UPDATE ledger.migration SET sha256 = substr(sha256, 1, 32) WHERE number = 1")


def test_a_server_too_old_or_too_new_is_refused(foreign, monkeypatch):
    monkeypatch.setattr(external, "NEWEST", 14)
    with pytest.raises(VersionUnsupported):
        postgres.start(foreign)
