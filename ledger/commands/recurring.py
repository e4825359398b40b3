"""Recurring invoices: defined, revised, paused, resumed, ended by a person; invoiced by the worker, date by date."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from domain.invoice import Invoice
from domain.recurring import Plan, Recurring
from domain.recurring_content import content_of
from ledger.commands.clients import survivor
from ledger.commands.invoices import issue_invoice
from ledger.commands.sealing import opened_content, sealed_draft
from ledger.commands.sendings import Mail, mail_invoice
from ledger.entry import Entry

BILL = "bill_recurring"  # the job


def define_recurring(entry: Entry, *, recurring_id: UUID, plan: Plan, copied_from: UUID | None = None) -> None:
    entry.save(Recurring.define(recurring_id, _sealed(entry, plan), entry.day, copied_from=copied_from))
    entry.defer(BILL)


def revise_recurring(entry: Entry, *, recurring_id: UUID, plan: Plan, base_version: int) -> None:
    recurring = entry.get(Recurring, recurring_id)
    recurring.revise(_sealed(entry, plan), base_version, entry.day)
    entry.save(recurring)
    entry.defer(BILL)


def pause_recurring(entry: Entry, *, recurring_id: UUID) -> None:
    recurring = entry.get(Recurring, recurring_id)
    recurring.pause()
    entry.save(recurring)


def resume_recurring(entry: Entry, *, recurring_id: UUID) -> int:
    """How many dates were passed over."""
    recurring = entry.get(Recurring, recurring_id)
    skipped = recurring.resume(entry.day)
    entry.save(recurring)
    entry.defer(BILL)
    return len(skipped)


def end_recurring(entry: Entry, *, recurring_id: UUID) -> None:
    recurring = entry.get(Recurring, recurring_id)
    recurring.end()
    entry.save(recurring)


def draft_due(entry: Entry, *, recurring_id: UUID, due_on: date, invoice_id: UUID, told: str = "") -> None:
    """The draft of a date; `told` = why it could not be issued. Run by the job. Errors: `NotDue`, `ClientArchived`."""
    _draft(entry, recurring_id, due_on, invoice_id)
    if told:
        entry.beside(
            """
            INSERT INTO jobs.recurring_refusal (company_id, recurring_id, due_on, invoice_id, told)
            VALUES (%(company)s, %(recurring)s, %(due_on)s, %(invoice)s, %(told)s)
            ON CONFLICT (company_id, recurring_id, due_on) DO UPDATE
               SET invoice_id = excluded.invoice_id, told = excluded.told, refused_at = now()
            """,
            recurring=recurring_id, due_on=due_on, invoice=invoice_id, told=told,
        )  # fmt: skip


def issue_due(
    entry: Entry, *, recurring_id: UUID, due_on: date, invoice_id: UUID, sending_id: UUID | None = None,
    mail: Mail | None = None,
) -> str:  # fmt: skip
    """The invoice of a date, drafted, issued today and mailed, or nothing of it: the number. Run by the job.

    Errors: `NotDue`, those of `issue_invoice` and `mail_invoice`.
    """
    _draft(entry, recurring_id, due_on, invoice_id)
    number = issue_invoice(entry, invoice_id=invoice_id, issued_on=entry.day, base_version=1)
    if mail and sending_id:
        mail_invoice(entry, sending_id=sending_id, invoice_id=invoice_id, mail=mail)
    return number


def _draft(entry: Entry, recurring_id: UUID, due_on: date, invoice_id: UUID) -> None:
    recurring = entry.get(Recurring, recurring_id)
    recurring.invoice(due_on, invoice_id, entry.day)
    content = content_of(recurring.plan, due_on)
    buyer = survivor(entry, content.client_id)
    draft = sealed_draft(entry, replace(opened_content(entry, content), client_id=buyer))
    entry.save(Invoice.draft(invoice_id, "invoice", draft, recurring_id=recurring_id), recurring)


def _sealed(entry: Entry, plan: Plan) -> Plan:
    return replace(plan, content=sealed_draft(entry, plan.content))
