"""The French of mails: their states, and why one waits or did not leave."""

from web.filters import NBSP, moment
from web.labels import Status
from web.mail.rows import MailRow
from web.mail.smtp import NOT_ASCII
from web.mail.task import BAD_ADDRESS, GIVEN_UP, REPLACED, UNFROZEN

STATES = {
    "waiting": Status("draft", "En attente"),
    "held": Status("soon", "Non envoyé"),
    "sending": Status("draft", "En cours"),
    "sent": Status("paid", "Envoyé"),
    "uncertain": Status("soon", "Envoi incertain"),
    "refused": Status("late", "Refusé"),
    "bounced": Status("late", "Revenu"),
    "withdrawn": Status("draft", "Retiré"),
}
KEPT = f"30{NBSP}jours"
PARTLY = Status("soon", "Envoyé en partie")
EXPLAINED = {
    "waiting": "Ce message part dans les secondes qui viennent.",
    "held": "Aucun serveur de courrier n’est réglé dans cette installation : rien n’est parti. Voici ce qui serait"
    " envoyé ; vous pouvez aussi remettre le PDF vous-même.",
    "sending": "Le message est entre les mains du serveur de courrier.",
    "sent": "Le serveur de courrier a pris le message en charge, et l’envoi est inscrit au registre.",
    "uncertain": "Le serveur de courrier avait reçu le message quand la liaison s’est interrompue : il est peut-être"
    " parti. Demandez au client s’il l’a reçu ; renvoyé d’ici, il garde son identifiant, et la plupart des messageries"
    " ne le montrent alors qu’une fois.",
    "refused": "Le serveur de courrier n’a pas voulu de ce message : le client ne l’a pas reçu.",
    "bounced": "Le message a été pris en charge, puis retourné : le client ne l’a pas reçu.",
    "withdrawn": "Le message a été retiré avant de partir.",
}
OURS = {
    UNFROZEN: "Le document n’a pas encore son fichier définitif : le message l’attend.",
    REPLACED: "Une offre plus récente de ce devis a été envoyée depuis.",
    BAD_ADDRESS: "Aucun serveur ne prend cette adresse :",
    NOT_ASCII: "Le nom ou le mot de passe réglé pour le serveur de courrier contient un accent, que SMTP ne porte pas.",
    "#settled": "Elle ne demandait plus rien quand le message allait partir : réglée, ou reprise par un avoir.",
    "#changed": "Le montant dû avait changé quand le message allait partir : un règlement ou un avoir était arrivé.",
    "#suspended": "Les relances de la facture avaient été suspendues entre-temps.",
    "#doubtful": "La créance avait été déclarée douteuse entre-temps.",
    "#retention": "La retenue de garantie n’est pas encore due.",
    GIVEN_UP: "Essayé pendant un jour, sans succès. Dernière réponse du serveur :",
}


def state(mail: MailRow) -> Status:
    return PARTLY if mail.partly else STATES[mail.state]


def explained(mail: MailRow, zone: str) -> str:
    """What became of a mail, as a sentence; once it has waited, since when."""
    if mail.state == "waiting" and mail.tries and mail.tried_at:
        tries = "une fois" if mail.tries == 1 else f"{mail.tries}{NBSP}fois"
        return f"Essayé {tries}, la dernière le {moment(mail.tried_at, zone)}. Il sera essayé de nouveau de lui-même."
    return EXPLAINED[mail.state]


def why(mail: MailRow) -> str:
    """Why it waits or did not leave: the server's words, or ours."""
    code, _, rest = mail.told.partition(" ")
    return f"{OURS[code]} {rest}".strip() if code in OURS else mail.told
