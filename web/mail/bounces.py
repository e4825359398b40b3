"""What comes back: a report of a mail server (RFC 3464) that one of our mails could not be delivered.

The operator has the mails that reach `PROBANT_MAIL_FROM` piped into `probant bounced`, one at a time. A report returns
our Message-ID, which holds the mail and its company; whatever is no such report is left alone. Its parts are plain text
by the norm, so it is read as it stands.
"""

import re
import sys
from typing import NamedTuple
from uuid import UUID, uuid4

import click

from domain.errors import DomainError
from ledger import postgres
from ledger.books import Books
from ledger.commands.sendings import note_bounce
from ledger.settings import Settings
from web.app import MAPPER
from web.mail.smtp import one_line

ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OURS = re.compile(rf"^Message-ID:\s*<({ID})\.({ID})@", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"^Content-Type:\s*message/delivery-status", re.IGNORECASE | re.MULTILINE)
FAILED = re.compile(r"^Action:\s*failed", re.IGNORECASE | re.MULTILINE)
WHY = re.compile(r"^Diagnostic-Code:[^;\n]*;(.+(?:\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE)
LONGEST = 10 * 1024 * 1024  # a report holds the mail that came back


class Bounce(NamedTuple):
    """A mail that was not delivered, and why."""

    company_id: UUID
    sending_id: UUID
    told: str


@click.command()
def bounced() -> None:
    """Note un message revenu : lit sur l’entrée standard l’avis de non-remise d’un serveur de courrier."""
    found = bounce(sys.stdin.buffer.read(LONGEST))
    if found is None:
        click.echo("Ce n’est pas un avis de non-remise d’un de nos messages : rien n’est noté.", err=True)
        return
    settings = Settings.from_env()
    server = postgres.start(settings)
    try:
        with postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool:
            books = Books(pool, MAPPER, settings.secret("commands"))
            books.do(
                note_bounce, found.company_id, uuid4(), "job:bounces", sending_id=found.sending_id, told=found.told
            )
    except DomainError:  # of another installation, or noted before
        click.echo("Ce message n’est pas de ceux que l’on attend ici : rien n’est noté.", err=True)
    finally:
        postgres.stop(settings)


def bounce(report: bytes) -> Bounce | None:
    """What a report says of a mail of ours; None for any other mail, and while a server still tries."""
    text = report.decode("utf-8", "replace").replace("\r\n", "\n")
    ours = OURS.search(text)
    if not ours or not STATUS.search(text) or not FAILED.search(text):
        return None
    why = WHY.search(text)
    return Bounce(UUID(ours[2]), UUID(ours[1]), one_line(why[1]) if why else "")
