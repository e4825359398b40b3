"""What a document prints, and nothing else: a `Paper` knows no event, no aggregate, no vault.

Units: cents; basis points; quantities and unit prices as `Decimal`. Texts are as the reader sees them.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from domain.parties import Fact

Kind = Literal["quote", "invoice", "deposit", "progress", "final", "credit_note", "debit_note", "proforma"]


class Party(Fact):
    """A block of name and address; `details` are the lines under it (numbers, contact)."""

    name: str
    address: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


class Seller(Party):
    """The seller; `legal` are the pieces of the identity line at the foot (form, capital, SIREN, RCS, VAT number)."""

    legal: tuple[str, ...] = ()
    logo: bytes = b""  # PNG or JPEG


class Reference(Fact):
    """A labelled fact beside the buyer: « Commande » BC-7781."""

    label: str
    value: str


class Line(Fact):
    """One line; `amount_cents` is net or gross as the paper's `price_mode` says; `unit` is a UN/ECE code.

    `vat_category` is of UNTDID 5305; empty where VAT does not apply at all (franchise).
    """

    label: str
    quantity: Decimal
    unit_price: Decimal
    amount_cents: int
    unit: str = "C62"
    vat_bp: int = 0
    vat_category: str = "S"
    details: tuple[str, ...] = ()  # discounts, period, deposit deducted


class Adjustment(Fact):
    """A discount (negative) or a charge on the whole document, before VAT."""

    label: str
    amount_cents: int


class VatGroup(Fact):
    """One rate, its base and its VAT; `text` is the reason when there is none."""

    rate_bp: int
    base_cents: int
    vat_cents: int
    category: str = "S"
    text: str = ""


class Instalment(Fact):
    """A part of what is to be paid, and the day it is due."""

    due_on: date
    amount_cents: int
    label: str = ""


class BankAccount(Fact):
    """Where to pay."""

    iban: str
    bic: str = ""


class Paper(Fact):
    """A quote, an invoice or a credit note, ready to be printed.

    An empty `number` makes it a draft. `net_cents` counts after `adjustments`; `payable_cents` is what is left
    after `paid_cents` and `rounding_cents`. `fingerprint` is the SHA-256 of the ledger entry that issued it;
    `proof_url` the page that checks one, given behind `#`. `language` is the client's: `fr`, else English.
    """

    kind: Kind
    seller: Seller
    buyer: Party
    lines: tuple[Line, ...]
    vat: tuple[VatGroup, ...]
    net_cents: int
    vat_cents: int
    gross_cents: int
    payable_cents: int
    number: str = ""
    issued_on: date | None = None
    delivered_on: date | None = None
    period: tuple[date, date] | None = None
    valid_until_on: date | None = None
    deliver_to: Party | None = None
    references: tuple[Reference, ...] = ()
    subject: str = ""
    price_mode: Literal["net", "gross"] = "net"
    adjustments: tuple[Adjustment, ...] = ()
    rounding_cents: int = 0
    paid_cents: int = 0
    instalments: tuple[Instalment, ...] = ()
    bank: tuple[BankAccount, ...] = ()
    payment: str = ""  # the terms of a quote
    notes: str = ""
    mentions: tuple[str, ...] = ()
    certified: tuple[str, ...] = ()  # what the client certifies and signs
    training: bool = False
    fingerprint: str = ""
    proof_url: str = ""
    language: str = "fr"
