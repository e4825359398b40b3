"""`probant demo` as somebody calls it: cut in the middle, called again, and once more when all is there."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from ledger import postgres
from ledger.settings import Settings
from tests.conftest import open_folder
from web.app import create_app

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@pytest.fixture
def data():
    with open_folder() as folder:
        data = Path(folder, "data")
        yield data
        postgres.stop(Settings.from_env({"PROBANT_DATA": str(data)}))  # that of the program that was killed


def probant(*arguments, data):
    command = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')", *arguments]
    environ = os.environ | {"PROBANT_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(*arguments, data):
    with probant(*arguments, data=data) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    return out.splitlines()


def test_a_demo_that_was_cut_begins_again_is_kept_verifies_and_lets_one_in(data):
    with probant("demo", "--no-serve", data=data) as cut:
        assert cut.stdout.readline().startswith("  ")  # a company is told, two are not
        cut.kill()
    told = said("demo", "--no-serve", data=data)
    *names, summary, name, password = told
    assert len(names) >= 3
    assert summary == f"Trois sociétés factices dans {data}."
    assert said("demo", "--no-serve", data=data) == [summary, name, password]
    assert "Registre intact." in said("verify", data=data)
    seen = companies_of(data, name.removeprefix("Nom : "), password.removeprefix("Mot de passe : "))
    assert [name for name in names if name.strip() not in seen] == []


def companies_of(data, name, password):
    """The page « Sociétés » of who signs in so."""
    settings = Settings.from_env({"PROBANT_DATA": str(data)})
    postgres.start(settings)
    app = create_app(settings)
    try:
        person = app.test_client()
        token = TOKEN.search(person.get("/connexion").text)[1]
        typed = {"csrf_token": token, "username": name, "email": name, "password": password}
        assert person.post("/connexion", data=typed).status_code in (302, 303)
        return unescape(person.get("/societes/").text)
    finally:
        app.extensions["pool"].close()
