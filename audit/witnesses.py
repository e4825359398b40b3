"""Showing checkpoints to the witnesses of this installation (`PROBANT_WITNESS_URL`), and asking what they remember."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import Self
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from audit.witness import Request, named
from ledger import checkpoint
from ledger.checkpoint import Checkpoint
from ledger.errors import SettingRefused
from ledger.merkle import Tree
from ledger.note import COSIGNS, Key, Note, NoteRefused, Signature, signatures
from ledger.settings import Settings

LONGEST = 64 * 1024  # bytes of an answer
PATIENCE = 10  # seconds


class WitnessSilent(Exception):
    """A witness does not answer, or not as the protocol says: it is asked again later."""


class WitnessRefuses(Exception):
    """A witness remembers another history, or a longer one: `size` is what it remembers, 0 when it does not say."""

    def __init__(self, url: str, size: int) -> None:
        super().__init__(f"{url} remembers {size or 'another history'}")
        self.url, self.size = url, size


@dataclass(frozen=True)
class Client:
    """A witness, by its address and its key."""

    url: str
    key: Key

    @classmethod
    def read(cls, text: str) -> Self:
        """`https://…#<verifier key>`. Errors: `SettingRefused`."""
        url, _, key = text.partition("#")
        try:
            found = Key.read(key)
        except NoteRefused as error:
            raise SettingRefused("PROBANT_WITNESS_URL", text) from error
        if found.type != COSIGNS:
            raise SettingRefused("PROBANT_WITNESS_URL", text)
        return cls(url.rstrip("/"), found)

    def cosign(self, note: Note, tree: Tree) -> Signature:
        """The witness's line under a checkpoint. Errors: `WitnessSilent`, `WitnessRefuses`."""
        asked = Checkpoint.read(note.text)
        status, body = self._post(Request(0, (), asked, note))
        if status == 409:
            size = int(body) if body.strip().isdigit() else 0
            if not 0 < size <= asked.size:
                raise WitnessRefuses(self.url, size)
            proof = tuple(tree.consistency(size, asked.size))
            status, body = self._post(Request(size, proof, asked, note))
        if status in (409, 422):
            raise WitnessRefuses(self.url, int(body) if body.strip().isdigit() else 0)
        return self._line(note, status, body)

    def last(self, origin: str) -> Checkpoint | None:
        """What the witness remembers of a ledger, when it says so. Errors: `WitnessSilent`."""
        status, body = self._ask(HttpRequest(f"{self.url}/last/{named(origin)}"))  # noqa: S310  # http(s): settings
        if status != 200:
            return None
        try:
            found, note = checkpoint.read(body)
        except NoteRefused as error:
            raise WitnessSilent(self.url) from error
        return found if found.origin == origin and note.signed_by(self.key) else None

    def _line(self, note: Note, status: int, body: bytes) -> Signature:
        try:
            lines = signatures(body.decode()) if status == 200 else ()
        except ValueError as error:
            raise WitnessSilent(self.url) from error
        for line in lines:
            if (line.name, line.key_id) == (self.key.name, self.key.id) and note.also(line).signed_by(self.key):
                return line
        raise WitnessSilent(f"{self.url}: {status}")

    def _post(self, request: Request) -> tuple[int, bytes]:
        return self._ask(HttpRequest(f"{self.url}/add-checkpoint", request.bytes, method="POST"))  # noqa: S310

    def _ask(self, request: HttpRequest) -> tuple[int, bytes]:
        try:
            with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, answer.read(LONGEST)
        except HTTPError as error:
            with error:
                return error.code, error.read(LONGEST)
        except (OSError, HTTPException) as error:
            raise WitnessSilent(f"{self.url}: {error}") from error


def clients(settings: Settings) -> Iterator[Client]:
    """The witnesses of an installation. Errors: `SettingRefused`."""
    return (Client.read(each) for each in settings.witness_url.split())
