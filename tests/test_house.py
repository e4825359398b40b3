"""What the house asks of every file: words, texts, help and settings are complete, foreign code is the known one."""

import dataclasses
import hashlib
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
import pytest
from packaging.version import Version

from domain.errors import DomainError
from domain.registry import AGGREGATES
from ledger.settings import Settings
from web.cli import main
from web.texts import TEXTS

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "web" / "static" / "vendor"
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
PACKAGES = TOOLS["importlinter"]["root_packages"]
LONGEST_MODULE, LONGEST_TEST = 250, 350  # a test file lists cases

SAFE_VERSIONS = {  # the first version without the faults known on 2026-11-24 (reviewed with each `make lock`)
    "argon2-cffi": "25.1.0",
    "cryptography": "50.0.2",
    "flask": "3.1.3",  # CVE-2023-30861, CVE-2025-47278
    "gunicorn": "27.0.1",  # request smuggling: CVE-2024-1135, CVE-2024-6827
    "jinja2": "3.1.6",  # CVE-2024-56326, CVE-2025-27516
    "lxml": "6.1.3",
    "pillow": "13.0.0",  # CVE-2026-112403: heap overflow in JPEG decoding
    "psycopg": "3.3.9",
    "pypdf": "7.1.0",  # CVE-2026-40260
    "reportlab": "5.1.0",  # CVE-2023-33733: code execution
    "svglib": "2.3.2",  # CVE-2026-132275: entity expansion
    "werkzeug": "3.1.9",  # CVE-2026-21860, CVE-2026-27199
    "xhtml2pdf": "0.2.28",  # CVE-2026-110642: command injection
}


def words(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def topics() -> Iterator[str]:
    for aggregate in AGGREGATES:
        yield aggregate.TOPIC
        yield from event_types(aggregate)


def event_types(aggregate: type) -> Iterator[str]:
    return (event.TOPIC for event in vars(aggregate).values() if isinstance(event, type) and hasattr(event, "TOPIC"))


def refusals(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for error in base.__subclasses__():
        yield error
        yield from refusals(error)


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), f"{path} {name}")


def test_every_aggregate_and_event_has_a_row_in_the_glossary():
    rows = "\n".join(line for line in words("domain/GLOSSARY.md").splitlines() if line.startswith("|"))
    assert [topic for topic in topics() if f"`{topic}`" not in rows] == []


def test_the_list_of_event_types_is_exactly_what_the_domain_records():
    listed = [line.split()[0] for line in words("tests/golden/types.txt").splitlines() if line and line[0] != "#"]
    assert sorted(listed) == sorted(topic for aggregate in AGGREGATES for topic in event_types(aggregate))


def test_every_refusal_has_a_french_text():
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            importlib.import_module(module.name)
    assert [error for error in refusals() if error not in TEXTS and not error.__module__.startswith("tests.")] == []


def test_every_command_has_help():
    assert [path for path, command in commands(main, "probant") if not command.help] == []


def test_every_setting_is_documented():
    names = [f"PROBANT_{field.name.upper()}" for field in dataclasses.fields(Settings)]
    assert [name for name in names if f"`{name}`" not in words("README.md")] == []


@pytest.mark.parametrize("package", SAFE_VERSIONS)
def test_no_package_is_older_than_its_last_known_fault(package):
    try:
        installed = version(package)
    except PackageNotFoundError:
        return  # not used
    assert Version(installed) >= Version(SAFE_VERSIONS[package])


def test_every_file_of_others_is_the_one_we_know():
    known = dict(re.findall(r"^\| (\S+) \| \S+ \| `([0-9a-f]{64})` \|$", words(f"{VENDOR}/README.md"), re.MULTILINE))
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.name != "README.md"]
    assert known == {path.relative_to(VENDOR).as_posix(): sha256(path) for path in files}


def test_every_font_of_the_papers_is_the_one_we_know():
    fonts = sorted((ROOT / "documents" / "fonts").glob("*.ttf"))
    assert words("documents/fonts/SHA256SUMS") == "".join(f"{sha256(path)}  {path.name}\n" for path in fonts)


def test_every_package_has_its_floor():
    folders = {path.parent.name for path in ROOT.glob("*/*.py")}
    assert folders - {"tests", "tools"} == set(PACKAGES)
    assert PACKAGES == TOOLS["uv"]["build-backend"]["module-name"] == TOOLS["slipcover"]["source"]


@pytest.mark.parametrize(("folders", "longest"), [([*PACKAGES, "tools"], LONGEST_MODULE), (["tests"], LONGEST_TEST)])
def test_no_module_is_too_long_to_be_read_at_once(folders, longest):
    modules = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path: length for path, length in lengths.items() if length > longest} == {}


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_browser_test_fails_in_ci_and_only_there(tmp_path, ci, code):
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    (tmp_path / "tests" / "browser" / "test_it.py").write_text("import pytest\ndef test_it(): pytest.skip('none')\n")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", tmp_path, "-p", "tests.refuse_skips"]
    command += ["-p", "no:slipcover"]  # what this one passes through is not to be counted
    environment = os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([*command, tmp_path], check=False, env=environment, cwd=tmp_path).returncode == code
