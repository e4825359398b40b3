"""The client's page in the language of its document: French as written in the template, or English."""

from datetime import datetime
from zoneinfo import ZoneInfo

from documents.words import ENGLISH, FRENCH, Tongue, tongue
from web import filters

TEXTS = {
    "Aller au contenu": "Skip to content",
    "Un registre que personne ne peut réécrire.": "A ledger that nobody can rewrite.",
    "Cette offre a été retirée ou remplacée : elle ne peut plus être acceptée.": (
        "This offer was withdrawn or replaced: it can no longer be accepted."
    ),
    "Demandez la nouvelle à la société qui vous a remis ce lien.": (
        "Ask the company that sent you this link for the new one."
    ),
    "{seller} pour {buyer}": "{seller} for {buyer}",
    "En attente de votre réponse": "Awaiting your answer",
    "Accepté": "Accepted",
    "Refusé": "Declined",
    "Expiré": "Expired",
    "Télécharger le PDF": "Download the PDF",
    "Répondre": "Answer",
    "Votre réponse": "Your answer",
    "Devis accepté": "Quote accepted",
    "Par {signer}, le {at}": "By {signer}, on {at}",
    ", commande {order}": ", order {order}",
    ". Empreinte du PDF accepté : ": ". Fingerprint of the PDF accepted: ",
    "{seller} a noté votre accord.": "{seller} has noted your agreement.",
    "Devis refusé": "Quote declined",
    "Motif : {reason}": "Reason: {reason}",
    "Sans motif.": "No reason given.",
    "Pour une autre offre, répondez à {seller}.": "For another offer, write to {seller}.",
    "Validité": "Validity",
    "Cette offre a expiré": "This offer has expired",
    "Elle était valable jusqu’au {day}. Si elle vous intéresse encore, demandez-la de nouveau à {seller}.": (
        "It was valid until {day}. If you are still interested, ask {seller} for it again."
    ),
    "Ce que vous acceptez": "What you accept",
    "L’offre ci-dessus, entière : {total} TTC, valable jusqu’au {day}.": (
        "The whole offer above: {total} incl. VAT, valid until {day}."
    ),
    "J’ai lu ce devis et ses conditions, et je les accepte.": (
        "I have read this quote and its terms, and I accept them."
    ),
    "Cochez cette case pour accepter.": "Tick this box to accept.",
    "À remplir.": "Required.",
    "Accord": "Agreement",
    "Nom du signataire": "Name of the person signing",
    "Numéro de commande": "Order number",
    "Signature": "Signature",
    "Motif": "Reason",
    "Votre numéro de commande (facultatif)": "Your order number (optional)",
    "Il figurera sur la facture.": "It will be on the invoice.",
    "Votre nom, en signature": "Your name, as signature",
    "Prénom et nom de la personne qui s’engage.": "First and last name of the person who commits herself.",
    "Signature à la main": "Handwritten signature",
    "(facultatif)": "(optional)",
    "Effacer": "Clear",
    "Seront inscrits au registre de l’émetteur, sans pouvoir être réécrits : l’heure, l’empreinte du PDF, une"
    " empreinte de votre adresse réseau, et, scellés, votre nom et votre signature.": (
        "What goes into the issuer’s ledger and can never be rewritten: the time, the fingerprint of the PDF, a"
        " fingerprint of your network address and, sealed, your name and your signature."
    ),
    "Accepter pour {total} TTC": "Accept for {total} incl. VAT",
    "Refuser ce devis": "Decline this quote",
    "Motif (facultatif)": "Reason (optional)",
    "Refuser": "Decline",
    "Le PDF de cette offre est en cours de fabrication :": "The PDF of this offer is being made:",
    "rechargez la page": "reload the page",
    "dans quelques secondes pour répondre.": "in a few seconds to answer.",
    "Vérifier que ce document est au registre": "Check that this document is in the ledger",
    "Lien personnel, valable jusqu’au {at} : qui l’a, voit le document.": (
        "Personal link, valid until {at}: whoever has it sees the document."
    ),
}  # fmt: skip
SPOKEN = ENGLISH._replace(texts=TEXTS)


def speech(language: str) -> Tongue:
    """The words of the page around a document in that language."""
    return FRENCH if tongue(language) is FRENCH else SPOKEN


def moment(words: Tongue, at: datetime, zone: str) -> str:
    """An instant where the company is: `24 nov. 2026 à 14:02`, `24 November 2026 at 14:02`."""
    if words is FRENCH:
        return filters.moment(at, zone)
    local = at.astimezone(ZoneInfo(zone))
    return f"{words.day(local.date())} at {local:%H:%M}"
