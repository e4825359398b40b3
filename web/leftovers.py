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
        problem=problem, labels=LABELS | receipt_form.labels(owed), day=day,
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
    allocated_on = fields.need("on", forms.date)
    settlements = tuple(receipt_form.settlements(fields, fields.need("left", forms.cents) or 0))
    if not settlements:
        fields.refuse("amount", "Cochez au moins une facture.")
    fields.check()
    allocation_id = new_id("allocation")
    do(
        commands.allocate, allocation_id=allocation_id, source=Source(kind=left.kind, id=source_id),
        client_id=left.client_id, allocated_on=allocated_on, settlements=settlements,
    )  # fmt: skip
    flash(f"{euros(sum(s.settled_cents for s in settlements))} affectés, inscrits au registre.")
    return redirect(url_for("payments.show", payment_id=allocation_id), 303)


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
