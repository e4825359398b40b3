"""A notification in French, from the books as they are now: what stands for an erased person is told of nobody."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from projections import invoice_lists, payment_lists, quotes, recurring
from projections.tx import Tx
from web.days import today
from web.filters import day, euros
from web.mail import rows as mails
from web.mail.words import STATES

Teller = Callable[[Tx, UUID], tuple[str, str]]

GONE = "Ce dont il s’agissait n’est plus là"


class Said(NamedTuple):
    """A sentence without a full stop, and the page that it opens."""

    text: str
    path: str


def said(tx: Tx, kind: str, about: UUID) -> Said:
    return Said(*TOLD[kind](tx, about))


def _quote(done: str) -> Teller:
    def told(tx: Tx, about: UUID) -> tuple[str, str]:
        row = quotes.one(tx, about, today(tx))
        if row is None:
            return GONE, "/devis"
        return f"Devis {row.number} {done} par {row.client} : {euros(row.gross_cents)}", f"/devis/{about}"

    return told


def _payment(tx: Tx, about: UUID) -> tuple[str, str]:
    row = payment_lists.one(tx, about)
    text = f"Règlement de {row.client} enregistré : {euros(row.amount_cents)}" if row else GONE
    return text, f"/reglements/{about}"


def _overdue(tx: Tx, about: UUID) -> tuple[str, str]:
    row = invoice_lists.one(tx, about, today(tx))
    if row is None:
        return GONE, "/factures"
    if row.outstanding_cents <= 0:
        return f"Facture {row.number} de {row.client} : échue, réglée depuis", f"/factures/{about}"
    due = f" le {day(row.due_on)}" if row.due_on else ""
    return f"Facture {row.number} de {row.client}, échue{due} : {euros(row.outstanding_cents)}", f"/factures/{about}"


def _mail(tx: Tx, about: UUID) -> tuple[str, str]:
    row = mails.one(tx, about)
    return (f"Message {row.number} : {STATES[row.state].label.lower()}" if row else GONE), f"/envois/{about}"


def _document(tx: Tx, about: UUID) -> tuple[str, str]:
    """A quote's file, or an invoice's."""
    offer = quotes.one(tx, about, today(tx))
    if offer:
        return f"Le fichier du devis {offer.number} est refusé par les règles", f"/devis/{about}"
    row = invoice_lists.one(tx, about, today(tx))
    return f"Le fichier de {row.number if row else 'ce document'} est refusé par les règles", f"/factures/{about}"


def _recurring(tx: Tx, about: UUID) -> tuple[str, str]:
    row = invoice_lists.one(tx, about, today(tx))
    if row is None:
        return GONE, "/recurrences"
    done = f"émise : {row.number}" if row.number else "préparée en brouillon"
    return f"Facture récurrente de {row.client} {done}, {euros(row.gross_cents)}", f"/factures/{about}"


def _recurring_failed(tx: Tx, about: UUID) -> tuple[str, str]:
    found = recurring.refusals(tx, about)
    client = f" de {found[0].client}" if found else ""
    return f"La facture récurrente{client} n’a pas pu être faite", f"/recurrences/{about}"


def _always(text: str, path: str) -> Teller:
    return lambda *_: (text, path)


TOLD: dict[str, Teller] = {
    "quote_accepted": _quote("accepté"),
    "quote_declined": _quote("refusé"),
    "payment": _payment,
    "overdue": _overdue,
    "mail_failed": _mail,
    "render_refused": _document,
    "recurring": _recurring,
    "recurring_failed": _recurring_failed,
    "archive": _always("Un exercice clos n’est dans aucune archive mise en lieu sûr", "/archives/"),
    "verification": _always("La vérification du registre a trouvé des défauts", "/registre/"),
    "ticket": lambda _, about: ("Une réponse à votre demande d’aide", f"/aide/demandes/{about}"),
}
