"""Mails of requests: received, answered, waiting for an operator. Each goes in the transaction of its message.

What a stranger typed never comes back by mail to an address that nobody has confirmed: the form would send anything to
anybody.
"""

from uuid import UUID

from ledger.settings import Settings
from web.mail import notices
from web.support import reply_to
from web.support.people import Connection
from web.support.rows import SILENT_DAYS, Message, Ticket

MARKER = "— Répondez au-dessus de cette ligne —"
OPERATORS = "SELECT id, email FROM accounts.users WHERE operator AND active ORDER BY id"


def received(conn: Connection, settings: Settings, ticket: Ticket, page: str, in_reply_to: str = "") -> None:
    """`page`: the address of the request, for who has an account."""
    answers = reply_to.address(settings, ticket.id)
    notices.send(
        conn, ticket.email, "ticket_opened", link=("Voir la demande", page) if page else ("", ""),
        key=f"ticket {ticket.id}", id=ticket.id, reply_to=answers, in_reply_to=in_reply_to,
        reference=ticket.reference, subject=ticket.subject if ticket.user_id else "", marker=MARKER if answers else "",
    )  # fmt: skip


def answered(conn: Connection, settings: Settings, ticket: Ticket, message: Message, page: str, last: str) -> None:
    """`last`: Message-ID of the mail that is answered; the first of ours when there was none."""
    answers = reply_to.address(settings, ticket.id)
    notices.send(
        conn, ticket.email, "ticket_answered", link=("Voir la demande", page) if page else ("", ""),
        key=f"answer {message.id}", id=message.id, reply_to=answers,
        in_reply_to=last or notices.message_id(settings, ticket.id),
        reference=ticket.reference, subject=ticket.subject, body=message.body, account=bool(ticket.user_id),
        marker=MARKER if answers else "",
    )  # fmt: skip


def closed(conn: Connection, settings: Settings, ticket: Ticket, last: str) -> None:
    """Of a request that fell silent after its answer. `last` as in `answered`."""
    answers = reply_to.address(settings, ticket.id)
    notices.send(
        conn, ticket.email, "ticket_closed", key=f"closed {ticket.id} {ticket.changed_at:%Y-%m-%d}", reply_to=answers,
        in_reply_to=last or notices.message_id(settings, ticket.id), reference=ticket.reference,
        subject=ticket.subject if ticket.user_id else "", days=SILENT_DAYS, account=bool(ticket.user_id),
        marker=MARKER if answers else "",
    )  # fmt: skip


def waits(conn: Connection, ticket: Ticket, message_id: UUID, body: str, page: str) -> None:
    """Tells every operator; `page`: the request's in the console."""
    for operator_id, email in conn.execute(OPERATORS).fetchall():
        notices.send(
            conn, email, "ticket_waiting", link=("Ouvrir la demande", page) if page else ("", ""),
            key=f"waits {message_id} {operator_id}", reference=ticket.reference, subject=ticket.subject,
            name=ticket.name, email=ticket.email, body=body,
        )  # fmt: skip
