"""Clients and prospects: list, card, form."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.client import Client
from ledger.commands import clients as commands
from ledger.commands import removal
from projections import clients, duplicates, invoice_lists, persons, quotes, receivables, recurring, register, streams
from projections.clients import ClientRow
from projections.listing import Filter
from web import choices, client_form
from web.appearance import same_site
from web.books import do, new_id, read
from web.days import today, zone
from web.errors import again
from web.exports import csv_file
from web.filters import amount
from web.lists import Listing
from web.pages import show
from web.timeline import moments

SHOWN = 20
STATES = {"": "active", "prospects": "prospect", "archives": "archived"}
COLUMNS: dict[str, Callable[[ClientRow], Any]] = {  # of the CSV
    "Code": lambda row: row.code,
    "Nom": lambda row: row.name,
    "Genre": lambda row: choices.PARTIES[row.kind],
    "Prospect": lambda row: "oui" if row.prospect else "non",
    "Ville": lambda row: row.city,
    "Pays": lambda row: choices.countries().get(row.country, row.country),
    "SIREN": lambda row: row.siren,
    "E-mail": lambda row: row.email,
    "Téléphone": lambda row: row.phone,
    "À encaisser": lambda row: amount(row.outstanding_cents),
    "Étiquettes": lambda row: ", ".join(row.tags),
    "Relances": lambda row: "oui" if row.reminders else "non",
    "Archivé": lambda row: "oui" if row.archived else "non",
}
SORTS = tuple(key for key in clients.SORTS if not key.startswith("-"))
OPEN_QUOTES = ("draft", "sent", "accepted")
OPEN_INVOICES = ("draft", "issued", "partly_paid", "late", "credit_open")

bp = Blueprint("clients", __name__)


@bp.get("/clients")
def index() -> str:
    listing = asked()
    with read() as tx:
        counts, tags = clients.counts(tx, chosen(listing)), clients.tags(tx)
        doubles = 0 if "HX-Request" in request.headers else duplicates.count(tx)  # beside the block that htmx asks for
        rows = clients.page(tx, chosen(listing), sort=listing.sort, limit=listing.size, offset=listing.offset)
    return show(
        "clients/index.html", "results", listing=listing, rows=rows, counts=counts,
        total=getattr(counts, STATES[listing["etat"]]), kinds=choices.PARTIES, countries=choices.countries(), tags=tags,
        doubles=doubles,
    )  # fmt: skip


@bp.get("/clients.csv")
def export() -> Response:
    listing = asked()
    with read() as tx:
        rows = clients.page(tx, chosen(listing), sort=listing.sort, limit=None)
    return csv_file("clients", tuple(COLUMNS), ([told(row) for told in COLUMNS.values()] for row in rows))


@bp.get("/clients/<uuid:client_id>", endpoint="show")
def card(client_id: UUID) -> Any:
    """Of one that was removed: what the register says of it."""
    with read() as tx:
        day = today(tx)
        client = streams.load(tx, Client, client_id)
        if client.removed:
            return redirect(url_for("ledger.index", objet=client_id), 303)
        profile = client.profile
        facts: dict[str, Any] = {
            "row": clients.one(tx, client_id),
            "card": persons.opened(tx, profile.card),
            "delivery": persons.opened(tx, profile.delivery),
            "contacts": clients.contacts(tx, client_id),
            "balance": receivables.balance(tx, client_id, day),
            "owed": invoice_lists.page(
                tx, Filter(client_id=client_id, statuses=OPEN_INVOICES), day, sort="due_on", limit=SHOWN
            ),
            "offers": quotes.page(tx, Filter(client_id=client_id, statuses=OPEN_QUOTES), day, limit=SHOWN),
            "zone": zone(tx),
            "repeated": [each for each in recurring.every(tx, client_id=client_id) if each.state != "ended"],
            "doubles": duplicates.pairs(tx, client_id),
            "unused": client_id in duplicates.unused_clients(tx, [client_id]),
            "into": clients.one(tx, client.merged_into) if client.merged_into else None,
        }
        entries = register.about(tx, client_id, limit=SHOWN)
    life = moments(reversed(entries))
    return show("clients/card.html", profile=profile, choices=choices, moments=life, **facts)


def new_form(values: Mapping[str, str], errors: Any = None, problem: str = "") -> str:
    return form(values, errors, problem, action=url_for(".create"))


@bp.get("/clients/nouveau")
def new() -> str:
    told = {"retour": request.args.get("retour", ""), "name": request.args.get("nom", "")}
    return new_form(client_form.NEW | told)


@bp.post("/clients/nouveau")
@again(new_form)
def create() -> Any:
    if action := request.form.get("action"):
        return new_form(client_form.changed(request.form, action))
    profile, client_id = client_form.read(request.form), new_id("client")
    do(commands.create_client, client_id=client_id, profile=profile)
    flash(f"{profile.card.name} est dans vos clients.")
    path = back(request.form)
    chosen_there = f"{path}{'&' if '?' in path else '?'}client={client_id}"
    return redirect(chosen_there if path else url_for(".show", client_id=client_id), 303)


def edit_form(client_id: UUID, values: Mapping[str, str], errors: Any = None, problem: str = "") -> str:
    """The form as typed; beside it what somebody else saved meanwhile, which the next save replaces knowingly."""
    with read() as tx:
        client = streams.load(tx, Client, client_id)
        if client.removed:
            abort(404)
        kept = saved_values(tx, client)
    others: list[tuple[str, str, str]] = []
    if values and values.get("base_version") != str(client.version):
        others = client_form.differences(kept, values)
    return form(
        values or kept | {"retour": request.args.get("retour", "")}, errors, problem,
        action=url_for(".change", client_id=client_id), client_id=client_id, base_version=client.version,
        others=others, kept_terms=kept["terms"],
    )  # fmt: skip


@bp.get("/clients/<uuid:client_id>/modifier")
def edit(client_id: UUID) -> str:
    return edit_form(client_id, {})


@bp.post("/clients/<uuid:client_id>/modifier")
@again(edit_form)
def change(client_id: UUID) -> Any:
    if action := request.form.get("action"):
        return edit_form(client_id, client_form.changed(request.form, action))
    profile = client_form.read(request.form)
    base_version = request.form.get("base_version", 0, int)
    do(commands.change_client, client_id=client_id, profile=profile, base_version=base_version)
    flash("Fiche enregistrée. Les documents déjà émis ne changent pas.")
    return redirect(back(request.form) or url_for(".show", client_id=client_id), 303)


@bp.post("/clients/numero-tva")
def vat_number() -> str:
    """For htmx: the field of the VAT number, filled from the SIREN that was just typed."""
    told = client_form.changed(request.form, "tva")
    return form(told, None, "", action=url_for(".create"), block="vat_number")


@bp.post("/clients/<uuid:client_id>/archiver")
def archive(client_id: UUID) -> Response:
    do(commands.archive_client, client_id=client_id)
    flash("Client archivé : il quitte les listes, ses documents restent.")
    return redirect(url_for(".show", client_id=client_id), 303)


@bp.post("/clients/<uuid:client_id>/supprimer")
def remove(client_id: UUID) -> Response:
    do(removal.remove_client, client_id=client_id, erasure_id=new_id("erasure"))
    flash("Client supprimé, avec ses données personnelles. Son code ne servira pas à un autre.")
    return redirect(url_for(".index"), 303)


@bp.post("/clients/<uuid:client_id>/reactiver")
def restore(client_id: UUID) -> Response:
    do(commands.restore_client, client_id=client_id)
    flash("Client réactivé.")
    return redirect(url_for(".show", client_id=client_id), 303)


def asked() -> Listing:
    listing = Listing(filters=("etat", "genre", "etiquette"), sorts=SORTS, default="name")
    if listing["etat"] not in STATES:
        listing.filters["etat"] = ""
    return listing


def chosen(listing: Listing) -> clients.Filter:
    state, tag = STATES[listing["etat"]], listing["etiquette"]
    return clients.Filter(q=listing["q"], state=state, kind=listing["genre"], tag=tag)


def form(
    values: Mapping[str, str], errors: Any, problem: str, *, kept_terms: str = "", block: str = "", **more: Any
) -> str:
    labels = {name: client_form.label(name) for name in errors or {}}
    return show(
        "clients/form.html", block, values=values, errors=errors or {}, problem=problem, labels=labels,
        ranks=client_form.ranks(values), terms=choices.terms(kept_terms), choices=choices, back=back(values), **more,
    )  # fmt: skip


def saved_values(tx: Any, client: Client) -> dict[str, str]:
    profile, contacts = client.profile, clients.contacts(tx, client.id)
    return client_form.values(profile, persons.opened(tx, profile.card), persons.opened(tx, profile.delivery), contacts)


def back(form: Mapping[str, str]) -> str:
    """Where the person came from; empty when the form was opened for itself."""
    return same_site(form["retour"]) if form.get("retour") else ""
