"""The accounting file (check 10): its rows are the postings of the lines, in their order, and nothing else."""

from __future__ import annotations

import hashlib
import re
from array import array
from datetime import date
from typing import Any, Iterator

from audit.verifier.container import Container, Unreadable
from audit.verifier.lines import Entry
from audit.verifier.report import Report

FEC_HEAD = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate "
    "EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()
TOLD = ("JournalCode", "EcritureDate", "CompteNum", "CompAuxNum", "PieceRef", "PieceDate", "EcritureLib", "Debit",
        "Credit")  # fmt: skip  # what the lines say; names of accounts and clients they do not
RANGE = "registre/plage.json"
WIDTH = 16  # bytes kept of what a row says
FILES_MAX, JOURNALS_MAX, DAYS_MAX = 100, 100, 1000
OPENING = "AN"  # its rows stand first


class Rows:
    """Rows of one file, as they should be: a digest and the day of recording of each. `opening`: those of « AN »."""

    def __init__(self) -> None:
        self.digests, self.days = bytearray(), array("l")

    def add(self, told: tuple[str, ...], first: bool, day: int) -> None:
        self.digests += _digest(told, first)
        self.days.append(day)

    def holds(self, rank: int, told: tuple[str, ...], first: bool, day: int) -> bool:
        """Recording days are those of the ledger's time zone: one more or less than in UTC."""
        same = self.digests[rank * WIDTH : rank * WIDTH + WIDTH] == _digest(told, first)
        return same and abs(self.days[rank] - day) <= 1


class Books:
    """What the accounting files must say: postings, by the fiscal years that `plage.json` names."""

    def __init__(self, archive: Container, report: Report, start: int) -> None:
        self.report, self.start, self.years = report, start, []  # type: Report, int, list[tuple[str, str]]
        self.files = {}  # type: dict[str, tuple[str, str]]
        try:
            for one in archive.json(RANGE)["accounts"][:FILES_MAX]:
                self.files[str(one["file"])] = str(one["from"]), str(one["to"])
        except (Unreadable, KeyError, TypeError):
            report.bad(10, f"{RANGE} n’est pas au format")
        self.rows = {(name, opening): Rows() for name in self.files for opening in (False, True)}
        self.homeless = set()  # type: set[str]

    def see(self, entry: Entry) -> None:
        if entry.type == "fiscal_year.defined":
            self.years = [*self.years, (entry.data["from"], entry.data["to"])][:DAYS_MAX]
        for posting in entry.data.get("postings", ()):
            names = [name for name, year in self.files.items() if year[0] <= posting["date"] <= year[1]]
            for name in names:
                rows = self.rows[name, posting["journal"] == OPENING]
                for rank, line in enumerate(posting["lines"]):
                    rows.add(_row(posting, line), not rank, date.fromisoformat(entry.at[:10]).toordinal())
            if not names and len(self.homeless) < DAYS_MAX:
                self.homeless.add(posting["date"])

    def check(self, archive: Container) -> None:
        """Where the fiscal year began before the range, rows of before stand first: they are counted, not proven."""
        if sorted(self.files) != archive.names(r"comptabilite/\d{9}(?:FEC\d{8}|_ecritures_\d{6})\.txt"):
            self.report.bad(10, f"les fichiers d’écritures comptables ne sont pas ceux de {RANGE}")
        for day in sorted(self.homeless):
            if any(first <= day <= last for first, last in self.years):
                self.report.bad(10, f"aucun fichier ne dit les écritures comptables du {day}")
        before = 0
        for name, (first, last) in sorted(self.files.items()):
            others = [one for one in self.years if one[0] <= last and first <= one[1] and one != (first, last)]
            if others:
                self.report.bad(10, f"{name} n’est pas d’un exercice défini")
            if not re.search(r"(?:FEC{}|_ecritures_{})\.txt$".format(*_compact(last)), name):
                self.report.bad(10, f"{name} porte un autre exercice que le sien")
            try:
                before += self._compare(archive, name)
            except (Unreadable, ValueError) as error:
                self.report.bad(10, f"{name} : {error}")
        self.report.say(10, f"{len(self.files)} fichiers d’écritures comptables, confrontés au registre ligne à ligne")
        if before:
            self.report.say(10, f"{before} lignes d’avant l’écriture {self.start + 1} : reprises, non prouvées")

    def _compare(self, archive: Container, name: str) -> int:
        """How many rows come from before the range."""
        opening, usual = self.rows[name, True], self.rows[name, False]
        found = [0, 0]
        for told in _read(archive, name):
            found[told["JournalCode"] == OPENING] += 1
        skipped = [found[0] - len(usual.days), found[1] - len(opening.days)]
        if min(skipped) < 0 or (not self.start and any(skipped)):
            self.report.bad(10, f"{name} n’a pas autant de lignes que les écritures du registre")
            return 0
        seen, numbers, last, balance = [0, 0], {}, "", 0  # type: list[int], dict[str, int], str, int
        year = [one.replace("-", "") for one in self.files[name]]
        for line, told in enumerate(_read(archive, name), 2):
            journal, number = told["JournalCode"], told["EcritureNum"]
            first, apart = number != last, journal == OPENING
            numbers[journal], last = numbers.get(journal, 0) + first, number
            balance += _cents(told["Debit"]) - _cents(told["Credit"])
            row, rank = tuple(told[column] for column in TOLD), seen[apart] - skipped[apart]
            if len(numbers) > JOURNALS_MAX:
                raise ValueError("trop de journaux")
            if not number.startswith(journal) or number[len(journal) :].lstrip("0") != str(numbers[journal]):
                self.report.bad(10, f"{name}, ligne {line} : le numéro {number} ne suit pas le précédent")
            if not year[0] <= told["EcritureDate"] <= year[1]:
                self.report.bad(10, f"{name}, ligne {line} : elle est d’un autre exercice")
            if rank >= 0 and not (opening if apart else usual).holds(rank, row, first, _ordinal(told["ValidDate"])):
                self.report.bad(10, f"{name}, ligne {line} : elle ne dit pas l’écriture du registre")
            seen[apart] += 1
        if balance:
            self.report.bad(10, f"{name} n’est pas équilibré")
        return sum(skipped)


def _compact(day: str) -> tuple[str, str]:
    return day.replace("-", ""), day.replace("-", "")[:6]


def _row(posting: dict[str, Any], line: dict[str, Any]) -> tuple[str, ...]:
    fields = (posting["journal"], posting["date"].replace("-", ""), line["account"], line.get("aux", ""),
              posting["piece"], posting["piece_on"].replace("-", ""), posting["label"],
              _euros(line.get("debit_cents", 0)), _euros(line.get("credit_cents", 0)))  # fmt: skip
    return tuple(" ".join(field.split()) for field in fields)


def _read(archive: Container, name: str) -> Iterator[dict[str, str]]:
    rows = (raw.decode("utf-8-sig").rstrip("\r").split("\t") for raw in archive.lines(name))
    if next(rows, []) != FEC_HEAD:
        raise ValueError("en-tête inattendu")
    for row in rows:
        if len(row) != len(FEC_HEAD):
            raise ValueError("une ligne n’a pas 18 champs")
        yield dict(zip(FEC_HEAD, row))


def _digest(told: tuple[str, ...], first: bool) -> bytes:
    return hashlib.sha256("\t".join((*told, str(first))).encode()).digest()[:WIDTH]


def _ordinal(day: str) -> int:
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])).toordinal()
    except ValueError:
        raise ValueError(f"date {day[:20]!r}") from None


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _cents(text: str) -> int:
    if not re.fullmatch(r"\d{1,15},\d\d", text):
        raise ValueError(f"montant {text[:20]!r}")
    return int(text.replace(",", ""))
