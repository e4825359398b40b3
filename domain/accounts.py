"""The accounts that Probant posts to: numbers, French names, and which one a sale goes to by default.

Source: plan comptable général 2025 (règlement ANC 2022-06); 44574 for VAT on services not yet paid is common practice.
"""

from typing import Final

from domain.lines import Category, Nature, OtherKind

CHART_VERSION: Final = "pcg-2025.1"  # `rules.chart` of every fiscal event

CUSTOMERS: Final = "411"
RETENTIONS: Final = "4117"
DOUBTFUL: Final = "416"
DEPOSITS: Final = "4191"
VAT_DUE: Final = "44571"
VAT_PENDING: Final = "44574"
VAT_INPUT: Final = "44566"
DISBURSEMENTS: Final = "467"
SUSPENSE: Final = "471"
BANK: Final = "512"
CASH: Final = "530"
CHEQUES: Final = "5112"
CARDS: Final = "5115"
BANK_FEES: Final = "627"
BAD_DEBTS: Final = "654"
EXCHANGE_LOSS: Final = "656"
SUNDRY_LOSS: Final = "658"
DISCOUNTS_GRANTED: Final = "665"
CHARGES: Final = "7085"
EXCHANGE_GAIN: Final = "756"
SUNDRY_GAIN: Final = "758"
RECOVERY_FEES: Final = "7581"
DEBTS_RECOVERED: Final = "7583"
LATE_INTEREST: Final = "763"

_NAMES: Final = {
    CUSTOMERS: "Clients",
    RETENTIONS: "Clients – Retenues de garantie",
    DOUBTFUL: "Clients douteux ou litigieux",
    DEPOSITS: "Clients – Avances et acomptes reçus sur commandes",
    VAT_INPUT: "TVA déductible sur autres biens et services",
    VAT_DUE: "TVA collectée",
    VAT_PENDING: "TVA collectée sur opérations non réglées",
    DISBURSEMENTS: "Autres comptes débiteurs ou créditeurs – Débours",
    SUSPENSE: "Compte d’attente",
    "511": "Valeurs à l’encaissement",
    CHEQUES: "Chèques à encaisser",
    "5113": "Effets à l’encaissement",
    CARDS: "Cartes et prestataires de paiement à encaisser",
    BANK: "Banques",
    CASH: "Caisse",
    BANK_FEES: "Services bancaires et assimilés",
    BAD_DEBTS: "Pertes sur créances irrécouvrables",
    EXCHANGE_LOSS: "Pertes de change sur créances et dettes commerciales",
    SUNDRY_LOSS: "Charges diverses de gestion courante",
    DISCOUNTS_GRANTED: "Escomptes accordés",
    "701": "Ventes de produits finis",
    "704": "Travaux",
    "705": "Études",
    "706": "Prestations de services",
    "707": "Ventes de marchandises",
    CHARGES: "Ports et frais accessoires facturés",
    EXCHANGE_GAIN: "Gains de change sur créances et dettes commerciales",
    SUNDRY_GAIN: "Produits divers de gestion courante",
    RECOVERY_FEES: "Dédits et pénalités perçus",
    DEBTS_RECOVERED: "Rentrées sur créances amorties",
    LATE_INTEREST: "Revenus des créances commerciales",
}

RESTARTING: Final = ("6", "7")  # expense and income: each fiscal year begins at zero
CLASSES: Final = {
    "1": "Capitaux",
    "2": "Immobilisations",
    "3": "Stocks",
    "4": "Tiers",
    "5": "Comptes financiers",
    "6": "Charges",
    "7": "Produits",
}

# Sales by nature, with one sub-account a rate or a reason: 70720 = goods at 20 %, 70691 = services within the EU.
_SALES: Final = {"goods": "707", "services": "706"}
_FIXED: Final = {"shipping": CHARGES, "disbursement": DISBURSEMENTS, "penalty": LATE_INTEREST}
_RATES: Final = {
    2000: ("20", "20 %"), 1300: ("13", "13 %"), 1000: ("10", "10 %"), 850: ("85", "8,5 %"), 550: ("55", "5,5 %"),
    210: ("21", "2,1 %"), 175: ("17", "1,75 %"), 105: ("05", "1,05 %"), 90: ("09", "0,9 %"),
}  # fmt: skip
_REASONS: Final = {
    "Z": ("00", "taux zéro"), "E": ("01", "exonérés"), "AE": ("90", "autoliquidation"),
    "K": ("91", "intracommunautaire"), "G": ("92", "exportation"), "O": ("99", "hors champ"),
}  # fmt: skip

OTHERS: Final[dict[OtherKind, str]] = {"penalty": LATE_INTEREST, "indemnity": RECOVERY_FEES, "unknown": SUSPENSE}


def sales_account(nature: Nature, category: Category, rate_bp: int) -> str:
    """The account that a line is credited to when neither it nor its product names one.

    >>> sales_account("goods", "S", 550), sales_account("services", "AE", 0), sales_account("shipping", "S", 2000)
    ('70755', '70690', '7085')
    """
    if nature in _FIXED:
        return _FIXED[nature]
    suffix, _ = _RATES.get(rate_bp, ("", "")) if category == "S" else _REASONS[category]
    return _SALES[nature] + suffix


def name(account: str) -> str:
    """The French name of an account: its own, or that of the account it is a part of.

    >>> name("70755"), name("4117")
    ('Ventes de marchandises – 5,5 %', 'Clients – Retenues de garantie')
    """
    if account in _NAMES:
        return _NAMES[account]
    details = dict([*_RATES.values(), *_REASONS.values()])
    if account[:3] in _SALES.values() and account[3:] in details:
        return f"{_NAMES[account[:3]]} – {details[account[3:]]}"
    parents = (account[:length] for length in range(len(account) - 1, 2, -1))
    return next((_NAMES[parent] for parent in parents if parent in _NAMES), "")


def has_aux(account: str) -> bool:
    """Whether a line on this account names its client: every account 41."""
    return account.startswith("41")


def restarts(account: str) -> bool:
    """Whether its balance begins each fiscal year at zero.

    >>> restarts("70620"), restarts("411")
    (True, False)
    """
    return account.startswith(RESTARTING)
