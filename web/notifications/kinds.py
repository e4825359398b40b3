"""What there is to be told, to whom, and how unless the person says otherwise."""

from typing import NamedTuple

EVERY = ("owner", "accountant", "collaborator", "reader")
DECIDING = ("owner", "accountant")


class Kind(NamedTuple):
    """`shown`: on the page; `mailed`: by mail; `hint`: what is not obvious."""

    label: str
    hint: str = ""
    shown: bool = True
    mailed: bool = False
    roles: tuple[str, ...] = EVERY


KINDS: dict[str, Kind] = {
    "quote_accepted": Kind("Devis accepté", "Par le client, ou noté par un autre membre", mailed=True),
    "quote_declined": Kind("Devis refusé", "Par le client, ou noté par un autre membre", mailed=True),
    "payment": Kind("Règlement enregistré par un autre"),
    "overdue": Kind("Facture échue, non réglée", "Le lendemain de son échéance"),
    "mail_failed": Kind("Message refusé, revenu ou incertain", "Devis, facture ou relance", mailed=True),
    "render_refused": Kind("Fichier d’un document refusé", "Il ne peut ni se télécharger, ni partir", mailed=True),
    "recurring": Kind("Facture récurrente préparée ou émise"),
    "recurring_failed": Kind("Facture récurrente impossible", "Une règle s’y oppose", mailed=True),
    "archive": Kind("Archive à produire", "Un exercice est clos, et aucune archive ne le garde", roles=DECIDING),
    "verification": Kind("Défaut du registre", "Le titulaire en est aussi averti par e-mail, quoi qu’il choisisse ici",
                         roles=DECIDING),
    "ticket": Kind("Réponse à une demande d’aide", "Elle vous est aussi envoyée par e-mail"),
}  # fmt: skip
DIGEST = "digest"
DIGEST_KIND = Kind(
    "Résumé de la semaine", "Le lundi matin : facturé, encaissé, en retard, à faire", shown=False, mailed=True
)  # fmt: skip
BY_MAIL_ONLY = {DIGEST: DIGEST_KIND}
ALL = KINDS | BY_MAIL_ONLY
