"""Usage: python3 -I verify.py ARCHIVE [--checkpoint FICHIER] [--cle VKEY] [--empreinte-signataire SHA256]

Exit: 0 CONFORME, 1 NON CONFORME, 2 usage.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from audit.verifier import accounts, container, figures, files, lines, signers, tree, vault
from audit.verifier.container import Container, Unreadable
from audit.verifier.report import Report

OPTIONS = ("--checkpoint", "--cle", "--empreinte-signataire")
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
)


def verify(path: str, held: bytes | None = None, key: str = "", fingerprint: str = "") -> Report:
    """All twelve checks. `held`: a checkpoint that the reader has; `key`: the vkey that she expects.

    Errors: `zipfile.BadZipFile` or `OSError` when there is no archive to be read.
    """
    report, archive = Report(), Container(path)
    looks = {
        1: partial(container.check, archive, report, fingerprint),
        4: partial(_history, archive, report, held, key),
    }
    for number, look in looks.items():
        try:
            look()
        except Unreadable as error:
            report.bad(number, str(error))
        except MALFORMED as error:
            report.bad(number, f"structure inattendue ({type(error).__name__})")
    return report


def _history(archive: Container, report: Report, held: bytes | None, key: str) -> None:
    begin = lines.start(archive)
    state = _state(archive, report, begin)
    notes = tree.notes(archive, report, held)
    keys = signers.Signers(archive, report, state, key)
    kept = vault.Vault(archive, report, begin.ledger)
    checks = _Checks(archive, report, state, begin)
    heads, last = tree.heads(archive), begin
    before = b""
    for _ in range(begin.pos):
        before = next(heads, b"")
    if begin.pos and before.hex() != begin.head:
        report.bad(4, "registre/debut.txt ne s’accorde pas avec registre/empreintes.bin")
    for entry in lines.entries(archive, report, begin, state):
        if next(heads, b"") != entry.head:
            report.bad(4, f"écriture {entry.pos} : registre/empreintes.bin en dit une autre empreinte")
        kept.see(entry)
        checks.see(entry)
        keys.see(entry)
        last = lines.Start(entry.pos, entry.head.hex(), begin.ledger)
    kept.close()
    checks.close()
    _end(report, notes, last, begin)
    if not key:
        report.say(5, "clé non confrontée")
    size = tree.check(notes + keys.notes, archive, report)
    keys.check(notes)
    report.say(5, f"{len(notes)} points, arbre de {size} écritures")
    told = {6: kept.erasing_lines(), 5: keys.lines.items(), 11: checks.files.purges.items()}
    _elsewhere(archive, report, [(number, *one) for number, each in told.items() for one in each])


class _Checks:
    """Checks 7 to 11, fed entry by entry. An entry whose data lack what its type promises is told, and passed over."""

    def __init__(self, archive: Container, report: Report, state: dict[str, Any], begin: lines.Start) -> None:
        self.archive, self.report = archive, report
        self.series = figures.Series(report, state)
        self.closings = accounts.Closings(report, state, begin.pos)
        self.clients = accounts.Clients(report)
        self.files, self.books = files.Rendered(archive, report), files.Books()

    def see(self, entry: lines.Entry) -> None:
        for number, look in (
            (7, self.series.see), (8, self._document), (9, self.closings.see), (10, self.clients.see),
            (10, self.books.see), (11, self.files.see),
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
        self.files.close()
        try:
            self.books.check(self.archive, self.report)
        except (Unreadable, *MALFORMED):
            self.report.bad(10, "registre/plage.json n’est pas au format")
        self.report.say(9, f"{self.closings.checked} recalculées")


def _state(archive: Container, report: Report, begin: lines.Start) -> dict[str, Any]:
    try:
        state = dict(archive.json("registre/etat.json").items())
    except (Unreadable, AttributeError):
        state = {}
    if state.get("pos") != begin.pos:
        report.bad(4, "registre/etat.json n’est pas l’état d’avant la première écriture")
        return {}
    if begin.pos:
        report.say(4, f"état d’avant l’écriture {begin.pos + 1} repris, non prouvé")
    return state


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
        report = verify(paths[0], held, given["--cle"], given["--empreinte-signataire"])
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        tell(f"illisible : {error}")
        return 2
    tell("\n".join(report.lines()))
    return 0 if report.conform else 1


def tell(text: str) -> None:
    sys.stdout.buffer.write(text.encode() + b"\n")  # whatever the terminal's encoding


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
