"""The nested facts of fiscal events: lines, VAT, allocations, postings. Field names as in `events.md`.

Units: `_cents` integers of cents, `_bp` basis points (5.5 % = 550), `quantity` and `unit_price` decimals. The sign of
a fact stands on `quantity` and on `_cents`: a credit note is negative; `unit_price` never is. (`Fact` makes all fields
keyword-only; mypy sees it only where `kw_only=True` says it again.)
"""

import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from domain.parties import Fact, Text

PriceMode = Literal["net", "gross"]
Nature = Literal["goods", "services", "disbursement", "penalty", "shipping"]
VatDue = Literal["delivery", "cash", "debit", "none"]
Category = Literal["S", "Z", "E", "AE", "K", "G", "O"]
AdjustmentKind = Literal["discount", "rounding", "exchange", "credit", "loss"]
OtherKind = Literal["penalty", "indemnity", "unknown"]
Journal = Literal["VE", "BQ", "CA", "OD", "AN"]


class VatKey(Fact, kw_only=True):
    """What makes a VAT group: place, rate, UNTDID 5305 category, VATEX code (empty for S and Z)."""

    country: str = "FR"
    territory: str = "FR"
    rate_bp: int
    category: Category
    code: str = ""


def facts(kind: type[Fact], fact: Fact) -> dict[str, Any]:
    """The fields of `kind` in `fact`: to make the one from the other."""
    return {name: getattr(fact, name) for name in kind.__struct_fields__}


class Period(Fact):
    """A period of supply, both days included (EN 16931 BG-14, BG-26)."""

    start_on: datetime.date
    end_on: datetime.date


class Allowance(Fact):
    """A discount (or, under `charges`, a charge) of a line or of the document; positive reduces (or adds).

    As entered: `bp` of the line (or of all lines), else `amount_cents`, in the document's price mode.
    As priced: `amount_cents` is filled. On a document there is one per VAT group, with its key (`category` is never
    empty), net, and with `gross_cents` in gross mode. One that comes with a key (in a credit note) is taken as it is.
    """

    label: Text = ""
    bp: int = 0
    amount_cents: int = 0
    gross_cents: int = 0
    country: str = "FR"
    territory: str = "FR"
    rate_bp: int = 0
    category: Category | Literal[""] = ""
    code: str = ""


class Deducts(Fact):
    """The deposit invoice that a line of quantity −1 of a final invoice deducts."""

    invoice_id: UUID
    number: str
    issued_on: datetime.date


class Progress(Fact):
    """Works done so far: the line bills `contract_net_cents` × `done_bp` less what earlier invoices billed."""

    contract_net_cents: int
    done_bp: int
    before_cents: int = 0


class DraftLine(Fact, kw_only=True):
    """A line as entered. `id` unique in its document; `unit` a UNECE code; empty `vat_due` and `account` are filled."""

    id: str
    label: Text
    nature: Nature
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    unit_price: Decimal = Decimal(0)
    allowances: tuple[Allowance, ...] = ()
    vat_bp: int
    vat_category: Category
    vat_code: str = ""
    vat_text: str = ""
    vat_country: str = "FR"
    territory: str = "FR"
    vat_due: VatDue | Literal[""] = ""
    account: str = ""
    period: Period | None = None
    deducts: Deducts | None = None
    progress: Progress | None = None
    product_id: UUID | None = None

    @property
    def vat_key(self) -> VatKey:
        """The group that this line belongs to."""
        place = {"country": self.vat_country, "territory": self.territory}
        return VatKey(rate_bp=self.vat_bp, category=self.vat_category, code=self.vat_code, **place)


class Line(DraftLine, kw_only=True):
    """A line as priced: `net_cents` after its own allowances; in gross mode `gross_cents` too, which is exact."""

    net_cents: int
    gross_cents: int = 0


class VatPart(Fact, kw_only=True):
    """The share of a group that falls due in one way; `due_on` absent on cash."""

    nature: Nature
    vat_due: VatDue
    due_on: datetime.date | None = None
    base_cents: int
    vat_cents: int


class VatGroup(VatKey, kw_only=True):
    """One line of the VAT table of a document; its parts add up to it to the cent."""

    base_cents: int
    vat_cents: int
    parts: tuple[VatPart, ...]


class VatShare(VatKey, kw_only=True):
    """An amount of VAT of one part of an invoice: the shape of every list of parts outside a document's own `vat`."""

    nature: Nature
    vat_due: VatDue
    base_cents: int
    vat_cents: int


class TaxDue(Fact, kw_only=True):
    """VAT that becomes due on a day by the event that carries it; negative: given back. Exempt bases with 0."""

    on: datetime.date
    country: str = "FR"
    territory: str = "FR"
    rate_bp: int
    category: Category
    nature: Nature
    base_cents: int
    vat_cents: int


class Instalment(Fact):
    """A part of what is payable; a retention is due a year after the works."""

    due_on: datetime.date
    amount_cents: int
    kind: Literal["term", "retention"] = "term"


class Adjustment(Fact):
    """What settles a debt without money; `vat` are the parts cancelled, `vat_cents` their sum.

    `credit` is a credit note on its own invoice, `loss` a debt written off (negative: recovered later).
    """

    kind: AdjustmentKind
    amount_cents: int
    vat_cents: int = 0
    vat: tuple[VatShare, ...] = ()


class Allocation(Fact):
    """One movement of what an invoice still has to bring: the only shape, for payments, credits, losses, reversals.

    `settled_cents` leaves the debt; less the adjustments it is cash (below 0: a credit note of what was paid).
    `vat` = change of what is due, part by part (negative: given back); `adjustments[].vat` = what is cancelled.
    A reversal is an allocation with every sign turned.
    """

    invoice_id: UUID
    settled_cents: int
    vat: tuple[VatShare, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def adjusted_cents(self) -> int:
        return sum(adjustment.amount_cents for adjustment in self.adjustments)

    @property
    def cash_cents(self) -> int:
        return self.settled_cents - self.adjusted_cents

    @property
    def cancelled(self) -> tuple[VatShare, ...]:
        return tuple(share for adjustment in self.adjustments for share in adjustment.vat)


class Fees(Fact):
    """What the bank or the payment service kept: `amount_cents` with VAT, `vat_cents` of it deductible."""

    amount_cents: int
    vat_cents: int = 0
    vat_bp: int = 0
    account: str = ""


class Other(Fact):
    """Money received beside invoices: late interest, the 40 € of recovery, or not known yet. No VAT."""

    kind: OtherKind
    amount_cents: int
    account: str = ""


class PostingVat(Fact, kw_only=True):
    """What a VAT line is about; `base_cents` has the sign of the VAT (credit positive on `output`)."""

    rate_bp: int
    category: Category
    side: Literal["output", "input"] = "output"
    base_cents: int


class PostingLine(Fact):
    """A line of an accounting entry: exactly one of debit and credit is above 0. `aux` = code of the client."""

    account: str
    aux: str = ""
    debit_cents: int = 0
    credit_cents: int = 0
    due_on: datetime.date | None = None
    vat: PostingVat | None = None


class Posting(Fact, kw_only=True):
    """A balanced accounting entry. `operation_on` = the real date when its period was closed already."""

    journal: Journal
    date: datetime.date
    operation_on: datetime.date | None = None
    piece: str
    piece_on: datetime.date
    label: str
    lines: tuple[PostingLine, ...]
