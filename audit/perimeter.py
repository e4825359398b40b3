"""The fiscal perimeter: the files that inalterability, security, keeping and archiving rest on, and their one digest.

`probant perimeter` prints the list, as `sha256sum` does; the digest is the SHA-256 of what it prints. It stands in the
ledger's entries about the program, and in the attestation: whoever has the program's files computes it again.
"""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import click

from audit.certificate import COVERED

HOUSE = Path(__file__).parents[1]
KINDS = (".py", ".sql", ".sh", ".j2", ".html", ".css", ".ttf")
BOOKS = ("domain", "ledger", "requirements.txt")  # the versions of the libraries are those of all functions
CARRIED_BY = dict(
    zip(
        COVERED,
        (
            (*BOOKS, "web/books.py"),
            (*BOOKS, "web/books.py"),
            ("audit", "web/verification.py", "web/alarm.py", "web/jobs/checkpoints.py", "web/restores.py",
             "web/restore_cli.py"),
            ("documents", "web/rendering.py", "web/files.py"),
            ("web/jobs/closings.py", "web/jobs/worker.py", "web/jobs/tasks.py", "web/closing_sheet.py"),
            ("audit", "web/archives.py", "web/archive_cli.py", "web/jobs/archives.py", "web/jobs/places.py"),
            ("web/access.py", "web/jobs/access.py", "web/journal.py", "web/letterhead.py"),
        ),
        strict=True,
    )
)  # fmt: skip


@cache
def listing() -> str:
    """`<sha256>  <path>` of each file, in the order of paths."""
    return "".join(f"{sha256((HOUSE / path).read_bytes()).hexdigest()}  {path}\n" for path in files())


def files() -> list[str]:
    """The files of the perimeter, below the folder that the packages stand in."""
    found = {file for paths in CARRIED_BY.values() for path in paths for file in _below(HOUSE / path)}
    return sorted(file.relative_to(HOUSE).as_posix() for file in found)


def _below(path: Path) -> Iterator[Path]:
    """A file, or those of a folder; an installed program has no list of its libraries beside it."""
    if path.is_file():
        yield path
    else:
        yield from (file for file in path.rglob("*") if file.suffix in KINDS)


def digest() -> str:
    """Of the list, in hex."""
    return sha256(listing().encode()).hexdigest()


@click.command()
def perimeter() -> None:
    """Liste les fichiers du périmètre fiscal et leur SHA-256 ; le SHA-256 de cette liste est dans le registre."""
    click.echo(listing(), nl=False)
