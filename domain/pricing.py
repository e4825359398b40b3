"""The arithmetic of a document: lines, discounts, VAT groups and their parts, in net and in gross prices.

*Net*: VAT of a group = its base × its rate, rounded once. *Gross*: base = gross × 10000 / (10000 + rate), rounded
once, and the VAT is the rest, so that what the client pays never changes. All that is cut is cut by the largest
remainder: a group into parts, a part into lines. Source: `events.md`, Arithmetic; EN 16931 BR-CO-17.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from domain import accounts, grouping, money
from domain.completing import Regime, completed
from domain.errors import DomainError
from domain.grouping import Frame, Item
from domain.lines import Allowance, DraftLine, Line, Nature, PriceMode, VatGroup, VatKey, VatShare, facts
from domain.parties import Fact, Text


@dataclass(eq=False)
class NothingToDiscount(DomainError):
    """A discount or charge of the whole document has no lines to be shared over."""

    label: Text
    amount_cents: int


class Sales(Fact):
    """What a document credits to one account, net of all discounts (negative: debits)."""

    account: str
    net_cents: int


class Priced(Fact, kw_only=True):
    """A document with every amount. Σ bases of `vat` = Σ `sales` = `net_cents`; net + VAT = gross.

    Disbursements are inside `net_cents` and `gross_cents` (EN 16931 BT-109, BT-112); `disbursements_cents` says how
    much, so that totals can set them apart.
    """

    lines: tuple[Line, ...]
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Allowance, ...] = ()
    vat: tuple[VatGroup, ...] = ()
    sales: tuple[Sales, ...] = ()
    net_cents: int
    vat_cents: int
    gross_cents: int
    disbursements_cents: int = 0


def price(
    lines: Sequence[DraftLine],
    allowances: Sequence[Allowance] = (),
    charges: Sequence[Allowance] = (),
    *,
    price_mode: PriceMode = "net",
    regime: Regime = "cash",
    deposit: bool = False,
    issued_on: date | None = None,
    delivered_on: date | None = None,
    left: Sequence[VatShare] = (),
) -> Priced:
    """Every amount of a document.

    `deposit`: all VAT is on cash and all goes to 4191. `franchise`: no VAT, whatever the lines say. A line that has
    its `vat_due` already (it repeats an issued one) keeps its VAT. Shipping follows the goods of the document, else
    the services. Discounts in % are of the undiscounted line (or of all lines but disbursements, penalties and
    deducted deposits), never one of another. Dates only fill `due_on` of the parts.
    `left` (a credit note: `Receivable.left` of its invoice): taking all of a base takes all its VAT, none takes more.
    Errors: `NothingToDiscount`; `Malformed` for a negative price, or works in progress in gross prices.
    """
    shipped_as: Nature = "goods" if any(_is_of_goods(line) for line in lines) else "services"
    full = [completed(line, price_mode, regime, shipped_as, deposit=deposit) for line in lines]
    counted = [_item(source, line, shipped_as) for source, line in enumerate(full)]
    shared = [item for item, line in zip(counted, full, strict=True) if is_discountable(line)]
    changes = [(a, -1) for a in allowances] + [(c, 1) for c in charges]
    shares = [
        share
        for source, (change, sign) in enumerate(changes, len(full))
        for share in _shares(source, change, sign, shared, price_mode)
    ]
    vat, items = grouping.grouped([*counted, *shares], Frame(price_mode, issued_on, delivered_on, left))

    of: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        of[item.source].append(item)
    keyed = [_keyed(change, sign, of[source], price_mode) for source, (change, sign) in enumerate(changes, len(full))]
    net_cents, vat_cents = sum(group.base_cents for group in vat), sum(group.vat_cents for group in vat)
    return Priced(
        lines=tuple(_line(line, of[source][0], price_mode) for source, line in enumerate(full)),
        allowances=tuple(one for some in keyed[: len(allowances)] for one in some),
        charges=tuple(one for some in keyed[len(allowances) :] for one in some),
        vat=vat,
        sales=_sales(items),
        net_cents=net_cents,
        vat_cents=vat_cents,
        gross_cents=net_cents + vat_cents,
        disbursements_cents=sum(item.cents for item in counted if item.part[0] == "disbursement"),
    )


def negated(
    lines: Sequence[DraftLine], allowances: Sequence[Allowance] = (), charges: Sequence[Allowance] = ()
) -> tuple[tuple[DraftLine, ...], tuple[Allowance, ...], tuple[Allowance, ...]]:
    """What a credit note of these (a whole issued invoice, or some of its lines) enters.

    Priced in the same mode, a whole invoice is turned to the cent.
    """
    return (
        tuple(_negated_line(line) for line in lines),
        tuple(_negated(allowance) for allowance in allowances),
        tuple(_negated(charge) for charge in charges),
    )


def _item(source: int, line: DraftLine, shipped_as: Nature) -> Item:
    amount = money.product_cents(line.quantity, line.unit_price) - sum(a.amount_cents for a in line.allowances)
    nature = shipped_as if line.nature == "shipping" else line.nature
    return Item(source, line.vat_key, (nature, line.vat_due or "none"), line.account, amount)


def _is_of_goods(line: DraftLine) -> bool:
    """Goods, or shipping that followed goods in the invoice that it repeats; K and G are supplies of goods."""
    return line.nature == "goods" or line.vat_due == "delivery" or line.vat_category in ("K", "G")


def is_discountable(line: DraftLine) -> bool:
    return line.nature not in ("disbursement", "penalty") and line.deducts is None


def _shares(source: int, change: Allowance, sign: int, shared: Sequence[Item], price_mode: PriceMode) -> list[Item]:
    """What a discount (sign −1) or a charge (+1) of the document changes in its groups; one with a key in one only."""
    if change.category:
        shared = [item for item in shared if facts(VatKey, item.key) == facts(VatKey, change)]
        amount = change.gross_cents if price_mode == "gross" else change.amount_cents
    else:
        amount = money.portion(sum(i.cents for i in shared), change.bp) if change.bp else change.amount_cents
    if amount and not shared:
        raise NothingToDiscount(change.label, amount)
    try:
        shares = grouping.spread(sign * amount, shared, source)
    except ZeroDivisionError:
        raise NothingToDiscount(change.label, amount) from None
    return shares if sign < 0 else [_charged(share) for share in shares]


def _charged(share: Item) -> Item:
    return share if share.account == accounts.DEPOSITS else share._replace(account=accounts.CHARGES)


def _line(line: DraftLine, item: Item, price_mode: PriceMode) -> Line:
    gross_cents = item.cents if price_mode == "gross" else 0
    return Line(**facts(DraftLine, line), net_cents=item.net_cents, gross_cents=gross_cents)


def _keyed(change: Allowance, sign: int, shares: Sequence[Item], price_mode: PriceMode) -> list[Allowance]:
    """A discount or charge as recorded: one for each VAT group that it changes, net, and gross beside it."""
    nets: dict[VatKey, int] = defaultdict(int)
    entered: dict[VatKey, int] = defaultdict(int)
    for share in shares:
        nets[share.key] += sign * share.net_cents
        entered[share.key] += sign * share.cents
    return [
        replace(
            change, **facts(VatKey, key), amount_cents=nets[key], gross_cents=amount if price_mode == "gross" else 0
        )
        for key, amount in entered.items()
        if amount
    ]


def _sales(items: Sequence[Item]) -> tuple[Sales, ...]:
    totals: dict[str, int] = defaultdict(int)
    for item in items:
        totals[item.account] += item.net_cents
    return tuple(Sales(account=account, net_cents=net) for account, net in sorted(totals.items()) if net)


def _negated_line(line: DraftLine) -> DraftLine:
    less = tuple(_negated(allowance) for allowance in line.allowances)
    return DraftLine(**facts(DraftLine, line) | {"quantity": -line.quantity, "allowances": less, "progress": None})


def _negated(change: Allowance) -> Allowance:
    return replace(change, amount_cents=-change.amount_cents, gross_cents=-change.gross_cents)
