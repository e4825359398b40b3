"""What this program does with personal data, in the words of the registers of RGPD art. 30.

`PROCESSINGS`: of a company (art. 30, 1). `OWN`: of the operator (art. 30, 1). `FOR_OTHERS`: what the operator does for
companies (art. 30, 2). `{members}`, `{host}` and `{mailing}` are filled from what is set today.
"""

from typing import NamedTuple

from web.mail.words import KEPT

KEPT_IMPORTS = "trente jours"  # `web/imports/rows.py`


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
        ground="Contrat ou mesures avant contrat (art. 6, 1, b) ; intérêt légitime pour les prospects (f)",
        persons="Clients et prospects personnes physiques, contacts des autres",
        data="Nom, adresse, e-mail, téléphone, fonction, SIREN d’un entrepreneur, textes et signature des devis",
        recipients="{members} ; {host}",
        kept="Jusqu’à l’effacement, proposé trois ans après le dernier contact ; fichier d’un devis : cinq ans",
    ),
    Processing(
        "Importation de fichiers",
        purpose="Reprendre des clients et des articles d’un autre logiciel",
        ground="Intérêt légitime (art. 6, 1, f)",
        persons="Clients, prospects et contacts du fichier",
        data="Les colonnes du fichier, ligne par ligne ; vidées dès que la fiche est faite",
        recipients="{members} ; {host}",
        kept=f"Fichier : {KEPT_IMPORTS} après son envoi ; lignes d’une personne effacée : aussitôt vidées",
    ),
    Processing(
        "Pages remises aux clients",
        purpose="Montrer un devis ou une facture, recueillir un accord, savoir s’il a été vu",
        ground="Contrat ou mesures avant contrat (art. 6, 1, b) ; intérêt légitime (f) pour la consultation",
        persons="Qui tient le lien",
        data="Dernière consultation, téléchargements ; nom, dessin et empreinte d’adresse réseau d’une signature",
        recipients="{members} ; {host}",
        kept="Jusqu’à l’effacement du client ; signature : cinq ans après l’offre, dix si elle est facturée",
    ),
    Processing(
        "Factures, règlements, comptabilité",
        purpose="Facturer, encaisser, tenir les comptes, prouver",
        ground="Obligation légale (art. 6, 1, c) : CGI art. 289, Code de commerce art. L123-12 et L123-22",
        persons="Clients personnes physiques",
        data="Identité imprimée, prestations, montants, moyens et références de règlement",
        recipients="{members} ; expert-comptable ; administration fiscale lors d’un contrôle ; {host}",
        kept="Dix ans après la clôture de l’exercice, puis effacement de qui a été effacé ailleurs, sans rien demander",
    ),
    Processing(
        "Envois et relances",
        purpose="Remettre les documents, recouvrer ce qui est dû",
        ground="Intérêt légitime (art. 6, 1, f)",
        persons="Clients et contacts",
        data="Adresse e-mail, texte du message, date, réponse du serveur",
        recipients="{mailing} ; {host}",
        kept=f"Textes et adresses : {KEPT} après l’envoi ; preuve de l’envoi, scellée : jusqu’à l’effacement",
    ),
    Processing(
        "Utilisateurs, invités et contrôleurs",
        purpose="Inviter, donner accès, retracer qui a fait quoi",
        ground="Obligation légale (BOI-TVA-DECLA-30-10-30, traçabilité) et intérêt légitime (sécurité)",
        persons="Membres, comptable, personnes invitées, agents de l’administration en contrôle",
        data="Nom d’utilisateur, e-mail, rôle, connexions ; adresse réseau des sessions",
        recipients="Titulaires de la société ; {host}",
        kept="Compte : jusqu’à sa suppression ; invitation : sept jours ; accès d’un contrôleur : jusqu’au jour fixé ;"
        " sessions : trente jours ; journal : dix ans, sous un identifiant",
    ),
)
OWN = (
    Processing(
        "Comptes",
        purpose="Ouvrir un compte, se connecter, protéger l’accès",
        ground="Contrat (art. 6, 1, b) ; intérêt légitime (sécurité, f)",
        persons="Utilisateurs",
        data="Nom d’utilisateur, e-mail, mot de passe haché, clés d’accès, second facteur chiffré, sessions et leur"
        " adresse réseau, version des conditions acceptées",
        recipients="{mailing} ; {host}",
        kept="Suppression du compte ; sept jours s’il n’est pas confirmé ; sessions : trente jours",
    ),
    Processing(
        "Adhésions et leurs factures",
        purpose="Facturer l’abonnement, l’encaisser",
        ground="Contrat (art. 6, 1, b) ; obligation légale (c) : Code de commerce art. L123-22",
        persons="Titulaires, entrepreneurs individuels abonnés",
        data="Offre, périodes, moyen de paiement, référence du mandat ; identité imprimée sur la facture",
        recipients="Comptable de l’exploitant ; administration fiscale lors d’un contrôle ; {mailing} ; {host}",
        kept="Adhésion : sans nom dès la suppression du compte ; factures : dix ans après l’exercice",
    ),
    Processing(
        "Assistance, annonces, idées",
        purpose="Répondre, informer, choisir ce qui vient",
        ground="Contrat (art. 6, 1, b) ; intérêt légitime (f) pour qui n’a pas de compte",
        persons="Utilisateurs et toute personne qui écrit",
        data="Nom, e-mail, objet, messages ; votes, idées, annonces lues",
        recipients="Opérateurs du service ; {mailing} ; {host}",
        kept="Demande : close après trente jours de silence, effacée trois ans après son dernier mot, à la demande ou"
        " avec le compte ; votes : avec le compte ; idées : restent, sans nom",
    ),
)
FOR_OTHERS = (
    Processing(
        "Tenue des livres des sociétés abonnées",
        purpose="Enregistrer, conserver, imprimer, envoyer, archiver leurs documents, sur leurs instructions",
        ground="Sous-traitance (art. 28), conditions générales, point 7",
        persons="Clients, prospects, contacts et utilisateurs des sociétés : la liste en est la page « Sociétés »",
        data="Celles du registre que chaque société tient dans son menu, « RGPD »",
        recipients="Chaque société, pour les siennes ; {mailing} ; {host}",
        kept="Jusqu’à l’effacement par la société ou la suppression du dernier compte ; pièces légales : à leur terme",
    ),
)
SECURITY = (
    "Accès par compte personnel et rôle ; mots de passe hachés (argon2id) ; sociétés séparées dans la base elle-même ;"
    " noms, adresses, e-mails, téléphones et textes libres des personnes scellés hors du registre ; journal des accès ;"
    " transport chiffré quand l’installation a une adresse publique ; sauvegardes de l’exploitant."
)
