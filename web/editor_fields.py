"""The form of a document: its fields from a content, and a content from its fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.content import Content, Refs
from domain.lines import Allowance, Period
from domain.mentions.payment import RETENTION_MOST_BP
from domain.parties import Text
from web import choices, delivery_form, editor_lines, forms
from web.editor_lines import share, share_text
from web.filters import rate
from web.forms import Fields

NOBODY = UUID(int=0)
REFS = ("order", "buyer_reference", "contract", "project")
SIGNS = {"remise": "Remise", "frais": "Frais"}
CHANGE_PARTS = ("sign", "label", "value", "kept")
CHANGE_FIELD = re.compile(r"changes\.(\d{1,4})\.\w+")
CONTACT_FIELD = re.compile(r"contact\.([0-9a-f-]{36})")
MOST_CHANGES = 40


@dataclass(frozen=True)
class Draft:
    """What a form says: `content` with all that could be read, `errors` by field, the `rows` of its lines."""

    content: Content
    errors: dict[str, str]
    rows: tuple[int, ...]

    def checked(self) -> Content:
        """Errors: `forms.Invalid` when something could not be read."""
        if self.errors:
            raise forms.Invalid(self.errors)
        return self.content


def values(content: Content) -> dict[str, str]:
    """The fields of a document's form; its texts in clear."""
    told = {
        "client_id": str(content.client_id),
        "terms": choices.terms_key(content.terms),
        "subject": clear(content.subject),
        "price_mode": content.price_mode,
        "note": clear(content.note),
        "delivered_on": _iso(content.delivered_on),
        "period_start": _iso(content.period and content.period.start_on),
        "period_end": _iso(content.period and content.period.end_on),
        "retention": rate(content.retention_bp) if content.retention_bp else "",
        "dwelling": "1" if content.dwelling else "",
        "quote_id": str(content.refs.quote_id or ""),
    }
    told |= {name: clear(getattr(content.refs, name)) for name in REFS} | delivery_form.values(content.deliver_to)
    told |= {f"contact.{contact_id}": "1" for contact_id in content.contact_ids}
    for rank, line in enumerate(content.lines, 1):
        told |= editor_lines.fields_of(rank, line)
    for rank, (sign, change) in enumerate(_changes(content), 1):
        told |= {f"changes.{rank}.{part}": text for part, text in _change_fields(sign, change).items()}
    return told


def complete(form: Mapping[str, str], empty: Mapping[str, str]) -> dict[str, str]:
    """The form ready to be shown: rows numbered from 1, an empty line and an empty discount at the end.

    `empty` = the choices of a line when there is none before it.
    """
    told = editor_lines.with_rows(form, editor_lines.rows_of(form))
    last = max(editor_lines.ranks(told))
    told |= {f"lines.{last}.{part}": told[f"lines.{last}.{part}"] or text for part, text in empty.items()}
    rows = [{part: told.get(f"changes.{rank}.{part}", "") for part in CHANGE_PARTS} for rank in change_ranks(told)]
    rows = [row for row in rows if row["value"].strip() or row["label"].strip()]
    rows.append(dict.fromkeys(CHANGE_PARTS, ""))
    told = {name: value for name, value in told.items() if not CHANGE_FIELD.fullmatch(name)}
    return told | {f"changes.{n}.{part}": text for n, row in enumerate(rows, 1) for part, text in row.items()}


def change_ranks(form: Mapping[str, str]) -> list[int]:
    """The rows of discounts and charges that a form has, in order."""
    return sorted({int(found[1]) for name in form if (found := CHANGE_FIELD.fullmatch(name))})


def read(form: Mapping[str, str]) -> Draft:
    """The content that a person typed, with what cannot be read beside it."""
    fields = Fields(form)
    lines = tuple(editor_lines.read(fields))
    less, more = _read_changes(fields)
    content = Content(
        client_id=fields.need("client_id", forms.uuid) or NOBODY,
        price_mode=fields.get("price_mode", forms.one_of(choices.PRICE_MODES), "net") or "net",  # type: ignore[arg-type]
        subject=fields.get("subject", forms.text, "") or "",
        lines=lines,
        allowances=less,
        charges=more,
        terms=fields.get("terms", forms.of(choices.terms_of), None),
        delivered_on=fields.get("delivered_on", forms.date, None),
        period=_period(fields),
        refs=Refs(
            **{name: fields.get(name, forms.text, "") or "" for name in REFS},
            quote_id=fields.get("quote_id", forms.uuid, None),
        ),
        note=fields.get("note", forms.note, "") or "",
        retention_bp=fields.get("retention", retention, 0) or 0,
        dwelling=bool(form.get("dwelling")),
        contact_ids=tuple(UUID(found[1]) for name in form if (found := CONTACT_FIELD.fullmatch(name))),
        deliver_to=delivery_form.read(fields),
    )
    return Draft(content, fields.errors, tuple(editor_lines.filled(form)))


def clear(text: Text) -> str:
    """A text that was opened before; nothing when it was not."""
    return text if isinstance(text, str) else ""


def _changes(content: Content) -> Iterator[tuple[str, Allowance]]:
    yield from (("remise", change) for change in content.allowances)
    yield from (("frais", change) for change in content.charges)


def _change_fields(sign: str, change: Allowance) -> dict[str, str]:
    kept = msgspec.json.encode(change).decode() if change.category else ""
    return {"sign": sign, "label": clear(change.label), "value": share_text(change), "kept": kept}


def _read_changes(fields: Fields) -> tuple[tuple[Allowance, ...], tuple[Allowance, ...]]:
    read: dict[str, list[Allowance]] = {sign: [] for sign in SIGNS}
    for rank in change_ranks(fields.form)[:MOST_CHANGES]:
        at = f"changes.{rank}."
        typed = fields.get(f"{at}value", share, None)
        label = fields.get(f"{at}label", forms.text, "") or ""
        sign = fields.get(f"{at}sign", forms.one_of(SIGNS), "remise") or "remise"
        if typed and any(typed.values()):
            read[sign].append(_change(fields, rank, label, typed))
        elif label and typed is None:
            fields.refuse(f"{at}value", "Indiquez un montant, ou un pourcentage : 10 %.")
    return tuple(read["remise"]), tuple(read["frais"])


def _change(fields: Fields, rank: int, label: str, typed: dict[str, Any]) -> Allowance:
    """A discount or charge; one that a credit note took over stays in its VAT group."""
    raw = fields.form.get(f"changes.{rank}.kept", "")
    if not raw:
        return Allowance(label=label, **typed)
    try:
        kept = msgspec.json.decode(raw, type=Allowance)
    except msgspec.MsgspecError:
        fields.refuse(f"changes.{rank}.value", "Cette remise n’a pas pu être relue : rouvrez le document.")
        return Allowance(label=label, **typed)
    if share_text(kept) == fields.form.get(f"changes.{rank}.value", "").strip():
        return msgspec.structs.replace(kept, label=label)
    cents = typed.get("amount_cents", 0)
    return msgspec.structs.replace(
        kept, label=label, bp=0, amount_cents=cents, gross_cents=cents if kept.gross_cents else 0
    )


def _period(fields: Fields) -> Period | None:
    start = fields.get("period_start", forms.date, None)
    end = fields.get("period_end", forms.date, None)
    if (start is None) != (end is None):
        fields.refuse("period_end" if start else "period_start", "Une période a un début et une fin.")
    if start is None or end is None:
        return None
    if end < start:
        fields.refuse("period_end", "La fin précède le début.")
    return Period(start_on=start, end_on=end)


def retention(raw: str) -> int:
    """A guarantee in basis points. Errors: `forms.Unreadable` above what the law lets keep."""
    bp = forms.rate_bp(raw)
    if not 0 <= bp <= RETENTION_MOST_BP:
        raise forms.Unreadable("La loi plafonne la retenue de garantie à 5 %.")
    return bp


def _iso(on: Any) -> str:
    return on.isoformat() if isinstance(on, date) else ""
