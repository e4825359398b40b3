"""« Attestation »: asked for by the owner, made by the worker after a clean verification, read by all members."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audit import certificate as attestations
from audit.certificate import User
from audit.publisher import Publisher, publisher_of
from domain.errors import DomainError
from ledger.version import MAJOR_ROOT, VERSION
from projections import certificates, companies
from projections.certificates import CertificateRow
from projections.tx import Tx
from web import certificate_rows, forms, texts
from web.books import company, read
from web.days import today, zone
from web.errors import again
from web.pages import show

bp = Blueprint("certificates", __name__, url_prefix="/attestation")


@dataclass(frozen=True)
class Standing:
    """What is said of the attestations of a company: the last one, whether it still holds, whether one is needed."""

    made: list[CertificateRow]
    stale: bool
    needless: str

    @property
    def last(self) -> CertificateRow | None:
        return self.made[0] if self.made else None


def standing(tx: Tx) -> Standing:
    """A major version or another wording makes the last one stale."""
    made, here = certificates.every(tx), companies.current(tx)
    edition = attestations.edition(today(tx)).name
    stale = bool(made) and (made[0].major_root, made[0].edition) != (MAJOR_ROOT, edition)
    return Standing(
        made, stale, attestations.needless(here.vat_regime if here else "", certificates.to_consumers(tx))
    )  # fmt: skip


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        here, day, known = zone(tx), today(tx), standing(tx)
        current = companies.current(tx) or abort(404)
        edition = attestations.edition(day)
    publisher, obstacle = _publisher(current.siren)
    return show(
        "certificates/index.html", standing=known, zone=here, publisher=publisher, obstacle=obstacle, edition=edition,
        values=values or {"city": current.city, "distributor": publisher.distributor if publisher else ""},
        errors=errors or {}, problem=problem, version=VERSION, major_root=MAJOR_ROOT,
        covered=attestations.COVERED, excluded=attestations.EXCLUDED, accredited=attestations.ACCREDITED,
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def ask() -> AnyResponse:
    with read() as tx:
        current, day = companies.current(tx) or abort(404), today(tx)
    publisher = publisher_of(current_app.extensions["settings"])
    attestations.check(publisher, current.siren)
    fields = forms.Fields(request.form)
    user = User(
        company=current.name, siren=current.siren, representative=fields.need("representative", forms.text),
        capacity=fields.need("capacity", forms.text), city=fields.need("city", forms.text),
        acquired_on=fields.need("acquired_on", forms.date), used_since=fields.need("used_since", forms.date),
        distributor=fields.get("distributor", forms.text, publisher.distributor) or publisher.name,
    )  # fmt: skip
    if not fields.errors and user.used_since < user.acquired_on:
        fields.errors["used_since"] = "On n’utilise pas un logiciel avant de l’avoir acquis."
    if not fields.errors and user.used_since > day:
        fields.errors["used_since"] = "Ce jour n’est pas encore venu."
    fields.check()
    certificate_id = forms.uuid(request.form["command_id"])
    with current_app.extensions["pool"].connection() as conn:
        certificate_rows.ask(conn, company(), certificate_id, user)
    return redirect(url_for(".show_", certificate_id=certificate_id), 303)


@bp.get("/<uuid:certificate_id>")
def show_(certificate_id: UUID) -> AnyResponse:
    """The making of an attestation, then the attestation."""
    with read() as tx:
        job, made, here = certificate_rows.one(tx, certificate_id), certificates.one(tx, certificate_id), zone(tx)
        stale = made is not None and standing(tx).stale
    if job is None and made is None:
        abort(404)
    running = made is None and job is not None and job.running
    answer = make_response(
        show("certificates/certificate.html", "progress", job=job, made=made, running=running, zone=here, stale=stale)
    )
    if "HX-Request" in request.headers and not running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.get("/<uuid:certificate_id>.pdf")
def download(certificate_id: UUID) -> Response:
    with read() as tx:
        made = certificates.one(tx, certificate_id)
        content = certificates.content(tx, made) if made else None
        current = companies.current(tx)
    if made is None or content is None:
        abort(404)
    answer = Response(content, mimetype="application/pdf")
    name = f"attestation-{(current and current.siren) or str(company())[:8]}-{made.version}.pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _publisher(siren: str) -> tuple[Publisher | None, str]:
    """The publisher, or why no attestation can be given."""
    try:
        found = publisher_of(current_app.extensions["settings"])
        attestations.check(found, siren)
    except DomainError as error:
        return None, texts.sentence(error)
    return found, ""
