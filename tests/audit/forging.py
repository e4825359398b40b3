"""An operator who holds every key rewrites the ledger, chains it again, and has an archive made of that."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from audit.archive.source import Source
from audit.verifier.lines import Entry
from ledger.chain import genesis
from tests.audit.archiving import Ground

Change = Callable[[dict], None]  # of an entry, in place


class Forged(Source):
    """The lines after a change, each chained to the one before, closings to the closing before."""

    def __init__(self, conn, company_id, change: Change) -> None:
        super().__init__(conn, company_id)
        self.change = change

    def entries(self, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
        head, heads = genesis(str(self.id)), dict[int, str]()
        for pos, line, _ in [*super().entries(1, last)]:  # read to its end: nothing stays open
            told = json.loads(line)
            self.change(told)
            if "previous" in told["data"]:
                told["data"]["previous"]["hash"] = heads[told["data"]["previous"]["pos"]]
            changed = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
            head = hashlib.sha256(head.encode() + b"\n" + changed + b"\n").hexdigest()
            heads[pos] = head
            if pos >= first:
                yield pos, changed, bytes.fromhex(head)

    def hashes(self, last: int) -> Iterator[bytes]:
        yield from (hash_ for _, _, hash_ in self.entries(1, last))

    def hash_of(self, pos: int) -> str:
        return next(hash_ for _, _, hash_ in self.entries(pos, pos)).hex()


@dataclass(kw_only=True)
class Forger(Ground):
    change: Change

    def source(self, conn) -> Source:
        return Forged(conn, self.shop.id, self.change)


def forger(world: Ground, change: Change) -> Forger:
    """Makes archives of the world, with its keys, after a change."""
    return Forger(**vars(world), change=change)


def entry(type_: str, data: dict, pos: int = 1, at: str = "2026-03-03T10:00:00.000000Z") -> Entry:
    """An entry as checks see it."""
    return Entry(pos, bytes(32), "", at, "system", "0" * 8 + "-0000-0000-0000-" + "0" * 12, type_, 1, data)
