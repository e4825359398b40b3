"""What is read of a ledger, and what some entries in a row say."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from audit.facts import Fact
from audit.finding import Finding

# The columns: pos, stream_id, version, type, recorded_at (µs since 2000, as PostgreSQL keeps it), line, hash.
# An entry that PostgreSQL cannot read has an empty line.
Row = tuple[int, UUID, int, str, int, bytes, bytes]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = -(2**63)  # before any instant and any position


@dataclass(frozen=True)
class End:
    """The last entry, as the head row should have it. Where damage leaves several answers, each is right."""

    positions: frozenset[int] = frozenset({0})
    hashes: frozenset[bytes] = frozenset()  # none: unknown
    recorded: int = NEVER  # µs since 2000


@dataclass
class Batch:
    """Entries in a row: what was found in them, and what they tell the whole."""

    findings: list[Finding] = field(default_factory=list)
    steps: list[tuple[int, int, int]] = field(default_factory=list)  # position, stream, version
    facts: list[tuple[int, Fact]] = field(default_factory=list)  # position
    seals: list[tuple[int, bytes]] = field(default_factory=list)  # position, digest
    count: int = 0
    last: int = 0  # position
    end: End = End()


def link(previous: bytes, line: bytes) -> bytes:
    """Hash after `line`: `ledger.chain.link` on bytes."""
    return sha256(b"%s\n%s\n" % (previous.hex().encode(), line)).digest()
