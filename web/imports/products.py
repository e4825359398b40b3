"""A row of a file of articles, as the form of an article would say it."""

import re
from collections.abc import Mapping

from domain.product import Article
from projections.words import plain
from web import choices, forms
from web import products as product_form

PRICES = {"unit_price": "", "unit_price_net": "net", "unit_price_gross": "gross"}
FIGURES = re.compile(r"\d{3,}")


def article_of(cells: Mapping[str, str], vats: Mapping[str, str], price_mode: str) -> Article:
    """`vats`: the company's choices of VAT today; `price_mode`: its own. Errors: `forms.Invalid`."""
    errors: dict[str, str] = {}
    form = {name: cells.get(name, "") for name in ("label", "reference", "description")}
    form["nature"] = _nature(cells.get("nature", ""), errors)
    form["unit"] = _unit(cells.get("unit", ""), errors)
    form["price_mode"] = _mode(cells, price_mode, errors)
    form["unit_price"] = next((cells[name] for name in PRICES if cells.get(name)), "").replace("€", "")
    form["vat"] = _vat(cells, vats, errors)
    form["account"] = _account(cells.get("account", ""), errors)
    try:
        article = product_form.article_of(form)
    except forms.Invalid as invalid:
        errors |= {name: why for name, why in invalid.errors.items() if name not in errors}
    if errors:
        raise forms.Invalid(errors)
    if article.unit_price < 0:
        raise forms.Invalid({"unit_price": "Un prix n’est pas négatif."})
    return article


def keys_of(cells: Mapping[str, str], article: Article) -> list[str]:
    """What another article with the same is the same by."""
    return [f"reference:{article.reference}"] if article.reference else []


def _nature(raw: str, errors: dict[str, str]) -> str:
    typed = plain(raw).strip()
    if typed.startswith(("bien", "produit", "marchandise", "livraison", "good")):
        return "goods"
    if typed and not typed.startswith(("service", "prestation")):
        errors["nature"] = "Écrivez « service » ou « bien »."
    return "services"


def _unit(raw: str, errors: dict[str, str]) -> str:
    typed = plain(raw).strip()
    for code, word in choices.UNITS.items():
        if typed in ("", code.lower(), plain(word), f"{plain(word)}s"):
            return code
    errors["unit"] = f"« {raw[:40]} » n’est pas connue. Par exemple : Heure, Jour, Forfait, Mètre carré."
    return "C62"


def _mode(cells: Mapping[str, str], usual: str, errors: dict[str, str]) -> str:
    by_column = next((mode for name, mode in PRICES.items() if mode and cells.get(name)), "")
    typed = plain(cells.get("price_mode", "")).strip()
    if typed not in ("", "ht", "ttc"):
        errors["price_mode"] = "Écrivez HT ou TTC."
    return by_column or {"ht": "net", "ttc": "gross"}.get(typed, usual)


def _vat(cells: Mapping[str, str], vats: Mapping[str, str], errors: dict[str, str]) -> str:
    """A rate of the company's place and day, or a reason why there is none, by its words."""
    reason = plain(cells.get("vat_reason", "")).strip()
    for key in vats if reason else ():
        if plain(choices.vat_of(key)[3]).strip() == reason:
            return key
    raw = cells.get("vat", "")
    if not raw.strip() and not reason:
        return next(iter(vats))
    try:
        key = choices.vat_key("S", forms.rate_bp(raw)) if not reason else ""
    except forms.Unreadable:
        key = ""
    if key in vats:
        return key
    rates = ", ".join(text for known, text in vats.items() if known.startswith("S|"))
    errors["vat_reason" if reason else "vat"] = f"Un taux d’ici ({rates}), ou le motif exact d’un article sans TVA."
    return next(iter(vats))


def _account(raw: str, errors: dict[str, str]) -> str:
    """`706`, `706000`, `706 · Prestations`: the account that it begins with."""
    found = FIGURES.match(raw.strip())
    account = found[0][:3] if found else ""
    if raw.strip() and account not in product_form.ACCOUNTS:
        errors["account"] = f"Un compte de vente : {', '.join(product_form.ACCOUNTS)}."
        return ""
    return account
