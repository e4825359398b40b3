"""The program that keeps a ledger: which version, which files of the fiscal perimeter, when it began and ended."""

from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from domain.aggregate import Aggregate


def program_stream(company_id: UUID) -> UUID:
    """The one stream of a ledger about its program."""
    return uuid5(company_id, "program")


class Program(Aggregate):
    """`software` name and version; `major_root`: root of the major version; `perimeter`: SHA-256, in hex, of the list
    of the files that the four conditions of the law rest on (`audit/perimeter.py`).
    """

    TOPIC = "program"

    class Created(Aggregate.Created):
        TOPIC = "security.program_installed"
        software: str
        major_root: str
        perimeter: str

        def apply(self, aggregate: "Program") -> None:
            aggregate.installed = (self.software, self.major_root, self.perimeter)

    class Changed(Aggregate.Event):
        """Other files or another version; `major`: the root changed, so certificates given before are stale."""

        TOPIC = "security.program_changed"
        software: str
        major_root: str
        perimeter: str
        major: bool = False

        def apply(self, aggregate: "Program") -> None:
            aggregate.installed = (self.software, self.major_root, self.perimeter)

    class Started(Aggregate.Event):
        TOPIC = "security.program_started"
        happened_at: datetime

        def apply(self, aggregate: "Program") -> None:
            """Nothing follows from it."""

    class Stopped(Aggregate.Event):
        TOPIC = "security.program_stopped"
        happened_at: datetime

        def apply(self, aggregate: "Program") -> None:
            """Nothing follows from it."""

    def __init__(self) -> None:
        self.installed: tuple[str, str, str]

    @classmethod
    def install(cls, company_id: UUID, software: str, major_root: str, perimeter: str) -> Self:
        return cls._begin(
            program_stream(company_id), software=software, major_root=major_root, perimeter=perimeter
        )  # fmt: skip

    def become(self, software: str, major_root: str, perimeter: str) -> None:
        """Records a change; nothing when there is none."""
        if (software, major_root, perimeter) != self.installed:
            self.trigger_event(
                self.Changed, software=software, major_root=major_root, perimeter=perimeter,
                major=major_root != self.installed[1],
            )  # fmt: skip

    def start(self, at: datetime) -> None:
        self.trigger_event(self.Started, happened_at=at)

    def stop(self, at: datetime) -> None:
        self.trigger_event(self.Stopped, happened_at=at)
