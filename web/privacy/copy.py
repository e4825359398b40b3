"""All that is held about one person, for her: as JSON, to be read by another program, or as PDF.

Source: RGPD art. 15 (access) and 20 (portability). What is about others, their names too, stays out.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple, Self
from uuid import UUID

from audit.event_names import LABELS
from documents.page import document
from documents.paper import Seller
from documents.parties import thousands
from documents.pdf import print_page
from projections import companies, invoice_lists, payment_lists, quotes
from projections.companies import CompanyRow
from projections.listing import Filter
from projections.tx import Tx
from web.choices import METHODS
from web.days import today, zone
from web.filters import amount, day, moment
from web.labels import STATUSES
from web.privacy import held
from web.privacy.held import Held
from web.sentences import KINDS

FIELDS = {
    "name": "nom", "email": "e-mail", "phone": "téléphone", "role": "fonction", "siren": "SIREN", "siret": "SIRET",
    "vat_number": "n° de TVA", "street": "rue", "extra": "complément", "postcode": "code postal", "city": "ville",
    "country": "pays", "address": "adresse",
}  # fmt: skip
RIGHTS = (
    "Vous pouvez demander la rectification de ces données, leur effacement, la limitation de leur usage, ou vous y"
    " opposer (RGPD, art. 16 à 21), en écrivant à l’entreprise. Vous pouvez saisir la CNIL : www.cnil.fr."
)


class Line(NamedTuple):
    """A value as it was recorded: where, when, what, until when it is kept (None: until it is erased)."""

    pos: int
    at: str
    label: str
    value: Any
    until: date | None


class Copy(NamedTuple):
    """Of a document: kind, number, day, total with VAT, state. Of a payment: kind, day, amount, means."""

    company: CompanyRow
    on: date
    lines: list[Line]
    families: list[Held]
    documents: list[tuple[str, str, date | None, int | None, str]]
    payments: list[tuple[str, date, int, str]]

    @classmethod
    def of(cls, tx: Tx, client_id: UUID, subject_id: UUID) -> Self:
        """What is held about the client itself, or about one of its contacts."""
        company, whole, here = companies.current(tx), subject_id == client_id, zone(tx)
        if company is None:
            raise LookupError(tx.company)
        lines = [
            Line(one.pos, moment(one.at, here), LABELS.get(one.type, one.type), named(one.clear), one.kept_until)
            for one in held.values(tx, [subject_id])
        ]
        return cls(
            company, today(tx), lines, held.families(tx, client_id, {subject_id}) if whole else [],
            list(_documents(tx, client_id)) if whole else [], list(_payments(tx, client_id)) if whole else [],
        )  # fmt: skip

    def json(self) -> bytes:
        told = {
            "remis_par": {"nom": self.company.name, "siren": self.company.siren},
            "remis_le": self.on.isoformat(),
            "usages": [_use(one) for one in self.families],
            "valeurs": [_line(one) for one in self.lines],
            "documents": [_document(*one) for one in self.documents],
            "reglements": [_payment(*one) for one in self.payments],
            "droits": RIGHTS,
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    def pdf(self) -> bytes:
        legal = (self.company.name, *([f"SIREN {thousands(self.company.siren)}"] if self.company.siren else []))
        seller = Seller(name=self.company.name, address=(self.company.city,), legal=legal)
        printed = document(
            "personal.html.j2", seller, "Vos données personnelles", stamps=(), copy=self, day=day, amount=amount,
            said=flat, rights=RIGHTS,
        )  # fmt: skip
        return print_page(printed, self.on)


def named(value: Any) -> Any:
    """A sealed value with French names for its fields, empty ones left out."""
    if not isinstance(value, dict):
        return value
    return {FIELDS.get(name, name): named(part) for name, part in value.items() if part}


def flat(value: Any) -> str:
    """The same on one line."""
    return " · ".join(flat(part) for part in value.values()) if isinstance(value, dict) else str(value)


def _documents(tx: Tx, client_id: UUID) -> Iterator[tuple[str, str, date | None, int | None, str]]:
    mine = Filter(client_id=client_id)
    for quote in quotes.page(tx, mine, today(tx), limit=None):
        yield "Devis", quote.number, quote.sent_on, quote.gross_cents, STATUSES["quote"][quote.status].label
    for row in invoice_lists.page(tx, mine, today(tx), limit=None):
        yield KINDS[row.kind], row.number, row.issued_on, row.gross_cents, STATUSES["invoice"][row.status].label


def _payments(tx: Tx, client_id: UUID) -> Iterator[tuple[str, date, int, str]]:
    words = {"payment": "Règlement", "refund": "Remboursement", "allocation": "Affectation"}
    for row in payment_lists.page(tx, Filter(client_id=client_id), limit=None):
        yield words[row.kind], row.on, row.amount_cents, METHODS.get(row.method, "")


def _use(one: Held) -> dict[str, Any]:
    use = one.use
    told = {"donnees": use.label, "pour": use.purpose, "base": use.ground, "en_vertu_de": use.kept_by or None}
    return told | {"conserve_jusqu_au": _iso(one.until)}


def _line(one: Line) -> dict[str, Any]:
    told = {"ecriture": one.pos, "inscrit_le": one.at, "fait": one.label, "valeur": one.value}
    return told | {"conserve_jusqu_au": _iso(one.until)}


def _document(kind: str, number: str, on: date | None, cents: int | None, state: str) -> dict[str, Any]:
    return {"genre": kind, "numero": number, "date": _iso(on), "ttc": amount(cents), "etat": state}


def _payment(kind: str, on: date, cents: int, means: str) -> dict[str, Any]:
    return {"genre": kind, "date": _iso(on), "montant": amount(cents), "moyen": means}


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
