"""Lines, discounts, VAT groups and instalments as they are printed."""

from collections import Counter
from collections.abc import Iterable, Iterator

from documents import paper as p
from documents.facturx.prices import priced
from documents.opened import Opened
from documents.words import Tongue
from domain import lines as d
from domain.terms import PaymentTerms
from domain.vat import FRANCHISE


def lines(
    sold: Iterable[d.Line], mode: d.PriceMode, opened: Opened, words: Tongue, *, net_prices: bool = False
) -> tuple[p.Line, ...]:
    """Each line with the small print under its label; `net_prices`: with the price without VAT of a gross one."""
    with_net = net_prices and mode == "gross"
    return tuple(
        p.Line(
            label=opened.text(line.label),
            details=(*_details(line, opened, words), *(_net_price(line, words) if with_net else ())),
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            vat_bp=line.vat_bp,
            vat_category="" if line.vat_code == FRANCHISE.code else line.vat_category,
            amount_cents=line.gross_cents if mode == "gross" else line.net_cents,
        )
        for line in sold
    )


def adjustments(
    less: Iterable[d.Allowance], more: Iterable[d.Allowance], mode: d.PriceMode, opened: Opened, words: Tongue
) -> tuple[p.Adjustment, ...]:
    """Discounts and charges of the document: one row a label, whatever VAT groups it was shared over."""
    sums: Counter[str] = Counter()
    for sign, word, some in ((-1, "Remise", less), (1, "Frais", more)):
        for part in some:
            sums[_named(part, word, opened, words)] += sign * (
                part.gross_cents if mode == "gross" else part.amount_cents
            )
    return tuple(p.Adjustment(label=label, amount_cents=cents) for label, cents in sums.items())


def vat_groups(groups: Iterable[d.VatGroup], sold: Iterable[d.Line]) -> tuple[p.VatGroup, ...]:
    """The VAT table; a group without VAT says why, in the words of its lines."""
    reasons = {line.vat_key: line.vat_text for line in sold}
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


def instalments(parts: Iterable[d.Instalment], words: Tongue) -> tuple[p.Instalment, ...]:
    """When it is due; a guarantee kept back is named."""
    return tuple(
        p.Instalment(
            due_on=part.due_on,
            amount_cents=part.amount_cents,
            label=words.say("retenue de garantie") if part.kind == "retention" else "",
        )
        for part in parts
    )


def terms(asked: PaymentTerms, words: Tongue) -> str:
    """When a quote asks to be paid."""
    if asked == PaymentTerms(days=0):
        return words.say("À réception de la facture")
    text = "{days} jours fin de mois" if asked.end_of_month else "{days} jours date de facture"
    told = words.say(text, days=asked.days)
    return words.say("{terms}, plus {days} jours", terms=told, days=asked.then_days) if asked.then_days else told


def _net_price(line: d.Line, words: Tongue) -> Iterator[str]:
    """The price without VAT that an invoice to a business says (CGI, ann. II, art. 242 nonies A, I-8°)."""
    if not line.vat_bp:
        return
    net = priced(line, "gross")
    unit, whole = words.price(net.unit_price), words.euros(line.net_cents)
    if net.per == 1:
        yield words.say("Prix unitaire HT : {unit}, total HT : {whole}", unit=unit, whole=whole)
    else:
        per = words.number(net.per)
        yield words.say("Prix HT : {unit} les {per}, total HT : {whole}", unit=unit, per=per, whole=whole)


def _details(line: d.Line, opened: Opened, words: Tongue) -> Iterator[str]:
    say, day = words.say, words.day
    if line.deducts:
        number, issued = line.deducts.number, day(line.deducts.issued_on)
        yield say("Facture d’acompte {number} du {day}", number=number, day=issued)
    if line.period:
        yield say("Du {first} au {last}", first=day(line.period.start_on), last=day(line.period.end_on))
    if line.progress:
        yield say(
            "Avancement : {rate} de {whole}, dont {before} déjà facturés",
            rate=words.rate(line.progress.done_bp),
            whole=words.euros(line.progress.contract_net_cents),
            before=words.euros(line.progress.before_cents),
        )
    for part in line.allowances:
        label = _named(part, "Remise", opened, words)
        yield say("{label} : {amount}", label=label, amount=words.euros(-part.amount_cents))


def _named(part: d.Allowance, word: str, opened: Opened, words: Tongue) -> str:
    label = opened.text(part.label) or words.say(word)
    return f"{label} {words.rate(part.bp)}" if part.bp else label


def _same(key: d.VatKey, group: d.VatGroup) -> bool:
    return all(getattr(key, name) == getattr(group, name) for name in d.VatKey.__struct_fields__)
