"""The decision to issue: dates checked, amounts computed, parties copied, all facts of `invoice.issued`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import accounts, postings, vat
from domain.client import Client
from domain.company import Company
from domain.content import Content, Kind
from domain.errors import Missing
from domain.invoice import Invoice, Paid, PaymentMeans, Reason, Reference, Rules
from domain.issue_dates import check_dates, check_paid
from domain.lines import DraftLine, Instalment, VatShare
from domain.mentions import VERSION as MENTIONS_VERSION
from domain.mentions import Sale, mentions
from domain.nature import nature_of
from domain.offer import NOWHERE
from domain.parties import Card, Text
from domain.pricing import Priced, price
from domain.retention import guarantee, kept_cents
from domain.settlement import Receivable
from domain.snapshot import Buyer, Seller, scope_of
from domain.terms import PaymentTerms


@dataclass(frozen=True)
class Ticket:
    """The number that the document takes, and the date of the last one of its series."""

    series: str
    seq: int
    number: str
    last_issued_on: date


@dataclass(frozen=True)
class Original:
    """The invoice that a credit note corrects, and what it still has to bring."""

    document: Invoice.Issued
    receivable: Receivable


@dataclass(frozen=True)
class Issue:
    """All that an issue depends on. `printed` = the content, its free texts sealed afresh when they must be."""

    kind: Kind
    printed: Content
    company: Company
    client: Client
    ticket: Ticket
    issued_on: date
    day: date
    seller: Seller
    buyer: Buyer
    software: str
    iban: Text = ""
    bic: str = ""
    deliver_to: Card = NOWHERE
    original: Original | None = None
    reason: Reason | None = None
    paid: tuple[Paid, ...] = ()


def facts(issue: Issue) -> dict[str, Any]:
    """Every field of `invoice.issued`.

    Errors: `Missing` for a credit note without its original; `IssueDateRefused`, `PeriodClosed`, `PaidAfterIssue`,
    `settlement.CreditsTooMuch`, those of `vat.check`.
    """
    if issue.kind == "credit_note" and issue.original is None:
        raise Missing("credits")
    check_dates(issue.issued_on, issue.day, issue.ticket.last_issued_on, issue.company)
    check_paid(issue.paid, issue.issued_on)
    left = issue.original.receivable.left if issue.original else ()
    priced = priced_at(issue.kind, issue.printed, issue.company, issue.issued_on, left)
    _check_vat(issue, priced)
    return _identity(issue, priced) | _parties(issue) | _amounts(issue, priced) | _accounting(issue, priced)


def _check_vat(issue: Issue, priced: Priced) -> None:
    """The rates of the day of supply. A credit note takes back what was right then, whatever the day: `Receivable` lets
    it take nothing but the groups of its invoice, and its reasons are that invoice's.
    """
    for line in priced.lines:
        if issue.original:
            vat.check_repeated(line, issue.original.document.lines)
        else:
            vat.check(line, supplied_on(issue.printed, issue.issued_on))


def supplied_on(content: Content, issued_on: date) -> date:
    """The day whose rates apply: of delivery, of the end of a period that is over, else of issue (CGI 269, 1)."""
    ended_on = content.period.end_on if content.period and content.period.end_on < issued_on else None
    return content.delivered_on or ended_on or issued_on


def priced_at(kind: Kind, content: Content, company: Company, issued_on: date, left: Sequence[VatShare] = ()) -> Priced:
    """The amounts of a draft as they would be issued on that day; `left` = what a credit note may still take."""
    return price(
        content.lines,
        content.allowances,
        content.charges,
        price_mode=content.price_mode,
        regime=company.configuration.vat_regime,
        deposit=kind == "deposit",
        issued_on=issued_on,
        delivered_on=content.delivered_on,
        left=left,
    )


def terms_of(content: Content, client: Client, company: Company) -> PaymentTerms:
    return content.terms or client.profile.terms or company.configuration.terms


def _identity(issue: Issue, priced: Priced) -> dict[str, Any]:
    content = issue.printed
    return {
        "day": issue.day,
        "kind": issue.kind,
        "number": issue.ticket.number,
        "series": issue.ticket.series,
        "seq": issue.ticket.seq,
        "type_code": _type_code(issue),
        "process": _process(issue, priced),
        "scope": scope_of(issue.client.profile),
        "transmission": "none",
        "price_mode": content.price_mode,
        "issued_on": issue.issued_on,
        "nature": nature_of(content.lines),
        "subject": content.subject,
        "note": content.note,
        "refs": content.refs,
        "delivered_on": content.delivered_on,
        "period": content.period,
        "reason": issue.reason,
        "rules": Rules(
            software=issue.software,
            vat_table=vat.VAT_TABLE_VERSION,
            chart=accounts.CHART_VERSION,
            mentions=MENTIONS_VERSION,
        ),
    }


def _parties(issue: Issue) -> dict[str, Any]:
    means = (PaymentMeans(code="30", iban=issue.iban, bic=issue.bic),) if issue.iban else ()
    return {
        "client_id": issue.client.id,
        "buyer": issue.buyer,
        "seller": issue.seller,
        "deliver_to": issue.deliver_to,
        "payment_means": means,
    }


def _amounts(issue: Issue, priced: Priced) -> dict[str, Any]:
    terms = terms_of(issue.printed, issue.client, issue.company)
    return {
        "terms": terms,
        "lines": priced.lines,
        "allowances": priced.allowances,
        "charges": priced.charges,
        "vat": priced.vat,
        "net_cents": priced.net_cents,
        "vat_cents": priced.vat_cents,
        "gross_cents": priced.gross_cents,
        "paid": issue.paid,
        "prepaid_cents": prepaid_cents(issue),
        "payable_cents": priced.gross_cents - prepaid_cents(issue),
        "disbursements_cents": priced.disbursements_cents,
        "instalments": instalments(issue, priced, terms),
        "mentions": mentions(_sale(issue, priced)),
    }


def _sale(issue: Issue, priced: Priced) -> Sale:
    original = issue.original.document.originator_id if issue.original else None
    return Sale.of(issue.kind, issue.issued_on, issue.printed, priced, issue.company, issue.client, credits=original)


def _accounting(issue: Issue, priced: Priced) -> dict[str, Any]:
    piece = postings.Piece(
        number=issue.ticket.number, on=issue.issued_on, aux=issue.client.code, open_from=issue.company.first_open_day
    )
    if issue.original is None:
        terms = terms_of(issue.printed, issue.client, issue.company)
        return {
            "tax_due": postings.tax_due_at_issue(priced.vat, issue.issued_on),
            "postings": postings.invoice(
                piece, priced, instalments=instalments(issue, priced, terms), prepaid_cents=prepaid_cents(issue)
            ),
        }
    return _credit(issue.original, priced, piece, issue)


def _credit(original: Original, priced: Priced, piece: postings.Piece, issue: Issue) -> dict[str, Any]:
    """What the credit note takes back: the unpaid first, then what was paid and becomes refundable."""
    document, allocation = original.document, original.receivable.credit(priced.vat)
    settled = ((original.receivable, allocation),)
    return {
        "refers_to": (
            Reference(invoice_id=document.originator_id, number=document.number, issued_on=document.issued_on),
        ),
        "allocations": (allocation,),
        "tax_due": postings.tax_due((allocation,), issue.issued_on),
        "postings": postings.credit_note(piece, priced, settled),
    }


def instalments(issue: Issue, priced: Priced, terms: PaymentTerms) -> tuple[Instalment, ...]:
    """When it is due; a credit note at once, a guarantee a year after the works, nothing of what was paid before."""
    if issue.kind == "credit_note":
        return (Instalment(due_on=issue.issued_on, amount_cents=priced.gross_cents),)
    payable_cents = priced.gross_cents - prepaid_cents(issue)
    if issue.paid and not payable_cents:
        return ()
    due_on = terms.due_on(issue.issued_on)
    retention = min(kept_cents(issue.company, priced, issue.printed.retention_bp), payable_cents)
    main = Instalment(due_on=due_on, amount_cents=payable_cents - retention)
    kept = guarantee(retention, due_on, supplied_on(issue.printed, issue.issued_on))
    return tuple(part for part in (main, kept) if part.amount_cents) or (main,)


def prepaid_cents(issue: Issue) -> int:
    """What was paid before issue; the allocations recorded with the invoice settle as much of it."""
    return sum(paid.amount_cents for paid in issue.paid)


def _type_code(issue: Issue) -> int:
    """UNTDID 1001."""
    if issue.kind == "credit_note":
        return 503 if issue.original and issue.original.document.kind == "deposit" else 381
    return 386 if issue.kind == "deposit" else 380


def _process(issue: Issue, priced: Priced) -> str:
    """BT-23: goods, services or mixed; 1 = normal, 2 = paid already, 4 = final after deposits."""
    letter = {"goods": "B", "services": "S", "mixed": "M"}[nature_of(issue.printed.lines)]
    if issue.kind == "final" and _deducts(issue.printed.lines):
        return f"{letter}4"
    return f"{letter}{2 if issue.paid and prepaid_cents(issue) == priced.gross_cents else 1}"


def _deducts(lines: Sequence[DraftLine]) -> bool:
    return any(line.deducts for line in lines)
