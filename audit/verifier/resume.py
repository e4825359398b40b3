"""What the checks of a later archive resume from: `registre/etat.json`, the state after a position."""

from __future__ import annotations

from typing import Any

from audit.verifier.accounts import Closings
from audit.verifier.figures import Series
from audit.verifier.lines import Entry
from audit.verifier.report import Report


class State:
    """Follows a ledger from its first entry, or from a state."""

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        known = state or {}
        self.pos, self.at = known.get("pos", 0), known.get("at", "")
        self.versions = dict(known.get("versions") or {})  # type: dict[str, int]
        self.signers = list(known.get("signers") or ())  # type: list[str]
        self.series, self.closings = Series(Report(), known), dict(known.get("closings") or {})

    def see(self, entry: Entry) -> None:
        self.pos, self.at = entry.pos, entry.at
        self.versions[entry.stream] = entry.version
        self.series.see(entry)
        if entry.type in ("ledger.opened", "signer.declared"):
            self.signers.append(entry.data["signer"])
        elif entry.type == "period.closed":
            self.closings[entry.data["period"]] = Closings.told(entry)

    def value(self) -> dict[str, Any]:
        """As JSON values; its keys are to be sorted when written."""
        return {
            "pos": self.pos, "at": self.at, "versions": self.versions, "signers": self.signers,
            "series": self.series.state(), "closings": self.closings,
        }  # fmt: skip
