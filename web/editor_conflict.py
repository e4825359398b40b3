"""Two persons saved the same draft: what the other one saved beside what this one typed, so that nothing is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from projections import clients, register
from projections.tx import Tx
from web import choices, delivery_form, editor_fields, editor_lines, editor_page, people
from web.filters import NBSP, day
from web.forms import Fields

TEXTS = {
    "subject": "Objet", "note": "Note au client", "order": "Bon de commande", "buyer_reference": "Référence",
    "contract": "Contrat", "project": "Projet", "retention": "Retenue de garantie (%)",
}  # fmt: skip
DAYS = {"delivered_on": "Livraison ou exécution", "period_start": "Début de période", "period_end": "Fin de période"}


class Others(NamedTuple):
    """Who saved in between and when; `differences` = (field, what is saved, what was typed)."""

    who: str
    at: datetime | None
    differences: list[tuple[str, str, str]]


def of(tx: Tx, document_id: UUID, saved: Mapping[str, str], typed: Mapping[str, str]) -> Others:
    entries = [entry for entry in register.about(tx, document_id) if entry.stream_id == document_id]
    last = entries[-1] if entries else None
    who = people.names([last.actor])[last.actor] if last else ""
    kept, mine = _said(tx, saved), _said(tx, typed)
    names = dict.fromkeys([*kept, *mine])
    pairs = [(name, kept.get(name, ""), mine.get(name, "")) for name in names]
    return Others(who, last.at if last else None, [pair for pair in pairs if pair[1] != pair[2]])


def _said(tx: Tx, form: Mapping[str, str]) -> dict[str, str]:
    """The form as a person reads it, one line of text for each field or row."""
    told = {"Client": _client(tx, form.get("client_id", ""))}
    told |= {label: form.get(name, "").replace("\r\n", "\n").strip() for name, label in TEXTS.items()}
    told |= {label: day(form.get(name)) for name, label in DAYS.items()}
    told["Lieu de livraison"] = _place(form)
    told["Travaux dans un logement"] = "oui" if form.get("dwelling") else ""
    told["Conditions de paiement"] = editor_page.terms(form).get(form.get("terms", ""), "Selon le client")
    told["Prix"] = choices.PRICE_MODES.get(form.get("price_mode", ""), "")
    told |= {f"Ligne {n}": _line(form, rank) for n, rank in enumerate(editor_lines.filled(form), 1)}
    for n, rank in enumerate(editor_fields.change_ranks(form), 1):
        label, value = form.get(f"changes.{rank}.label", ""), form.get(f"changes.{rank}.value", "")
        if value:
            told[f"Remise ou frais {n}"] = f"{label} {value}".strip()
    return told


def _line(form: Mapping[str, str], rank: int) -> str:
    at = f"lines.{rank}."
    label = form.get(f"{at}label", "").replace("\r\n", "\n")
    unit = choices.UNITS.get(form.get(f"{at}unit", ""), "")
    _, category, rate, *_ = (*form.get(f"{at}vat", "").split("|"), "", "", "")
    treated = choices.vat_text(category, int(rate) if rate.isdecimal() else 0)
    discount = form.get(f"{at}discount", "")
    less = f", remise {discount}" if discount else ""
    price = form.get(f"{at}unit_price", "")
    return f"{label} · {form.get(f'{at}quantity', '')}{NBSP}{unit} × {price}{less} · TVA {treated}"


def _place(form: Mapping[str, str]) -> str:
    """As typed, though it may not be an address yet."""
    return delivery_form.said(delivery_form.read(Fields(form)))


def _client(tx: Tx, client_id: str) -> str:
    try:
        row = clients.one(tx, UUID(client_id))
    except ValueError:
        return ""
    return row.name if row else ""
