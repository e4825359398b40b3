"""French words for the names of the code: statuses, fields, kinds of things, errors of the web."""

from typing import NamedTuple

from web.filters import NBSP


class Status(NamedTuple):
    """A pill: `tone` is its colour (`draft` `sent` `soon` `late` `paid`), `label` its word."""

    tone: str
    label: str


STATUSES = {
    "quote": {
        "draft": Status("draft", "Brouillon"),
        "sent": Status("sent", "Envoyé"),
        "accepted": Status("paid", "Accepté"),
        "declined": Status("late", "Refusé"),
        "expired": Status("soon", "Expiré"),
        "invoiced": Status("paid", "Facturé"),
        "discarded": Status("draft", "Abandonné"),
    },
    "invoice": {
        "draft": Status("draft", "Brouillon"),
        "issued": Status("sent", "À encaisser"),
        "partly_paid": Status("sent", "Payée en partie"),
        "late": Status("late", "En retard"),
        "paid": Status("paid", "Payée"),
        "credited": Status("draft", "Corrigée"),
        "written_off": Status("draft", "Passée en perte"),
        "credit_open": Status("soon", "À imputer ou rembourser"),
        "credit_used": Status("paid", "Soldé"),
        "discarded": Status("draft", "Brouillon abandonné"),
    },
    "recurring": {
        "active": Status("paid", "Active"),
        "paused": Status("soon", "En pause"),
        "finished": Status("draft", "Terminée"),
        "ended": Status("draft", "Arrêtée"),
    },
    "import": {
        "judging": Status("soon", "Lecture en cours"),
        "shown": Status("sent", "À confirmer"),
        "running": Status("soon", "Import en cours"),
        "done": Status("paid", "Importé"),
        "undoing": Status("soon", "Annulation en cours"),
        "undone": Status("draft", "Défait"),
    },
    "import_line": {
        "good": Status("paid", "Bonne"),
        "duplicate": Status("soon", "En double"),
        "bad": Status("late", "À corriger"),
        "made": Status("paid", "Créée"),
        "refused": Status("late", "Refusée"),
        "archived": Status("draft", "Archivée"),
        "kept": Status("sent", "Gardée"),
    },
    "payment": {
        "recorded": Status("paid", "Reçu"),
        "unallocated": Status("soon", "À affecter"),
        "reversed": Status("late", "Annulé"),
    },
}
STATES = {  # of the refusals
    key: status.label.lower() for kind in ("recurring", "quote") for key, status in STATUSES[kind].items()
}

KINDS = {
    "client": "ce client",
    "formal_notice": "cette mise en demeure",
    "company": "cette société",
    "invoice": "cette facture",
    "link": "ce lien",
    "mail": "ce message",
    "member": "ce membre",
    "payment": "ce règlement",
    "product": "cet article",
    "quote": "ce devis",
    "recurring": "cette récurrence",
}

HINDRANCES = {  # why an invoice is not reminded of
    "not_issued": "elle n’est pas émise",
    "settled": "elle n’attend plus rien",
    "doubtful": "sa créance est déclarée douteuse",
    "suspended": "ses relances sont suspendues",
    "changed": "le montant dû a changé entre-temps, rouvrez la page",
    "retention": "la retenue de garantie n’est pas encore due",
    "under_way": "un message attend déjà de partir",
    "repeated": "ce palier a déjà été demandé",
}

FIELDS = {
    "account": "Compte",
    "address": "Adresse",
    "amount": "Montant",
    "adjustments": "Escompte ou écart",
    "amount_cents": "Montant",
    "bic": "BIC",
    "capital": "Capital social",
    "card": "Coordonnées",
    "city": "Ville",
    "client_id": "Client",
    "country": "Pays",
    "credits": "Facture corrigée",
    "retention": "Retenue de garantie, 5 % au plus",
    "documents": "Factures ou crédits choisis",
    "delivered_on": "Date d’exécution",
    "delivery_city": "Ville de livraison",
    "delivery_country": "Pays de livraison",
    "delivery_extra": "Complément de livraison",
    "delivery_name": "Nom du lieu de livraison",
    "delivery_postcode": "Code postal de livraison",
    "delivery_street": "Rue de livraison",
    "due_on": "Échéance",
    "dwelling": "Travaux dans un logement : une ligne à 10 % ou 5,5 %, en métropole",
    "email": "Adresse e-mail",
    "every_months": "Nombre de mois",
    "fees": "Frais",
    "first_on": "Première facture",
    "fiscal_year": "Exercice",
    "group_city": "Ville de l’assujetti unique",
    "group_name": "Nom de l’assujetti unique",
    "group_postcode": "Code postal de l’assujetti unique",
    "group_street": "Rue de l’assujetti unique",
    "group_vat_number": "Numéro de TVA de l’assujetti unique",
    "iban": "IBAN",
    "indexation_bp": "Indexation",
    "insurance_cover": "Zone couverte par l’assurance",
    "insurer": "Assureur",
    "issued_on": "Date d’émission",
    "label": "Désignation",
    "level_before": "Avant l’échéance",
    "level_first": "Première relance",
    "level_last": "Dernière relance",
    "level_second": "Deuxième relance",
    "last_on": "Dernière date",
    "legal_form": "Forme juridique",
    "body": "Message",
    "lines": "Lignes",
    "mediator": "Médiateur de la consommation",
    "method": "Mode de règlement",
    "name": "Nom",
    "nature": "Nature",
    "number": "Numéro",
    "period": "Période",
    "period_end": "Fin de période",
    "phone": "Téléphone",
    "postcode": "Code postal",
    "price_mode": "Prix HT ou TTC",
    "quantity": "Quantité",
    "quote_days": "Validité des devis",
    "rate_bp": "Taux de TVA",
    "rcs_city": "Ville du RCS",
    "reason": "Motif",
    "recipients": "Destinataires",
    "received_on": "Date de réception",
    "reference": "Référence",
    "share_bp": "Part de l’acompte",
    "siren": "SIREN",
    "siret": "SIRET",
    "street": "Rue",
    "subject": "Objet",
    "times": "Nombre de factures",
    "total": "Total TTC",
    "until_on": "Jusqu’au",
    "pay_by": "À payer avant le",
    "posted_on": "Posté le",
    "unit": "Unité",
    "unit_price": "Prix unitaire",
    "valid_until": "Fin de validité",
    "vat": "TVA",
    "vat_bp": "Taux de TVA",
    "vat_number": "Numéro de TVA",
    "vat_reason": "Motif de l’absence de TVA à choisir dans la liste",
    "vat_franchise": "Taux de TVA à choisir (votre société n’est plus en franchise)",
    "vat_disbursement": "TVA à revoir (ce motif est celui d’une ligne « Débours »)",
    "vat_union_goods": "TVA à revoir (262 ter, I : des biens livrés à une entreprise d’un autre État de l’UE)",
    "vat_export": "TVA à revoir (262, I : des biens livrés hors de l’UE)",
    "vat_union_services": "TVA à revoir (283-2 : un service à une entreprise d’un autre État de l’UE)",
    "vat_world_services": "TVA à revoir (259-1 : un service à une entreprise établie hors de l’UE)",
    "vat_world_consumer": "TVA à revoir (259 B : un service à un particulier établi hors de l’UE)",
    "vat_french_trader": "TVA à revoir (283, 2 nonies : des travaux pour une entreprise assujettie en France)",
    "vat_trader": "TVA à revoir (275 : une vente à une entreprise assujettie)",
    "vat_no_vat_land": "TVA à revoir (294, 1 : une vente en Guyane ou à Mayotte)",
    "vat_overseas": "TVA à revoir (295 : une opération outre-mer)",
}
OWNERS = {"buyer": "du client", "seller": "de votre société"}

ERRORS: dict[int, tuple[str, str, str]] = {  # title, what happened, what to do
    400: ("Formulaire non reconnu",
          "Ce formulaire n’est plus valable : vous vous êtes peut-être reconnecté entre-temps.",
          "Rien n’a été enregistré. Rouvrez la page et recommencez."),
    403: ("Accès refusé", "Vous n’avez pas le droit de faire cela dans cette société.",
          "Rien n’a été enregistré. Demandez ce droit au titulaire du compte."),
    404: ("Page introuvable", "Cette page n’existe pas, ou elle appartient à une autre société.",
          "Rien n’a été perdu. Cherchez le document, ou changez de société."),
    405: ("Action impossible ici", "Cette adresse ne répond pas à cette demande.",
          "Rien n’a été enregistré. Repassez par le menu."),
    409: ("Action refusée", "Une règle s’y oppose.", "Rien n’a été enregistré, et vos données sont intactes."),
    413: ("Envoi trop volumineux", f"Un formulaire ou un fichier dépasse 4{NBSP}Mo, ou un import 10{NBSP}Mo.",
          "Rien n’a été enregistré. Réduisez-le, puis recommencez."),
    422: ("Saisie à corriger", "Une valeur n’a pas pu être lue.",
          "Rien n’a été enregistré. Revenez à la page précédente et corrigez-la."),
    429: ("Trop d’essais", "Trop de tentatives en peu de temps.",
          "Attendez un peu, puis recommencez. Rien n’est bloqué durablement."),
    500: ("Panne", "Probant a rencontré une erreur, qui est notée dans son journal.",
          "Une action interrompue n’est jamais enregistrée à moitié : vérifiez, puis recommencez."),
    507: ("Plus de place", "Le disque du serveur est plein : rien n’a pu être écrit.",
          "Rien n’est perdu ni enregistré à moitié. Prévenez l’exploitant, puis recommencez."),
}  # fmt: skip


def field(name: str) -> str:
    """A field as a label, whatever it belongs to: `lines.2.label` is « Désignation, ligne 2 »."""
    match name.split("."):
        case ["lines", rank, part]:
            return f"{FIELDS.get(part, part)}, ligne {rank}"
        case [owner, part]:
            return f"{FIELDS.get(part, part)} {OWNERS.get(owner, '')}".strip()
    return FIELDS.get(name, name)


def due_status(days_late: int) -> Status:
    """The pill of an invoice that waits for its money; `days_late` is negative before the due date."""
    if days_late > 0:
        return Status("late", f"En retard de {days_late}{NBSP}j")
    if days_late == 0:
        return Status("soon", "Échoit ce jour")
    if days_late > -7:
        return Status("soon", f"Échoit dans {-days_late}{NBSP}j")
    return STATUSES["invoice"]["issued"]
