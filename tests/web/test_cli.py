import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psutil
import psycopg
import pytest

from ledger import postgres
from ledger.settings import Settings
from tests.conftest import open_folder


@pytest.fixture
def data():
    with open_folder() as folder:
        yield Path(folder, "data")


@contextmanager
def probant(*arguments, data, **environ):
    """A program; one that a test gave up is killed, lest it be waited for."""
    environment = os.environ | {"PROBANT_DATA": str(data), "PYTHONUNBUFFERED": "1"} | environ
    command = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')", *arguments]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def said(*arguments, data):
    with probant(*arguments, data=data) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def servers_of(data):
    found = psutil.process_iter(["name", "cwd"])
    return [p for p in found if p.info["name"] == "postgres" and (p.info["cwd"] or "").startswith(str(data))]


def test_serve_refuses_a_folder_without_ledger_and_makes_nothing_there(data):
    code, _, err = said("serve", data=data)
    assert code == 2
    assert f"Aucun registre dans {data}" in err
    assert "probant init" in err
    assert not data.exists()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_an_installation_is_made_once_served_and_left_clean(data, end):
    assert said("init", data=data)[0] == 0
    key = (data / "secret-key").read_bytes()
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert said("init", data=data)[0] == 0
    assert (data / "secret-key").read_bytes() == key
    assert servers_of(data) == []
    with probant("serve", "--port", "0", data=data) as process:
        address = process.stdout.readline().split()[2]
        with urlopen(f"{address}sante", timeout=10) as answer:
            assert answer.status == 200
        code, _, err = said("serve", "--port", address.rstrip("/").rsplit(":")[-1], data=data)
        assert (code, "n’est pas libre" in err) == (2, True)
        assert servers_of(data) != []  # the second one left without taking the first one's server away
        process.send_signal(end)
        process.communicate(timeout=60)
    assert servers_of(data) == []


def test_behind_a_proxy_the_address_that_counts_is_the_one_it_tells(data):
    assert said("init", data=data)[0] == 0
    with probant("serve", "--port", "0", data=data, PROBANT_PUBLIC_URL="https://probant.test") as process:
        address = process.stdout.readline().split()[2]
        proxied = Request(
            f"{address}connexion", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        )
        with urlopen(proxied, timeout=10) as answer:
            assert answer.headers["Set-Cookie"].startswith("__Host-probant=")
            token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())[1]
            proxied.add_header("Cookie", answer.headers["Set-Cookie"].split(";")[0])
        proxied.data = urlencode({"csrf_token": token, "email": "personne", "password": "x"}).encode()
        urlopen(proxied, timeout=10).close()
        settings = Settings.from_env({"PROBANT_DATA": str(data)})
        with psycopg.connect(postgres.start(settings).uri("postgres")) as conn:
            keys = " ".join(key for (key,) in conn.execute("SELECT key FROM accounts.limits"))
        assert "net:203.0.113.9" in keys
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    postgres.stop(settings)
    assert servers_of(data) == []


def test_every_command_says_in_french_why_the_server_cannot_run(data):
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("13\n")
    code, _, err = said("init", data=data)
    assert code == 2
    assert "PostgreSQL 13" in err
    assert "Traceback" not in err


OPEN = "open --name Essai --city Dole --username claire --password une-phrase-assez-longue".split()


def test_a_real_company_is_opened_with_its_owner_once(data):
    assert said("init", data=data)[0] == 0
    assert said(*OPEN, "--siren", "732 829 321", "--email", "c@example.org", data=data)[0] == 2
    code, _, err = said(*OPEN, "--siren", "732 829 320", "--email", "c@example.org", data=data)
    assert (code, err) == (0, "")
    code, _, err = said(*OPEN, "--siren", "732 829 320", "--email", "autre@example.org", data=data)
    assert (code, "tient déjà ses livres ici" in err) == (2, True)
    code, _, err = said(*OPEN, "--siren", "552 100 554", "--email", "autre@example.org", data=data)
    assert (code, "sert déjà" in err) == (2, True)
    known = json.loads(said("companies", "--json", data=data)[1])
    assert [(one["siren"], one["training"]) for one in known] == [("732829320", False)]
    assert said("verify", data=data)[0] == 0
    assert said("demo", "--no-serve", data=data)[0] == 2  # the demo does not mix with real books
