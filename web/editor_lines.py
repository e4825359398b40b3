"""The lines of the editor: from a line to its fields and back; what the buttons beside them do."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from documents.words import number
from domain import vat
from domain.lines import Allowance, Deducts, DraftLine, Period, Progress, VatDue
from domain.parties import Fact
from web import editor_vat, forms
from web.filters import amount, decimal, rate
from web.forms import Fields

PARTS = ("label", "quantity", "unit", "unit_price", "vat", "nature", "discount", "kept")
TYPED = ("label", "quantity", "unit_price", "discount")  # a line with none of these is the empty one
NATURES = {"services": "Services", "goods": "Biens", "shipping": "Port", "disbursement": "Débours"}
KEPT_NATURES = {**NATURES, "penalty": "Indemnité"}
FIELD = re.compile(r"lines\.(\d{1,4})\.\w+")
UNIT = re.compile(r"[A-Z0-9]{1,3}")  # UN/ECE Recommendation 20
LONGEST_LABEL = 2000
MOST_LINES = 500


class Kept(Fact):
    """What the editor does not show of a line, and gives back as it was."""

    id: str = ""
    vat_country: str = "FR"
    vat_due: VatDue | str = ""
    account: str = ""
    period: Period | None = None
    deducts: Deducts | None = None
    progress: Progress | None = None
    product_id: UUID | None = None
    allowances: tuple[Allowance, ...] = ()


def fields_of(rank: int, line: DraftLine) -> dict[str, str]:
    """The fields of a line, `lines.1.label` and the others."""
    one = line.allowances[0] if len(line.allowances) == 1 else None
    kept = {name: getattr(line, name) for name in Kept.__struct_fields__ if name != "allowances"}
    told = {
        "label": line.label if isinstance(line.label, str) else "",
        "quantity": decimal(line.quantity),
        "unit": line.unit,
        "unit_price": number(line.unit_price, 2),
        "vat": editor_vat.of_line(line),
        "nature": line.nature,
        "discount": share_text(one) if one else "",
        "kept": msgspec.json.encode(Kept(**kept, allowances=line.allowances)).decode(),
    }
    return {f"lines.{rank}.{name}": value for name, value in told.items()}


def ranks(form: Mapping[str, str]) -> list[int]:
    """The rows that a form has, in order."""
    return sorted({int(found[1]) for name in form if (found := FIELD.fullmatch(name))})


def is_empty(form: Mapping[str, str], rank: int) -> bool:
    return not any(form.get(f"lines.{rank}.{part}", "").strip() for part in TYPED)


def is_computed(form: Mapping[str, str], rank: int) -> bool:
    """Whether the amounts of a row follow from other documents: a deposit deducted, works in progress."""
    try:
        known = msgspec.json.decode(form.get(f"lines.{rank}.kept") or "{}", type=Kept)
    except msgspec.MsgspecError:
        return False
    return bool(known.deducts or known.progress)


def filled(form: Mapping[str, str]) -> list[int]:
    """The rows that are lines of the document."""
    return [rank for rank in ranks(form) if not is_empty(form, rank)]


def read(fields: Fields) -> Iterator[DraftLine]:
    """The lines that a person typed; what cannot be read is noted in `fields` and counts as nothing."""
    if len(filled(fields.form)) > MOST_LINES:
        fields.refuse("lines", f"{MOST_LINES} lignes au plus.")
    kept = {rank: _kept(fields, rank) for rank in filled(fields.form)}
    taken = {known.id for known in kept.values()}
    free = (str(count) for count in range(1, 10 * MOST_LINES) if str(count) not in taken)
    for rank, known in kept.items():
        yield _line(fields, f"lines.{rank}.", known, known.id or next(free))


def share_text(share: Allowance) -> str:
    """A discount as it is typed: `10 %`, or an amount."""
    return f"{rate(share.bp)}{chr(160)}%" if share.bp else amount(share.gross_cents or share.amount_cents)


def share(raw: str) -> dict[str, Any]:
    """`bp` of a percentage, `amount_cents` of an amount. Errors: `forms.Unreadable`."""
    return {"bp": forms.rate_bp(raw)} if "%" in raw else {"amount_cents": forms.cents(raw)}


def changed(form: Mapping[str, str], action: str) -> dict[str, str]:
    """The form after a button: `ligne`, `monter-3`, `descendre-3`, `retirer-3`; rows numbered anew, one empty last."""
    rows = rows_of(form)
    order = ranks(form)
    verb, _, which = action.partition("-")
    at = order.index(int(which)) if which.isdecimal() and int(which) in order else None
    if verb == "ligne":
        rows.append(empty_like(rows))
    elif at is not None and verb == "retirer":
        del rows[at]
    elif at is not None and verb in ("monter", "descendre"):
        to = max(at - 1, 0) if verb == "monter" else min(at + 1, len(rows) - 1)
        rows.insert(to, rows.pop(at))
    return with_rows(form, rows)


def rows_of(form: Mapping[str, str]) -> list[dict[str, str]]:
    return [{part: form.get(f"lines.{rank}.{part}", "") for part in PARTS} for rank in ranks(form)]


def with_rows(form: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The form with these rows in place of its own; the last one is always empty."""
    all_rows = [dict(row) for row in rows]
    if not all_rows or any(all_rows[-1].get(part, "").strip() for part in TYPED):
        all_rows.append(empty_like(all_rows))
    told = {name: value for name, value in form.items() if not FIELD.fullmatch(name)}
    return told | {
        f"lines.{rank}.{part}": value for rank, row in enumerate(all_rows, 1) for part, value in row.items()
    }  # fmt: skip


def empty_like(rows: list[dict[str, str]]) -> dict[str, str]:
    """An empty row that continues the last one: same VAT and nature."""
    before = rows[-1] if rows else {}
    return dict.fromkeys(PARTS, "") | {part: before.get(part, "") for part in ("vat", "nature")}


def _line(fields: Fields, at: str, known: Kept, id: str) -> DraftLine:
    nature = fields.get(f"{at}nature", forms.one_of(KEPT_NATURES), "services") or "services"
    treated = fields.get(f"{at}vat", editor_vat.read, None) or {"vat_category": "S", "vat_bp": 0}
    if nature == "disbursement":
        treated = editor_vat.read(editor_vat.of_reason(treated.get("territory", "FR"), vat.DISBURSEMENT))
    facts: dict[str, Any] = msgspec.structs.asdict(known) | treated
    quantity = fields.get(f"{at}quantity", forms.decimal, Decimal(1))
    price = fields.get(f"{at}unit_price", _price, Decimal(0))
    return DraftLine(**facts | {
        "id": id,
        "label": fields.get(f"{at}label", _label, "") or "",
        "nature": nature,
        "quantity": Decimal(0) if quantity is None else quantity,
        "unit": fields.get(f"{at}unit", _unit, "C62") or "C62",
        "unit_price": Decimal(0) if price is None else price,
        "allowances": _allowances(fields, f"{at}discount", known),
    })  # fmt: skip


def _allowances(fields: Fields, name: str, known: Kept) -> tuple[Allowance, ...]:
    if len(known.allowances) > 1:
        return known.allowances
    typed = fields.get(name, share, None)
    if typed is None or not any(typed.values()):
        return ()
    if known.allowances and share_text(known.allowances[0]) == fields.form.get(name, "").strip():
        return known.allowances
    label = known.allowances[0].label if known.allowances else ""
    return (Allowance(label=label, **typed),)


def _kept(fields: Fields, rank: int) -> Kept:
    raw = fields.form.get(f"lines.{rank}.kept", "")
    try:
        return msgspec.json.decode(raw, type=Kept) if raw else Kept()
    except msgspec.MsgspecError:
        fields.refuse(f"lines.{rank}.label", "Cette ligne n’a pas pu être relue : rouvrez le document.")
        return Kept()


def _unit(raw: str) -> str:
    if not UNIT.fullmatch(raw):
        raise forms.Unreadable("Choisissez dans la liste.")
    return raw


def _label(raw: str) -> str:
    label = forms.note(raw)
    if len(label) > LONGEST_LABEL:
        raise forms.Unreadable(f"{LONGEST_LABEL} caractères au plus ; il y en a {len(label)}.")
    return label


def _price(raw: str) -> Decimal:
    price = forms.decimal(raw.replace("€", ""))
    if price < 0:
        raise forms.Unreadable("Un prix n’est pas négatif : mettez le signe sur la quantité.")
    return price
