"""The documentation of the reliable audit trail, as a PDF of what is so today.

Source: CGI art. 289, VII, 1°; BOI-TVA-DECLA-30-20-30-20 §§ 80, 90 and 180 to 220.
"""

from flask import Blueprint, Response, abort

from documents.page import document as page
from documents.paper import Seller
from documents.parties import thousands
from documents.pdf import print_page
from projections import companies
from projections.companies import CompanyRow
from web.books import read
from web.days import zone
from web.filters import day, moment, plural
from web.paf_facts import Facts
from web.timeline import KINDS, ROLES

bp = Blueprint("paf", __name__)

REGIMES = {"cash": "encaissements pour les services", "debit": "débits", "franchise": "franchise en base"}
KEEPING = {"sales": "les ventes et les règlements", "full": "toute la comptabilité"}
NUMBERED = KINDS | {"quote": "Devis"}


@bp.get("/registre/piste-audit.pdf")
def document() -> Response:
    with read() as tx:
        company, facts, here = companies.current(tx) or abort(404), Facts.of(tx), zone(tx)
    printed = page(
        "paf.html.j2", _seller(company), "Piste d’audit fiable", stamps=("FACTICE",) if company.training else (),
        f=facts, company=company, regime=REGIMES.get(company.vat_regime, ""), keeping=KEEPING.get(company.keeping, ""),
        roles=ROLES, kinds=NUMBERED, day=day, entries=plural(facts.entries, "écriture"),
        verified=moment(facts.verified.at, here) if facts.verified else "",
    )  # fmt: skip
    answer = Response(print_page(printed, facts.on), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"piste-audit-{company.siren or 'societe'}.pdf")
    return answer


def _seller(company: CompanyRow) -> Seller:
    legal = (company.name, f"SIREN {thousands(company.siren)}") if company.siren else (company.name,)
    return Seller(name=company.name, address=(company.city,), legal=legal)
