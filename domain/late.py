"""What a late payment costs: interest, and the 40 € of recovery. Outside VAT, on a debit note of its own series.

The rate of the law is that of the European Central Bank's main refinancing operations on 1 January or 1 July, plus 10
points for each half-year; towards a public buyer that of the half-year in which the interest began, plus 8. An agreed
rate is the one that the invoice says; it binds no public buyer. A consumer owes the legal interest, from the formal
notice on (Code civil, art. 1231-6). Interest is reckoned by periods, each rounded, so that
whoever owes it finds the same sum with what the letter prints.
Source: Code de commerce, art. L441-10, II and D441-5; Code de la commande publique, art. L2192-13, L2192-14, R2192-31
and D2192-35 (décret 2013-269); BOI-TVA-BASE-10-10-30 (outside VAT).
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from domain import accounts, half_years
from domain.half_years import HalfYear
from domain.invoice import Invoice
from domain.lines import DraftLine
from domain.mentions import texts
from domain.money import euros, rounded
from domain.vat import OUTSIDE

INDEMNITY_CENTS: Final = 4_000  # Code de commerce, art. D441-5
MARGIN_BP: Final = 1_000
PUBLIC_MARGIN_BP: Final = 800
_DAY: Final = timedelta(days=1)


class Terms(NamedTuple):
    """Which rate counts: `agreed_bp` (0 = the law's), `public` = a public buyer's, `person` = a consumer's; `told` =
    rates that the company read.
    """

    agreed_bp: int = 0
    public: bool = False
    person: bool = False
    told: tuple[HalfYear, ...] = ()


BY_LAW: Final = Terms()


class Period(NamedTuple):
    """Some days of delay at one rate, both days included. `reckoned_on`: the first day of the half-year whose rate it
    is, None for an agreed one.
    """

    base_cents: int
    first_on: date
    last_on: date
    rate_bp: int
    reckoned_on: date | None = None

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1

    @property
    def cents(self) -> int:
        return interest_cents(self.base_cents, self.rate_bp, self.days)

    @property
    def stands_in(self) -> bool:
        """Whether the rate is an older one, because that of the period's half-year is not known."""
        return self.reckoned_on is not None and self.reckoned_on < half_years.start(self.first_on)


def terms_of(document: Invoice.Issued, told: tuple[HalfYear, ...] = ()) -> Terms:
    """Those of an issued document, as it says them itself."""
    said = (_agreed_bp(mention.text) for mention in document.mentions if mention.code == "PMD")
    return Terms(next(said, 0), document.scope == "b2g", document.scope == "b2c", told)


def rate(on: date, terms: Terms = BY_LAW) -> half_years.Rate:
    """What the law says for a delay that begins on that day; a consumer owes the legal interest, once she was summoned.

    >>> rate(date(2025, 3, 1)).bp, rate(date(2025, 3, 1), Terms(public=True)).bp
    (1315, 1115)
    """
    if terms.person:
        return half_years.legal(on, terms.told)
    known = half_years.ecb(on, terms.told)
    return half_years.Rate(known.first_on, known.bp + (PUBLIC_MARGIN_BP if terms.public else MARGIN_BP))


def periods(base_cents: int, due_on: date, on: date, terms: Terms = BY_LAW) -> tuple[Period, ...]:
    """From the day after the due date to `on`, in order; none when it is not late.

    >>> [(part.days, part.rate_bp, part.cents) for part in periods(100_000, date(2025, 6, 15), date(2025, 7, 15))]
    [(15, 1315, 540), (15, 1215, 499)]
    """
    first = due_on + _DAY
    if base_cents <= 0 or on < first:
        return ()
    if terms.agreed_bp and not terms.public:
        return (Period(base_cents, first, on, terms.agreed_bp),)
    starts = [first]
    while not terms.public and (start := half_years.following(starts[-1])) <= on:
        starts.append(start)
    ends = [*(start - _DAY for start in starts[1:]), on]
    found = ((start, end, rate(start, terms)) for start, end in zip(starts, ends, strict=True))
    return tuple(Period(base_cents, start, end, known.bp, known.first_on) for start, end, known in found)


def interest_cents(base_cents: int, rate_bp: int, days: int) -> int:
    """Simple interest on an overdue amount, on a year of 365 days; `rate_bp` a year, `days` after the due date.

    >>> interest_cents(100_000, 1200, 30)
    986
    """
    return rounded(base_cents * rate_bp * days, 365 * 10_000)


def interest_line(id: str, period: Period, label: str) -> DraftLine:
    return _line(id, label, period.cents, accounts.LATE_INTEREST)


def indemnity_line(id: str, label: str) -> DraftLine:
    return _line(id, label, INDEMNITY_CENTS, accounts.RECOVERY_FEES)


def _agreed_bp(mention: str) -> int:
    """The rate in the sentence on late payment; 0 when it is the law's."""
    for _, words in texts.LATE_AGREED:
        if found := re.fullmatch(re.escape(words).replace(re.escape("{rate}"), r"(\d+(?:,\d+)?)"), mention):
            return int(Decimal(found[1].replace(",", ".")) * 100)
    return 0


def _line(id: str, label: str, cents: int, account: str) -> DraftLine:
    return DraftLine(
        id=id, label=label, nature="penalty", quantity=Decimal(1), unit_price=euros(cents), account=account,
        vat_bp=0, vat_category=OUTSIDE.category, vat_code=OUTSIDE.code, vat_text=OUTSIDE.text,
    )  # fmt: skip
