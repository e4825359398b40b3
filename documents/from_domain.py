"""Papers from what the ledger holds: an issued invoice, a sent quote, a draft of either.

`opening(digest)` gives the clear value of a sealed one (a text, or the JSON of a card), `None` once it was erased.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from documents import paper as p
from documents.amounts import adjustments, instalments, lines, vat_groups
from documents.opened import Opened, Opening
from documents.parties import party, seller
from documents.words import day
from domain.client import Client
from domain.company import Company
from domain.content import Content, Kind, Refs
from domain.invoice import Invoice, Mention
from domain.issuing import Issue, Ticket, nature_of, priced_at, terms_of
from domain.issuing import instalments as due
from domain.lines import Line
from domain.mentions import mentions
from domain.parties import Card
from domain.quote import Quote
from domain.snapshot import buyer_of, seller_of

NATURES = {
    "goods": "Opération : livraison de biens.",
    "services": "Opération : prestation de services.",
    "mixed": "Opération mixte : livraison de biens et prestation de services.",
}


def invoice_paper(issued: Invoice.Issued, *, training: bool, fingerprint: str, opening: Opening) -> p.Paper:
    """The paper of an issued invoice or credit note; `fingerprint` = hash of its entry, in hex."""
    opened = Opened(opening)
    buyer = issued.buyer
    asks = issued.kind != "credit_note"
    return p.Paper(
        kind=issued.kind,
        number=issued.number,
        issued_on=issued.issued_on,
        delivered_on=issued.delivered_on,
        period=(issued.period.start_on, issued.period.end_on) if issued.period else None,
        seller=seller(opened.identity(issued.seller.identity)),
        buyer=party(opened.card(buyer.card), buyer.siren, buyer.siret, buyer.vat_number),
        deliver_to=party(opened.card(issued.deliver_to)) if issued.deliver_to != Card() else None,
        references=(*_corrected(issued, opened), *_references(issued.refs, opened)),
        subject=opened.text(issued.subject),
        notes=opened.text(issued.note),
        price_mode=issued.price_mode,
        lines=lines(issued.lines, issued.price_mode, opened),
        adjustments=adjustments(issued.allowances, issued.charges, issued.price_mode, opened),
        vat=vat_groups(issued.vat, issued.lines),
        net_cents=issued.net_cents,
        vat_cents=issued.vat_cents,
        gross_cents=issued.gross_cents,
        payable_cents=issued.payable_cents,
        paid_cents=issued.prepaid_cents,
        rounding_cents=issued.rounding_cents,
        instalments=instalments(issued.instalments) if asks else (),
        bank=tuple(p.BankAccount(iban=opened.text(m.iban), bic=m.bic) for m in issued.payment_means if asks and m.iban),
        mentions=(NATURES[issued.nature], *_printed(issued.mentions, issued.lines)),
        training=training,
        fingerprint=fingerprint,
    )


def quote_paper(sent: Quote.Sent, *, training: bool, fingerprint: str, opening: Opening) -> p.Paper:
    """The paper of a quote as it was sent."""
    opened = Opened(opening)
    buyer = sent.buyer
    return p.Paper(
        kind="quote",
        number=sent.number,
        issued_on=sent.sent_on,
        valid_until_on=sent.valid_until,
        delivered_on=sent.delivered_on,
        period=(sent.period.start_on, sent.period.end_on) if sent.period else None,
        references=tuple(_references(sent.refs, opened)),
        seller=seller(opened.identity(sent.seller.identity)),
        buyer=party(opened.card(buyer.card), buyer.siren, buyer.siret, buyer.vat_number),
        subject=opened.text(sent.subject),
        notes=opened.text(sent.note),
        price_mode=sent.price_mode,
        lines=lines(sent.lines, sent.price_mode, opened),
        adjustments=adjustments(sent.allowances, sent.charges, sent.price_mode, opened),
        vat=vat_groups(sent.vat, sent.lines),
        net_cents=sent.net_cents,
        vat_cents=sent.vat_cents,
        gross_cents=sent.gross_cents,
        payable_cents=sent.gross_cents,
        training=training,
        fingerprint=fingerprint,
    )


def draft_paper(
    kind: Kind | Literal["quote"],
    content: Content,
    company: Company,
    client: Client,
    *,
    issued_on: date,
    training: bool,
    opening: Opening,
) -> p.Paper:
    """The paper of a draft as it would leave on that day, without a number.

    Errors: those of `pricing.price` while the lines cannot be priced.
    """
    opened = Opened(opening)
    sold: Kind = "invoice" if kind == "quote" else kind
    priced = priced_at(sold, content, company, issued_on)
    identity, card = opened.identity(company.identity), opened.card(client.profile.card)
    buyer = buyer_of(client, card)
    asks = kind not in ("quote", "credit_note")
    issue = Issue(
        kind=sold, printed=content, company=company, client=client, ticket=Ticket("", 0, "", date.min),
        issued_on=issued_on, day=issued_on, seller=seller_of(company, identity), buyer=buyer, software="",
    )  # fmt: skip
    delivery = opened.card(client.profile.delivery)
    said = () if kind == "quote" else mentions(company.configuration, buyer, priced.lines)
    return p.Paper(
        kind=kind,
        issued_on=issued_on,
        valid_until_on=issued_on + timedelta(days=company.configuration.quote_days) if kind == "quote" else None,
        delivered_on=content.delivered_on,
        period=(content.period.start_on, content.period.end_on) if content.period else None,
        seller=seller(identity),
        buyer=party(card),
        deliver_to=party(delivery) if delivery != Card() else None,
        references=tuple(_references(content.refs, opened)),
        subject=opened.text(content.subject),
        notes=opened.text(content.note),
        price_mode=content.price_mode,
        lines=lines(priced.lines, content.price_mode, opened),
        adjustments=adjustments(priced.allowances, priced.charges, content.price_mode, opened),
        vat=vat_groups(priced.vat, priced.lines),
        net_cents=priced.net_cents,
        vat_cents=priced.vat_cents,
        gross_cents=priced.gross_cents,
        payable_cents=priced.gross_cents,
        instalments=instalments(due(issue, priced, terms_of(content, client, company))) if asks else (),
        bank=(p.BankAccount(iban=identity.iban, bic=identity.bic),) if asks and identity.iban else (),
        mentions=(NATURES[nature_of(content)], *_printed(said, priced.lines)) if said else (),
        training=training,
    )


def _corrected(issued: Invoice.Issued, opened: Opened) -> Iterator[p.Reference]:
    for reference in issued.refers_to:
        yield p.Reference(label="Corrige", value=f"Facture {reference.number} du {day(reference.issued_on)}")
    if issued.reason and issued.reason.text:
        yield p.Reference(label="Motif", value=opened.text(issued.reason.text))


def _references(refs: Refs, opened: Opened) -> Iterator[p.Reference]:
    asked = (
        ("Commande", refs.order), ("Référence", refs.buyer_reference), ("Contrat", refs.contract),
        ("Projet", refs.project),
    )  # fmt: skip
    return (p.Reference(label=label, value=opened.text(text)) for label, text in asked if text)


def _printed(said: Iterable[Mention], priced: Iterable[Line]) -> tuple[str, ...]:
    """The mentions, but the reasons why there is no VAT: the VAT table says those."""
    reasons = {line.vat_code for line in priced if line.vat_text}
    return tuple(mention.text for mention in said if mention.code not in reasons)
