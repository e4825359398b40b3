"""The documentation of the reliable audit trail, as a PDF of what is so today.

Source: CGI art. 289, VII, 1°; BOI-TVA-DECLA-30-20-30-20 §§ 80, 90 and 180 to 220.
"""

from flask import Blueprint, Response, abort

from documents.page import document as page
from documents.pdf import print_page
from projections import companies
from web.books import read
from web.days import zone
from web.filters import day, moment, plural
from web.letterhead import letterhead, named
from web.paf_facts import Facts
from web.roles import ROLES
from web.sentences import KINDS

bp = Blueprint("paf", __name__)

REGIMES = {"cash": "encaissements pour les services", "debit": "débits", "franchise": "franchise en base"}
KEEPING = {"sales": "les ventes et les règlements", "full": "toute la comptabilité"}
NUMBERED = KINDS | {"quote": "Devis"}


@bp.get("/registre/piste-audit.pdf")
def document() -> Response:
    with read() as tx:
        company, facts, here = companies.current(tx) or abort(404), Facts.of(tx), zone(tx)
        seller, stamps = letterhead(tx)
    printed = page(
        "paf.html.j2", seller, "Piste d’audit fiable", stamps=stamps, f=facts, company=company,
        regime=REGIMES.get(company.vat_regime, ""), keeping=KEEPING.get(company.keeping, ""),
        roles={name: role.label.lower() for name, role in ROLES.items()}, kinds=NUMBERED, day=day,
        entries=plural(facts.entries, "écriture"),
        verified=moment(facts.verified.at, here) if facts.verified else "",
    )  # fmt: skip
    answer = Response(print_page(printed, facts.on), mimetype="application/pdf")
    name = named(f"piste-audit-{company.siren or 'societe'}.pdf", stamps)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
