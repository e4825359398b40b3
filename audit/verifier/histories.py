"""What a ledger says of its own life: its names, its restores, its clock. Notes agree with it (checks 4, 5 and 12)."""

from __future__ import annotations

import re
from typing import Any

from audit.verifier.lines import Entry, Start
from audit.verifier.report import Report
from audit.verifier.tree import Note

ORIGIN = re.compile(r"(?P<first>[^\s/]+/(?P<ledger>[0-9a-f-]{36}))(?:/(?P<history>[1-9]\d{0,8}))?")


class Histories:
    """`found`: notes by name and number of the check. A restored ledger signs on under `…/<uuid>/<n + 1>`."""

    def __init__(self, report: Report, begin: Start, known: dict[str, Any], found: list[tuple[str, int, Note]]) -> None:
        self.report, self.begin, self.found = report, begin, found
        self.first = _parts(str(known.get("origin", "")))[0]
        self.given_up = []  # type: list[tuple[int, int, int]]  # number of the next history, what is kept, what was known
        self.noted = {}  # type: dict[int, list[tuple[str, int, Note]]]
        for one in found:
            self.noted.setdefault(one[2].size, []).append(one)

    def see(self, entry: Entry) -> None:
        for name, number, note in self.noted.pop(entry.pos, ()):
            if note.at != entry.at:
                self.report.bad(number, f"{name} dit un autre instant que l’écriture {entry.pos}")
        if entry.type == "ledger.opened":
            self.first = _parts(entry.data["origin"])[0]
        elif entry.type == "ledger.restored":
            kept, known = entry.data["kept_pos"], entry.data["known_size"]
            self.given_up.append((_parts(entry.data["origin"])[1], kept, known))
            self.report.say(5, f"fourche déclarée à l’écriture {entry.pos} : suite abandonnée après l’écriture {kept}")
        elif entry.type == "clock.declared":
            self.report.say(4, f"horloge remise à l’heure à l’écriture {entry.pos}")

    def check(self) -> None:
        for name, number, note in self.found:
            first, history = _parts(note.origin)
            if not first.endswith("/" + self.begin.ledger) or (self.first and first != self.first):
                self.report.bad(number, f"{name} porte le nom d’un autre registre")
            if any(history < next_ and kept < note.size <= known for next_, kept, known in self.given_up):
                self.report.bad(number, f"{name} est de la suite que ce registre a déclarée abandonnée")


def _parts(origin: str) -> tuple[str, int]:
    """The name of the first history, and the number of this one; an empty name when it is none."""
    told = ORIGIN.fullmatch(origin)
    return (told["first"], int(told["history"] or 0)) if told else ("", 0)
