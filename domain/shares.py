"""Sums of VAT, part by part: lists of `VatShare` added, turned, scaled. Parts with nothing are left out."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from domain import money
from domain.lines import VatGroup, VatKey, VatShare, facts

Shares = tuple[VatShare, ...]


def shares_of(groups: Iterable[VatGroup]) -> Shares:
    """The parts of a document's VAT table, each with the key of its group."""
    return merged(
        VatShare(
            **facts(VatKey, group),
            nature=part.nature,
            vat_due=part.vat_due,
            base_cents=part.base_cents,
            vat_cents=part.vat_cents,
        )
        for group in groups
        for part in group.parts
    )


def merged(*lists: Iterable[VatShare]) -> Shares:
    """The sum of all lists, in one order: country, territory, highest rate, category, code, nature."""
    totals: dict[tuple[Any, ...], VatShare] = {}
    for share in (share for shares in lists for share in shares):
        before = totals.get(part_of(share))
        totals[part_of(share)] = share if before is None else _plus(before, share)
    return tuple(totals[part] for part in sorted(totals) if totals[part].base_cents or totals[part].vat_cents)


def turned(shares: Iterable[VatShare]) -> Shares:
    """Every sign turned."""
    return tuple(_with(share, -share.base_cents, -share.vat_cents) for share in shares)


def scaled(shares: Iterable[VatShare], numerator: int, denominator: int) -> Shares:
    """Each share × numerator / denominator, rounded; nothing when there is nothing to divide by."""
    if denominator == 0:
        return ()
    return merged(
        _with(
            share,
            money.rounded(share.base_cents * numerator, denominator),
            money.rounded(share.vat_cents * numerator, denominator),
        )
        for share in shares
    )


def part_of(share: VatShare) -> tuple[Any, ...]:
    """What tells a part from all others of its document; sorts."""
    return (
        share.country, share.territory, -share.rate_bp, share.category, share.code, share.nature, share.vat_due,
    )  # fmt: skip


def _plus(one: VatShare, other: VatShare) -> VatShare:
    return _with(one, one.base_cents + other.base_cents, one.vat_cents + other.vat_cents)


def _with(share: VatShare, base_cents: int, vat_cents: int) -> VatShare:
    return replace(share, base_cents=base_cents, vat_cents=vat_cents)
