"""Sealed values and their openings (check 6): each digest of a line is opened, or erased by an entry that says so."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Iterator

from audit.verifier.closings import FISCAL
from audit.verifier.container import Container, Unreadable
from audit.verifier.lines import DIGEST, UUID, Entry, later
from audit.verifier.packed import Packed
from audit.verifier.report import Report

SEALED = re.compile(r'"sealed":"([0-9a-f]{64})"')
AT_FIRST = re.compile(r'\{"at":"(\d{4}-\d\d-\d\d)T')
FIELDS = ["digest", "subject", "salt", "value"]
OPENINGS, ERASURES = "coffre/ouvertures.jsonl", "coffre/effaces.jsonl"
KEPT_YEARS = 10  # what a fiscal entry seals (code de commerce, L123-22), from its day at least


class Vault:
    """Openings and erasures of an archive, by digest; entries are shown to it as they pass."""

    def __init__(self, archive: Container, report: Report, ledger: str) -> None:
        self.report = report
        self.opened = Packed(32)  # the position of the entry that each digest was met in, or 0
        self.erased = {}  # type: dict[str, int]
        self.lines, self.erased_on = {}, {}  # type: dict[int, str], dict[int, str]
        self.met = {}  # type: dict[str, int]  # of digests without opening
        self._openings(archive, ledger)
        self._erasures(archive)

    def see(self, entry: Entry) -> None:
        for digest in SEALED.findall(entry.line):
            rank = self.opened.find(bytes.fromhex(digest))
            met = self.opened.values[rank] if rank >= 0 else self.met.get(digest, 0)
            if met:
                self.report.bad(6, f"écriture {entry.pos} : engagement déjà pris à l’écriture {met}")
            if rank >= 0:
                self.opened.values[rank] = entry.pos
                continue
            self.met[digest] = entry.pos
            if digest not in self.erased:
                self.report.bad(6, f"écriture {entry.pos} : l’ouverture d’un engagement manque, sans effacement")
            elif entry.type in FISCAL:
                self._due(entry, self.erased[digest])

    def close(self) -> None:
        for rank, pos in enumerate(self.opened.values):
            if not pos:
                digest = self.opened.keys[rank * 32 : rank * 32 + 4].hex()
                self.report.bad(6, f"une ouverture ne répond à aucune écriture ({digest}…)")
        erased = len([digest for digest in self.met if digest in self.erased])
        if erased:
            self.report.say(6, f"{erased} valeurs effacées, engagement intact")

    def erasing_lines(self) -> Iterator[tuple[int, str]]:
        """Position and line of each erasure told, to be found in the history."""
        yield from self.lines.items()

    def _due(self, entry: Entry, erasing: int) -> None:
        on, term = self.erased_on[erasing], later(entry.data["day"], KEPT_YEARS)
        if on < term:
            self.report.bad(
                6, f"écriture {entry.pos} : une valeur a été effacée le {on}, à conserver jusqu’au {term} au moins"
                " (code de commerce, L123-22 ; LPF, L102 B)"
            )  # fmt: skip

    def _openings(self, archive: Container, ledger: str) -> None:
        for told in _objects(archive, self.report, OPENINGS):
            fits = sorted(told) == sorted(FIELDS) and all(isinstance(value, str) for value in told.values())
            if not (
                fits
                and DIGEST.fullmatch(told["digest"])
                and DIGEST.fullmatch(told["salt"])
                and UUID.fullmatch(told["subject"])
            ):
                self.report.bad(6, f"{OPENINGS} : une ligne n’est pas au format")
                continue
            pieces = ("probant-seal-v1", ledger, told["subject"], told["salt"], told["value"], "")
            if hashlib.sha256("\n".join(pieces).encode()).hexdigest() != told["digest"]:
                self.report.bad(6, "une ouverture ne donne pas son engagement ({}…)".format(told["digest"][:8]))
            if not self.opened.add(bytes.fromhex(told["digest"]), 0):
                self.report.bad(6, f"{OPENINGS} a trop de lignes, ou n’est pas en ordre")
                break

    def _erasures(self, archive: Container) -> None:
        for told in _objects(archive, self.report, ERASURES):
            line, pos = str(told.get("line")), told.get("pos")
            at = AT_FIRST.match(line)
            if at is None or type(pos) is not int or not isinstance(told.get("digest"), str):
                self.report.bad(6, f"{ERASURES} : une ligne n’est pas au format")
            elif '"type":"subject.erased"' not in line or '"{}"'.format(told["digest"]) not in line:
                self.report.bad(6, "un effacement ne cite pas son engagement ({}…)".format(told["digest"][:8]))
            elif self.lines.setdefault(pos, line) != line:
                self.report.bad(6, f"{ERASURES} : deux lignes pour l’écriture {pos}")
            else:
                self.erased[told["digest"]], self.erased_on[pos] = pos, at[1]


def _objects(archive: Container, report: Report, name: str) -> Iterator[dict[str, Any]]:
    try:
        for raw in archive.lines(name):
            yield dict(json.loads(raw).items())
    except Unreadable as error:
        report.bad(6, str(error))
    except (ValueError, AttributeError, RecursionError):
        report.bad(6, f"{name} n’est pas au format")
