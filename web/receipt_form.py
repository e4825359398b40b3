"""The form of money received: how much, when, how, and for which invoices of the client.

An invoice that is ticked without an amount takes what it waits for, as far as the payment goes; in the order of the
form. What no invoice takes stays as the client's credit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from domain.invoice import Invoice
from domain.lines import AdjustmentKind, Fees, Other, OtherKind
from domain.payment import Method
from domain.receipts import Receipt, Settlement
from projections import invoice_lists, streams
from projections.invoice_lists import InvoiceRow
from projections.tx import Tx
from web import choices, forms
from web.filters import amount
from web.forms import Fields

MOST = 50  # open invoices of the client that are offered

LABELS = {
    "amount": "Montant reçu", "on": "Reçu le", "credited_on": "Crédité le", "fees": "Frais retenus",
    "fees_vat": "TVA des frais", "method": "Mode de règlement", "reference": "Référence",
}  # fmt: skip


def labels(owed: Iterable[InvoiceRow]) -> dict[str, str]:
    """The fields of this form in French; those of an invoice by its number."""
    mine = {f"{part}.{row.id}": f"{name} {row.number}" for row in owed for part, name in PARTS.items()}
    return LABELS | mine | {f"other.{kind}": label for kind, label in OTHERS.items()}


OTHERS: dict[OtherKind, str] = {
    "penalty": "Intérêts de retard", "indemnity": "Indemnité de recouvrement", "unknown": "Somme à identifier",
}  # fmt: skip
PARTS = {"cash": "Montant pour", "discount": "Escompte sur"}


def owed_by(tx: Tx, client_id: UUID, today: date, first: InvoiceRow | None = None) -> list[InvoiceRow]:
    """What the client has to pay, the longest due first; `first` on top."""
    rows = invoice_lists.to_collect(tx, today, client_id=client_id, limit=MOST)
    return rows if first is None else [first, *(row for row in rows if row.id != first.id)]


def values(invoice: InvoiceRow, today: date) -> dict[str, str]:
    """The form as it opens: all that is due, today, by transfer."""
    return {
        "amount": amount(invoice.outstanding_cents),
        "on": today.isoformat(),
        "method": "transfer",
        f"pay.{invoice.id}": "1",
        f"due.{invoice.id}": amount(invoice.outstanding_cents),
    }


def read(form: Mapping[str, str], client_id: UUID) -> Receipt:
    """The payment that a person typed. Errors: `forms.Invalid`."""
    fields = Fields(form)
    amount_cents = fields.need("amount", above_zero)
    paid_by = fields.need("method", method)
    received_on = fields.need("on", forms.date)
    credited_on = fields.get("credited_on", forms.date, None)
    fees_cents, vat_cents = fields.get("fees", above_zero, 0), fields.get("fees_vat", above_zero, 0)
    reference = fields.get("reference", forms.text, "")
    others = tuple(_others(fields))
    settled = tuple(settlements(fields, (amount_cents or 0) - sum(other.amount_cents for other in others)))
    fields.check()
    return Receipt(
        client_id=client_id, method=paid_by, received_on=received_on, credited_on=credited_on,
        amount_cents=amount_cents, settlements=settled, reference=reference, others=others,
        fees=Fees(amount_cents=fees_cents, vat_cents=vat_cents) if fees_cents else None,
    )  # fmt: skip


def settlements(fields: Fields, amount_cents: int) -> Iterator[Settlement]:
    """What each ticked invoice takes of `amount_cents`.

    What an invoice waits for is what the form showed, not what it waits for now: sent twice, a form asks the same.
    """
    ticked = [forms.uuid(name.removeprefix("pay.")) for name in fields.form if name.startswith("pay.")]
    typed = {invoice: fields.get(f"cash.{invoice}", above_zero, None) for invoice in ticked}
    left_cents = amount_cents - sum(cents or 0 for cents in typed.values())
    for invoice, wanted_cents in typed.items():
        discount_cents = fields.get(f"discount.{invoice}", above_zero, 0) or 0
        due_cents = fields.need(f"due.{invoice}", forms.cents) or 0
        shared_cents = max(min(due_cents - discount_cents, left_cents), 0) if wanted_cents is None else 0
        left_cents -= shared_cents
        settled_cents = (wanted_cents or shared_cents) + discount_cents
        if settled_cents:
            less: tuple[tuple[AdjustmentKind, int], ...] = (("discount", discount_cents),) if discount_cents else ()
            yield Settlement(invoice_id=invoice, settled_cents=settled_cents, adjustments=less)


def _others(fields: Fields) -> Iterator[Other]:
    """What was received beside invoices: no VAT, an account of its own."""
    for kind in OTHERS:
        if cents := fields.get(f"other.{kind}", above_zero, 0):
            yield Other(kind=kind, amount_cents=cents)


def outcome(tx: Tx, owed: Sequence[InvoiceRow], receipt: Receipt) -> dict[str, Any]:
    """What a payment would do: (number, cents, cents left) of each invoice, the VAT that falls due, the credit.

    Errors: those of `Receivable.settle`.
    """
    rows = {row.id: row for row in owed}
    vat_cents, cash_cents, told = 0, 0, []
    for each in receipt.settlements:
        moved = streams.receivable(tx, streams.load(tx, Invoice, each.invoice_id)).settle(
            each.settled_cents, each.adjustments
        )
        vat_cents += sum(share.vat_cents for share in moved.vat)
        cash_cents += moved.cash_cents
        row = rows[each.invoice_id]
        told.append((row.number, each.settled_cents, row.outstanding_cents - each.settled_cents))
    others_cents = sum(other.amount_cents for other in receipt.others)
    credit_cents = receipt.amount_cents - cash_cents - others_cents
    return {"invoices": told, "vat_cents": vat_cents, "credit_cents": credit_cents, "others_cents": others_cents}


def method(raw: str) -> Method:
    return cast(Method, forms.one_of(choices.METHODS)(raw))


def above_zero(raw: str) -> int:
    cents = forms.cents(raw)
    if cents <= 0:
        raise forms.Unreadable("Un montant au-dessus de zéro.")
    return cents
