"""The chain of entries, line by line: its links, the format of each line, positions, versions, instants (check 4)."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Iterator, NamedTuple

from audit.verifier.container import Container, Unreadable
from audit.verifier.packed import Packed
from audit.verifier.report import Report

KEYS = ["at", "by", "data", "ledger", "pos", "stream", "type", "version"]
AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BY = re.compile(r"(?:user|client):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|job:[a-z0-9_-]{1,40}|system")
TYPE = re.compile(r"(?=.{1,64}\Z)[a-z][a-z_]*\.[a-z][a-z_]*")
KEY = re.compile(r"[a-z][a-z0-9_]*")
DIGEST = re.compile(r"[0-9a-f]{64}")
LINE_MAX, INTEGER_MAX, DEPTH_MAX = 4 * 1024 * 1024, 10**15 - 1, 16


class Start(NamedTuple):
    """Where an archive begins: the position before its first line, the hash there, the ledger."""

    pos: int
    head: str
    ledger: str


class Entry(NamedTuple):
    """A line that is in the format; `head` is the hash after it."""

    pos: int
    head: bytes
    line: str
    at: str
    by: str
    stream: str
    type: str
    version: int
    data: Any


def start(archive: Container) -> Start:
    """Errors: `Unreadable`."""
    try:
        first, ledger = archive.read("registre/debut.txt").decode().split("\n")[:2]
        pos, head = first.split(" ")
    except (UnicodeDecodeError, ValueError):
        raise Unreadable("registre/debut.txt n’est pas au format") from None
    if not (re.fullmatch(r"0|[1-9]\d{0,14}", pos) and DIGEST.fullmatch(head) and UUID.fullmatch(ledger)):
        raise Unreadable("registre/debut.txt n’est pas au format")
    if pos == "0" and head != hashlib.sha256((f"probant-ledger-v1\n{ledger}\n").encode()).hexdigest():
        raise Unreadable("registre/debut.txt ne donne pas l’origine de ce registre")
    return Start(int(pos), head, ledger)


def entries(archive: Container, report: Report, begin: Start, last_at: str, before: Packed) -> Iterator[Entry]:
    """Every entry in order; defects go to `report`. A line that is not in the format is told and left out. `before`:
    streams by the last version that the archive before knew.
    """
    head, pos, versions = begin.head, begin.pos, Versions(before)
    for name in archive.names(r"registre/ecritures-\d{6}\.jsonl"):
        for raw in archive.lines(name):
            pos += 1
            head = hashlib.sha256(head.encode() + b"\n" + raw + b"\n").hexdigest()
            found = read_entry(raw, pos, head)
            if isinstance(found, str):
                report.bad(4, f"écriture {pos} : {found}")
                continue
            for wrong in _out_of_place(found, begin.ledger, versions.next(found.stream, found.version), last_at):
                report.bad(4, f"écriture {pos} : {wrong}")
            last_at = found.at
            yield found


class Versions:
    """The last version of each stream."""

    def __init__(self, before: Packed) -> None:
        self.before, self.new = before, {}  # type: Packed, dict[bytes, int]

    def next(self, stream: str, version: int) -> int:
        """The version that should follow; it is `version` from now on."""
        key = bytes.fromhex(stream.replace("-", ""))
        rank = self.before.find(key)
        if rank < 0:
            last, self.new[key] = self.new.get(key, 0), version
        else:
            last, self.before.values[rank] = self.before.values[rank], min(version, INTEGER_MAX)
        return last + 1


def read_entry(raw: bytes, pos: int, head: str) -> Entry | str:
    """The entry of a line, or what is wrong with its form."""
    try:
        line = raw.decode()
        value = json.loads(line)
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return "ligne illisible"
    if not isinstance(value, dict) or list(value) != KEYS or written != line or len(raw) > LINE_MAX:
        return "sa ligne n’est pas au format"
    texts = [value["at"], value["by"], value["ledger"], value["stream"], value["type"]]
    patterns = [AT, BY, UUID, UUID, TYPE]
    numbers = [type(value["pos"]), type(value["version"])] == [int, int] and value["version"] >= 1
    if not numbers or not all(isinstance(t, str) and form.fullmatch(t) for t, form in zip(texts, patterns)):
        return "sa ligne n’est pas au format"
    if not _in_profile(value["data"]) or "\\u0000" in line.replace("\\\\", ""):
        return "ses données ne sont pas au format"
    claimed = value["pos"]
    if claimed != pos:
        return f"sa ligne porte la position {claimed}"
    return Entry(
        pos, bytes.fromhex(head), line, value["at"], value["by"], value["stream"], value["type"], value["version"],
        dict(value["data"], ledger_=value["ledger"]),
    )  # fmt: skip


def _out_of_place(entry: Entry, ledger: str, expected: int, last_at: str) -> Iterator[str]:
    if entry.data.pop("ledger_") != ledger:
        yield "elle est d’un autre registre"
    if entry.version != expected:
        yield f"version {entry.version} de l’objet {entry.stream}, {expected} attendue"
    if entry.at < last_at and entry.type != "clock.declared":
        yield "antérieure à l’écriture précédente"
    if (entry.pos == 1) != (entry.type == "ledger.opened"):
        yield "le registre s’ouvre à la première écriture et à nulle autre"


def later(day: str, years: int) -> str:
    """The same day so many years after; a 29 February stays one, which compares as it should.

    >>> later("2026-03-03", 10)
    '2036-03-03'
    """
    return f"{int(day[:4]) + years:04d}{day[4:10]}"


def _in_profile(data: Any) -> bool:
    schema = data.get("schema", 2) if isinstance(data, dict) else 0
    return isinstance(data, dict) and type(schema) is int and schema >= 2 and _fits(data, 1)


def _fits(value: Any, depth: int) -> bool:
    kind = type(value)
    if kind is str or kind is bool:
        return True
    if kind is int:
        return bool(-INTEGER_MAX <= value <= INTEGER_MAX)
    if depth > DEPTH_MAX:
        return False
    if kind is list:
        return all(_fits(item, depth + 1) for item in value)
    if kind is not dict:
        return False
    return all(
        KEY.fullmatch(key)
        and (not key.endswith(("_cents", "_bp")) or type(item) is int)
        and (key != "sealed" or (len(value) == 1 and isinstance(item, str) and DIGEST.fullmatch(item)))
        and _fits(item, depth + 1)
        for key, item in value.items()
    )
