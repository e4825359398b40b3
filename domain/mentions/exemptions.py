"""Why there is no VAT: a reason of the law in its own words, which fits who buys, what is sold and where it goes."""

from collections.abc import Iterator
from typing import Final

from domain import vat
from domain.exempting import Deal, misfit
from domain.mentions.references import cgi, invoices
from domain.mentions.rule import Rule, Said
from domain.mentions.sale import Sale


def _wrong_reasons(sale: Sale) -> Iterator[str]:
    """A line that takes a deposit off repeats what was billed, as all of a credit note does: `vat` judges that."""
    deal = Deal.of(sale.configuration, sale.profile, sale.card, sale.delivery)
    for rank, line in enumerate(sale.lines, 1):
        if line.vat_category == "S" or line.deducts:
            continue
        reason = vat.reason_of(line, sale.on)
        wrong = misfit(reason, deal, line) if reason else "reason"
        if wrong:
            yield f"lines.{rank}.vat_{wrong}"


def _reasons(sale: Sale) -> Said:
    return sorted({(line.vat_code, f"{line.vat_text}.") for line in sale.lines if line.vat_text})


RULES: Final = (
    Rule(
        "lines.reason",
        invoices("12°", "13°") + cgi("259-1, 259 B, 262, 262 ter, 275, 283, 293 B, 294, 295"),
        lambda sale: sale.kind != "credit_note",
        misses=_wrong_reasons,
    ),
    Rule("VATEX", invoices("12°", "13°") + cgi("293 B, 262, 262 ter, 283, 261"), lambda _: True, says=_reasons),
)
