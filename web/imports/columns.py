"""What the columns of a file may be, and what their heads say they are."""

import re
from collections.abc import Iterable
from typing import Final

from projections.words import plain

CLIENTS: Final[dict[str, tuple[str, str]]] = {  # field: its label, and heads that mean it
    "name": (
        "Nom ou raison sociale",
        "nom|nom client|client|raison sociale|societe|entreprise|name|company",
    ),
    "kind": ("Genre", "genre|type|type de client|categorie"),
    "code": ("Code", "code|code client|numero client|reference client|ref client"),
    "siren": ("SIREN", "siren|n siren|numero siren"),
    "siret": ("SIRET", "siret|n siret|numero siret"),
    "vat_number": (
        "Numéro de TVA",
        "tva|numero de tva|n tva|tva intracommunautaire|n tva intracommunautaire|vat",
    ),
    "email": ("E-mail", "email|e mail|mail|courriel|adresse email|adresse e mail|adresse mail"),
    "phone": ("Téléphone", "telephone|tel|phone|mobile|portable|telephone fixe"),
    "street": ("Rue", "rue|adresse|adresse 1|adresse1|voie|address|adresse de facturation"),
    "extra": ("Complément d’adresse", "complement|complement d adresse|adresse 2|adresse2|batiment"),
    "postcode": ("Code postal", "code postal|cp|postal code|zip|zip code"),
    "city": ("Ville", "ville|commune|localite|city"),
    "country": ("Pays", "pays|country|code pays"),
    "sole_trader": ("Entrepreneur individuel", "entrepreneur individuel|ei|micro entreprise"),
    "taxable": ("Assujetti à la TVA", "assujetti|assujetti a la tva"),
    "prospect": ("Prospect", "prospect"),
    "reminders": ("Relances", "relances|relances automatiques|relance"),
    "terms": ("Conditions de paiement", "conditions de paiement|conditions|delai de paiement|delai|echeance|paiement"),
    "language": ("Langue", "langue|language"),
    "tags": ("Étiquettes", "etiquettes|etiquette|tags|groupe|groupes"),
    "contact_name": ("Nom du contact", "contact|nom du contact|nom contact|interlocuteur"),
    "contact_role": ("Fonction du contact", "fonction|fonction du contact|poste"),
    "contact_email": ("E-mail du contact", "email contact|e mail contact|e mail du contact|email du contact"),
    "contact_phone": ("Téléphone du contact", "telephone contact|telephone du contact|tel contact"),
    "delivery_name": ("Lieu de livraison", "lieu de livraison|nom livraison|livraison"),
    "delivery_street": ("Rue de livraison", "rue de livraison|adresse de livraison|adresse livraison"),
    "delivery_postcode": ("Code postal de livraison", "code postal de livraison|cp livraison"),
    "delivery_city": ("Ville de livraison", "ville de livraison|ville livraison"),
}
PRODUCTS: Final[dict[str, tuple[str, str]]] = {
    "label": ("Désignation", "designation|libelle|nom|article|produit|intitule|name|label|product"),
    "reference": ("Référence", "reference|ref|code|code article|sku|reference article"),
    "description": ("Description", "description|descriptif|detail|commentaire"),
    "nature": ("Nature", "nature|type|categorie"),
    "unit": ("Unité", "unite|unit|u"),
    "unit_price": ("Prix unitaire", "prix|prix unitaire|pu|tarif|prix de vente|price|unit price|montant"),
    "unit_price_net": ("Prix unitaire HT", "prix ht|prix unitaire ht|pu ht|tarif ht|prix de vente ht|montant ht"),
    "unit_price_gross": (
        "Prix unitaire TTC",
        "prix ttc|prix unitaire ttc|pu ttc|tarif ttc|prix de vente ttc",
    ),
    "price_mode": ("HT ou TTC", "ht ou ttc|mode de prix|ht ttc"),
    "vat": ("TVA", "tva|taux de tva|taux tva|taux|vat|vat rate"),
    "vat_reason": ("Motif sans TVA", "motif|motif sans tva|motif d exoneration|exoneration"),
    "account": ("Compte de vente", "compte|compte de vente|compte comptable|account"),
}
FIELDS: Final = {"clients": CLIENTS, "products": PRODUCTS}
NEEDED: Final = {"clients": "name", "products": "label"}


def labels(kind: str) -> dict[str, str]:
    """The fields that a column may be, by name."""
    return {field: label for field, (label, _) in FIELDS[kind].items()}


def guessed(kind: str, heads: Iterable[str]) -> list[str]:
    """What each head means, each field once; empty for a column that nothing is known of.

    >>> guessed("clients", ["Raison sociale", "N° SIREN", "E-mail", "CA 2025", "Nom"])
    ['name', 'siren', 'email', '', '']
    """
    means = {
        word: field for field, (label, words) in FIELDS[kind].items() for word in (_bare(label), *words.split("|"))
    }
    taken: set[str] = set()
    found = []
    for head in heads:
        field = means.get(_bare(head), "")
        found.append("" if field in taken else field)
        taken.add(field)
    return found


def _bare(head: str) -> str:
    """Letters and figures, one gap between words: `N° de T.V.A.` is `n de tva`."""
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", plain(head).replace(".", "")).split())
