"""What our mails say unless the company writes it otherwise, and the facts that stand for `{…}`."""

from typing import NamedTuple

from documents.paper import Paper
from documents.titles import title
from documents.words import tongue
from domain.errors import NotFound
from domain.letter import Letter, LetterKind, LetterLanguage, filled, letter_id, letter_kind
from projections import streams
from projections.persons import opened_text
from projections.tx import Tx
from web.reminders import words as reminders


class Words(NamedTuple):
    """A subject and a text, with or without their facts."""

    subject: str
    body: str


def of_company(tx: Tx, kind: LetterKind, language: LetterLanguage) -> Words:
    """The company's own words, else ours."""
    try:
        letter = streams.load(tx, Letter, letter_id(tx.company, kind, language))
    except NotFound:
        return OURS[kind, language]
    own = Words(opened_text(tx, letter.subject), opened_text(tx, letter.body))
    return own if own.subject and own.body else OURS[kind, language]


def written(tx: Tx, paper: Paper, number: str) -> Words:
    """A mail about this document, which has or will have this number. Of a document that asks for nothing any more ours
    is taken where the company's own would name a day to pay.
    """
    which = letter_kind(paper.kind), language_of(paper.language)
    words = of_company(tx, *which)
    if not paper.payable_cents and any("{echeance}" in text for text in words):
        words = OURS[which]
    told = facts(paper, number)
    return Words(filled(words.subject, told), filled(words.body, told))


def facts(paper: Paper, number: str) -> dict[str, str]:
    """What stands for each placeholder, in the language of the client."""
    words = tongue(paper.language)
    days = {
        "date": paper.issued_on,
        "echeance": paper.instalments[0].due_on if paper.instalments else paper.issued_on,
        "validite": paper.valid_until_on,
    }
    told = {name: words.day(on) for name, on in days.items() if on}
    return {
        "client": paper.buyer.name,
        "numero": number,
        "objet": paper.subject or title(paper),
        "total": words.euros(abs(paper.gross_cents)),
        "net_a_payer": words.euros(abs(paper.payable_cents)),
        "societe": paper.seller.name,
        "reglement": _asked(paper).format(left=words.euros(paper.payable_cents), due=told.get("echeance", "")),
        **told,
    }


def _asked(paper: Paper) -> str:
    """What is still to be done about it, as the end of a sentence on its total."""
    state = "paid" if not paper.payable_cents else "due" if paper.payable_cents == paper.gross_cents else "left"
    return ASKED[language_of(paper.language)][state]


def language_of(client: str) -> LetterLanguage:
    """English for all who do not read French, as their papers."""
    return "fr" if client.startswith("fr") else "en"


ASKED: dict[LetterLanguage, dict[str, str]] = {
    "fr": {
        "due": "à régler au plus tard le {due}",
        "left": "dont {left} restent à régler au plus tard le {due}",
        "paid": "soldée à ce jour : il ne reste rien à régler",
    },
    "en": {
        "due": "due by {due}", "left": "of which {left} remains due by {due}",
        "paid": "settled in full: nothing remains due",
    },
}  # fmt: skip
OURS: dict[tuple[LetterKind, LetterLanguage], Words] = {
    **{which: Words(*texts) for which, texts in reminders.OURS.items()},
    ("quote", "fr"): Words(
        "Devis {numero} de {societe}",
        "Bonjour,\n\nVoici notre devis {numero} pour : {objet}. Il s’élève à {total} TTC et reste valable jusqu’au"
        " {validite}.\n\nNous restons à votre disposition pour toute question.\n\nCordialement,\n{societe}",
    ),
    ("invoice", "fr"): Words(
        "Facture {numero} de {societe}",
        "Bonjour,\n\nVoici notre facture {numero} du {date}, d’un montant de {total} TTC, {reglement}."
        "\n\nNous vous remercions de votre confiance.\n\nCordialement,\n{societe}",
    ),
    ("deposit", "fr"): Words(
        "Facture d’acompte {numero} de {societe}",
        "Bonjour,\n\nVoici notre facture d’acompte {numero} du {date}, d’un montant de {total} TTC,"
        " {reglement}. Elle sera déduite de la facture finale.\n\nCordialement,\n{societe}",
    ),
    ("credit_note", "fr"): Words(
        "Avoir {numero} de {societe}",
        "Bonjour,\n\nVoici notre avoir {numero} du {date}, d’un montant de {total} TTC.\n\nCordialement,\n{societe}",
    ),
    ("quote", "en"): Words(
        "Quote {numero} from {societe}",
        "Hello,\n\nHere is our quote {numero} for: {objet}. It amounts to {total} including VAT and is valid until"
        " {validite}.\n\nPlease let us know if you have any question.\n\nKind regards,\n{societe}",
    ),
    ("invoice", "en"): Words(
        "Invoice {numero} from {societe}",
        "Hello,\n\nHere is our invoice {numero} of {date}. The total is {total} including VAT, {reglement}."
        "\n\nThank you for your business.\n\nKind regards,\n{societe}",
    ),
    ("deposit", "en"): Words(
        "Deposit invoice {numero} from {societe}",
        "Hello,\n\nHere is our deposit invoice {numero} of {date}. The total is {total} including VAT,"
        " {reglement}. It will be deducted from the final invoice.\n\nKind regards,\n{societe}",
    ),
    ("credit_note", "en"): Words(
        "Credit note {numero} from {societe}",
        "Hello,\n\nHere is our credit note {numero} of {date}. The total is {total} including VAT."
        "\n\nKind regards,\n{societe}",
    ),
}
