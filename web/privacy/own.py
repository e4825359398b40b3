"""All that is held about the person who is signed in, whatever her companies: as JSON and as PDF.

Source: RGPD art. 15 and 20. What she recorded in a ledger belongs to its company, and stands there under her id.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, LiteralString

from flask import Blueprint, Response, current_app, request
from flask_security import current_user

from documents.page import document
from documents.paper import Seller
from documents.pdf import print_page
from web import access, forms
from web.days import PARIS
from web.filters import moment
from web.frame import name_of
from web.privacy.copy import RIGHTS
from web.privacy.hosting import hosting_of
from web.privacy.person import FORMATS
from web.roles import ROLES
from web.support.people import as_person

Section = tuple[str, list[dict[str, Any]]]
SECTIONS: tuple[tuple[str, LiteralString], ...] = (  # each asked with the person's id; a column is what a reader sees
    ("Compte", """
        SELECT username AS nom, email AS "e-mail", created_at AS "créé le", confirmed_at AS "adresse confirmée le",
               terms_version AS "conditions acceptées", terms_at AS "acceptées le", plan AS offre,
               CASE WHEN totp = '' THEN 'non' ELSE 'oui' END AS "code à la connexion"
          FROM accounts.users WHERE id = %s"""),
    ("Sessions", """
        SELECT opened_at AS "ouverte le", seen_at AS "vue le", address AS adresse, agent AS navigateur
          FROM accounts.sessions WHERE user_id = %s ORDER BY opened_at"""),
    ("Clés d’accès", """
        SELECT name AS nom, made_at AS "ajoutée le", used_at AS "utilisée le"
          FROM accounts.passkeys WHERE user_id = %s ORDER BY made_at"""),
    ("Sociétés", """
        SELECT company_id AS société, role AS rôle, from_at AS depuis, until_at AS "jusqu’au"
          FROM accounts.memberships WHERE user_id = %s ORDER BY from_at"""),
    ("Demandes à l’assistance", """
        SELECT t.subject AS objet, t.status AS état, m.at AS le, m.side AS par, m.body AS message
          FROM support.ticket t JOIN support.message m ON m.ticket_id = t.id
         WHERE t.user_id = %s ORDER BY t.opened_at, m.at"""),
    ("Idées proposées", """
        SELECT title AS titre, body AS texte, proposed_at AS "proposée le"
          FROM support.idea WHERE user_id = %s ORDER BY proposed_at"""),
)  # fmt: skip

bp = Blueprint("own_data", __name__, url_prefix="/compte/mes-donnees")


@bp.post("/", endpoint="copy")
def copy() -> Response:
    """The file; each company of hers notes that it was handed out."""
    fields = forms.Fields(request.form)
    kind = fields.need("format", forms.one_of(FORMATS))
    fields.check()
    sections = list(held())
    content = as_json(sections) if kind == "json" else as_pdf(sections)
    access.note(current_app.extensions["pool"], "personal_data_given", None, current_user.id)
    answer = Response(content, mimetype=FORMATS[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"mes-donnees.{kind}")
    return answer


def held() -> Iterator[Section]:
    """Sections that hold something, each row by the names of its facts, empty ones left out."""
    with as_person() as conn:
        for title, query in SECTIONS:
            cursor = conn.execute(query, [current_user.id])
            names = [column.name for column in cursor.description or ()]
            found = [dict(zip(names, map(_told, row), strict=True)) for row in cursor.fetchall()]
            if rows := [{name: value for name, value in row.items() if value} for row in found]:
                yield title, [_named(row) for row in rows]


def as_json(sections: list[Section]) -> bytes:
    return json.dumps(dict(sections) | {"droits": RIGHTS}, ensure_ascii=False, indent=1).encode()


def as_pdf(sections: list[Section]) -> bytes:
    told, now = hosting_of(current_app.extensions["settings"]), datetime.now().astimezone()
    name = told.operator.name if told else "Probant"
    seller = Seller(name=name, address=(told.operator.address,) if told else (), legal=(name,))
    printed = document(
        "own.html.j2", seller, "Vos données personnelles", sections=sections, on=moment(now, PARIS), rights=RIGHTS
    )  # fmt: skip
    return print_page(printed, now.date())


def _told(value: Any) -> str:
    return moment(value, PARIS) if isinstance(value, datetime) else "" if value is None else str(value)


def _named(row: dict[str, str]) -> dict[str, str]:
    """A company by its name, a role by its word."""
    if "société" in row:
        row = row | {"société": name_of(forms.uuid(row["société"])), "rôle": ROLES[row["rôle"]].label}
    return row
