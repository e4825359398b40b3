"""What the editor's page shows of a form: the choices of its fields, its lines made complete, its totals."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import request

from documents import words
from domain.client import Client, Profile
from domain.company import Company
from domain.content import Content, delivered_to
from domain.errors import NotFound
from domain.exempting import Deal
from domain.parties import Card
from projections import clients, persons, products, streams
from projections.clients import ClientRow
from projections.tx import Tx
from web import (
    choices,
    delivery_form,
    editor_catalogue,
    editor_fields,
    editor_lines,
    editor_totals,
    editor_vat,
    forms,
)
from web.days import today, zone
from web.sentences import KINDS as TITLES

WORDS = {"quote": "Devis", "recurring": "Récurrence"} | TITLES
GO = {"quote": "Envoyer le devis…", "recurring": "Enregistrer la récurrence", "credit_note": "Émettre l’avoir…"}


def begun(company: Company) -> dict[str, str]:
    """What a new document begins with."""
    return {"price_mode": company.configuration.price_mode}


def completed(tx: Tx, company: Company, form: Mapping[str, str]) -> dict[str, str]:
    """The form ready to be shown: a territory, rows numbered from 1, an empty line last."""
    configuration = company.configuration
    told = dict(form.items())
    vats = [told.get(f"lines.{rank}.vat", "") for rank in editor_lines.ranks(told)]
    lines_at = next((raw.split("|")[0] for raw in vats if raw), "") or configuration.territory
    if told.get("territory") not in choices.territories():
        told["territory"] = lines_at
    offers = editor_vat.offered(told["territory"], configuration.vat_regime, today(tx))
    return editor_fields.complete(told, {"vat": next(iter(offers)), "unit": "C62", "nature": "services"})


def changed(tx: Tx, company: Company, form: Mapping[str, str], action: str) -> dict[str, str]:
    """The form after a button of the lines, the catalogue or a choice that concerns all lines."""
    told = dict(form.items())
    if action.startswith("article-"):
        row = products.one(tx, forms.uuid(action.removeprefix("article-")))
        return editor_catalogue.inserted(told, row, company, today(tx)) if row else told
    if action == "territoire":
        where, day = told.get("territory", "FR"), today(tx)
        for rank in editor_lines.ranks(told):
            told[f"lines.{rank}.vat"] = editor_vat.moved(told.get(f"lines.{rank}.vat", ""), where, day)
        return told
    return editor_lines.changed(told, action)


def facts(tx: Tx, kind: str, company: Company, shown: Mapping[str, str], document_id: UUID | None) -> dict[str, Any]:
    """All that the template asks beside the form itself."""
    day, configuration = today(tx), company.configuration
    rows = editor_lines.ranks(shown)
    draft, profile = editor_fields.read(shown), profile_of(tx, shown.get("client_id", ""))
    deal = deal_with(tx, company, profile, draft.content) if profile else None
    offers = editor_vat.offered(shown["territory"], configuration.vat_regime, day, deal)
    vats = editor_vat.with_kept(offers, (shown.get(f"lines.{rank}.vat", "") for rank in rows))
    natures = editor_lines.KEPT_NATURES if "penalty" in _of_rows(shown, rows, "nature") else editor_lines.NATURES
    asks_catalogue = request.form.get("action") == "catalogue"
    return {
        "kind": kind, "values": shown, "rows": rows, "changes": editor_fields.change_ranks(shown), "vats": vats,
        "natures": natures, "units": units(_of_rows(shown, rows, "unit")), "signs": editor_fields.SIGNS,
        "computed": {rank for rank in rows if editor_lines.is_computed(shown, rank)}, "terms": terms(shown),
        "choices": choices, "word": WORDS[kind], "go": GO.get(kind, "Émettre la facture…"),
        "clients": clients_of(tx, shown.get("client_id", "")),
        "recipients": recipients(tx, shown.get("client_id", "")),
        "articles": found(tx, company, shown) if asks_catalogue else None,
        "builds": configuration.sector == "building", "usual_place": usual_place(tx, profile),
        "placed": delivery_form.is_typed(shown),
        "totals": editor_totals.totals(tx, kind, draft, day, document_id), "day": day, "zone": zone(tx),
    }  # fmt: skip


def terms(shown: Mapping[str, str]) -> dict[str, str]:
    """Terms of payment by key, those of this document among them."""
    try:
        return choices.terms(shown.get("terms", ""))
    except ValueError:  # a key that no page of ours wrote
        return choices.terms()


def clients_of(tx: Tx, client_id: str) -> list[ClientRow]:
    """Clients to choose from, and the one of this document, though it may be archived since."""
    active = clients.page(tx, clients.Filter(state="active"), limit=None)
    if not client_id or any(str(row.id) == client_id for row in active):
        return active
    try:
        own = clients.one(tx, forms.uuid(client_id))
    except forms.Unreadable:
        own = None
    return [own, *active] if own else active


def profile_of(tx: Tx, client_id: str) -> Profile | None:
    """The client who is chosen; None while none is."""
    try:
        return streams.load(tx, Client, forms.uuid(client_id)).profile
    except (forms.Unreadable, NotFound):
        return None


def deal_with(tx: Tx, company: Company, profile: Profile, content: Content) -> Deal:
    """What the VAT of a document asks of its client and of where it goes."""
    place = delivered_to(content, persons.opened(tx, profile.delivery))
    return Deal.of(company.configuration, profile, persons.opened(tx, profile.card), place)


def usual_place(tx: Tx, profile: Profile | None) -> str:
    """Where a document of that client is delivered when it says nothing, on one line; empty when nowhere is told."""
    return delivery_form.said(persons.opened(tx, profile.delivery) if profile else Card())


def recipients(tx: Tx, client_id: str) -> list[Any]:
    """The contacts of a client who have an address."""
    try:
        chosen = forms.uuid(client_id)
    except forms.Unreadable:
        return []
    return [contact for contact in clients.contacts(tx, chosen) if contact.email]


def found(tx: Tx, company: Company, shown: Mapping[str, str]) -> list[editor_catalogue.Offer]:
    """What the search of the catalogue finds, ready for this document."""
    rows = products.choices(tx, shown.get("q_article", ""))
    return [editor_catalogue.offer(shown, row, company, today(tx)) for row in rows]


def units(kept: Iterable[str]) -> dict[str, str]:
    """Units by code, as short as a paper prints them; those in use come with them."""
    return {code: words.UNITS.get(code, code) or "u" for code in (*choices.UNITS, *kept) if code}


def _of_rows(shown: Mapping[str, str], rows: list[int], part: str) -> set[str]:
    return {shown.get(f"lines.{rank}.{part}", "") for rank in rows}
