"""Usage: python3 -I verify.py ARCHIVE [--checkpoint FICHIER] [--empreinte HEX] [--cle VKEY]
[--empreinte-signataire SHA256]. --empreinte : celle qu’une facture porte, entière ou ses 32 premiers chiffres.

Exit: 0 CONFORME, 1 NON CONFORME, 2 usage.
"""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
from collections import deque
from functools import partial
from itertools import islice
from pathlib import Path

from audit.verifier import (
    books,
    clients,
    closings,
    extent,
    figures,
    files,
    histories,
    lines,
    members,
    signers,
    state,
    tables,
    tree,
    vault,
)
from audit.verifier.container import Container, Unreadable
from audit.verifier.report import Report

OPTIONS = ("--checkpoint", "--empreinte", "--cle", "--empreinte-signataire")
PRINTED = re.compile(r"[0-9a-f]{32,64}")
TOLD = {5: "un changement de clé", 6: "un effacement", 11: "une purge"}
MALFORMED = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    ZeroDivisionError,
    OverflowError,
    RecursionError,
    MemoryError,
)


def verify(path: str, held: bytes | None = None, key: str = "", fingerprint: str = "", printed: str = "") -> Report:
    """All twelve checks. `held`: a checkpoint that the reader has; `key`: the vkey that she expects; `fingerprint`:
    that of the signer's certificate; `printed`: the hash of its entry that a document shows, or its first 32 digits.

    Errors: `zipfile.BadZipFile` or `OSError` when there is no archive to be read.
    """
    report, archive = Report(), Container(path)
    looks = {
        1: partial(members.check, archive, report, fingerprint),
        4: partial(_history, archive, report, held, key, _digits(printed, report)),
    }
    for number, look in looks.items():
        try:
            look()
        except Unreadable as error:
            report.bad(number, str(error))
        except MALFORMED as error:
            report.bad(number, f"structure inattendue ({type(error).__name__})")
    archive.zip.close()
    return report


def _digits(printed: str, report: Report) -> str:
    told = re.sub(r"[\s:]", "", printed).lower()
    if told and not PRINTED.fullmatch(told):
        report.bad(12, "l’empreinte donnée n’a pas 32 à 64 chiffres hexadécimaux")
    return told


def _history(archive: Container, report: Report, held: bytes | None, key: str, printed: str) -> None:
    begin = lines.start(archive)
    before = state.read(archive, report, begin)
    notes = tree.notes(archive, report, held, printed)
    keys = signers.Signers(archive, report, before.known, key)
    kept = vault.Vault(archive, report, begin.ledger)
    told = histories.Histories(report, begin, before.known, notes + keys.notes)
    checks = _Checks(archive, report, before, begin)
    heads, last = tree.heads(archive), begin
    at_start = deque(islice(heads, begin.pos), 1)  # as many as there are, whatever the archive claims
    if begin.pos and b"".join(at_start).hex() != begin.head:
        report.bad(4, "registre/debut.txt ne s’accorde pas avec registre/empreintes.bin")
    for entry in lines.entries(archive, report, begin, str(before.known.get("at", "")), before.versions):
        if next(heads, b"") != entry.head:
            report.bad(4, f"écriture {entry.pos} : registre/empreintes.bin en dit une autre empreinte")
        kept.see(entry)
        checks.see(entry)
        keys.see(entry)
        told.see(entry)
        last = lines.Start(entry.pos, entry.head.hex(), begin.ledger)
    kept.close()
    checks.close()
    told.check()
    before.close(report)
    _end(report, notes, last, begin)
    if not key:
        report.say(5, "clé non confrontée")
    size = tree.check(notes + keys.notes, archive, report, printed)
    keys.check(notes)
    report.say(5, f"{len(notes)} points, arbre de {size} écritures")
    whole = {6: kept.erasing_lines(), 5: keys.lines.items(), 11: checks.files.purges.items()}
    _elsewhere(archive, report, [(number, *one) for number, each in whole.items() for one in each])


class _Checks:
    """Checks 7 to 11, fed entry by entry. An entry whose data lack what its type promises is told, and passed over."""

    def __init__(self, archive: Container, report: Report, before: state.State, begin: lines.Start) -> None:
        self.archive, self.report, self.before = archive, report, before
        self.series = figures.Series(report, before.known)
        self.closings = closings.Closings(report, before.known, begin.pos)
        self.clients = clients.Clients(report)
        self.files, self.extent = files.Rendered(archive, report, begin.pos), extent.Extent(report, begin)
        self.books = books.Books(archive, report, begin.pos)
        self.tables = tables.Tables(archive, report)

    def see(self, entry: lines.Entry) -> None:
        self.extent.see(entry)
        for number, look in (
            (1, self.tables.see), (4, self.before.see), (7, self.series.see), (8, self._document),
            (9, self.closings.see), (10, self.clients.see), (10, self.books.see), (11, self.files.see),
        ):  # fmt: skip
            try:
                look(entry)
            except MALFORMED:
                self.report.bad(number, f"écriture {entry.pos} : ses données ne sont pas celles de « {entry.type} »")

    def _document(self, entry: lines.Entry) -> None:
        if entry.type == "invoice.issued":
            for wrong in figures.document(entry):
                self.report.bad(8, f"écriture {entry.pos} : {wrong}")

    def close(self) -> None:
        self.tables.close()
        self.files.close()
        self.closings.close()
        self.clients.close()
        self.books.check(self.archive)
        try:
            self.extent.check(self.archive)
        except (Unreadable, *MALFORMED):
            self.report.bad(4, f"{extent.NAME} n’est pas au format")


def _end(report: Report, notes: list[tuple[str, int, tree.Note]], last: lines.Start, begin: lines.Start) -> None:
    ends = [note for name, _, note in notes if name.endswith("/fin.txt")]
    if ends and (ends[0].size, ends[0].head) != (last.pos, last.head):
        report.bad(4, "la dernière écriture n’est pas celle de fin.txt")
    report.say(4, f"écritures {begin.pos + 1} à {last.pos}, tête {last.head}")


def _elsewhere(archive: Container, report: Report, told: list[tuple[int, int, str]]) -> None:
    """Entries told whole (number of the check, position, line) stand in the history that `empreintes.bin` gives."""
    if not told:
        return
    needed = {}  # type: dict[int, list[tuple[int, str]]]
    for number, pos, line in told:
        needed.setdefault(pos, []).append((number, line))
    before = lines.start(archive)
    previous = hashlib.sha256((f"probant-ledger-v1\n{before.ledger}\n").encode()).hexdigest()
    for pos, head in enumerate(tree.heads(archive), 1):
        for number, line in needed.pop(pos, ()):
            if hashlib.sha256((f"{previous}\n{line}\n").encode()).digest() != head:
                report.bad(number, f"{TOLD[number]} de l’écriture {pos} n’est pas dans cette histoire")
        previous = head.hex()
    for number in sorted({number for rest in needed.values() for number, _ in rest}):
        report.bad(number, f"{TOLD[number]} est au-delà de cette histoire")


def main(arguments: list[str]) -> int:
    """The command line. Prints one line a check, and the verdict."""
    given = dict.fromkeys(OPTIONS, "")
    paths, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        if word in OPTIONS and rest:
            given[word] = rest.pop(0)
        else:
            paths.append(word)
    if len(paths) != 1 or paths[0].startswith("-"):
        tell(__doc__ or "")
        return 2
    try:
        held = Path(given["--checkpoint"]).read_bytes() if given["--checkpoint"] else None
        report = verify(paths[0], held, given["--cle"], given["--empreinte-signataire"], given["--empreinte"])
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        tell(f"illisible : {error}")
        return 2
    tell("\n".join(report.lines()))
    return 0 if report.conform else 1


def tell(text: str) -> None:
    sys.stdout.buffer.write(text.encode() + b"\n")  # whatever the terminal's encoding


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
