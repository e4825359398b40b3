"""Each entry of the ledger as one French sentence, which names what it speaks of."""

from collections.abc import Callable
from datetime import date

from projections.register import Entry
from web.filters import count, day, euros, fingerprint, month
from web.places import documents
from web.register_words import FILES
from web.roles import ROLES

KINDS = {
    "invoice": "Facture", "deposit": "Facture d’acompte", "progress": "Facture de situation",
    "final": "Facture de solde", "credit_note": "Avoir", "debit_note": "Note de débit",
}  # fmt: skip
CAUSES = {"error": "saisi par erreur", "bounced": "rejeté par la banque", "chargeback": "contesté par le client"}
MAJOR = {True: "version majeure", False: "version mineure"}
SCHOOL = ", école : tout y est FACTICE"
FEMININE = ("invoice", "deposit", "progress", "final", "debit_note")
LETTERS = {
    "quote": "devis", "invoice": "facture", "deposit": "facture d’acompte", "credit_note": "avoir",
    "reminder_before": "avant l’échéance", "reminder_first": "première relance", "reminder_second": "deuxième relance",
    "reminder_last": "dernière relance", "formal_notice": "mise en demeure",
}  # fmt: skip


def sentence(entry: Entry) -> str:
    """What the entry says; its type when this program does not know it yet."""
    said = SENTENCES.get(entry.type)
    if said is None:
        return entry.type
    return said if isinstance(said, str) else said(entry)


def _document(entry: Entry) -> str:
    """`Facture F2026-0042`: the document that it is about, `Document` when that is not known."""
    found = documents(entry)
    if not found:
        return "Document"
    return f"{KINDS.get(found[0].kind, 'Devis')} {found[0].title}".rstrip()


def _of(entry: Entry) -> str:
    """` de la facture F2026-0042`; empty when it is not known."""
    said = _document(entry)
    article = {"Document": "", "Devis": " du ", "Avoir": " de l’"}.get(said.partition(" ")[0], " de la ")
    return article and f"{article}{said[0].lower()}{said[1:]}"


def _mailed(entry: Entry) -> str:
    found = documents(entry)
    return f"{_document(entry)} envoyé{'e' if found and found[0].kind in FEMININE else ''} par e-mail"


def _quote(done: str) -> Callable[[Entry], str]:
    return lambda entry: f"Devis {entry.facts.number or entry.number} {done}".replace("  ", " ")


def _draft(done: str) -> Callable[[Entry], str]:
    """`Facture F2026-0042 : brouillon créé`; without a number while it has none."""

    def said(entry: Entry) -> str:
        known = _document(entry)
        return f"Brouillon {done}" if known == "Document" else f"{known} : brouillon {done}"

    return said


def _issued(entry: Entry) -> str:
    facts = entry.facts
    kind = KINDS.get(facts.kind, "Document")
    return f"{kind} {facts.number} émis{'e' if facts.kind in FEMININE else ''} : {euros(facts.gross_cents)}"


def _received(entry: Entry) -> str:
    return f"Règlement reçu : {euros(entry.facts.amount_cents)}"


def _reversed(entry: Entry) -> str:
    return f"Règlement annulé : {euros(entry.facts.amount_cents)}, {CAUSES.get(entry.facts.cause, 'sans motif')}"


def _invoiced(entry: Entry) -> str:
    left = "en entier" if entry.facts.complete else "en partie"
    return f"Devis {entry.number} facturé {left}".replace("  ", " ")


def _role(entry: Entry) -> str:
    known = ROLES.get(entry.facts.role)
    return known.label.lower() if known else entry.facts.role


def _stopped(entry: Entry) -> str:
    causes = {"pause": "en pause", "promise": "suspendues : promesse de paiement", "dispute": "suspendues : litige"}
    return f"Relances{_of(entry)} {causes.get(entry.facts.cause, 'suspendues')}"


def _verified(entry: Entry) -> str:
    until = f" jusqu’à l’écriture {count(entry.facts.to_pos)}" if entry.facts.to_pos else ""
    return f"Registre vérifié{until}" if entry.facts.ok else f"Registre vérifié{until} : défauts trouvés"


def _article(done: str) -> Callable[[Entry], str]:
    return lambda entry: f"Article {f'« {entry.own.title} » ' if entry.own else ''}{done}"


def _span(entry: Entry) -> str:
    """` du 1er janv. 2026 au 31 déc. 2026`."""
    first, last = entry.facts.from_, entry.facts.to
    return f" du {day(first)} au {day(last)}" if first and isinstance(last, date) else ""


def _closed(entry: Entry) -> str:
    first, last = entry.facts.from_, entry.facts.to
    if first is None or not isinstance(last, date):
        return "Clôture : totaux d’une période figés"
    named = {"day": f"du {day(first)}", "month": f"de {month(first)}"}
    return f"Clôture {named.get(str(entry.facts.period), f'de l’exercice clos le {day(last)}')} : totaux figés"


def _taken(entry: Entry) -> str:
    known = FILES.get(entry.facts.place.partition(".")[0], entry.facts.place)
    return f"Fichier téléchargé : {_document(entry) if documents(entry) else known}"


def _letter(done: str) -> Callable[[Entry], str]:
    def said(entry: Entry) -> str:
        language = " en anglais" if entry.facts.language == "en" else ""
        return f"Modèle de message {done} : {LETTERS.get(entry.facts.kind, entry.facts.kind)}{language}"

    return said


SENTENCES: dict[str, str | Callable[[Entry], str]] = {
    "ledger.opened": lambda entry: "Registre ouvert" + SCHOOL * (entry.facts.mode == "training"),
    "ledger.restored": "Restauration d’une sauvegarde déclarée : une autre histoire commence",
    "signer.declared": "Clé des points de contrôle changée",
    "seal.declared": "Cachet des archives changé",
    "clock.suspected": "Horloge en retard sur la dernière écriture : le temps du registre s’arrête",
    "clock.declared": "Horloge déclarée juste : le temps du registre repart d’elle",
    "company.changed": "Identité de la société modifiée",
    "company.configured": "Réglages enregistrés",
    "series.opened": lambda entry: f"Série de numéros {entry.facts.series} ouverte",
    "fiscal_year.defined": lambda entry: f"Exercice comptable{_span(entry)} défini",
    "books.configured": "Tenue de la comptabilité choisie",
    "books.closed": lambda entry: f"Comptabilité close jusqu’au {day(entry.facts.through)}",
    "client.created": "Client créé",
    "client.changed": "Fiche du client modifiée",
    "client.archived": "Client archivé",
    "client.restored": "Client réactivé",
    "client.removed": lambda entry: f"Client {entry.own.title if entry.own else ''} supprimé".replace("  ", " "),
    "client.merged": "Fiche fusionnée dans une autre",
    "product.created": _article("créé"),
    "product.changed": _article("modifié"),
    "product.archived": _article("archivé"),
    "product.removed": _article("supprimé"),
    "product.restored": _article("réactivé"),
    "quote.drafted": _draft("créé"),
    "quote.revised": _quote("révisé"),
    "quote.sent": lambda entry: f"Devis {entry.facts.number} envoyé : {euros(entry.facts.gross_cents)}",
    "quote.accepted": _quote("accepté"),
    "quote.declined": _quote("refusé"),
    "quote.expired": _quote("expiré"),
    "quote.discarded": _quote("abandonné"),
    "quote.invoiced": _invoiced,
    "quote.released": _quote("de nouveau à facturer, brouillon abandonné"),
    "invoice.drafted": _draft("créé"),
    "invoice.revised": _draft("modifié"),
    "invoice.discarded": _draft("abandonné"),
    "invoice.issued": _issued,
    "recurring.defined": "Récurrence créée",
    "recurring.revised": "Récurrence modifiée",
    "recurring.paused": "Récurrence mise en pause",
    "recurring.resumed": "Récurrence reprise",
    "recurring.ended": "Récurrence arrêtée",
    "recurring.invoiced": "Facture préparée par la récurrence",
    "document.rendered": lambda entry: f"Fichier{_of(entry)} figé, empreinte {fingerprint(entry.facts.sha256)}",
    "document.copied": lambda entry: f"Duplicata n° {entry.facts.copy}{_of(entry)} remis",
    "document.sent": _mailed,
    "payment.recorded": _received,
    "payment.reversed": _reversed,
    "refund.recorded": lambda entry: f"Remboursement : {euros(entry.facts.amount_cents)}",
    "allocation.recorded": "Crédit du client affecté à une facture",
    "allocation.reversed": "Affectation annulée",
    "reminder.sent": "Relance envoyée par e-mail",
    "reminder.suspended": _stopped,
    "reminder.suspended_again": _stopped,
    "reminder.resumed": lambda entry: f"Relances{_of(entry)} reprises",
    "reminder.notice_made": "Mise en demeure établie",
    "reminder.notice_posted": "Mise en demeure postée",
    "parameter.reminders_set": "Relances réglées",
    "parameter.reminders_changed": "Réglages des relances modifiés",
    "debt.doubted": lambda entry: f"Créance{_of(entry)} déclarée douteuse",
    "debt.written_off": lambda entry: f"Créance{_of(entry)} passée en perte",
    "debt.recovered": lambda entry: f"Créance{_of(entry)} récupérée après perte",
    "chain.verified": _verified,
    "archive.created": lambda entry: f"Archive{_span(entry)} produite",
    "archive.kept": "Archive mise en lieu sûr",
    "archive.purged": "Fichiers purgés : leur terme est passé, une archive conservée les tient",
    "certificate.issued": "Attestation individuelle de l’éditeur établie",
    "security.signed_in": lambda entry: f"Connexion ({_role(entry)})",
    "security.signed_out": "Déconnexion",
    "security.sign_in_failed": "Connexion refusée : mot de passe faux",
    "security.session_expired": "Session expirée",
    "security.list_exported": lambda entry: f"Liste exportée : {entry.facts.what}",
    "security.file_taken": _taken,
    "security.rights_granted": lambda entry: f"Droits donnés : {_role(entry)}",
    "security.rights_withdrawn": "Droits retirés",
    "security.member_invited": lambda entry: f"Membre invité : {_role(entry)}",
    "security.invitation_withdrawn": "Invitation retirée",
    "security.password_changed": "Mot de passe du compte changé",
    "security.email_changed": "Adresse e-mail du compte changée",
    "security.second_factor_set": "Code à la connexion activé",
    "security.second_factor_removed": "Code à la connexion retiré",
    "security.recovery_code_used": "Connexion par un code de secours",
    "security.passkey_added": "Clé d’accès ajoutée au compte",
    "security.passkey_removed": "Clé d’accès retirée du compte",
    "security.sessions_ended": "Sessions fermées sur d’autres appareils",
    "security.program_installed": lambda entry: f"Programme installé : {entry.facts.software}",
    "security.program_changed": lambda entry: f"Programme changé : {entry.facts.software}, {MAJOR[entry.facts.major]}",
    "security.program_started": "Programme démarré",
    "security.program_stopped": "Programme arrêté",
    "period.closed": _closed,
    "parameter.letter_written": _letter("écrit"),
    "parameter.letter_changed": _letter("modifié"),
    "security.erasure_asked": "Effacement de données personnelles demandé",
    "security.personal_data_given": "Copie des données personnelles remise",
    "security.files_erased": "Fichiers effacés : la personne l’avait été, leur terme est passé",
    "parameter.receipts_asked": "Destinataires du reçu mensuel choisis",
    "parameter.receipts_changed": "Destinataires du reçu mensuel modifiés",
    "subject.erased": "Données personnelles effacées",
}
