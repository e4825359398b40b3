"""A public page: who publishes this program, and the fingerprints of the keys that its proofs are signed with."""

import base64
from datetime import date
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from flask import Blueprint, current_app

from audit import perimeter, seal
from audit.publisher import PublisherMissing, PublisherRefused, publisher_of
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.version import MAJOR_ROOT, VERSION
from web.pages import show

bp = Blueprint("installation", __name__)


class Keys(NamedTuple):
    """What verifies, in print; empty while the key was never used. `checkpoint`: the end of every ledger's key.

    `seals`: fingerprints of the installation's seals, the one in use first, each with the last day of its certificate.
    """

    checkpoint: str
    seals: list[tuple[str, date]]


@bp.get("/empreintes", endpoint="show")
def show_page() -> str:
    settings = current_app.extensions["settings"]
    try:
        publisher = publisher_of(settings)
    except (PublisherMissing, PublisherRefused):
        publisher = None
    return show(
        "installation.html", publisher=publisher, keys=keys_of(settings), host=settings.host, version=VERSION,
        major_root=MAJOR_ROOT, perimeter=perimeter.digest(),
    )  # fmt: skip


def keys_of(settings: Settings) -> Keys:
    """Keys that are there; a page makes none."""
    folder, checkpoint = settings.data / "keys", ""
    if (folder / "checkpoint.pem").exists():
        key = Signer(settings).key(settings.host)
        checkpoint = base64.b64encode(bytes([key.type]) + key.public).decode()
    retired = (seal.certificates(file)[0] for file in sorted(seal.retired(settings).glob("*.pem")))
    found = [*seal.certificates(seal.file_of(settings))[:1], *retired]
    return Keys(checkpoint, [(one.fingerprint(SHA256()).hex(), one.not_valid_after_utc.date()) for one in found])
