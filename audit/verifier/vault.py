"""Sealed values and their openings (check 6): each digest of a line is opened, or erased by an entry that says so."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Iterator

from audit.verifier.container import Container, Unreadable
from audit.verifier.lines import DIGEST, UUID, Entry
from audit.verifier.report import Report

SEALED = re.compile(r'"sealed":"([0-9a-f]{64})"')
FIELDS = ["digest", "subject", "salt", "value"]


class Vault:
    """Openings and erasures of an archive, by digest; entries are shown to it as they pass."""

    def __init__(self, archive: Container, report: Report, ledger: str) -> None:
        self.report = report
        self.opened = {}  # type: dict[str, str]
        self.erased = {}  # type: dict[str, Any]
        self.met = {}  # type: dict[str, int]
        self._openings(archive, ledger)
        self._erasures(archive)

    def see(self, entry: Entry) -> None:
        for digest in SEALED.findall(entry.line):
            if digest in self.met:
                self.report.bad(6, f"écriture {entry.pos} : engagement déjà pris à l’écriture {self.met[digest]}")
            self.met[digest] = entry.pos
            if digest not in self.opened and digest not in self.erased:
                self.report.bad(6, f"écriture {entry.pos} : l’ouverture d’un engagement manque, sans effacement")

    def close(self) -> None:
        for digest in self.opened:
            if digest not in self.met:
                self.report.bad(6, f"une ouverture ne répond à aucune écriture ({digest[:8]}…)")
        erased = len([digest for digest in self.met if digest in self.erased])
        if erased:
            self.report.say(6, f"{erased} valeurs effacées, engagement intact")

    def erasing_lines(self) -> Iterator[tuple[int, str]]:
        """Position and line of each erasure told, to be found in the history."""
        yield from {(told["pos"], told["line"]) for told in self.erased.values()}

    def _openings(self, archive: Container, ledger: str) -> None:
        for told in _objects(archive, self.report, "coffre/ouvertures.jsonl"):
            fits = sorted(told) == sorted(FIELDS) and all(isinstance(value, str) for value in told.values())
            if not (fits and UUID.fullmatch(told["subject"]) and DIGEST.fullmatch(told["salt"])):
                self.report.bad(6, "coffre/ouvertures.jsonl : une ligne n’est pas au format")
                continue
            pieces = ("probant-seal-v1", ledger, told["subject"], told["salt"], told["value"], "")
            if hashlib.sha256("\n".join(pieces).encode()).hexdigest() != told["digest"]:
                self.report.bad(6, "une ouverture ne donne pas son engagement ({}…)".format(told["digest"][:8]))
            self.opened[told["digest"]] = told["value"]

    def _erasures(self, archive: Container) -> None:
        for told in _objects(archive, self.report, "coffre/effaces.jsonl"):
            line = told.get("line")
            if not isinstance(line, str) or type(told.get("pos")) is not int or not isinstance(told.get("digest"), str):
                self.report.bad(6, "coffre/effaces.jsonl : une ligne n’est pas au format")
            elif '"type":"subject.erased"' not in line or '"{}"'.format(told["digest"]) not in line:
                self.report.bad(6, "un effacement ne cite pas son engagement ({}…)".format(told["digest"][:8]))
            else:
                self.erased[told["digest"]] = told


def _objects(archive: Container, report: Report, name: str) -> Iterator[dict[str, Any]]:
    try:
        for raw in archive.lines(name):
            yield dict(json.loads(raw).items())
    except Unreadable as error:
        report.bad(6, str(error))
    except (ValueError, AttributeError, RecursionError):
        report.bad(6, f"{name} n’est pas au format")
