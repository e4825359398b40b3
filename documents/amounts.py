"""Lines, discounts, VAT groups and instalments as they are printed."""

from collections import Counter
from collections.abc import Iterable, Iterator

from documents import paper as p
from documents.opened import Opened
from documents.words import day, euros, rate
from domain import lines as d
from domain.vat import FRANCHISE


def lines(priced: Iterable[d.Line], mode: d.PriceMode, opened: Opened) -> tuple[p.Line, ...]:
    """Each line with the small print under its label."""
    return tuple(
        p.Line(
            label=opened.text(line.label),
            details=tuple(_details(line, opened)),
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            vat_bp=line.vat_bp,
            vat_category="" if line.vat_code == FRANCHISE.code else line.vat_category,
            amount_cents=line.gross_cents if mode == "gross" else line.net_cents,
        )
        for line in priced
    )


def adjustments(
    less: Iterable[d.Allowance], more: Iterable[d.Allowance], mode: d.PriceMode, opened: Opened
) -> tuple[p.Adjustment, ...]:
    """Discounts and charges of the document: one row a label, whatever VAT groups it was shared over."""
    sums: Counter[str] = Counter()
    for sign, word, some in ((-1, "Remise", less), (1, "Frais", more)):
        for part in some:
            sums[_named(part, word, opened)] += sign * (part.gross_cents if mode == "gross" else part.amount_cents)
    return tuple(p.Adjustment(label=label, amount_cents=cents) for label, cents in sums.items())


def vat_groups(groups: Iterable[d.VatGroup], priced: Iterable[d.Line]) -> tuple[p.VatGroup, ...]:
    """The VAT table; a group without VAT says why, in the words of its lines."""
    reasons = {line.vat_key: line.vat_text for line in priced}
    return tuple(
        p.VatGroup(
            rate_bp=group.rate_bp,
            category=group.category,
            base_cents=group.base_cents,
            vat_cents=group.vat_cents,
            text=next((text for key, text in reasons.items() if _same(key, group)), ""),
        )
        for group in groups
    )


def instalments(parts: Iterable[d.Instalment]) -> tuple[p.Instalment, ...]:
    """When it is due; a guarantee kept back is named."""
    return tuple(
        p.Instalment(
            due_on=part.due_on,
            amount_cents=part.amount_cents,
            label="retenue de garantie" if part.kind == "retention" else "",
        )
        for part in parts
    )


def _details(line: d.Line, opened: Opened) -> Iterator[str]:
    if line.deducts:
        yield f"Facture d’acompte {line.deducts.number} du {day(line.deducts.issued_on)}"
    if line.period:
        yield f"Du {day(line.period.start_on)} au {day(line.period.end_on)}"
    if line.progress:
        whole, before = euros(line.progress.contract_net_cents), euros(line.progress.before_cents)
        yield f"Avancement : {rate(line.progress.done_bp)} de {whole}, dont {before} déjà facturés"
    for part in line.allowances:
        yield f"{_named(part, 'Remise', opened)} : {euros(-part.amount_cents)}"


def _named(part: d.Allowance, word: str, opened: Opened) -> str:
    label = opened.text(part.label) or word
    return f"{label} {rate(part.bp)}" if part.bp else label


def _same(key: d.VatKey, group: d.VatGroup) -> bool:
    return all(getattr(key, name) == getattr(group, name) for name in d.VatKey.__struct_fields__)
