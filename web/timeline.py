"""« Vie du document »: each entry of the ledger as one French sentence, who made it, when, and its fingerprint."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from projections.register import Entry
from web import people
from web.filters import day, euros, fingerprint
from web.roles import ROLES

KINDS = {
    "invoice": "Facture", "deposit": "Facture d’acompte", "progress": "Facture de situation",
    "final": "Facture de solde", "credit_note": "Avoir", "debit_note": "Note de débit",
}  # fmt: skip
CAUSES = {"error": "saisi par erreur", "bounced": "rejeté par la banque", "chargeback": "contesté par le client"}
MAJOR = {True: "version majeure", False: "version mineure"}
SCHOOL = ", école : tout y est FACTICE"
FEMININE = ("invoice", "deposit", "progress", "final", "debit_note")


class Moment(NamedTuple):
    """A line of a timeline; `hash` in hex, `pos` opens the entry; `client`: whom it concerns, where not said."""

    pos: int
    at: datetime
    text: str
    who: str
    hash: str
    client: str


def moments(entries: Iterable[Entry]) -> list[Moment]:
    """The entries in their order."""
    told = list(entries)
    who = people.names(entry.actor for entry in told)
    return [Moment(entry.pos, entry.at, sentence(entry), who[entry.actor], entry.hash, entry.client) for entry in told]


def sentence(entry: Entry) -> str:
    """What the entry says; its type when this program does not know it yet."""
    said = SENTENCES.get(entry.type)
    if said is None:
        return entry.type
    return said if isinstance(said, str) else said(entry)


def _quote(done: str) -> Callable[[Entry], str]:
    return lambda entry: f"Devis {entry.facts.number or entry.number} {done}".replace("  ", " ")


def _draft(done: str) -> Callable[[Entry], str]:
    def said(entry: Entry) -> str:
        kind = KINDS.get(entry.facts.kind, "Document")
        return f"{kind}{'' if kind == 'Document' else ' :'} {done}".replace("Document brouillon", "Brouillon")

    return said


def _issued(entry: Entry) -> str:
    facts = entry.facts
    kind = KINDS.get(facts.kind, "Document")
    return f"{kind} {facts.number} émis{'e' if facts.kind in FEMININE else ''} : {euros(facts.gross_cents)}"


def _received(entry: Entry) -> str:
    return f"Règlement reçu : {euros(entry.facts.amount_cents)}"


def _reversed(entry: Entry) -> str:
    return f"Règlement annulé : {euros(entry.facts.amount_cents)}, {CAUSES.get(entry.facts.cause, 'sans motif')}"


def _invoiced(entry: Entry) -> str:
    left = "en entier" if entry.facts.complete else "en partie"
    return f"Devis {entry.number} facturé {left}".replace("  ", " ")


def _role(entry: Entry) -> str:
    known = ROLES.get(entry.facts.role)
    return known.label.lower() if known else entry.facts.role


def _stopped(entry: Entry) -> str:
    causes = {"pause": "en pause", "promise": "suspendues : promesse de paiement", "dispute": "suspendues : litige"}
    return f"Relances {causes.get(entry.facts.cause, 'suspendues')}"


def _verified(entry: Entry) -> str:
    return "Registre vérifié" if entry.facts.ok else "Registre vérifié : défauts trouvés"


SENTENCES: dict[str, str | Callable[[Entry], str]] = {
    "ledger.opened": lambda entry: "Registre ouvert" + SCHOOL * (entry.facts.mode == "training"),
    "ledger.restored": "Restauration d’une sauvegarde déclarée : une autre histoire commence",
    "signer.declared": "Clé des points de contrôle changée",
    "seal.declared": "Cachet des archives changé",
    "clock.suspected": "Horloge en retard sur la dernière écriture : le temps du registre s’arrête",
    "clock.declared": "Horloge déclarée juste : le temps du registre repart d’elle",
    "company.changed": "Identité de la société modifiée",
    "company.configured": "Réglages enregistrés",
    "series.opened": "Série de numéros ouverte",
    "fiscal_year.defined": "Exercice comptable défini",
    "books.configured": "Tenue de la comptabilité choisie",
    "books.closed": lambda entry: f"Comptabilité close jusqu’au {day(entry.facts.through)}",
    "client.created": "Client créé",
    "client.changed": "Fiche du client modifiée",
    "client.archived": "Client archivé",
    "client.restored": "Client réactivé",
    "client.removed": "Client supprimé",
    "client.merged": "Fiche fusionnée dans une autre",
    "product.created": "Article créé",
    "product.changed": "Article modifié",
    "product.archived": "Article archivé",
    "product.removed": "Article supprimé",
    "product.restored": "Article réactivé",
    "quote.drafted": "Brouillon de devis créé",
    "quote.revised": _quote("révisé"),
    "quote.sent": lambda entry: f"Devis {entry.facts.number} envoyé : {euros(entry.facts.gross_cents)}",
    "quote.accepted": _quote("accepté"),
    "quote.declined": _quote("refusé"),
    "quote.expired": _quote("expiré"),
    "quote.discarded": _quote("abandonné"),
    "quote.invoiced": _invoiced,
    "quote.released": _quote("de nouveau à facturer, brouillon abandonné"),
    "invoice.drafted": _draft("brouillon créé"),
    "invoice.revised": "Brouillon modifié",
    "invoice.discarded": "Brouillon abandonné",
    "invoice.issued": _issued,
    "recurring.defined": "Récurrence créée",
    "recurring.revised": "Récurrence modifiée",
    "recurring.paused": "Récurrence mise en pause",
    "recurring.resumed": "Récurrence reprise",
    "recurring.ended": "Récurrence arrêtée",
    "recurring.invoiced": "Facture préparée par la récurrence",
    "document.rendered": lambda entry: f"Fichier définitif figé, empreinte {fingerprint(entry.facts.sha256)}",
    "document.copied": lambda entry: f"Duplicata n° {entry.facts.copy} remis",
    "document.sent": "Document envoyé par e-mail",
    "payment.recorded": _received,
    "payment.reversed": _reversed,
    "refund.recorded": lambda entry: f"Remboursement : {euros(entry.facts.amount_cents)}",
    "allocation.recorded": "Crédit du client affecté à une facture",
    "allocation.reversed": "Affectation annulée",
    "reminder.sent": "Relance envoyée par e-mail",
    "reminder.suspended": _stopped,
    "reminder.suspended_again": _stopped,
    "reminder.resumed": "Relances reprises",
    "reminder.notice_made": "Mise en demeure établie",
    "reminder.notice_posted": "Mise en demeure postée",
    "parameter.reminders_set": "Relances réglées",
    "parameter.reminders_changed": "Réglages des relances modifiés",
    "debt.doubted": "Créance déclarée douteuse",
    "debt.written_off": "Créance passée en perte",
    "debt.recovered": "Créance récupérée après perte",
    "chain.verified": _verified,
    "archive.created": "Archive produite",
    "archive.kept": "Archive mise en lieu sûr",
    "archive.purged": "Fichiers purgés : leur terme est passé, une archive conservée les tient",
    "certificate.issued": "Attestation individuelle de l’éditeur établie",
    "security.signed_in": lambda entry: f"Connexion ({_role(entry)})",
    "security.signed_out": "Déconnexion",
    "security.sign_in_failed": "Connexion refusée : mot de passe faux",
    "security.session_expired": "Session expirée",
    "security.list_exported": lambda entry: f"Liste exportée : {entry.facts.what}",
    "security.file_taken": lambda entry: f"Fichier téléchargé : {entry.facts.place} {entry.facts.what}".rstrip(),
    "security.rights_granted": lambda entry: f"Droits donnés : {_role(entry)}",
    "security.rights_withdrawn": "Droits retirés",
    "security.member_invited": lambda entry: f"Membre invité : {_role(entry)}",
    "security.invitation_withdrawn": "Invitation retirée",
    "security.password_changed": "Mot de passe du compte changé",
    "security.email_changed": "Adresse e-mail du compte changée",
    "security.second_factor_set": "Code à la connexion activé",
    "security.second_factor_removed": "Code à la connexion retiré",
    "security.recovery_code_used": "Connexion par un code de secours",
    "security.passkey_added": "Clé d’accès ajoutée au compte",
    "security.passkey_removed": "Clé d’accès retirée du compte",
    "security.sessions_ended": "Sessions fermées sur d’autres appareils",
    "security.program_installed": lambda entry: f"Programme installé : {entry.facts.software}",
    "security.program_changed": lambda entry: f"Programme changé : {entry.facts.software}, {MAJOR[entry.facts.major]}",
    "security.program_started": "Programme démarré",
    "security.program_stopped": "Programme arrêté",
    "period.closed": "Clôture : totaux d’une période figés",
    "parameter.letter_written": "Modèle de message écrit",
    "parameter.letter_changed": "Modèle de message modifié",
    "security.erasure_asked": "Effacement de données personnelles demandé",
    "security.personal_data_given": "Copie des données personnelles remise",
    "security.files_erased": "Fichiers effacés : la personne l’avait été, leur terme est passé",
    "parameter.receipts_asked": "Destinataires du reçu mensuel choisis",
    "parameter.receipts_changed": "Destinataires du reçu mensuel modifiés",
    "subject.erased": "Données personnelles effacées",
}
