"""`probant mail-in`: a mail server pipes each mail of `PROBANT_SUPPORT_MAIL` into it, one at a time.

It exits 0 for whatever is done with, refused mails included: a mail server would send a report of anything else back to
the sender. 75 asks the server to keep the mail and try again.
"""

import sys
from uuid import UUID, uuid5

import click
import psycopg

from ledger import postgres
from ledger.errors import ServerError
from ledger.settings import Settings
from web.support import incoming, letters, rows
from web.support.incoming import Incoming, Refused
from web.support.people import Connection

LONGEST = 10 * 1024 * 1024
AGAIN = 75  # EX_TEMPFAIL
MANY = 20  # mails of one sender within an hour: more is a machine that does not say so
ANSWERED = """
    SELECT ticket_id FROM support.message WHERE id = ANY (%(ids)s)
    UNION ALL
    SELECT id FROM support.ticket WHERE id = ANY (%(ids)s)
    """
ADD = """
    INSERT INTO support.message (id, ticket_id, side, sender, message_id, body)
    VALUES (%s, %s, 'person', %s, %s, %s) ON CONFLICT DO NOTHING
    """


@click.command(name="mail-in")
def mail_in() -> None:
    """Prend une réponse à l’assistance : lit sur l’entrée standard un message reçu à PROBANT_SUPPORT_MAIL."""
    settings = Settings.from_env()
    raw = sys.stdin.buffer.read(LONGEST)
    try:
        server = postgres.start(settings)
        try:
            with postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool, pool.connection() as conn:
                click.echo(taken(conn, settings, raw))
        finally:
            postgres.stop(settings)
    except (ServerError, psycopg.Error) as error:
        click.echo(f"Panne de la base ({type(error).__name__}) : à présenter de nouveau.", err=True)
        sys.exit(AGAIN)


def taken(conn: Connection, settings: Settings, raw: bytes) -> str:
    """Puts a mail where it belongs, and says where, in French."""
    try:
        mail = incoming.read(raw, settings)
    except Refused as refused:
        return f"Refusé : {refused}."
    with conn.transaction():
        if _too_many(conn, mail.sender):
            return "Refusé : trop de messages de cette adresse en une heure."
        ticket_id = mail.ticket_id or _answered(conn, mail)
        ticket = rows.one(conn, ticket_id) if ticket_id else None
        if ticket:
            return _add(conn, settings, ticket, mail)
        if settings.support_strangers == "drop":
            return "Refusé : ne répond à aucune demande."
        return _open(conn, settings, mail)


def _answered(conn: Connection, mail: Incoming) -> UUID | None:
    """The request of a message of ours that this one answers: the person's program kept its Message-ID."""
    row = conn.execute(ANSWERED, {"ids": mail.answers}).fetchone()
    return row[0] if row else None


def _add(conn: Connection, settings: Settings, ticket: rows.Ticket, mail: Incoming) -> str:
    message_id = uuid5(ticket.id, mail.message_id or mail.body)
    if not conn.execute(ADD, [message_id, ticket.id, mail.sender, mail.message_id, mail.body]).rowcount:
        return f"Déjà reçu : {ticket.reference}."
    rows.settle(conn, ticket.id, "open")
    letters.waits(conn, ticket, message_id, mail.body, _address(settings, f"/operateur/demandes/{ticket.id}"))
    return f"Ajouté à la demande {ticket.reference}."


def _open(conn: Connection, settings: Settings, mail: Incoming) -> str:
    """Of nobody's account, even when the address is a user's: anybody can write any sender on a mail."""
    ticket_id = uuid5(UUID(int=0), f"{mail.sender} {mail.message_id or mail.body}")
    ticket = rows.new(ticket_id, mail.name, mail.sender, mail.subject, None, None)
    if not rows.open_(conn, ticket, mail.body, mail.message_id):
        return f"Déjà reçu : {ticket.reference}."
    letters.received(conn, settings, ticket, "", mail.message_id)
    letters.waits(conn, ticket, ticket_id, mail.body, _address(settings, f"/operateur/demandes/{ticket_id}"))
    return f"Nouvelle demande {ticket.reference}."


def _too_many(conn: Connection, sender: str) -> bool:
    row = conn.execute(
        "SELECT count(*) FROM support.message WHERE lower(sender) = lower(%s) AND at > now() - interval '1 hour'",
        [sender],
    ).fetchone()
    return bool(row and row[0] >= MANY)


def _address(settings: Settings, path: str) -> str:
    return f"{settings.public_url.rstrip('/')}{path}" if settings.public_url else ""
