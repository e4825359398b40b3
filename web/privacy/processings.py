"""What this program does with personal data for a company, in the words of the register of RGPD art. 30, 1.

`{members}`, `{host}` and `{mailing}` are filled from what is set today.
"""

from typing import NamedTuple

from web.mail.words import KEPT


class Processing(NamedTuple):
    """An entry of the register."""

    name: str
    purpose: str
    ground: str
    persons: str
    data: str
    recipients: str
    kept: str


PROCESSINGS = (
    Processing(
        "Clients et prospects",
        purpose="Tenir les fiches, proposer des prix, livrer",
        ground="Contrat ou mesures avant contrat (art. 6, 1, b) ; intérêt légitime pour les prospects (f)",
        persons="Clients et prospects personnes physiques, contacts des autres",
        data="Nom, adresse, e-mail, téléphone, fonction, SIREN d’un entrepreneur, textes et signature des devis",
        recipients="{members} ; {host}",
        kept="Jusqu’à l’effacement ; prospects : trois ans après le dernier contact ; fichier d’un devis : cinq ans",
    ),
    Processing(
        "Factures, règlements, comptabilité",
        purpose="Facturer, encaisser, tenir les comptes, prouver",
        ground="Obligation légale (art. 6, 1, c) : CGI art. 289, Code de commerce art. L123-12 et L123-22",
        persons="Clients personnes physiques",
        data="Identité imprimée, prestations, montants, moyens et références de règlement",
        recipients="{members} ; expert-comptable ; administration fiscale lors d’un contrôle ; {host}",
        kept="Dix ans après la clôture de l’exercice, puis effacement des personnes qui l’ont demandé",
    ),
    Processing(
        "Envois et relances",
        purpose="Remettre les documents, recouvrer ce qui est dû",
        ground="Intérêt légitime (art. 6, 1, f)",
        persons="Clients et contacts",
        data="Adresse e-mail, texte du message, date, réponse du serveur",
        recipients="{mailing} ; {host}",
        kept=f"Textes et adresses : {KEPT} après l’envoi ; preuve de l’envoi, scellée : jusqu’à l’effacement",
    ),
    Processing(
        "Utilisateurs et sécurité",
        purpose="Donner accès, retracer qui a fait quoi",
        ground="Obligation légale (BOI-TVA-DECLA-30-10-30, traçabilité) et intérêt légitime (sécurité)",
        persons="Membres, comptable, contrôleur",
        data="Nom d’utilisateur, e-mail, rôle, connexions ; adresse réseau des sessions",
        recipients="Titulaires de la société ; {host}",
        kept="Compte : jusqu’à sa suppression ; sessions : trente jours ; journal : dix ans, sous un identifiant",
    ),
)
SECURITY = (
    "Accès par compte personnel et rôle ; mots de passe hachés (argon2id) ; sociétés séparées dans la base elle-même ;"
    " noms, adresses, e-mails, téléphones et textes libres des personnes scellés hors du registre ; journal des accès ;"
    " transport chiffré quand l’installation a une adresse publique ; sauvegardes de l’exploitant."
)
