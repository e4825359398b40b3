"""Documents and histories for the tests of the arithmetic."""

from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from domain import vat
from domain.lines import Allocation, Allowance, DraftLine, Posting
from domain.pricing import Priced, negated, price
from domain.settlement import CreditsTooMuch, Receivable

INVOICE_ID = UUID(int=1)
REASONS = {e.category: e for e in reversed(vat.EXEMPTIONS) if e.category in ("AE", "K", "G")} | {
    "E": vat.DISBURSEMENT,
    "O": vat.OUTSIDE,
}


def line(nature, unit_price, quantity="1", vat_bp=2000, category="S", **facts):
    """A line of one label; an exempt one gets a code and its words."""
    if category not in ("S", "Z"):
        facts |= {"vat_code": REASONS[category].code, "vat_text": REASONS[category].text}
    return DraftLine(
        id="1", label="Reliure", nature=nature, quantity=Decimal(quantity), unit_price=Decimal(unit_price),
        vat_bp=vat_bp if category == "S" else 0, vat_category=category, **facts,
    )  # fmt: skip


def receivable(*lines, **options) -> Receivable:
    return Receivable.of(INVOICE_ID, price(lines, **options).vat)


def entries(postings: tuple[Posting, ...]) -> dict[str, int]:
    """Account → debits − credits, over all postings, as an accountant notes an entry."""
    totals: dict[str, int] = {}
    for each in (each for posting in postings for each in posting.lines):
        assert (each.debit_cents > 0) != (each.credit_cents > 0)
        totals[each.account] = totals.get(each.account, 0) + each.debit_cents - each.credit_cents
    return totals


def vat_cents(shares) -> int:
    return sum(share.vat_cents for share in shares)


prices = st.decimals(0, 10_000, places=3)
quantities = st.decimals(-100, 1000, places=2)
rates = st.sampled_from([2000, 1000, 550, 210])
natures = st.sampled_from(["goods", "services", "shipping"])
discounts = st.builds(Allowance, bp=st.integers(1, 5000)) | st.builds(Allowance, amount_cents=st.integers(0, 5000))
taxed_lines = st.builds(line, natures, prices, quantities, rates, allowances=st.lists(discounts, max_size=2).map(tuple))
exempt_lines = st.builds(line, natures, prices, quantities, category=st.sampled_from(["E", "AE", "K", "G", "O", "Z"]))
lines = st.lists(taxed_lines | exempt_lines, min_size=1, max_size=6)
modes = st.sampled_from(["net", "gross"])
regimes = st.sampled_from(["cash", "debit", "franchise"])


def totals(priced: Priced) -> tuple[int, int, int]:
    return priced.net_cents, priced.vat_cents, priced.gross_cents


sold_lines = st.lists(
    st.builds(line, natures, st.decimals(0, 1000, places=2), st.decimals(0, 9, places=1), rates)
    | st.builds(line, st.just("disbursement"), st.decimals(0, 100, places=2), category=st.just("E"))
    | st.builds(line, st.just("services"), st.decimals(0, 100, places=2), category=st.just("AE")),
    min_size=1,
    max_size=4,
)
steps = st.tuples(
    st.sampled_from(["pay", "discount", "round", "credit", "bounce", "lose", "recover"]),
    st.integers(1, 100),
    st.integers(0, 10),
)


def history(lines, account: Receivable, steps, mode="net"):
    """What happens to an invoice of these lines: (what, the receivable before, the movement, the credit note).

    A step is (what, percent of what is possible, which line or payment); one that is not possible is left out.
    """
    payments: list[Allocation] = []
    for what, percent, which in steps:
        note = price(negated(lines[which % len(lines) :])[0], price_mode=mode, left=account.left)
        moved = credited(note, account) if what == "credit" else moved_by(what, percent, which, account, payments)
        if moved is not None:
            yield what, account, moved, note
            account = account.after(moved)


def moved_by(what, percent, which, account: Receivable, payments: list[Allocation]) -> Allocation | None:
    amount = account.outstanding_cents * percent // 100
    match what:
        case "pay" | "discount" | "round" if amount > 0:
            less = {"pay": [], "discount": [("discount", amount // 10)], "round": [("rounding", 1)]}[what]
            payments.append(account.settle(amount, less))
            return payments[-1]
        case "bounce" if payments:
            return account.unsettle(payments.pop(which % len(payments)))
        case "lose" if amount > 0:
            return account.write_off(amount, recover_due=which % 2 == 0)
        case "recover" if account.lost_cents * percent // 100 > 0:
            return account.recover(account.lost_cents * percent // 100)
    return None


def credited(note: Priced, account: Receivable) -> Allocation | None:
    try:
        return account.credit(note.vat) if note.gross_cents else None
    except CreditsTooMuch:
        return None
