"""Duplicates: the pairs that look alike, and one fiche merged into the other. Documents are never touched."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.client import Client
from domain.errors import NotFound
from ledger.commands import clients as commands
from projections import clients, duplicates, receivables
from projections.clients import ClientRow
from projections.tx import Tx
from web import choices, forms
from web.books import do, read
from web.days import today
from web.errors import again
from web.pages import show

bp = Blueprint("merging", __name__)


@bp.get("/clients/doublons")
def index() -> str:
    with read() as tx:
        return show("clients/duplicates.html", pairs=duplicates.pairs(tx), count=duplicates.count(tx))


def page(client_id: UUID, values: Any = None, errors: Any = None, problem: str = "") -> str:
    """Both fiches side by side; without `avec`, a list to choose the other from."""
    other = (values or {}).get("other") or request.args.get("avec", "")
    with read() as tx:
        first, day = row_of(tx, client_id), today(tx)
        second = row_of(tx, forms.uuid(other)) if other else None
        both = sorted((first, second), key=lambda row: row.code) if second else [first]
        every = [] if second else [row for row in clients.page(tx, clients.Filter(state="active"), limit=None)
                                   if row.id != client_id]  # fmt: skip
        balances = {row.id: receivables.balance(tx, row.id, day) for row in both}
    return show(
        "clients/merge.html", first=first, both=both, every=every, balances=balances, values=values or {},
        errors=errors or {}, problem=problem, choices=choices,
    )  # fmt: skip


@bp.get("/clients/<uuid:client_id>/fusionner")
def choose(client_id: UUID) -> str:
    return page(client_id)


@bp.post("/clients/<uuid:client_id>/fusionner")
@again(page)
def merge(client_id: UUID) -> Response:
    with read() as tx:
        row_of(tx, client_id)
    fields = forms.Fields(request.form)
    other, stays = fields.need("other", forms.uuid), fields.need("stays", forms.uuid)
    fields.check()
    gone = other if stays == client_id else client_id
    do(commands.merge_client, client_id=gone, into=stays)
    with read() as tx:
        names = {one: row_of(tx, one).name for one in (gone, stays)}
    flash(f"{names[gone]} est fusionnée dans {names[stays]}. « Réactiver » sur l’ancienne fiche les sépare à nouveau.")
    return redirect(url_for("clients.show", client_id=stays), 303)


def row_of(tx: Tx, client_id: UUID) -> ClientRow:
    """Errors: `NotFound`."""
    row = clients.one(tx, client_id)
    if row is None:
        raise NotFound(Client.TOPIC, client_id)
    return row
