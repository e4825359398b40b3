"""The fiscal perimeter: the files that inalterability, security, keeping and archiving rest on, and their one digest.

`probant perimeter` prints the list, as `sha256sum` does; the digest is the SHA-256 of what it prints. It stands in the
ledger's entries about the program, and in the attestation: whoever has the program's files computes it again.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

import click

HOUSE = Path(__file__).parents[1]
FOLDERS = ("domain", "ledger", "audit/verifier", "documents")
KINDS = (".py", ".sql", ".j2", ".html", ".css", ".ttf")


@cache
def listing() -> str:
    """`<sha256>  <path>` of each file, in the order of paths."""
    return "".join(f"{sha256((HOUSE / path).read_bytes()).hexdigest()}  {path}\n" for path in files())


def files() -> list[str]:
    """The files of the perimeter, below the folder that the packages stand in."""
    found = (file for folder in FOLDERS for file in (HOUSE / folder).rglob("*") if file.suffix in KINDS)
    return sorted(file.relative_to(HOUSE).as_posix() for file in found)


def digest() -> str:
    """Of the list, in hex."""
    return sha256(listing().encode()).hexdigest()


@click.command()
def perimeter() -> None:
    """Liste les fichiers du périmètre fiscal et leur SHA-256 ; le SHA-256 de cette liste est dans le registre."""
    click.echo(listing(), nl=False)
