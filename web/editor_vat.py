"""The VAT of a line as one choice: a rate of the territory, or the reason why there is none."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain import vat
from domain.exempting import Deal, fits
from domain.lines import Category, DraftLine
from domain.vat import Exemption
from web import choices, forms
from web.filters import percent

TAXED: dict[Category, str] = {"S": "", "Z": "Taux zéro"}
CATEGORIES = TAXED | choices.CATEGORIES


def offered(territory: str, regime: str, day: date, deal: Deal | None = None) -> dict[str, str]:
    """What a new line may choose: rates of that territory on that day, then reasons; only reasons for a franchise.

    The reasons that fit the client of `deal` come first; the others stay, since another client may be chosen.
    """
    rates = () if regime == "franchise" else vat.rates_on(territory, day)
    taxed = {written(territory, "S", rate_bp): percent(rate_bp) for rate_bp in rates}
    reasons = [vat.FRANCHISE] if regime == "franchise" else []
    reasons += [known for known in vat.exemptions_on(day) if known not in (vat.FRANCHISE, vat.DISBURSEMENT)]
    if deal:
        reasons.sort(key=lambda known: _far_from(known, deal))
    return taxed | {of_reason(territory, known): _named(known) for known in reasons}


def with_kept(offers: dict[str, str], lines: Iterable[str]) -> dict[str, str]:
    """The offers, and what lines have already although it is not offered here: another territory's, an old reason."""
    return offers | {kept: _of_elsewhere(kept) for kept in lines if kept and kept not in offers}


def written(territory: str, category: str, rate_bp: int, code: str = "", text: str = "") -> str:
    """A treatment as the value of a choice: `FR|S|2000||`."""
    return f"{territory}|{choices.vat_key(category, rate_bp, code, text)}"


def of_reason(territory: str, reason: Exemption) -> str:
    return written(territory, reason.category, 0, reason.code, reason.text)


def of_line(line: DraftLine) -> str:
    return written(line.territory, line.vat_category, line.vat_bp, line.vat_code, line.vat_text)


def of_product(territory: str, category: str, rate_bp: int, code: str, text: str) -> str:
    """The treatment of a catalogue card; a reason without words has the usual ones."""
    if text:
        return written(territory, category, rate_bp, code, text)
    known = next((k for k in vat.EXEMPTIONS if (k.category, k.code) == (category, code)), None)
    return of_reason(territory, known) if known else written(territory, category, rate_bp)


def read(raw: str) -> dict[str, Any]:
    """The fields of a line that a choice stands for. Errors: `forms.Unreadable`."""
    territory, category, rate, code, text = (*raw.split("|", 4), "", "", "", "")[:5]
    if territory not in choices.territories() or category not in CATEGORIES or not rate.isdecimal() or len(rate) > 5:
        raise forms.Unreadable("Choisissez dans la liste.")
    return {
        "territory": territory, "vat_category": category, "vat_bp": int(rate), "vat_code": forms.text(code),
        "vat_text": forms.text(text),
    }  # fmt: skip


def moved(raw: str, territory: str, day: date) -> str:
    """The same treatment in another territory: the usual rate for the usual rate, reasons as they are."""
    try:
        kept = read(raw)
    except forms.Unreadable:
        return raw
    there, here = vat.rates_on(territory, day), vat.rates_on(kept["territory"], day)
    if kept["vat_category"] == "S":
        usual = here and there and kept["vat_bp"] == here[0]
        return written(territory, "S", there[0]) if usual else raw
    return written(territory, kept["vat_category"], kept["vat_bp"], kept["vat_code"], kept["vat_text"])


def _far_from(reason: Exemption, deal: Deal) -> int:
    """A reason that this client calls for, one that asks nothing of a client, one that she cannot have."""
    if not fits(reason, deal):
        return 2
    return 0 if reason.needs else 1


def _named(reason: Exemption) -> str:
    if reason is vat.FRANCHISE:
        return f"0{chr(160)}% · {reason.use}"
    return f"0{chr(160)}% · {choices.CATEGORIES[reason.category]} · {reason.use}"


def _of_elsewhere(raw: str) -> str:
    try:
        kept = read(raw)
    except forms.Unreadable:
        return raw
    where = choices.territories()[kept["territory"]]
    if kept["vat_category"] == "S":
        return f"{percent(kept['vat_bp'])} · {where}"
    return f"0{chr(160)}% · {kept['vat_text'] or CATEGORIES[kept['vat_category']]}"
