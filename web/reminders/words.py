"""What our reminders say unless the company writes it otherwise."""

from typing import NamedTuple

from domain.letter import LetterKind, LetterLanguage


class Text(NamedTuple):
    """A subject and a body with their placeholders."""

    subject: str
    body: str


OURS: dict[tuple[LetterKind, LetterLanguage], Text] = {
    ("reminder_before", "fr"): Text(
        "Échéance prochaine : {numero}",
        "Bonjour,\n\nNous nous permettons de vous rappeler l’échéance suivante :\n\n{factures}\n\nSi votre règlement"
        " est déjà en route, ce message est sans objet.\n\nCordialement,\n{societe}",
    ),
    ("reminder_first", "fr"): Text(
        "Facture en attente de règlement : {numero}",
        "Bonjour,\n\nSauf erreur de notre part, nous n’avons pas encore reçu le règlement de :\n\n{factures}\n\nIl"
        " s’agit sans doute d’un oubli : merci de régler {total} dès que possible. Si votre règlement est déjà parti,"
        " ce message est sans objet.\n\nCordialement,\n{societe}",
    ),
    ("reminder_second", "fr"): Text(
        "Deuxième relance : {numero}",
        "Bonjour,\n\nMalgré notre premier message, le règlement suivant nous manque toujours, avec {retard} de"
        " retard :\n\n{factures}\n\n{penalites}\n\nNous vous remercions de régler {total} sous huit jours, ou de nous"
        " dire ce qui s’y oppose.\n\nCordialement,\n{societe}",
    ),
    ("reminder_last", "fr"): Text(
        "Dernière relance avant mise en demeure : {numero}",
        "Bonjour,\n\nNos messages sont restés sans réponse. Restent dus, avec {retard} de retard :\n\n{factures}"
        "\n\n{penalites}\n\nSans règlement de {total} sous huit jours, nous vous adresserons une mise en demeure. Si"
        " un désaccord explique ce retard, dites-le-nous en réponse à ce message.\n\nCordialement,\n{societe}",
    ),
    ("formal_notice", "fr"): Text(
        "Mise en demeure de payer : {numero}",
        "Bonjour,\n\nVous trouverez ci-joint notre mise en demeure de payer {total} :\n\n{factures}\n\n{penalites}"
        "\n\nCordialement,\n{societe}",
    ),
    ("reminder_before", "en"): Text(
        "Payment due soon: {numero}",
        "Hello,\n\nThis is a friendly reminder of an upcoming due date:\n\n{factures}\n\nIf your payment is already on"
        " its way, please disregard this message.\n\nKind regards,\n{societe}",
    ),
    ("reminder_first", "en"): Text(
        "Payment outstanding: {numero}",
        "Hello,\n\nUnless we are mistaken, we have not yet received your payment for:\n\n{factures}\n\nThis is no doubt"
        " an oversight: please settle {total} as soon as possible. If your payment has already been made, please"
        " disregard this message.\n\nKind regards,\n{societe}",
    ),
    ("reminder_second", "en"): Text(
        "Second reminder: {numero}",
        "Hello,\n\nDespite our first message, the following payment is still missing, {retard} after its due date:"
        "\n\n{factures}\n\n{penalites}\n\nPlease settle {total} within eight days, or tell us what stands in the way."
        "\n\nKind regards,\n{societe}",
    ),
    ("reminder_last", "en"): Text(
        "Final reminder before formal notice: {numero}",
        "Hello,\n\nOur messages have remained unanswered. The following is still due, {retard} after its due date:"
        "\n\n{factures}\n\n{penalites}\n\nWithout payment of {total} within eight days, we will send you a formal"
        " notice. If a disagreement explains this delay, please tell us by replying to this message."
        "\n\nKind regards,\n{societe}",
    ),
    ("formal_notice", "en"): Text(
        "Formal notice to pay: {numero}",
        "Hello,\n\nPlease find attached our formal notice to pay {total}:\n\n{factures}\n\n{penalites}"
        "\n\nKind regards,\n{societe}",
    ),
}
