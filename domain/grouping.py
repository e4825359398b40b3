"""The VAT table of a document: its amounts by group, each group by part, all adding up to the cent."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from domain import money
from domain.lines import Nature, PriceMode, VatDue, VatGroup, VatKey, VatPart, VatShare, facts

Part = tuple[Nature, VatDue]
T = TypeVar("T")


class Item(NamedTuple):
    """An amount of a document with all that decides where it is counted.

    `cents` is in the document's price mode; `net_cents` is known when the groups are; `source` numbers what it is a
    share of: the lines, then the discounts, then the charges.
    """

    source: int
    key: VatKey
    part: Part
    account: str
    cents: int
    net_cents: int = 0


class Frame(NamedTuple):
    """What the groups of a document have in common. `left`: see `pricing.price`."""

    price_mode: PriceMode
    issued_on: date | None
    delivered_on: date | None
    left: Sequence[VatShare]


def grouped(items: Iterable[Item], frame: Frame) -> tuple[tuple[VatGroup, ...], list[Item]]:
    """The groups, highest rate first, and the items with their net amounts, in the order of the groups."""
    groups, netted = [], []
    for members in _split(items, lambda item: _by_rate(item.key)):
        group = _group(members, frame)
        groups.append(group)
        for part, inside in zip(group.parts, _split(members, lambda item: item.part), strict=True):
            nets = _nets([item.cents for item in inside], part, group.rate_bp, frame)
            netted += [item._replace(net_cents=net) for item, net in zip(inside, nets, strict=True)]
    return tuple(groups), netted


def spread(amount: int, items: Iterable[Item], source: int) -> list[Item]:
    """`amount` of `source` over groups, their parts, their accounts, in proportion to `items`: the largest remainder.

    Errors: `ZeroDivisionError` when items that should carry a share add up to 0.
    """
    shares = [(amount, list(items))]
    for level in (lambda item: _by_rate(item.key), lambda item: item.part, lambda item: item.account):
        shares = [share for cents, some in shares for share in _cut(cents, some, level)]
    return [some[0]._replace(source=source, cents=cents) for cents, some in shares]


def _cut(amount: int, items: list[Item], level: Callable[[Item], Any]) -> list[tuple[int, list[Item]]]:
    buckets = _split(items, level)
    weights = [sum(item.cents for item in bucket) for bucket in buckets]
    return list(zip(money.spread(amount, weights), buckets, strict=True))


def _group(items: list[Item], frame: Frame) -> VatGroup:
    """The VAT is rounded here, once for the group; its parts share it, unless what is left of them says less."""
    key, rate = items[0].key, items[0].key.rate_bp
    buckets = _split(items, lambda item: item.part)
    amounts = [sum(item.cents for item in bucket) for bucket in buckets]
    if frame.price_mode == "net":
        vat = money.portion(sum(amounts), rate)
        vats = money.apportion(vat, [amount * rate for amount in amounts], 10_000)
    else:
        base = money.rounded(sum(amounts) * 10_000, 10_000 + rate)
        bases = money.apportion(base, [amount * 10_000 for amount in amounts], 10_000 + rate)
        vats = [amount - base for amount, base in zip(amounts, bases, strict=True)]
    parts = tuple(
        _part(key, bucket[0].part, amount, vat, frame)
        for bucket, amount, vat in zip(buckets, amounts, vats, strict=True)
    )
    return VatGroup(
        **facts(VatKey, key),
        base_cents=sum(part.base_cents for part in parts),
        vat_cents=sum(part.vat_cents for part in parts),
        parts=parts,
    )


def _part(key: VatKey, part: Part, amount: int, vat: int, frame: Frame) -> VatPart:
    nature, vat_due = part
    vat = _within_left(key, part, amount, vat, frame)
    base = amount if frame.price_mode == "net" else amount - vat
    return VatPart(nature=nature, vat_due=vat_due, due_on=_due_on(part, frame), base_cents=base, vat_cents=vat)


def _within_left(key: VatKey, part: Part, amount: int, vat: int, frame: Frame) -> int:
    """The VAT of a credit note's part: all that is left when it takes all of the base, never more."""
    for left in frame.left:
        if (left.nature, left.vat_due) == part and _by_rate(left) == _by_rate(key):
            whole = left.base_cents if frame.price_mode == "net" else left.base_cents + left.vat_cents
            takes_more = abs(amount) <= abs(whole) and abs(vat) > abs(left.vat_cents)
            return -left.vat_cents if amount == -whole or takes_more else vat
    return vat


def _nets(amounts: list[int], part: VatPart, rate_bp: int, frame: Frame) -> list[int]:
    if frame.price_mode == "net":
        return amounts
    return money.apportion(part.base_cents, [amount * 10_000 for amount in amounts], 10_000 + rate_bp)


def _due_on(part: Part, frame: Frame) -> date | None:
    match part:
        case (_, "cash"):
            return None
        case ("goods", "delivery" | "none"):
            return frame.delivered_on or frame.issued_on
    return frame.issued_on


def _split(things: Iterable[T], level: Callable[[T], Any]) -> list[list[T]]:
    """The things with equal `level` together, in the order of `level`."""
    buckets: dict[Any, list[T]] = defaultdict(list)
    for thing in things:
        buckets[level(thing)].append(thing)
    return [buckets[value] for value in sorted(buckets)]


def _by_rate(key: VatKey) -> tuple[str, str, int, str, str]:
    return key.country, key.territory, -key.rate_bp, key.category, key.code
