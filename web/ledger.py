"""The register: the ledger as a stream that people read, each entry with its proof, and its verification."""

import json
import shlex
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from audit import texts as findings
from audit.event_names import FAMILIES, LABELS
from ledger import chain
from ledger.codec import read_line
from projections import checkpoints, clients, invoice_lists, payment_lists, products, quotes, register, verifications
from projections.register import Entry, RawEntry
from projections.tx import Tx
from web import forms, frame, people, verification_rows
from web.books import company, read
from web.days import today, zone
from web.filters import plural
from web.lists import Listing
from web.pages import show
from web.register_words import TONES
from web.timeline import Moment, moments
from web.typography import spaced

SIZE = 60  # entries of a page

bp = Blueprint("ledger", __name__, url_prefix="/registre")


@bp.get("/")
def index() -> str:
    listing = Listing(filters=("type", "par", "objet", "du", "au", "avant"), size=SIZE)
    with read() as tx:
        fields = forms.Fields(listing.filters)
        about = fields.get("objet", forms.uuid, None)
        wanted = register.Filter(
            types=(listing["type"],) if listing["type"] in LABELS else (), about=about, actor=listing["par"],
            first_on=fields.get("du", forms.date, None), last_on=fields.get("au", forms.date, None),
        )  # fmt: skip
        entries = register.page(tx, wanted, before=fields.get("avant", position, None), limit=SIZE)
        total, here, integrity = register.count(tx, wanted), zone(tx), verifications.integrity(tx)
        types = {each.name: each.entries for each in register.types(tx)}
        actors, title, job = register.actors(tx), _title(tx, about), verification_rows.last(tx)
    names = people.names(actor.name for actor in actors)
    return show(
        "ledger/index.html", "results", listing=listing, days=by_day(entries, here), total=total, zone=here,
        older=entries[-1].pos if len(entries) == SIZE and entries[-1].pos > 1 else None, families=FAMILIES, types=types,
        actors=[(each.name, names[each.name], each.entries) for each in actors], errors=fields.errors, about=title,
        badge_=frame.badge(integrity, here), integrity=integrity, job=job, tones=TONES,
    )  # fmt: skip


@bp.get("/<int:pos>")
def entry(pos: int) -> str:
    with read() as tx:
        raw = register.entry(tx, pos)
        if raw is None:
            abort(404)
        found = register.page(tx, register.Filter(), before=pos + 1, limit=1)
        here, last = zone(tx), verifications.integrity(tx).entries
        covered = checkpoints.covered(tx) >= pos
    previous = raw.previous_hash or chain.genesis(str(company()))
    told = moments(found[:1])[0]
    return show(
        "ledger/entry.html", raw=raw, told=told, zone=here, last=last, previous=previous, line=raw.line,
        data=_data(raw), intact=chain.link(previous, raw.line) == raw.hash, label=LABELS.get(raw.type, raw.type),
        covered=covered,
        command=f"printf '%s\\n%s\\n' {previous} {shlex.quote(raw.line)} | sha256sum",
    )  # fmt: skip


@bp.post("/verifier")
def verify() -> Response:
    """Whoever may read the register may have it verified: the entry is the job's."""
    with current_app.extensions["pool"].connection() as conn:
        job_id = verification_rows.ask(conn, company(), forms.uuid(request.form["command_id"]))
    return redirect(url_for(".job", job_id=job_id), 303)


@bp.get("/verifications/<uuid:job_id>")
def job(job_id: UUID) -> Response:
    """The progress of a verification, then its result. htmx asks for the progress, at the end for the page."""
    with read() as tx:
        found, here = verification_rows.one(tx, job_id), zone(tx)
    if found is None:
        abort(404)
    told = [spaced(sentence) for sentence in findings.sentences(found.told)]
    answer = make_response(show("ledger/job.html", "progress", job=found, zone=here, told=told, end=conclusion(found)))
    if "HX-Request" in request.headers and not found.running:
        answer.headers["HX-Refresh"] = "true"
    return answer


def conclusion(job: verification_rows.Verification) -> str:
    """What a verification came to, in one sentence."""
    entries = plural(job.done, "écriture")
    if job.running:
        return f"Vérification de {plural(job.total, 'écriture')}{'' if job.begun_at else ' : en attente'}"
    if job.failed:
        return "La vérification n’a pas pu aller à son terme"
    if job.found and all(finding.code == "figures" for finding in job.told):
        return f"Chaîne intacte, mais {plural(job.found, 'calcul')} à revoir dans {entries}"
    if job.found:
        return f"Registre altéré : {plural(job.found, 'défaut')} dans {entries}"
    since = f" depuis la {job.first - 1}ᵉ" if job.first > 1 else ""
    return f"Registre intact : {entries}{since}, chacune à sa place"


def position(raw: str) -> int:
    """A position of the ledger, as the address of a page says it."""
    if not raw.isdecimal() or len(raw) > 15:
        raise forms.Unreadable("Une position est un nombre.")
    return int(raw)


def by_day(entries: list[Entry], here: str) -> list[tuple[Any, list[tuple[Entry, Moment]]]]:
    """(day, [(entry, its moment)]), newest first."""
    told = zip(entries, moments(entries), strict=True)
    return [(day, [*rows]) for day, rows in groupby(told, lambda row: _civil(row[0].at, here))]


def _civil(at: datetime, here: str) -> Any:
    return at.astimezone(ZoneInfo(here)).date()


def _title(tx: Tx, about: UUID | None) -> str:
    """What the register is filtered by, as a person calls it."""
    title = ""
    if about is None:
        return title
    if client := clients.one(tx, about):
        title = client.name
    elif invoice := invoice_lists.one(tx, about, today(tx)):
        title = f"Facture {invoice.number}" if invoice.number else "Brouillon de facture"
    elif quote := quotes.one(tx, about, today(tx)):
        title = f"Devis {quote.number}" if quote.number else "Brouillon de devis"
    elif payment := payment_lists.one(tx, about):
        title = f"Règlement de {payment.client}"
    elif product := products.one(tx, about):
        title = product.label.partition("\n")[0]
    elif about == tx.company:
        title = "la société et ses réglages"
    return title or str(about)


def _data(raw: RawEntry) -> str:
    """The facts of a line, laid out for the eye."""
    return json.dumps(json.loads(bytes(read_line(raw.line).data)), ensure_ascii=False, indent=2)
