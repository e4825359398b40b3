"""Payments: list, page, undoing. Recording one is `receiving`, what is left of one `leftovers`."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain import accounts
from domain.errors import NotFound
from domain.payment import Payment, Refund
from domain.transfer import Transfer
from ledger.commands import payments as commands
from projections import clients, payment_lists, payments, register, streams
from projections.listing import Filter, sum_of
from projections.payments import PaymentRow
from projections.tx import Tx
from web import choices, forms, periods
from web.books import do, read
from web.days import today, zone
from web.errors import again
from web.exports import csv_file
from web.filters import amount
from web.labels import Status
from web.lists import Listing
from web.pages import show
from web.timeline import moments

MONEY = ("payment", "reversal", "refund")
TABS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {  # by the word of the address: label, kinds, statuses
    "": ("Tous", MONEY, ()),
    "a-affecter": ("À affecter", MONEY, ("unallocated",)),
    "remboursements": ("Remboursements", ("refund",), ("recorded",)),
    "affectations": ("Affectations", ("allocation",), ("recorded",)),
    "annules": ("Annulés", ("payment", "refund", "allocation"), ("reversed",)),
}
FILTERS = ("statut", "client", "mode", "periode", "du", "au", "min", "max")
OUT = ("refund", "reversal")  # money that went
SORTS = ("on", "client", "amount")
KINDS: dict[str, type[Payment | Refund | Transfer]] = {"payment": Payment, "refund": Refund, "allocation": Transfer}
TITLES = {
    "payment": "Règlement", "reversal": "Annulation", "refund": "Remboursement", "allocation": "Affectation",
}  # fmt: skip
CAUSES = {
    "error": "Saisi par erreur",
    "bounced": "Rejeté par la banque (impayé)",
    "chargeback": "Contesté par le client auprès de sa banque",
}
CLIENTS = 200  # in the filter; beyond, the search finds them by name

bp = Blueprint("payments", __name__)


@bp.get("/reglements")
def index() -> str:
    listing = asked()
    _, kinds, statuses = TABS[listing["statut"]]
    with read() as tx:
        wanted = chosen(listing, tx, kinds, statuses)
        rows = payment_lists.page(
            tx, wanted, methods=methods(listing), sort=listing.sort, limit=listing.size, offset=listing.offset
        )
        total = sum_of(payment_lists.totals(tx, wanted, methods=methods(listing)), statuses)
        tabs = [(key, label, count(listing, tx, key)) for key, (label, *_) in TABS.items()]
        people = clients.choices(tx, limit=CLIENTS)
    return show(
        "payments/index.html", "results", listing=listing, rows=rows, tabs_=tabs, total=total, choices=choices,
        periods=periods.PERIODS, people={str(person.id): person.name for person in people}, titles=TITLES, state=state,
    )  # fmt: skip


@bp.get("/reglements.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        wanted = chosen(listing, tx, *TABS[listing["statut"]][1:])
        rows = payment_lists.page(tx, wanted, methods=methods(listing), sort=listing.sort, limit=None)
    header = ("Date", "Nature", "Client", "Mode", "Référence", "Factures", "Montant", "À affecter", "Statut")
    return csv_file("reglements", header, (
        (row.on, TITLES[row.kind], row.client, choices.METHODS.get(row.method, ""), row.reference,
         ", ".join(row.numbers), amount(-row.amount_cents if row.kind in OUT else row.amount_cents),
         amount(row.left_cents), state(row).label)
        for row in rows
    ))  # fmt: skip


def page(payment_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    """A payment, a refund or an allocation: what it settles, how it was posted, what can be done with it."""
    with read() as tx:
        row = payment_lists.one(tx, payment_id)
        if row is None:
            raise NotFound("payment", payment_id)
        facts = streams.load(tx, KINDS[row.kind], payment_id).recorded
        settled, sources = payments.settlements_of(tx, payment_id), _sources(tx, facts)
        entries, here, day = register.about(tx, payment_id), zone(tx), today(tx)
    kept_cents = facts.unallocated_cents if isinstance(facts, Payment.Created) else 0
    used = not row.reversed_on and kept_cents != row.left_cents
    return show(
        "payments/page.html", row=row, facts=facts, settled=settled, sources=sources, moments=moments(entries),
        zone=here, day=day, used=used, title=TITLES[row.kind], state=state(row), causes=CAUSES, choices=choices,
        account_name=accounts.name, vat_cents=sum(due.vat_cents for due in facts.tax_due), values=values or {},
        errors=errors or {}, problem=problem,
    )  # fmt: skip


@bp.get("/reglements/<uuid:payment_id>", endpoint="show")
def show_one(payment_id: UUID) -> str:
    return page(payment_id)


@bp.post("/reglements/<uuid:payment_id>/annuler")
@again(page)
def reverse(payment_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    cause, reversed_on = fields.need("cause", forms.one_of(CAUSES)), fields.need("on", forms.date)
    fields.check()
    do(commands.reverse_payment, payment_id=payment_id, cause=cause, reversed_on=reversed_on)
    flash("Règlement annulé : ses factures sont de nouveau à encaisser. Les deux écritures restent au registre.")
    return redirect(url_for(".show", payment_id=payment_id), 303)


@bp.post("/reglements/<uuid:payment_id>/annuler-affectation")
@again(page)
def reverse_allocation(payment_id: UUID) -> Any:
    fields = forms.Fields(request.form)
    reason = fields.need("reason", forms.text)
    fields.check()
    do(commands.reverse_allocation, allocation_id=payment_id, reason=reason)
    flash("Affectation annulée : la somme est de nouveau au crédit du client.")
    return redirect(url_for(".show", payment_id=payment_id), 303)


def state(row: PaymentRow) -> Status:
    """The pill of a payment."""
    if row.status in ("reversed", "reversal"):
        return Status("late", {"bounced": "Impayé", "chargeback": "Contesté"}.get(row.cause, "Annulé"))
    if row.status == "unallocated":
        return Status("soon", "À affecter")
    return {
        "payment": Status("paid", "Reçu"),
        "refund": Status("sent", "Remboursé"),
        "allocation": Status("paid", "Affecté"),
    }[row.kind]


def asked() -> Listing:
    listing = Listing(filters=FILTERS, sorts=SORTS, default="-on")
    if listing["statut"] not in TABS:
        listing.filters["statut"] = ""
    return listing


def chosen(listing: Listing, tx: Tx, kinds: tuple[str, ...], statuses: tuple[str, ...]) -> Filter:
    return Filter(kinds=kinds, statuses=statuses, **periods.narrowed(listing.filters | {"q": listing["q"]}, today(tx)))


def methods(listing: Listing) -> tuple[str, ...]:
    return (listing["mode"],) if listing["mode"] in choices.METHODS else ()


def count(listing: Listing, tx: Tx, tab: str) -> int:
    _, kinds, statuses = TABS[tab]
    found = payment_lists.totals(tx, chosen(listing, tx, kinds, statuses), methods=methods(listing))
    return sum_of(found, statuses).count


def _sources(tx: Tx, facts: Any) -> list[tuple[str, UUID, int]]:
    """Where a refund or an allocation takes its money: (`payment` or `credit_note`, id, cents)."""
    if isinstance(facts, Payment.Created):
        return []
    if isinstance(facts, Refund.Created):
        return [(source.kind, source.id, source.amount_cents) for source in facts.sources]
    cents = sum(allocation.settled_cents for allocation in facts.allocations)
    return [(facts.source.kind, facts.source.id, cents)]
