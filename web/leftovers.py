"""What is left of an over-payment or of a credit note: put on other invoices of the client, or given back."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, request, url_for

from domain.errors import NotFound
from domain.payment import Source
from ledger.commands import payments as commands
from projections import invoice_lists, payment_lists
from projections.invoice_lists import InvoiceRow
from projections.tx import Tx
from web import choices, forms, receipt_form
from web.books import do, new_id, read
from web.days import today
from web.errors import again
from web.filters import amount, euros
from web.forms import Fields
from web.pages import show

PAYMENT: dict[str, str] = {"kind": "payment"}
CREDIT_NOTE: dict[str, str] = {"kind": "credit_note"}
LABELS = {"amount": "Montant", "on": "Date", "method": "Mode", "reference": "Référence"}

bp = Blueprint("leftovers", __name__)


class Left(msgspec.Struct, frozen=True):
    """What is left, of what (`title`, at `address`), of whom."""

    kind: Literal["payment", "credit_note"]
    id: UUID
    title: str
    address: str
    client_id: UUID
    client: str
    cents: int


def allocate_form(kind: str, source_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        left, owed, day = _left(tx, kind, source_id), [], today(tx)
        owed = receipt_form.owed_by(tx, left.client_id, day)
    return show(
        "payments/allocate.html", left=left, owed=owed, values=values or _first_ticked(owed, day), errors=errors or {},
        problem=problem, labels=LABELS | {"refund": "Remboursé"} | receipt_form.labels(owed), day=day, choices=choices,
    )  # fmt: skip


@bp.get("/reglements/<uuid:source_id>/affecter", defaults=PAYMENT)
@bp.get("/factures/<uuid:source_id>/affecter", defaults=CREDIT_NOTE)
def allocate(kind: str, source_id: UUID) -> str:
    return allocate_form(kind, source_id)


@bp.post("/reglements/<uuid:source_id>/affecter", defaults=PAYMENT)
@bp.post("/factures/<uuid:source_id>/affecter", defaults=CREDIT_NOTE)
@again(allocate_form)
def record_allocation(kind: str, source_id: UUID) -> Any:
    with read() as tx:
        left = _left(tx, kind, source_id)
    fields = Fields(request.form)
    on, refund_cents = fields.need("on", forms.date), fields.get("refund", receipt_form.above_zero, 0) or 0
    settlements = tuple(receipt_form.settlements(fields, (fields.need("left", forms.cents) or 0) - refund_cents))
    method = fields.get("method", receipt_form.method, None) or "transfer"
    if not settlements and not refund_cents:
        fields.refuse("amount", "Cochez au moins une facture, ou indiquez ce qui est rendu.")
    fields.check()
    allocation_id, refund_id = new_id("allocation"), new_id("refund")
    do(
        commands.use_credit, source=Source(kind=left.kind, id=source_id), client_id=left.client_id, on=on,
        allocation_id=allocation_id, settlements=settlements, refund_id=refund_id, refund_cents=refund_cents,
        method=method,
    )  # fmt: skip
    flash(_told(sum(s.settled_cents for s in settlements), refund_cents))
    if settlements and refund_cents:
        return redirect(left.address, 303)
    return redirect(url_for("payments.show", payment_id=allocation_id if settlements else refund_id), 303)


def _told(allocated_cents: int, refund_cents: int) -> str:
    parts = {"affectés": allocated_cents, "remboursés": refund_cents}
    done = ", ".join(f"{euros(cents)} {what}" for what, cents in parts.items() if cents)
    return f"{done}, inscrits au registre."


def refund_form(kind: str, source_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        left, day = _left(tx, kind, source_id), today(tx)
    opened = {"amount": amount(left.cents), "on": day.isoformat(), "method": "transfer"}
    return show(
        "payments/refund.html", left=left, values=values or opened, errors=errors or {}, problem=problem, labels=LABELS,
        choices=choices, day=day,
    )  # fmt: skip


@bp.get("/reglements/<uuid:source_id>/rembourser", defaults=PAYMENT)
@bp.get("/factures/<uuid:source_id>/rembourser", defaults=CREDIT_NOTE)
def refund(kind: str, source_id: UUID) -> str:
    return refund_form(kind, source_id)


@bp.post("/reglements/<uuid:source_id>/rembourser", defaults=PAYMENT)
@bp.post("/factures/<uuid:source_id>/rembourser", defaults=CREDIT_NOTE)
@again(refund_form)
def record_refund(kind: str, source_id: UUID) -> Any:
    with read() as tx:
        left = _left(tx, kind, source_id)
    fields = Fields(request.form)
    amount_cents, paid_on = fields.need("amount", receipt_form.above_zero), fields.need("on", forms.date)
    method = fields.need("method", receipt_form.method)
    reference = fields.get("reference", forms.text, "")
    fields.check()
    refund_id = new_id("refund")
    do(
        commands.record_refund, refund_id=refund_id, client_id=left.client_id, method=method, paid_on=paid_on,
        sources=(Source(kind=left.kind, id=source_id, amount_cents=amount_cents),), reference=reference,
    )  # fmt: skip
    flash(f"{euros(amount_cents)} remboursés à {left.client}, inscrits au registre.")
    return redirect(url_for("payments.show", payment_id=refund_id), 303)


def _left(tx: Tx, kind: str, source_id: UUID) -> Left:
    """Errors: `NotFound`."""
    if kind == "payment" and (payment := payment_lists.one(tx, source_id)):
        address, title = url_for("payments.show", payment_id=source_id), f"Règlement de {euros(payment.amount_cents)}"
        return Left("payment", source_id, title, address, payment.client_id, payment.client, payment.left_cents)
    if kind == "credit_note" and (note := invoice_lists.one(tx, source_id, today(tx))):
        return Left(
            "credit_note", source_id, f"Avoir {note.number}", f"/factures/{source_id}", note.client_id, note.client,
            note.left_cents,
        )  # fmt: skip
    raise NotFound("payment" if kind == "payment" else "invoice", source_id)


def _first_ticked(owed: list[InvoiceRow], day: date) -> Mapping[str, str]:
    """The form as it opens: the invoice that waits the longest takes what it can."""
    return {"on": day.isoformat()} | ({f"pay.{owed[0].id}": "1"} if owed else {})
