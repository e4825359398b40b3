"""« Données personnelles »: the register of processing (RGPD art. 30) of the company, filled from what the program does
and is set to; on screen and as PDF. With it what waits to be decided: who has been silent for three years.
"""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, current_app

from documents.page import document
from documents.paper import Seller
from documents.parties import thousands
from documents.pdf import print_page
from projections import companies, register
from projections.companies import CompanyRow
from web.books import company, read
from web.days import today, zone
from web.filters import day
from web.pages import show
from web.privacy.hosting import hosting_of
from web.privacy.person import STEPS
from web.privacy.processings import PROCESSINGS, SECURITY, Processing
from web.privacy.silent import silent
from web.roles import ROLES
from web.timeline import moments

SHOWN = 20

bp = Blueprint("processing", __name__)


def register_of(processings: Iterable[Processing] = PROCESSINGS, members: str = "") -> list[Processing]:
    """With what is set today. `members`: who sees it of the company; empty for the operator's own registers."""
    settings = current_app.extensions["settings"]
    told = hosting_of(settings)
    facts = {
        "members": members,
        "host": f"hébergeur ({told.host.name})" if told else "hébergeur (à dire par l’exploitant)",
        "mailing": f"serveur d’envoi ({settings.smtp_host})" if settings.smtp_host else "aucun serveur d’envoi réglé",
    }
    return [one._replace(recipients=one.recipients.format(**facts)) for one in processings]


@bp.get("/donnees-personnelles")
def index() -> str:
    with read() as tx:
        steps = register.page(tx, register.Filter(types=STEPS), limit=SHOWN)
        facts: dict[str, Any] = {
            "processings": register_of(members=_members()), "silent": silent(tx), "zone": zone(tx), "on": today(tx),
        }  # fmt: skip
    return show("privacy/register.html", steps=moments(steps), security=SECURITY, **facts)


@bp.get("/donnees-personnelles/registre.pdf")
def pdf() -> Response:
    with read() as tx:
        own, on, processings = companies.current(tx) or abort(404), today(tx), register_of(members=_members())
    told = hosting_of(current_app.extensions["settings"])
    printed = document(
        "processing.html.j2", _seller(own), "Registre des traitements", stamps=("FACTICE",) if own.training else (),
        processings=processings, on=day(on), security=SECURITY, place=told.host.place if told else "",
    )  # fmt: skip
    answer = Response(print_page(printed, on), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="registre-traitements.pdf")
    return answer


def _members() -> str:
    with current_app.extensions["pool"].connection() as conn:
        rows = conn.execute(
            "SELECT role, count(*) FROM accounts.memberships"
            " WHERE company_id = %s AND (until_at IS NULL OR until_at > now()) GROUP BY role ORDER BY role",
            (company(),),
        ).fetchall()
    return "Membres : " + ", ".join(f"{ROLES[role].label.lower()} ({count})" for role, count in rows)


def _seller(own: CompanyRow) -> Seller:
    legal = (own.name, f"SIREN {thousands(own.siren)}") if own.siren else (own.name,)
    return Seller(name=own.name, address=(own.city,), legal=legal)
