"""What the checks of a later archive resume from: `registre/etat.json`, the state of a ledger after a position."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, get_args

from audit.archive.source import Source
from audit.archive.zipping import canonical
from audit.verifier.closings import Closings
from audit.verifier.figures import Series
from audit.verifier.lines import Entry
from audit.verifier.report import Report
from audit.verifier.sums import Sums
from domain.closing import PeriodKind


class State:
    """Follows a ledger from its first entry. It stays small: the versions, one a stream, are the database's to give."""

    def __init__(self) -> None:
        self.pos, self.at, self.origin = 0, "", ""
        self.signers: list[str] = []
        self.series, self.closings = Series(Report(), {}), dict[str, Any]()

    def see(self, entry: Entry) -> None:
        self.pos, self.at = entry.pos, entry.at
        self.series.see(entry)
        if entry.type in ("ledger.opened", "signer.declared"):
            self.signers.append(entry.data["signer"])
        if entry.type in ("ledger.opened", "ledger.restored"):
            self.origin = entry.data["origin"]
        elif entry.type == "period.closed":
            self.closings[entry.data["period"]] = Closings.told(entry)

    def text(self, source: Source) -> Iterator[bytes]:
        """The file's bytes."""
        known: dict[str, Any] = {
            "pos": self.pos, "at": self.at, "signers": self.signers, "series": self.series.state(),
            "closings": self.closings,
        }  # fmt: skip
        if self.pos:
            known |= {"origin": self.origin, "open": self._open(source)}
        yield canonical(known)[:-2] + b',"versions":{'  # the last of its keys
        comma = ""
        for stream, version in source.versions(self.pos):
            yield f'{comma}"{stream}":{version}'.encode()
            comma = ","
        yield b"}}\n"

    def _open(self, source: Source) -> dict[str, dict[str, dict[str, Any]]]:
        """What the next closing of each kind will count besides the entries to come: by kind, then by the day that the
        entries bear, their sums. Read once more: a closing ends before its own position, at the end of its last day.
        """
        counted = {kind: self.closings.get(kind, {}).get("to_pos", 0) for kind in get_args(PeriodKind)}
        sums: dict[str, dict[str, Sums]] = {kind: defaultdict(Sums) for kind in counted}
        for pos, type_, data in source.fiscal(min(counted.values()) + 1, self.pos):
            for kind, last in counted.items():
                if pos > last:
                    sums[kind][data["day"]].add(type_, data)
        return {kind: {day: each.state() for day, each in days.items()} for kind, days in sums.items() if days}
