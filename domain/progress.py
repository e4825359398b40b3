"""Works billed as they advance: each situation bills what is done of the quote, less what the earlier ones billed.

Source: CCAG Travaux, art. 12 (décomptes mensuels cumulatifs); NF P 03-001, art. 19.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from domain.content import Content
from domain.errors import DomainError, Malformed
from domain.invoice import Invoice
from domain.lines import DraftLine, Line, Progress, facts
from domain.quote import Quote
from domain.quote_invoicing import Deposit, deducted, drawn_content

WHOLE_BP = 10_000
LUMP_SUM = "LS"  # UN/ECE Recommendation 20


@dataclass(eq=False)
class NothingDone(DomainError):
    """A situation bills something more than the ones before it."""

    number: str


@dataclass(eq=False)
class DiscountInSituations(DomainError):
    """A discount or charge of the whole quote in euros cannot be spread over situations; one in % can."""

    number: str


@dataclass(eq=False)
class InSituations(DomainError):
    """A quote that is billed by situations is not billed otherwise: the last situation is its balance."""

    number: str


@dataclass(frozen=True)
class Works:
    """A line of a quote as works: what it is worth in all, what was billed of it so far (both net)."""

    line: Line
    before_cents: int

    @property
    def before_bp(self) -> int:
        """How much of it was billed; rounded down, so that the rest is never lost."""
        return self.before_cents * WHOLE_BP // self.line.net_cents if self.line.net_cents else WHOLE_BP


def works_of(quote: Quote, documents: Iterable[Invoice.Issued]) -> tuple[Works, ...]:
    """The lines of the quote as sent; `documents` = all that was issued on it, credit notes among them."""
    billed: dict[str, int] = defaultdict(int)
    for document in situations(documents):
        for line in document.lines:
            if line.deducts is None:
                billed[line.id] += line.net_cents
    return tuple(Works(line, billed[line.id]) for line in (quote.sent.lines if quote.sent else ()))


def situations(documents: Iterable[Invoice.Issued]) -> list[Invoice.Issued]:
    """Those that bill works in progress, and the credit notes that take them back."""
    known = list(documents)
    billing = {one.originator_id: one for one in known if any(line.progress for line in one.lines)}
    notes = [one for one in known if {corrected.invoice_id for corrected in one.refers_to} & billing.keys()]
    return [*billing.values(), *notes]


def progress_content(quote: Quote, works: Sequence[Works], done_bp: Mapping[str, int], retention_bp: int) -> Content:
    """The next situation; `done_bp` = how much of each line (by id) is done, cumulative, those not named as before.

    Errors: `NothingDone`, `DiscountInSituations`; `Malformed` for more than the whole of a line.
    """
    changes = (*quote.content.allowances, *quote.content.charges)
    if any(change.amount_cents for change in changes):
        raise DiscountInSituations(quote.number)
    lines = tuple(line for one in works for line in _billed(one, done_bp.get(one.line.id)))
    if not lines:
        raise NothingDone(quote.number)
    return drawn_content(quote, price_mode="net", lines=lines, retention_bp=retention_bp)


def with_deductions(content: Content, deposits: Sequence[Deposit], label: str) -> Content:
    """The last situation takes off the deposits that were invoiced before, as every balance does."""
    deductions = tuple(deducted(deposits, label, content.price_mode))
    return replace(content, lines=(*content.lines, *deductions))


def is_complete(works: Iterable[Works], done_bp: Mapping[str, int]) -> bool:
    return all(done_bp.get(one.line.id, one.before_bp) == WHOLE_BP for one in works)


def _billed(works: Works, done_bp: int | None) -> tuple[DraftLine, ...]:
    """The line of the situation; none where nothing moved."""
    if done_bp is None:
        return ()
    if not 0 <= done_bp <= WHOLE_BP:
        raise Malformed("done_bp", f"{done_bp}")
    progress = Progress(contract_net_cents=works.line.net_cents, done_bp=done_bp, before_cents=works.before_cents)
    changes: dict[str, Any] = {"progress": progress, "allowances": (), "vat_due": "", "unit": LUMP_SUM}
    line = DraftLine(**facts(DraftLine, works.line) | changes)
    return () if done_bp == works.before_bp else (line,)
