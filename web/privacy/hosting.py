"""Who runs this installation, on whose machines, with whose help: the file of `PROBANT_HOSTING_FILE`."""

import logging
import tomllib
from urllib.parse import urlsplit

import msgspec

from ledger.settings import Settings

log = logging.getLogger(__name__)


class Operator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who offers the service; `director` of the publication. Source: loi n° 2004-575, art. 1-1."""

    name: str
    siren: str
    address: str
    email: str
    phone: str
    director: str


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On whose machines; `place`: where the data are; `backup_days`: how long a backup keeps what was erased."""

    name: str
    address: str
    phone: str
    place: str
    backup_days: int


class Processor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who sees personal data for the operator. Source: RGPD art. 28."""

    name: str
    purpose: str
    place: str


class Hosting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    operator: Operator
    host: Host
    processors: tuple[Processor, ...] = ()


def hosting_of(settings: Settings) -> Hosting | None:
    """None while the operator has not told, or not in a form that can be read: the log says why."""
    if settings.hosting_file is None:
        return None
    try:
        return msgspec.convert(tomllib.loads(settings.hosting_file.read_text(encoding="utf-8")), Hosting)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError):
        log.exception("PROBANT_HOSTING_FILE cannot be read")
        return None


def reached(settings: Settings) -> list[Processor]:
    """Whom this program itself sends something to, as it is set today."""
    found = []
    if settings.smtp_host:
        found.append(Processor(settings.smtp_host, "acheminement des e-mails : adresses, textes, documents joints", ""))
    if settings.tsa_url:
        stamps = "horodatage des points de contrôle : des empreintes, aucune donnée personnelle"
        found.append(Processor(urlsplit(settings.tsa_url).hostname or "", stamps, ""))
    for url in settings.witness_url.split():
        told = "témoin des points de contrôle : des empreintes, aucune donnée personnelle"
        found.append(Processor(urlsplit(url).hostname or "", told, ""))
    return found
