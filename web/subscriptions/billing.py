"""The invoices of subscriptions: drafted, issued and mailed by the operator's own company, through the commands of any
invoice. Done again at will: every id follows from the period that is billed.

A period is invoiced once it has begun; one that ended more than forty days ago, when no company invoiced yet, is given.
"""

import logging
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from msgspec.structs import replace
from psycopg.rows import class_row

from domain import vat
from domain.client import Client, Profile
from domain.company import Company
from domain.content import Content
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.lines import Allowance, DraftLine
from domain.lines import Period as Supply
from domain.parties import Card
from ledger.commands import clients, invoices
from ledger.commands.sendings import Mail, mail_invoice
from projections import persons, streams
from projections.tx import Tx
from web.days import today
from web.filters import day as written
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.subscriptions import changes, rows
from web.subscriptions.plans import PLANS
from web.subscriptions.rows import Period, Subscription

GIVEN_AFTER = timedelta(days=40)
SUBJECT = "Votre facture {number}"
BODY = """Bonjour,

Voici la facture {number} de votre abonnement à Probant, du {first} au {last}.

Vous la retrouverez dans « Mes adhésions »."""
log = logging.getLogger(__name__)


class Due(NamedTuple):
    """A period to invoice, of whom, with the address that the mail goes to."""

    period: Period
    subscription: Subscription
    email: str


@task("bill_subscriptions", cron="23 4 * * *")
def bill_subscriptions(shop: Workshop) -> None:
    """Each day: what began by itself, and what is due. One that cannot be invoiced stops no other."""
    with shop.pool.connection() as conn:
        every = [subscription_id for (subscription_id,) in conn.execute("SELECT id FROM accounts.subscriptions")]
    for subscription_id in every:
        try:
            bill(shop, subscription_id)
        except Exception:
            log.exception("the subscription %s could not be invoiced", subscription_id)


@task("bill_company")
def bill_company(shop: Workshop, company_id: UUID) -> None:
    """At once, after a company was opened or its offer changed."""
    with shop.pool.connection() as conn:
        subscription = rows.of_company(conn, company_id)
    if subscription:
        bill(shop, subscription.id)


def bill(shop: Workshop, subscription_id: UUID) -> None:
    """Errors: `DomainError` when the operator's company may not issue yet (its identity is not complete, say)."""
    day = rows.today()
    with shop.pool.connection() as conn, conn.transaction():
        subscription = rows.by_id(conn, subscription_id)
        if subscription is None:
            return
        changes.renew(conn, subscription, day)
        email = rows.email_of(conn, subscription)
    with shop.pool.connection() as conn, conn.cursor(row_factory=class_row(Period)) as cursor:
        unbilled = cursor.execute(UNBILLED, [subscription_id, day, day - GIVEN_AFTER]).fetchall()
    operator = shop.settings.operator_company
    if operator and operator != subscription.billed_id:
        for period in unbilled:
            invoice(shop, operator, Due(period, subscription, email))


def invoice(shop: Workshop, operator: UUID, due: Due) -> None:
    """One period: the client, the draft, its number, the mail; then the subscriber sees it."""
    client_id = _client(shop, operator, due)
    with shop.read(operator) as tx:
        day, content = today(tx), _content(tx, client_id, due)
    issued = _issued(shop, operator, due.period.id, content, day)
    sending_id, told = uuid5(due.period.id, "mail"), {"number": issued.number, "first": written(due.period.from_on)}
    body = BODY.format(**told, last=written(due.period.paid_to_on))
    if due.email:
        mail = Mail(to=(client_id,), subject=SUBJECT.format(**told), body=body)
        shop.do(mail_invoice, operator, sending_id, sending_id=sending_id, invoice_id=due.period.id, mail=mail)
    with shop.pool.connection() as conn:
        conn.execute(BILLED, [due.period.id, issued.number, issued.payable_cents, due.period.id])


def _client(shop: Workshop, operator: UUID, due: Due) -> UUID:
    """The subscriber's company as a client of the operator's, as it is today."""
    client_id = uuid5(operator, f"subscriber {due.subscription.billed_id}")
    with shop.read(due.subscription.billed_id) as tx:
        company = streams.load(tx, Company, tx.company)
        identity = persons.opened(tx, company.identity)
    card = Card(
        name=identity.name, address=identity.address, email=due.email, siren=identity.siren, siret=identity.siret,
        vat_number=identity.vat_number,
    )  # fmt: skip
    try:
        with shop.read(operator) as tx:
            known = streams.load(tx, Client, client_id)
            same = persons.opened(tx, known.profile.card) == card
    except NotFound:
        profile = Profile(kind="business", natural_person=company.natural_person, card=card)
        shop.do(clients.create_client, operator, uuid5(client_id, "create"), client_id=client_id, profile=profile)
        return client_id
    if not same:
        profile = replace(known.profile, card=card, natural_person=company.natural_person)
        command_id = uuid5(client_id, f"change {known.version}")
        shop.do(
            clients.change_client, operator, command_id, client_id=client_id, profile=profile,
            base_version=known.version,
        )  # fmt: skip
    return client_id


def _content(tx: Tx, client_id: UUID, due: Due) -> Content:
    """One line: the offer and its days, less what was left of the one before."""
    period, plan = due.period, PLANS[due.period.plan]
    deducted = Allowance(label=period.deducted, amount_cents=period.deducted_cents)
    line = DraftLine(
        id="1", label=f"Abonnement à Probant, offre {plan.name}", nature="services",
        unit="ANN" if period.rhythm == "year" else "MON", unit_price=Decimal(period.net_cents) / 100,
        allowances=(deducted,) if period.deducted_cents else (), **_vat(tx),
    )  # fmt: skip
    return Content(
        client_id=client_id, subject=f"Abonnement à Probant, offre {plan.name}", lines=(line,),
        period=Supply(start_on=period.from_on, end_on=period.paid_to_on),
        note=_note(due.subscription),
    )  # fmt: skip


def _note(subscription: Subscription) -> str:
    """How it will be paid, once the operator has said that it holds the mandate: until then it waits for a transfer."""
    if subscription.payment != "mandate" or subscription.mandate_on is None:
        return ""
    return f"À payer par prélèvement SEPA, référence unique du mandat {subscription.mandate}."


def _vat(tx: Tx) -> dict[str, Any]:
    """The usual rate where the operator is, or why it has none."""
    company = streams.load(tx, Company, tx.company).configuration
    if company.vat_regime == "franchise":
        none = vat.FRANCHISE
        told = {"vat_bp": 0, "vat_category": none.category, "vat_code": none.code, "vat_text": none.text}
    else:
        told = {"vat_bp": max(vat.rates_on(company.territory, today(tx)), default=0), "vat_category": "S"}
    return told | {"territory": company.territory}


def _issued(shop: Workshop, operator: UUID, invoice_id: UUID, content: Content, day: date) -> Invoice.Issued:
    """The invoice with its number; made only as far as it is not there yet."""
    found = _found(shop, operator, invoice_id)
    if found is None:
        drafting = uuid5(invoice_id, "draft")
        shop.do(invoices.draft_invoice, operator, drafting, invoice_id=invoice_id, kind="invoice", content=content)
        found = _found(shop, operator, invoice_id)
    if found and found.issued is None:
        shop.do(
            invoices.issue_invoice, operator, uuid5(invoice_id, f"issue {day}"), invoice_id=invoice_id, issued_on=day,
            base_version=found.version,
        )  # fmt: skip
        found = _found(shop, operator, invoice_id)
    if found is None or found.issued is None:
        raise NotFound("invoice", invoice_id)
    return found.issued


def _found(shop: Workshop, operator: UUID, invoice_id: UUID) -> Invoice | None:
    try:
        with shop.read(operator) as tx:
            return streams.load(tx, Invoice, invoice_id)
    except NotFound:
        return None


UNBILLED = """
    SELECT * FROM accounts.subscription_periods
     WHERE subscription_id = %s AND document_id IS NULL AND net_cents > deducted_cents
       AND from_on <= %s AND paid_to_on >= %s
     ORDER BY from_on, to_on
    """
BILLED = "UPDATE accounts.subscription_periods SET document_id = %s, number = %s, gross_cents = %s WHERE id = %s"
