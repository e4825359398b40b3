"""Frozen documents (check 11): each is there as it was sent, and listed; what went, went after its term."""

from __future__ import annotations

import json
import re
from typing import Generator

from audit.verifier.container import Container, Unreadable
from audit.verifier.lines import Entry, later
from audit.verifier.report import Report

PURGES = "coffre/purges.jsonl"
PURGING = ("archive.purged", "security.files_erased")
NAME = re.compile(r"documents/(\d{10})-([0-9a-f]{16})\.(pdf|xml)")
INDEX = "documents/index.csv"
INDEX_HEAD = "number;type;media;sha256;position"
KEPT_YEARS = {"invoice.issued": 10, "quote.sent": 5}  # code de commerce, L123-22 and L110-4; LPF L102 B asks for six
FOLLOWED = 200_000  # documents of a range: their files are members, and members are fewer


class Rendered:
    """Every `document.rendered` of the range has its file, of that digest, and its row in the index; no other has."""

    def __init__(self, archive: Container, report: Report, start: int) -> None:
        self.archive, self.report, self.start = archive, report, start
        self.left = {name for name in archive.members if name.startswith("documents/") and NAME.fullmatch(name)}
        self.count, self.gone, self.unproven = 0, 0, 0
        self.issued = {}  # type: dict[str, tuple[str, str, str]]  # number, type, end of the term
        self.purges = {}  # type: dict[int, str]
        self.purged = {}  # type: dict[str, str]
        self._read()
        self.index = self._index()

    def see(self, entry: Entry) -> None:
        if entry.type in KEPT_YEARS and len(self.issued) < FOLLOWED:
            since = entry.data["day" if entry.type == "invoice.issued" else "sent_on"]
            self.issued[entry.stream] = entry.data["number"], entry.type, later(since, KEPT_YEARS[entry.type])
        elif entry.type == "document.rendered":
            self.count += 1
            self._listed(entry)
            self._there(entry)

    def close(self) -> None:
        for name in sorted(self.left):
            self.report.bad(11, f"{name} ne répond à aucune écriture")
        if next(self.index, None) is not None:
            self.report.bad(11, f"{INDEX} dit plus de documents que les écritures")
        self.index.close()  # and the file that it reads
        self.report.say(11, f"{self.count} documents")
        if self.gone:
            self.report.say(11, f"dont {self.gone} purgés à leur terme")
        if self.unproven:
            self.report.say(11, f"{self.unproven} émis avant cette archive : numéro et terme repris, non prouvés")

    def _listed(self, entry: Entry) -> None:
        row = next(self.index, "")
        shown = self.issued.get(entry.data["document_id"])
        if shown is None and self.start:
            self.unproven += 1
            number, type_ = [*row.split(";"), ""][:2]
        else:
            number, type_ = (shown or ("", ""))[:2]
        if row != ";".join((number, type_, entry.data["media_type"], entry.data["sha256"], str(entry.pos))):
            self.report.bad(11, f"{INDEX} ne dit pas le document de l’écriture {entry.pos}")

    def _there(self, entry: Entry) -> None:
        digest = entry.data["sha256"]
        extension = "xml" if entry.data["media_type"].endswith("xml") else "pdf"
        name = f"documents/{entry.pos:010}-{digest[:16]}.{extension}"
        self.left.discard(name)
        if name not in self.archive.members and digest in self.purged:
            self.gone += 1
            self._due(entry, self.purged[digest])
            return
        try:
            if self.archive.sha256(name).hex() != digest:
                self.report.bad(11, f"{name} n’est pas le document figé à l’écriture {entry.pos}")
        except Unreadable as error:
            self.report.bad(11, f"écriture {entry.pos} : {error}")

    def _due(self, entry: Entry, on: str) -> None:
        """Whether the term was over. Of a document issued before the range no term is known."""
        shown = self.issued.get(entry.data["document_id"])
        if shown is None and self.start:
            return
        term = shown[2] if shown else later(entry.at, 5)
        if on < term:
            self.report.bad(
                11, f"écriture {entry.pos} : son document a été ôté le {on}, à conserver jusqu’au {term} au moins"
                " (code de commerce, L123-22 ; LPF, L102 B)"
            )  # fmt: skip

    def _index(self) -> Generator[str, None, None]:
        try:
            rows = self.archive.lines(INDEX)
            if next(rows, b"").decode("utf-8-sig").rstrip("\r") != INDEX_HEAD:
                self.report.bad(11, f"{INDEX} n’est pas au format")
                return
            for row in rows:
                yield row.decode().rstrip("\r")
        except (Unreadable, UnicodeDecodeError) as error:
            self.report.bad(11, str(error))

    def _read(self) -> None:
        """What purges say: their lines are to be found in the history, wherever they are."""
        if PURGES not in self.archive.members:
            return
        try:
            for raw in self.archive.lines(PURGES):
                told = json.loads(raw)
                line = json.loads(told["line"])
                self.purges[int(told["pos"])] = str(told["line"])
                for digest in line["data"]["files"] if line["type"] in PURGING else ():
                    self.purged.setdefault(str(digest), str(line["at"])[:10])
        except (Unreadable, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            self.report.bad(11, f"{PURGES} n’est pas au format")
