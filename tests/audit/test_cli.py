"""The command line of the proof, as a person runs it; and the six lines of shell that prove it again."""

import json
import os
import pty
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest

from ledger import postgres
from ledger.migrate import migrate
from ledger.settings import Settings
from tests.audit import forge
from tests.audit.forge import Ledger
from tests.conftest import open_folder

SHELL = """
export LC_ALL=C
head=$(printf 'probant-ledger-v1\\n%s\\n' "$LEDGER" | sha256sum | cut -c1-64)
while IFS= read -r line; do head=$(printf '%s\\n%s\\n' "$head" "$line" | sha256sum | cut -c1-64); done < ecritures.jsonl
echo "$head"
"""
BOTH = "import sys; from audit import cli; getattr(cli, sys.argv[1])(sys.argv[2:])"


@pytest.fixture(scope="module")
def installation():
    """Two ledgers of an installation of their own: a whole one, and one with two edited lines."""
    with open_folder() as folder:
        settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
        settings.make_secret_key()
        server = postgres.start(settings)
        migrate(server)
        good, bad = Ledger(3, uuid4().int), Ledger(3, uuid4().int)
        rows = [list(row) for row in bad.rows]
        for row in rows[6:8]:
            row[5] = row[5].replace(b"user:8", b"user:9")
        with psycopg.connect(server.uri("postgres")) as conn:
            forge.store(conn, good.id, good.rows, good.vault, **good.last)
            forge.store(conn, bad.id, map(tuple, rows), bad.vault, **bad.last)
        yield settings, good, bad
        postgres.stop(settings)


def run(settings: Settings, *args: str, **options) -> subprocess.CompletedProcess:
    environ = {**os.environ, "PROBANT_DATA": str(settings.data), "PROBANT_DATABASE_URL": "", "TERM": "xterm"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run([sys.executable, "-c", BOTH, *args], env=environ, check=False, **pipes)


def test_the_shell_check_gives_the_head(installation, tmp_path):
    settings, good, _ = installation
    done = run(settings, "lines", "--company", str(good.id))
    (tmp_path / "ecritures.jsonl").write_bytes(done.stdout)
    assert done.stdout.count(b"\n") == len(good.rows)
    shell = subprocess.run(
        ["sh", "-c", SHELL], cwd=tmp_path, env={**os.environ, "LEDGER": str(good.id)}, capture_output=True, check=True
    )
    assert shell.stdout.decode().strip() == good.head.hash.hex()


def test_a_whole_ledger_is_told_in_one_sentence(installation):
    settings, good, _ = installation
    done = run(settings, "verify", "--company", str(good.id)[:8], text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Registre intact."
    assert good.head.hash.hex() in done.stdout


def test_what_is_found_is_told_with_its_place_and_exit_1(installation):
    settings, _, _ = installation
    done = run(settings, "verify", text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "écritures 7 à 8 : ne suit pas la précédente : sa ligne, son empreinte ou celle d’avant a été modifiée",
        "2 anomalies.",
    ]


def test_json_is_one_document(installation):
    settings, good, bad = installation
    done = run(settings, "verify", "--json")
    told = json.loads(done.stdout)
    found = {company["company"]: company for company in told["companies"]}
    assert (done.returncode, told["ok"], found[str(good.id)]["ok"]) == (1, False, True)
    assert found[str(good.id)]["head"] == good.head.hash.hex()
    told = [(one["position"], one["code"]) for one in found[str(bad.id)]["findings"]]
    assert told == [(7, "altered"), (8, "altered")]
    companies = json.loads(run(settings, "companies", "--json").stdout)
    assert {(one["id"], one["siren"], one["pos"]) for one in companies} == {
        (str(one.id), "732829320", len(one.rows)) for one in (good, bad)
    }


@pytest.mark.parametrize(
    "called", ["", "732829320", "732 829 320", "123456789", "zz", "00000000-0000-4000-8000-000000000000"]
)
def test_a_name_that_is_not_one_ledger_s_is_refused_with_exit_2(installation, called):
    settings, good, _ = installation
    done = run(settings, "lines", "--company", called, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert str(good.id) in done.stderr  # what could have been meant


def test_a_folder_without_ledger_is_refused_and_left_alone(tmp_path):
    settings = Settings.from_env({"PROBANT_DATA": str(tmp_path / "nothing")})
    done = run(settings, "verify", text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert not settings.data.exists()


def test_a_bar_is_shown_on_a_terminal_only(installation):
    settings, good, _ = installation
    leader, follower = pty.openpty()
    done = run(settings, "verify", "--company", str(good.id), stdout=subprocess.PIPE, stderr=follower)
    os.close(follower)
    assert "Vérification" in os.read(leader, 4096).decode(errors="replace")
    os.close(leader)
    assert done.stdout.decode().splitlines()[-1] == "Registre intact."
