"""« Modèles de messages »: the company's own texts, one for each kind of document and language."""

from typing import Any, cast

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from documents.paper import Paper, Seller
from domain.letter import PLACEHOLDERS, DocumentLetter, LetterKind, LetterLanguage, check_placeholders, filled
from ledger.commands.letters import write_letter
from web import books, forms
from web.books import do, read
from web.errors import again
from web.mail import letters
from web.mail.documents import sender, writer
from web.mail.message import Around, Said
from web.mail.samples import reminder, sample
from web.mail.sending import Previewed, looked_at
from web.pages import show
from web.reminders.call import around, facts, tidy
from web.roles import DECIDE

KINDS: dict[LetterKind, str] = {
    "quote": "Devis", "invoice": "Facture", "deposit": "Facture d’acompte", "credit_note": "Avoir",
    "reminder_before": "Avant l’échéance", "reminder_first": "Première relance",
    "reminder_second": "Deuxième relance", "reminder_last": "Dernière relance", "formal_notice": "Mise en demeure",
}  # fmt: skip
LANGUAGES: dict[LetterLanguage, str] = {"fr": "Français", "en": "Anglais"}
MEANINGS = {
    "client": "nom du client", "numero": "numéro du document", "objet": "objet, sinon le titre",
    "date": "date du document", "total": "total TTC", "societe": "nom de votre société",
    "validite": "fin de validité", "echeance": "première échéance", "net_a_payer": "ce qui reste à payer",
    "reglement": "« à régler au plus tard le … », ce qui en reste, ou qu’elle est soldée",
    "factures": "les factures dues, une par ligne", "retard": "jours de retard",
    "penalites": "pénalités et indemnité de ce jour ; rien pour un particulier",
}  # fmt: skip
WHICH = f"<any({', '.join(KINDS)}):kind>/<any({', '.join(LANGUAGES)}):language>"

bp = Blueprint("letters", __name__, url_prefix="/reglages/messages")


def page(kind: str, language: str, values: Any = None, errors: Any = None, problem: str = "") -> str:
    which = cast(LetterKind, kind), cast(LetterLanguage, language)
    with read() as tx:
        saved = letters.of_company(tx, *which)
    return show(
        "mail/letter.html", kind=kind, language=language, kinds=KINDS, languages=LANGUAGES, errors=errors or {},
        values=values or {"subject": saved.subject, "body": saved.body}, problem=problem, may=books.allowed(DECIDE),
        places=[(name, MEANINGS[name]) for name in PLACEHOLDERS[which[0]]], ours=letters.OURS[which],
        own=saved != letters.OURS[which],
    )  # fmt: skip


@bp.get("/")
def index() -> AnyResponse:
    return redirect(url_for(".edit", kind="invoice", language="fr"), 303)


@bp.get(f"/{WHICH}")
def edit(kind: str, language: str) -> str:
    return page(kind, language)


@bp.post(f"/{WHICH}")
@again(page)
def change(kind: str, language: str) -> AnyResponse:
    subject, body = typed()
    do(write_letter, kind=kind, language=language, subject=subject, body=body)
    flash("Modèle enregistré : il vaut pour les prochains messages.")
    return redirect(url_for(".edit", kind=kind, language=language), 303)


@bp.post(f"/{WHICH}/apercu")
@again(page)
def preview(kind: str, language: str) -> Response:
    """The letter on an example. Errors: `PlaceholderUnknown`."""
    check_placeholders(cast(LetterKind, kind), typed())
    with read() as tx:
        own, company = sender(tx, ""), writer(tx)
    number, told, shown = _example(cast(LetterKind, kind), language, company)
    subject, body = (tidy(filled(text, told)) for text in typed())
    mail: Said = Previewed(subject, body, "", True, number, language)
    return looked_at(mail, shown, own.reply_to)


def _example(kind: LetterKind, language: str, company: Seller) -> tuple[str, dict[str, str], Paper | Around]:
    """Number, facts and what stands around, of nobody's document."""
    if kind.startswith("reminder_") or kind == "formal_notice":
        call = reminder(kind, language, company)
        return call.numbers, facts(call), around(call)
    paper = sample(cast(DocumentLetter, kind), language, company)
    return paper.number, letters.facts(paper, paper.number), paper


def typed() -> tuple[str, str]:
    """Errors: `forms.Invalid`."""
    fields = forms.Fields(request.form)
    subject, body = fields.need("subject", forms.text), fields.need("body", forms.note)
    fields.check()
    return subject, body
