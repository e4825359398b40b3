"""What the checks of a later archive resume from: `registre/etat.json`, the state of a ledger after a position."""

from collections.abc import Iterable, Iterator
from typing import Any

from audit.archive.zipping import canonical
from audit.verifier.accounts import Closings
from audit.verifier.figures import Series
from audit.verifier.lines import Entry
from audit.verifier.report import Report


class State:
    """Follows a ledger from its first entry. It stays small: the versions, one a stream, are the database's to give."""

    def __init__(self) -> None:
        self.pos, self.at = 0, ""
        self.signers: list[str] = []
        self.series, self.closings = Series(Report(), {}), dict[str, Any]()

    def see(self, entry: Entry) -> None:
        self.pos, self.at = entry.pos, entry.at
        self.series.see(entry)
        if entry.type in ("ledger.opened", "signer.declared"):
            self.signers.append(entry.data["signer"])
        elif entry.type == "period.closed":
            self.closings[entry.data["period"]] = Closings.told(entry)

    def text(self, versions: Iterable[tuple[str, int]]) -> Iterator[bytes]:
        """The file's bytes; `versions`: of each stream the last one, ordered by stream."""
        known = {
            "pos": self.pos, "at": self.at, "signers": self.signers, "series": self.series.state(),
            "closings": self.closings,
        }  # fmt: skip
        yield canonical(known)[:-2] + b',"versions":{'  # the last of its keys
        comma = ""
        for stream, version in versions:
            yield f'{comma}"{stream}":{version}'.encode()
            comma = ","
        yield b"}}\n"
