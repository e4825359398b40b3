"""The sentences of the law, in French, each from its first day: a new wording is a line more, none is ever changed."""

from datetime import date
from typing import Final, Literal

Wording = tuple[tuple[date, str], ...]  # first day, words; the newest last

# C. com. D441-5 (décret 2012-1115): 40 € from 1 January 2013.
RECOVERY: Final[Wording] = (
    (date(2013, 1, 1), "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €."),
)
# C. com. L441-10 II (before: L441-6), loi 2008-776.
LATE_BY_LAW: Final[Wording] = (
    (date(2009, 1, 1), "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points."),
)
# Code de la commande publique, R2192-31 (before: décret 2013-269): a public buyer owes this rate, and no agreed one.
LATE_PUBLIC: Final[Wording] = (
    (
        date(2013, 5, 1),
        "Intérêts moratoires en cas de retard de paiement : taux de refinancement de la BCE majoré de 8 points.",
    ),
)
LATE_AGREED: Final[Wording] = ((date(2009, 1, 1), "Pénalités de retard : taux annuel de {rate} %."),)
NO_DISCOUNT: Final[Wording] = ((date(2009, 1, 1), "Escompte pour paiement anticipé : néant."),)
DEBITS: Final[Wording] = ((date(2022, 10, 9), "Option pour le paiement de la taxe d’après les débits."),)
RETENTION: Final[Wording] = (
    (date(1971, 7, 17), "Retenue de garantie de {rate} %, loi n° 71-584 du 16 juillet 1971, libérée un an après."),
    (
        date(2026, 11, 24),
        "Retenue de garantie de {rate} %, loi n° 71-584 du 16 juillet 1971, libérée un an après la réception.",
    ),
)
INSURANCE: Final[Wording] = (
    (date(2014, 6, 20), "Assurance professionnelle obligatoire : {insurer}. Couverture géographique : {cover}."),
)
MEDIATOR: Final[Wording] = (
    (date(2016, 1, 1), "Litige de consommation : le client peut saisir gratuitement le médiateur {mediator}."),
)
FREE_QUOTE: Final[Wording] = ((date(2017, 4, 1), "Devis gratuit."),)
PAID_QUOTE: Final[Wording] = ((date(2017, 4, 1), "Prix de ce devis : {fee}."),)

TERMS: Final[Wording] = ((date(2026, 11, 24), "Règlement : {terms}."),)
TRAVEL: Final[Wording] = ((date(2017, 4, 1), "Frais de déplacement : {travel}."),)

# BOI-LETTRE-000280, §§ 1 and 10, word for word: the client writes the name, and signs.
_CERTIFIED: Final = (
    "Je soussigné(e) …………………………………………… (Nom, prénom) certifie, en qualité de preneur de la prestation, que les travaux"
    " réalisés concernent des locaux à usage d’habitation achevés depuis plus de deux ans"
)
_NOT_NEW: Final = (
    " qu’ils n’ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la production d’un immeuble"
    " neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la surface de plancher"
    " des locaux existants supérieure à 10 %"
)
RENOVATION_CERTIFIED: Final[Wording] = ((date(2025, 2, 16), f"{_CERTIFIED} et{_NOT_NEW}."),)
ENERGY_CERTIFIED: Final[Wording] = (
    (
        date(2025, 2, 16),
        f"{_CERTIFIED},{_NOT_NEW} et qu’ils ont la nature de travaux de rénovation énergétique.",
    ),
)

NATURES: Final[dict[Literal["goods", "services", "mixed"], Wording]] = {
    "goods": ((date(2022, 10, 9), "Opération : livraison de biens."),),
    "services": ((date(2022, 10, 9), "Opération : prestation de services."),),
    "mixed": ((date(2022, 10, 9), "Opération mixte : livraison de biens et prestation de services."),),
}


def said(wording: Wording, on: date, **facts: str) -> str:
    """The words of that day; before the first of them, the first.

    >>> said(NO_DISCOUNT, date(2026, 11, 24))
    'Escompte pour paiement anticipé : néant.'
    """
    words = next((words for since, words in reversed(wording) if since <= on), wording[0][1])
    return words.format(**facts)
