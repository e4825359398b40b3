"""« Lien client » on the page of a document: opened, copied, revoked by its company; what the links of one did."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.commands import links as commands
from projections.tx import Row, Tx
from web import forms
from web.books import do, new_id, read
from web.public import tokens

DAYS = {"30": "30 jours", "90": "90 jours", "365": "1 an"}
USUAL = "90"

bp = Blueprint("links", __name__)


class LinkRow(Row, frozen=True):
    """A link; `state` is `good`, `over` or `revoked`."""

    id: UUID
    document_id: UUID
    state: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None
    downloads: int
    token_hash: str

    @property
    def address(self) -> str:
        """Whole; empty when the installation's key is no longer the one that it was made with."""
        settings = tokens.settings()
        if tokens.token_hash(settings, self.id) != self.token_hash:
            return ""
        return (settings.public_url or request.host_url).rstrip("/") + tokens.path(settings, self.id)


class Made(NamedTuple):
    """A link for a use case to open; `open_link` takes it as it is."""

    link_id: UUID
    token_hash: str
    days: int


def made(what: str = "link", days: int = int(USUAL)) -> Made:
    """The link that the posted form makes, the same however often it is sent."""
    link_id = new_id(what)
    return Made(link_id, tokens.token_hash(tokens.settings(), link_id), days)


def of_document(tx: Tx, document_id: UUID) -> list[LinkRow]:
    """The newest first."""
    return tx.rows(LinkRow, LINKS + " AND document_id = %(id)s ORDER BY created_at DESC", id=document_id)


LINKS = """
    SELECT id, document_id, created_at, expires_at, revoked_at, seen_at, downloads,
           encode(token_hash, 'hex') AS token_hash,
           CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'over' ELSE 'good' END AS state
      FROM accounts.links
     WHERE company_id = %(company)s
    """


@bp.post("/documents/<uuid:document_id>/lien")
def create(document_id: UUID) -> Response:
    fields = forms.Fields(request.form)
    days = fields.get("days", forms.one_of(DAYS), USUAL)
    fields.check()
    do(commands.open_link, document_id=document_id, **made(days=int(days))._asdict())
    flash("Lien créé : copiez-le, et remettez-le au client seul. Qui l’a, voit le document.")
    return _back(document_id)


@bp.post("/liens/<uuid:link_id>/revoquer")
def revoke(link_id: UUID) -> Response:
    do(commands.revoke_link, link_id=link_id)
    with read() as tx:
        row = tx.row(LinkRow, LINKS + " AND id = %(id)s", id=link_id)
    flash("Lien révoqué : il ne mène plus à rien.")
    return _back(row.document_id) if row else redirect("/", 303)


def _back(document_id: UUID) -> Response:
    return redirect(url_for("files.place", document_id=document_id) + "#t-lien", 303)
