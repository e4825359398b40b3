"""Invoice lines (BG-25)."""

from collections.abc import Iterator
from decimal import Decimal

from documents.facturx import allowances
from documents.facturx.prices import Priced, priced
from documents.facturx.source import Source
from documents.facturx.tree import Element, add, add_day, group, number
from documents.facturx.vat import Rate, category
from documents.facturx.words import day, euros, rate
from domain.lines import Line, Period


def lines(transaction: Element, source: Source) -> None:
    """All lines, numbered from 1."""
    for position, line in enumerate(source.issued.lines, 1):
        _line(group(transaction, "ram:IncludedSupplyChainTradeLineItem"), position, line, source)


def period(parent: Element, days: Period | None) -> None:
    """A period of supply, of a line or of the document."""
    if days:
        span = group(parent, "ram:BillingSpecifiedPeriod")
        add_day(span, "ram:StartDateTime", days.start_on)
        add_day(span, "ram:EndDateTime", days.end_on)


def _line(item: Element, position: int, line: Line, source: Source) -> None:
    price = priced(line, source.issued.price_mode)
    document = group(item, "ram:AssociatedDocumentLineDocument")
    add(document, "ram:LineID", str(position))
    note = " ".join(_note(line))
    if note:
        add(group(document, "ram:IncludedNote"), "ram:Content", note)
    _product(item, source.opened.text(line.label))
    _price(item, line, price)
    quantity = number(source.sign * line.quantity)
    add(group(item, "ram:SpecifiedLineTradeDelivery"), "ram:BilledQuantity", quantity, unitCode=line.unit)
    _settlement(item, line, price, source)


def _product(item: Element, label: str) -> None:
    """The first line of the label names the item (BT-153), the rest describes it (BT-154)."""
    name, _, description = label.strip().partition("\n")
    product = group(item, "ram:SpecifiedTradeProduct")
    add(product, "ram:Name", name)
    add(product, "ram:Description", description)


def _price(item: Element, line: Line, price: Priced) -> None:
    net = group(item, "ram:SpecifiedLineTradeAgreement", "ram:NetPriceProductTradePrice")
    add(net, "ram:ChargeAmount", number(price.unit_price))
    if price.per != Decimal(1):
        add(net, "ram:BasisQuantity", number(price.per), unitCode=line.unit)


def _settlement(item: Element, line: Line, price: Priced, source: Source) -> None:
    settlement = group(item, "ram:SpecifiedLineTradeSettlement")
    category(settlement, "ram:ApplicableTradeTax", Rate(line.vat_category, line.vat_bp))
    period(settlement, line.period)
    for one, net_cents in zip(line.allowances, price.allowances_cents, strict=True):
        allowances.of_line(settlement, one, source, net_cents=net_cents, before_cents=price.before_cents)
    total = group(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    add(total, "ram:LineTotalAmount", source.amount(line.net_cents))


def _note(line: Line) -> Iterator[str]:
    """What the line deducts, or how far the works are (BT-127)."""
    if line.deducts:
        yield f"Facture d’acompte {line.deducts.number} du {day(line.deducts.issued_on)}."
    if line.progress:
        whole, before = euros(line.progress.contract_net_cents), euros(line.progress.before_cents)
        yield f"Avancement : {rate(line.progress.done_bp)} de {whole} HT, dont {before} déjà facturés."
