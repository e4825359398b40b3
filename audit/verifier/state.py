"""`registre/etat.json`: what the checks resume from. Its streams may be millions: they are never held as they stand."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from audit.verifier.container import VALUES_MAX, Container, Unreadable
from audit.verifier.lines import Entry, Start
from audit.verifier.packed import Packed
from audit.verifier.report import Report

NAME = "registre/etat.json"
VERSIONS = b',"versions":{'  # the last of its keys
KNOWN_MAX = 8 * 1024 * 1024  # bytes of the others
VERSION = re.compile(rb'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})":([1-9]\d{0,14})')
LATER = ("open", "origin")  # keys that older programs did not write


class State:
    """`known`: its keys but for `versions`. The entry of the archive before may vouch for it; not when it was made by a
    program that wrote other keys.
    """

    def __init__(self) -> None:
        self.known = {}  # type: dict[str, Any]
        self.versions = Packed(16)
        self.digests = set()  # type: set[str]
        self.told = 0

    def see(self, entry: Entry) -> None:
        if entry.type == "archive.created" and entry.data["state_sha256"] in self.digests:
            self.told = entry.pos

    def close(self, report: Report) -> None:
        if self.known.get("pos") and self.told:
            report.say(4, f"état d’avant cette archive annoncé par l’écriture {self.told}")
        elif self.known.get("pos"):
            report.say(4, "état d’avant cette archive repris, non prouvé")


def read(archive: Container, report: Report, begin: Start) -> State:
    """The state; an empty one, which is told, when it is none or that of another position."""
    state = State()
    try:
        _fill(state, archive)
        right = state.known["pos"] == begin.pos
    except (Unreadable, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        right = False
    if right:
        return state
    report.bad(4, f"{NAME} n’est pas l’état d’avant la première écriture")
    return State()


def _fill(state: State, archive: Container) -> None:
    chunks, text = archive.chunks(NAME), b""
    for chunk in chunks:
        text += chunk
        if VERSIONS in text or len(text) > KNOWN_MAX:
            break
    raw, found, rest = text.partition(VERSIONS)
    if not found or sum(map(raw.count, (b",", b"[", b"{"))) > VALUES_MAX:
        raise Unreadable(f"{NAME} n’est pas au format")
    state.known = json.loads(raw + b"}")
    whole, older = hashlib.sha256(raw + found + rest), hashlib.sha256(_older(state.known) + found + rest)
    rest = _versions(state.versions, rest)
    for chunk in chunks:
        whole.update(chunk)
        older.update(chunk)
        rest = _versions(state.versions, rest + chunk)
    end = rest.strip()
    if end != b"}}":
        _add(state.versions, end[:-2] if end.endswith(b"}}") else end)
    state.digests = {whole.hexdigest(), older.hexdigest()}


def _older(known: dict[str, Any]) -> bytes:
    """As an older program wrote it, so that an entry which it made still vouches for the state."""
    kept = {name: value for name, value in known.items() if name not in LATER}
    kept["series"] = {
        name: {key: value for key, value in one.items() if key != "closed"} for name, one in known["series"].items()
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()[:-1]


def _versions(versions: Packed, text: bytes) -> bytes:
    """Takes what is whole; the rest."""
    pairs = text.split(b",")
    for pair in pairs[:-1]:
        _add(versions, pair)
    if len(pairs[-1]) > 100:
        raise Unreadable(f"{NAME} n’est pas au format")
    return pairs[-1]


def _add(versions: Packed, pair: bytes) -> None:
    told = VERSION.fullmatch(pair)
    if told is None or not versions.add(bytes.fromhex(told[1].replace(b"-", b"").decode()), int(told[2])):
        raise Unreadable(f"{NAME} n’est pas au format")
