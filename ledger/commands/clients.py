"""Clients: created, changed, archived, brought back, merged."""

from uuid import UUID

from domain.client import Client, Profile
from domain.content import check_version
from domain.errors import Malformed
from domain.parties import check_card
from ledger.commands.sealing import seal_profile
from ledger.entry import Entry


def create_client(entry: Entry, *, client_id: UUID, profile: Profile) -> str:
    """Its code, C000123: the position of the entry that made it, so unique without a counter."""
    _check(profile)
    client = Client.create(client_id, f"C{entry.pos + 1:06}", seal_profile(entry, client_id, profile))
    entry.save(client)
    return client.code


def change_client(entry: Entry, *, client_id: UUID, profile: Profile, base_version: int) -> None:
    _check(profile)
    client = entry.get(Client, client_id)
    check_version(client_id, client.version, base_version)
    client.change(seal_profile(entry, client_id, profile))
    entry.save(client)


def archive_client(entry: Entry, *, client_id: UUID) -> None:
    client = entry.get(Client, client_id)
    client.archive()
    entry.save(client)


def restore_client(entry: Entry, *, client_id: UUID) -> None:
    client = entry.get(Client, client_id)
    client.restore()
    entry.save(client)


def merge_client(entry: Entry, *, client_id: UUID, into: UUID) -> None:
    """Puts a duplicate away. Errors: `MergeRefused`."""
    client = entry.get(Client, client_id)
    client.merge(entry.get(Client, into))
    entry.save(client)


def survivor(entry: Entry, client_id: UUID) -> UUID:
    """The client that stands for this one, itself unless it was merged."""
    entry.fetch(client_id)
    into = entry.get(Client, client_id).merged_into
    return survivor(entry, into) if into else client_id


def _check(profile: Profile) -> None:
    if not profile.card.name:
        raise Malformed("name", "")
    if profile.kind == "person" and not profile.natural_person:  # its card would stand in clear in the ledger for ever
        raise Malformed("natural_person", "")
    check_card(profile.card)
