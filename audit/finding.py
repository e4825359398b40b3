"""What verification tells: where, which defect, and the facts of it."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Defect = Literal[
    # An entry in its place
    "missing",  # {"last"}: no entry from here to `last`
    "repeated",  # another entry has this position
    "intruder",  # the entry after follows the one before: this one was put in between
    "displaced",  # {"claims"}: does not follow, and its line bears another position
    "altered",  # does not follow: its line or its hash was changed
    "unreadable",  # PostgreSQL cannot read it
    # Its line
    "form",  # not a line of the format
    "profile",  # its data are not in the profile
    "opening",  # {"type"}: `ledger.opened` is the first entry, and no other
    "foreign",  # {"ledger"}: a line of another ledger
    "columns",  # {"columns"}: disagree with the line
    "time",  # `at` goes back
    "data",  # {"type"}: its data lack what the type needs
    # The whole
    "version",  # {"stream", "version", "expected"}
    "number",  # {"series", "number", "expected"}
    "series",  # {"series"}: unknown, closed, or opened twice
    "reused_number",  # {"number", "first"}
    "reused_seal",  # {"digest", "first"}
    "seal_lost",  # {"digest"}: its opening is missing, and no `subject.erased` says why
    "seal_altered",  # {"digest"}: its opening is another
    "file_lost",  # {"sha256"}: the file that the entry speaks of is not there, before its term
    "figures",  # {"wrong"}: what it says, in French, does not add up: a document, a posting, a closing
    "file_altered",  # {"sha256"}: its content is another, or cannot be read
    # The head
    "cut",  # {"last"}: the head counts entries up to `last`, there are none from here on
    "beyond",  # {"last"}: entries from here to `last`, which the head does not count
    "head",  # {"fields"}: the head row disagrees with the last entry
    "counter",  # {"series", "counter", "expected"}: the head's last number is not the last issued
    # Checkpoints
    "checkpoint_form",  # {"size"}: not a signed note
    "checkpoint_foreign",  # {"ledger"}: of another ledger
    "checkpoint_key",  # {"size"}: not signed by a key of this ledger, at its time
    "checkpoint_lost",  # {"last", "lost"}: entries that it counts are not there
    "checkpoint_differs",  # {"size"}: the entries that it counts are others
    "checkpoint_place",  # {"size"}: its head or its instant is not that of its last entry
]
Notice = Literal[
    "unproven",  # the one before is missing or displaced: whether this one follows it cannot be known
    "erased",  # {"digests"}: an erased person; the commitment stands
    "clock_declared",  # time starts afresh here
    "forked",  # {"size"}: a checkpoint of the entries that a declared restore gave up
    "key_break",  # {"cause"}: from here on another key signs, that the one before does not vouch for
    "key_unconfirmed",  # a checkpoint verified by the key that the ledger names, not by one the reader has
    "restored",  # a declared fork: the ledger was restored from a backup
]


@dataclass(frozen=True)
class Finding:
    """One defect or notice at the entry `position`; `facts` are named beside each code above."""

    position: int
    code: Defect | Notice
    facts: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_notice(self) -> bool:
        """A notice is told, and is no defect."""
        return self.code in get_args(Notice)
