"""What a person chooses from: codes of the norms and of the law, with their French names."""

from datetime import date
from functools import cache

from babel import Locale

from domain import vat
from domain.lines import Category
from domain.terms import PaymentTerms
from web.filters import percent

PARTIES = {
    "business": "Entreprise",
    "person": "Particulier",
    "association": "Association",
    "public": "Organisme public",
}
NATURES = {"services": "Prestation de services", "goods": "Livraison de biens"}
PRICE_MODES = {"net": "HT", "gross": "TTC"}
LANGUAGES = {"fr": "Français", "en": "Anglais"}
METHODS = {
    "transfer": "Virement", "card": "Carte bancaire", "cheque": "Chèque", "cash": "Espèces",
    "direct_debit": "Prélèvement", "bill": "Effet de commerce", "other": "Autre",
}  # fmt: skip
UNITS = {  # UN/ECE Recommendation 20
    "C62": "Unité", "HUR": "Heure", "DAY": "Jour", "WEE": "Semaine", "MON": "Mois", "ANN": "Année", "MIN": "Minute",
    "LS": "Forfait", "SET": "Lot", "XPK": "Colis", "XBX": "Boîte", "MTR": "Mètre", "MTK": "Mètre carré",
    "MTQ": "Mètre cube", "CMT": "Centimètre", "MMT": "Millimètre", "KMT": "Kilomètre", "GRM": "Gramme",
    "KGM": "Kilogramme", "TNE": "Tonne", "LTR": "Litre", "KWH": "Kilowattheure", "P1": "Pour cent",
}  # fmt: skip
CATEGORIES: dict[Category, str] = {
    "E": "Exonéré", "AE": "Autoliquidation", "K": "Livraison intracommunautaire", "G": "Exportation",
    "O": "Hors champ de la TVA",
}  # fmt: skip
TERMS = (
    PaymentTerms(days=0), PaymentTerms(days=15), PaymentTerms(days=30), PaymentTerms(days=30, end_of_month=True),
    PaymentTerms(days=45), PaymentTerms(days=45, end_of_month=True), PaymentTerms(days=60),
)  # fmt: skip
NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())  # of CLDR, not of ISO 3166-1


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1, France first. The parts of France with a VAT of their own are not countries but territories."""
    names: dict[str, str] = dict(Locale("fr").territories)
    skipped = NOT_COUNTRIES | territories().keys()
    others = {code: names[code] for code in names if len(code) == 2 and code not in skipped}
    return {"FR": "France"} | dict(sorted(others.items(), key=lambda item: _plain(item[1])))


@cache
def territories() -> dict[str, str]:
    """The parts of France by their VAT, mainland first."""
    return {territory.code: territory.name for territory in vat.TERRITORIES}


def terms_key(terms: PaymentTerms | None) -> str:
    """Payment terms as the value of a choice: `45-1-0` = 45 days, end of month; empty = those of the company."""
    return f"{terms.days}-{terms.end_of_month:d}-{terms.then_days}" if terms else ""


def terms_of(key: str) -> PaymentTerms:
    """What `terms_key` wrote. Errors: `ValueError`."""
    days, end_of_month, then_days = map(int, key.split("-"))
    return PaymentTerms(days=days, end_of_month=bool(end_of_month), then_days=then_days)


def terms_text(terms: PaymentTerms) -> str:
    """Payment terms in words: `45 jours fin de mois`."""
    text = f"{terms.days} jours" if terms.days else "À réception"
    if terms.end_of_month:
        text = f"{text} fin de mois"
    return f"{text} plus {terms.then_days} jours" if terms.then_days else text


def terms(kept: str = "") -> dict[str, str]:
    """The usual terms, and the one `kept` already, by `terms_key`."""
    known = {terms_key(each): terms_text(each) for each in TERMS}
    return known if kept in known or not kept else known | {kept: terms_text(terms_of(kept))}


def vat_key(category: str, rate_bp: int, code: str = "", text: str = "") -> str:
    """A VAT treatment as the value of a choice: `S|2000||`, `E|0|VATEX-FR-CGI261-4|Exonération de TVA…`."""
    return f"{category}|{rate_bp}|{code}|{text}"


def vat_of(key: str) -> tuple[str, int, str, str]:
    """Category, rate, code and text of what `vat_key` wrote. Errors: `ValueError`."""
    category, rate_bp, code, text = key.split("|", 3)
    return category, int(rate_bp), code, text


def vat_choices(territory: str, day: date) -> dict[str, str]:
    """Rates of that territory on that day, then the reasons why there is none, by `vat_key`."""
    rates = {vat_key("S", rate_bp): percent(rate_bp) for rate_bp in vat.rates_on(territory, day)}
    reasons: dict[str, str] = {}
    for known in vat.exemptions_on(day):
        if known not in (vat.FRANCHISE, vat.DISBURSEMENT):  # the company's regime, and a line's nature, say these
            key = vat_key(known.category, 0, known.code, known.text)
            reasons[key] = f"{CATEGORIES[known.category]} · {known.use}"
    return rates | reasons


def vat_text(category: str, rate_bp: int) -> str:
    """A VAT treatment in a list: `20 %`, or why there is none."""
    return {str(key): name for key, name in CATEGORIES.items()}.get(category, percent(rate_bp))


def _plain(name: str) -> str:
    return name.translate(str.maketrans("ÉÎÅéîô", "EIAeio"))
