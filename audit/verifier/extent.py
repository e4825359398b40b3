"""`registre/plage.json` against the lines: which positions the archive holds, in which days they were recorded."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from audit.verifier.container import Container
from audit.verifier.lines import Entry, Start
from audit.verifier.report import Report

NAME = "registre/plage.json"


class Extent:
    """Entries are shown to it as they pass. After its last day an archive holds what goes with a closing, no more; it
    may begin earlier than its first, where the one before, made too soon, ended.
    """

    def __init__(self, report: Report, begin: Start) -> None:
        self.report, self.begin = report, begin
        self.first_at, self.last_at, self.last_type, self.last = "", "", "", begin.pos
        self.restarted = False

    def see(self, entry: Entry) -> None:
        self.first_at = self.first_at or entry.at
        self.last_at, self.last_type, self.last = entry.at, entry.type, entry.pos
        self.restarted |= entry.type == "clock.declared"

    def check(self, archive: Container) -> None:
        told = archive.json(NAME)
        since, until = map(_utc, told["instants"])
        if (told["from_pos"], told["to_pos"]) != (self.begin.pos + 1, self.last):
            self.report.bad(4, f"{NAME} ne dit pas les positions des écritures")
        if not self.restarted and self.first_at < since:
            self.report.say(4, "la première écriture est d’avant les jours annoncés")
        if not self.restarted and self.last_at >= until and self.last_type != "period.closed":
            self.report.bad(4, f"la dernière écriture est d’après les jours que {NAME} annonce")


def _utc(text: str) -> str:
    """As lines write instants."""
    at = datetime.fromisoformat(text)
    return at.astimezone(timezone(timedelta(0))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
