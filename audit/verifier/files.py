"""Frozen documents (check 11) and the accounting file (check 10)."""

from __future__ import annotations

import json
import re

from audit.verifier.container import Container, Unreadable
from audit.verifier.lines import Entry
from audit.verifier.report import Report

PURGES = "coffre/purges.jsonl"
PURGING = ("archive.purged", "security.files_erased")
NAME = re.compile(r"documents/(\d{10})-([0-9a-f]{16})\.(pdf|xml)")
FEC_HEAD = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate "
    "EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()


class Rendered:
    """Every `document.rendered` of the range has its file, of that digest; no file is there without one."""

    def __init__(self, archive: Container, report: Report) -> None:
        self.archive, self.report = archive, report
        self.left = {name for name in archive.members if name.startswith("documents/") and NAME.fullmatch(name)}
        self.count, self.gone = 0, 0
        self.purges = {}  # type: dict[int, str]
        self.purged = set()  # type: set[str]
        self._read()

    def see(self, entry: Entry) -> None:
        if entry.type != "document.rendered":
            return
        digest = entry.data["sha256"]
        extension = "xml" if entry.data["media_type"].endswith("xml") else "pdf"
        name = f"documents/{entry.pos:010}-{digest[:16]}.{extension}"
        self.left.discard(name)
        self.count += 1
        if name not in self.archive.members and digest in self.purged:
            self.gone += 1
            return
        try:
            if self.archive.sha256(name).hex() != digest:
                self.report.bad(11, f"{name} n’est pas le document figé à l’écriture {entry.pos}")
        except Unreadable as error:
            self.report.bad(11, f"écriture {entry.pos} : {error}")

    def close(self) -> None:
        for name in sorted(self.left):
            self.report.bad(11, f"{name} ne répond à aucune écriture")
        self.report.say(11, f"{self.count} documents")
        if self.gone:
            self.report.say(11, f"dont {self.gone} purgés à leur terme")

    def _read(self) -> None:
        """What purges say: their lines are to be found in the history, wherever they are."""
        if PURGES not in self.archive.members:
            return
        try:
            for raw in self.archive.lines(PURGES):
                told = json.loads(raw)
                line = json.loads(told["line"])
                self.purges[int(told["pos"])] = str(told["line"])
                self.purged.update(line["data"]["files"] if line["type"] in PURGING else ())
        except (Unreadable, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            self.report.bad(11, f"{PURGES} n’est pas au format")


class Books:
    """Debit and credit of the postings of the range, by day and account: what the accounting files must say."""

    def __init__(self) -> None:
        self.sides = {}  # type: dict[tuple[str, str], list[int]]

    def see(self, entry: Entry) -> None:
        for posting in entry.data.get("postings", ()):
            for line in posting["lines"]:
                sides = self.sides.setdefault((posting["date"], line["account"]), [0, 0])
                sides[0] += line.get("debit_cents", 0)
                sides[1] += line.get("credit_cents", 0)

    def check(self, archive: Container, report: Report) -> None:
        """A file is compared with the postings when the range holds its fiscal year whole."""
        names = archive.names(r"comptabilite/\d{9}(?:FEC\d{8}|_ecritures_\d{6})\.txt")
        years = {one["file"]: one for one in archive.json("registre/plage.json")["accounts"]}
        if sorted(years) != names:
            report.bad(10, "les fichiers d’écritures comptables ne sont pas ceux de registre/plage.json")
        for name in names:
            found = {}  # type: dict[str, list[int]]
            try:
                self._add(archive, name, found)
            except (Unreadable, ValueError) as error:
                report.bad(10, f"{name} : {error}")
                continue
            if sum(debit - credit for debit, credit in found.values()):
                report.bad(10, f"{name} n’est pas équilibré")
            if years[name]["whole"] and found != self._of(years[name]["from"], years[name]["to"]):
                report.bad(10, f"{name} ne dit pas les écritures du registre")
        whole = len([one for one in years.values() if one["whole"]])
        report.say(10, f"{len(names)} fichiers d’écritures comptables, dont {whole} confrontés au registre")

    def _of(self, first: str, last: str) -> dict[str, list[int]]:
        found = {}  # type: dict[str, list[int]]
        for (day, account), sides in self.sides.items():
            if first <= day <= last:
                total = found.setdefault(account, [0, 0])
                total[0], total[1] = total[0] + sides[0], total[1] + sides[1]
        return found

    def _add(self, archive: Container, name: str, found: dict[str, list[int]]) -> None:
        rows = (raw.decode("utf-8-sig").rstrip("\r").split("\t") for raw in archive.lines(name))
        if next(rows, []) != FEC_HEAD:
            raise ValueError("en-tête inattendu")
        for row in rows:
            if len(row) != len(FEC_HEAD):
                raise ValueError("une ligne n’a pas 18 champs")
            told = dict(zip(FEC_HEAD, row))
            sides = found.setdefault(told["CompteNum"], [0, 0])
            sides[0] += _cents(told["Debit"])
            sides[1] += _cents(told["Credit"])


def _cents(text: str) -> int:
    if not re.fullmatch(r"\d{1,15},\d\d", text):
        raise ValueError(f"montant {text[:20]!r}")
    return int(text.replace(",", ""))
