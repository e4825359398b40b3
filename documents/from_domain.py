"""Papers from what the ledger holds: an issued invoice, a sent quote, a draft of either.

`opening(digest)` gives the clear value of a sealed one (a text, or the JSON of a card), `None` once it was erased.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from documents import paper as p
from documents.amounts import adjustments, instalments, lines, terms, vat_groups
from documents.opened import Opened, Opening
from documents.parties import party, seller
from documents.words import Tongue, tongue
from domain.client import Client
from domain.company import Company
from domain.content import Content, Kind, Refs, delivered_to
from domain.invoice import Invoice, Mention, Reason, Reference
from domain.issuing import Issue, Ticket, priced_at, terms_of
from domain.issuing import instalments as due
from domain.lines import Line
from domain.mentions import CERTIFIED, Sale, mentions
from domain.mentions.texts import NATURES, said
from domain.offer import place_of
from domain.parties import Card
from domain.quote import Quote
from domain.snapshot import buyer_of, seller_of

LAST_OF_OLD = "2026-11.2"  # `rules.mentions` of papers that printed no net price, and penalties on penalties
TERMS, OF_OPERATIONS = "TERMS", {"NATURE", "PMT", "PMD", "AAB"}


def invoice_paper(
    issued: Invoice.Issued,
    *,
    training: bool,
    fingerprint: str,
    opening: Opening,
    logo: bytes = b"",
    proof_url: str = "",
) -> p.Paper:
    """The paper of an issued invoice or credit note; `fingerprint` = hash of its entry, in hex."""
    opened, words = Opened(opening), tongue(issued.buyer.language)
    buyer = issued.buyer
    asks = issued.kind != "credit_note"
    return p.Paper(
        kind=issued.kind,
        number=issued.number,
        issued_on=issued.issued_on,
        delivered_on=issued.delivered_on,
        period=(issued.period.start_on, issued.period.end_on) if issued.period else None,
        seller=seller(opened.identity(issued.seller.identity), logo),
        buyer=party(opened.card(buyer.card), words, buyer.siren, buyer.siret, buyer.vat_number),
        deliver_to=party(opened.card(issued.deliver_to), words) if issued.deliver_to != Card() else None,
        references=(
            *_corrected(issued.refers_to, issued.reason, opened, words),
            *_references(issued.refs, opened, words),
        ),
        subject=opened.text(issued.subject),
        notes=opened.text(issued.note),
        price_mode=issued.price_mode,
        lines=lines(
            issued.lines, issued.price_mode, opened, words, net_prices=_later(issued) and buyer.kind != "person"
        ),
        adjustments=adjustments(issued.allowances, issued.charges, issued.price_mode, opened, words),
        vat=vat_groups(issued.vat, issued.lines),
        net_cents=issued.net_cents,
        vat_cents=issued.vat_cents,
        gross_cents=issued.gross_cents,
        payable_cents=issued.payable_cents,
        paid_cents=issued.prepaid_cents,
        rounding_cents=issued.rounding_cents,
        instalments=instalments(issued.instalments, words) if asks else (),
        bank=tuple(p.BankAccount(iban=opened.text(m.iban), bic=m.bic) for m in issued.payment_means if asks and m.iban),
        mentions=_printed((*_nature(issued), *issued.mentions), issued.lines, quiet=_later(issued)),
        certified=_certified(issued.mentions),
        training=training,
        fingerprint=fingerprint,
        proof_url=proof_url,
        language=issued.buyer.language,
    )


def quote_paper(
    sent: Quote.Sent,
    *,
    training: bool,
    fingerprint: str,
    opening: Opening,
    logo: bytes = b"",
    proof_url: str = "",
) -> p.Paper:
    """The paper of a quote as it was sent."""
    opened, words = Opened(opening), tongue(sent.buyer.language)
    buyer, says_terms = sent.buyer, any(mention.code == TERMS for mention in sent.mentions)  # those before said none
    return p.Paper(
        kind="quote",
        number=sent.number,
        issued_on=sent.sent_on,
        valid_until_on=sent.valid_until,
        delivered_on=sent.delivered_on,
        period=(sent.period.start_on, sent.period.end_on) if sent.period else None,
        references=tuple(_references(sent.refs, opened, words)),
        seller=seller(opened.identity(sent.seller.identity), logo),
        buyer=party(opened.card(buyer.card), words, buyer.siren, buyer.siret, buyer.vat_number),
        deliver_to=party(opened.card(sent.deliver_to), words) if sent.deliver_to != Card() else None,
        payment=terms(sent.terms, words) if says_terms else "",
        subject=opened.text(sent.subject),
        notes=opened.text(sent.note),
        price_mode=sent.price_mode,
        lines=lines(sent.lines, sent.price_mode, opened, words, net_prices=says_terms and buyer.kind != "person"),
        adjustments=adjustments(sent.allowances, sent.charges, sent.price_mode, opened, words),
        vat=vat_groups(sent.vat, sent.lines),
        net_cents=sent.net_cents,
        vat_cents=sent.vat_cents,
        gross_cents=sent.gross_cents,
        payable_cents=sent.gross_cents,
        mentions=_printed(sent.mentions, sent.lines, quiet=True),
        certified=_certified(sent.mentions),
        training=training,
        fingerprint=fingerprint,
        proof_url=proof_url,
        language=sent.buyer.language,
    )


def draft_paper(
    kind: Kind | Literal["quote", "proforma"],
    content: Content,
    company: Company,
    client: Client,
    *,
    issued_on: date,
    training: bool,
    opening: Opening,
    logo: bytes = b"",
    original: Invoice.Issued | None = None,
) -> p.Paper:
    """The paper of a draft as it would leave on that day, without a number; `proforma`: as a pro forma invoice;
    `original`: what a credit note corrects.

    Errors: those of `pricing.price` while the lines cannot be priced.
    """
    opened, words = Opened(opening), tongue(client.profile.language)
    sold: Kind = "invoice" if kind == "quote" or kind == "proforma" else kind  # noqa: PLR1714 - mypy narrows this one
    priced = priced_at(sold, content, company, issued_on)
    identity, card = opened.identity(company.identity), opened.card(client.profile.card)
    buyer = buyer_of(client, card)
    asks = kind not in ("quote", "credit_note")
    issue = Issue(
        kind=sold, printed=content, company=company, client=client, ticket=Ticket("", 0, "", date.min),
        issued_on=issued_on, day=issued_on, seller=seller_of(company, identity), buyer=buyer, software="",
    )  # fmt: skip
    usual = opened.card(client.profile.delivery)
    place = opened.card(delivered_to(content, place_of(company, card, usual) if kind == "quote" else usual))
    sale = Sale.of("quote" if kind == "quote" else sold, issued_on, content, priced, company, client)
    asked = terms_of(content, client, company)
    return p.Paper(
        kind=kind,
        issued_on=issued_on,
        valid_until_on=issued_on + timedelta(days=company.configuration.quote_days) if kind == "quote" else None,
        delivered_on=content.delivered_on,
        period=(content.period.start_on, content.period.end_on) if content.period else None,
        seller=seller(identity, logo),
        buyer=party(card, words),
        deliver_to=party(place, words) if place != Card() else None,
        references=(*_corrected(_of(original), None, opened, words), *_references(content.refs, opened, words)),
        payment=terms(asked, words) if kind == "quote" else "",
        subject=opened.text(content.subject),
        notes=opened.text(content.note),
        price_mode=content.price_mode,
        lines=lines(priced.lines, content.price_mode, opened, words, net_prices=buyer.kind != "person"),
        adjustments=adjustments(priced.allowances, priced.charges, content.price_mode, opened, words),
        vat=vat_groups(priced.vat, priced.lines),
        net_cents=priced.net_cents,
        vat_cents=priced.vat_cents,
        gross_cents=priced.gross_cents,
        payable_cents=priced.gross_cents,
        instalments=instalments(due(issue, priced, asked), words) if asks else (),
        bank=(p.BankAccount(iban=identity.iban, bic=identity.bic),) if asks and identity.iban else (),
        mentions=_printed(mentions(sale), priced.lines, quiet=True),
        certified=_certified(mentions(sale)),
        training=training,
        language=client.profile.language,
    )


def _later(issued: Invoice.Issued) -> bool:
    """Whether the paper was first printed by rules of today; an older one stays as it was."""
    return issued.rules.mentions > LAST_OF_OLD


def _of(original: Invoice.Issued | None) -> tuple[Reference, ...]:
    if original is None:
        return ()
    return (Reference(invoice_id=original.originator_id, number=original.number, issued_on=original.issued_on),)


def _corrected(
    corrected: Iterable[Reference], reason: Reason | None, opened: Opened, words: Tongue
) -> Iterator[p.Reference]:
    for reference in corrected:
        day = words.day(reference.issued_on)
        value = words.say("Facture {number} du {day}", number=reference.number, day=day)
        yield p.Reference(label=words.say("Corrige"), value=value)
    if reason and reason.text:
        yield p.Reference(label=words.say("Motif"), value=opened.text(reason.text))


def _references(refs: Refs, opened: Opened, words: Tongue) -> Iterator[p.Reference]:
    asked = (
        ("Commande", refs.order), ("Référence", refs.buyer_reference), ("Contrat", refs.contract),
        ("Projet", refs.project),
    )  # fmt: skip
    return (p.Reference(label=words.say(label), value=opened.text(text)) for label, text in asked if text)


def _nature(issued: Invoice.Issued) -> Iterator[Mention]:
    """The nature of the operations of a document that does not have it among its mentions (table 2026-11)."""
    if all(mention.code != "NATURE" for mention in issued.mentions):
        yield Mention(code="NATURE", text=said(NATURES[issued.nature], issued.issued_on))


def _certified(told: Iterable[Mention]) -> tuple[str, ...]:
    """What the client certifies: it stands by itself, where she signs."""
    return tuple(mention.text for mention in told if mention.code in CERTIFIED)


def _printed(told: Iterable[Mention], priced: Iterable[Line], *, quiet: bool) -> tuple[str, ...]:
    """The mentions, but the reasons why there is no VAT: the VAT table says those; nor the terms of a quote, that stand
    beside its total. `quiet`: penalties are no operation, and say nothing of penalties on themselves.
    """
    sold = tuple(priced)
    skipped = {line.vat_code for line in sold if line.vat_text} | {TERMS} | CERTIFIED
    if quiet and sold and all(line.nature == "penalty" for line in sold):
        skipped |= OF_OPERATIONS
    return tuple(mention.text for mention in told if mention.code not in skipped)
