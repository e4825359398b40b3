"""Recording closings through the ledger: what they count, and that they count it once."""

from datetime import date
from itertools import pairwise
from uuid import uuid4

import psycopg
import pytest

from domain.books import closable
from domain.closing import Closing
from domain.company import Company
from ledger.books import Books
from ledger.commands import companies, invoices, payments
from ledger.commands.closings import close_next
from tests.ledger.commands.conftest import line


@pytest.fixture
def close(shop, job_pool):
    """`close(period, on=day)` closes all that is over on that day; gives the first days closed."""

    def run(period: str, on: date) -> list[str]:
        books = Books(job_pool, shop.books.mapper, shop.books.key).on(on)
        closed: list[str] = []
        while first := books.do(close_next, shop.id, uuid4(), "job:closings", period=period):
            closed.append(first)
        return closed

    return run


def closings(shop, period):
    found = [event for event in shop.events(shop.id) if isinstance(event, Closing.Created)]
    return [closing for closing in found if closing.period == period]


def trade(shop):
    """March: 120 € on the 2nd of which 60 € paid on the 3rd; a credit note of 120 € on the 5th. April: 240 €."""
    client = shop.client()
    shop.day = date(2026, 3, 2)
    first = shop.issued(client)
    shop.day = date(2026, 3, 3)
    shop.pay(client, 6_000, (first, 6_000))
    shop.day = date(2026, 3, 5)
    credit = uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit, invoice_id=first)
    shop.issue(credit)
    shop.day = date(2026, 4, 7)
    shop.issued(client, line("200"))


def test_a_day_is_closed_once_it_is_over_and_only_if_something_fiscal_happened(shop, close):
    trade(shop)
    assert close("day", date(2026, 3, 2)) == []
    assert close("day", date(2026, 3, 4)) == ["2026-03-02", "2026-03-03"]
    assert close("day", date(2026, 4, 7)) == ["2026-03-05"]
    assert close("day", date(2026, 4, 7)) == []


def test_months_and_years_are_closed_even_when_nothing_happened(shop, close):
    trade(shop)
    assert close("month", date(2026, 6, 1)) == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert close("year", date(2027, 1, 1)) == ["2026-01-01"]


def test_a_closing_gives_the_totals_of_its_period_of_the_year_and_since_the_beginning(shop, close):
    trade(shop)
    close("month", date(2026, 5, 1))
    march, april = closings(shop, "month")
    assert (march.documents.count, march.documents.net_cents, march.documents.gross_cents) == (2, 0, 0)
    assert (march.documents.credited_gross_cents, march.payments.received_cents) == (12_000, 6_000)
    assert [(s.first, s.last, s.count) for s in march.documents.series] == [
        ("A2026-0001", "A2026-0001", 1), ("F2026-0001", "F2026-0001", 1),
    ]  # fmt: skip
    assert (march.perpetual_documents_cents, march.perpetual_documents_absolute_cents) == (0, 24_000)
    assert (april.documents.gross_cents, april.year_documents_gross_cents) == (24_000, 24_000)
    assert (april.year_documents_net_cents, april.year_payments_cents) == (20_000, 6_000)
    assert (april.perpetual_documents_cents, april.perpetual_documents_absolute_cents) == (24_000, 48_000)
    assert [(v.rate_bp, v.base_cents, v.vat_cents) for v in april.vat] == [(2000, 20_000, 4_000)]


def test_a_reversed_payment_lowers_the_real_total_and_raises_the_absolute_one(shop, close):
    client = shop.client()
    payment = shop.pay(client, 5_000)
    shop.do(payments.reverse_payment, payment_id=payment, cause="bounced", reversed_on=shop.day)
    close("day", date(2026, 3, 3))
    (day,) = closings(shop, "day")
    assert (day.payments.received_cents, day.payments.reversed_cents, day.payments.count) == (5_000, 5_000, 2)
    assert (day.perpetual_payments_cents, day.perpetual_payments_absolute_cents) == (0, 10_000)


def test_a_new_fiscal_year_starts_its_totals_again_and_the_perpetual_ones_go_on(shop, close):
    trade(shop)
    shop.day = date(2027, 1, 4)
    shop.issued(shop.client(), line("10"))
    close("month", date(2027, 2, 1))
    january = closings(shop, "month")[-1]
    assert (january.year_documents_gross_cents, january.perpetual_documents_cents) == (1_200, 25_200)
    assert january.fiscal_year.from_ == date(2027, 1, 1)


def test_closings_made_late_say_what_closings_made_in_time_say(shop, close):
    trade(shop)
    close("day", date(2026, 4, 8))
    late = [(c.from_, c.documents, c.payments, c.perpetual_documents_cents) for c in closings(shop, "day")]
    assert [day for day, *_ in late] == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 5), date(2026, 4, 7)]
    assert late[-1][3] == 24_000


def test_each_closing_names_the_one_before_and_goes_on_where_it_ended(shop, close, connect):
    trade(shop)
    close("day", date(2026, 4, 8))
    hashes = dict(connect("probant_audit", shop.id).execute("SELECT pos, encode(hash, 'hex') FROM ledger.entry"))
    chain = closings(shop, "day")
    assert (chain[0].previous, chain[0].from_pos) == (None, 1)
    for before, after in pairwise(chain):
        assert after.from_pos == before.to_pos + 1
        assert after.previous.hash == hashes[after.previous.pos]


def test_the_web_may_not_close(shop):
    trade(shop)
    books = shop.books.on(date(2026, 3, 4))
    with pytest.raises(psycopg.Error, match=r"probant_web may not append period\.closed"):
        books.do(close_next, shop.id, uuid4(), shop.user, period="day")


def test_days_months_and_years_come_to_the_same(shop, close):
    trade(shop)
    for period in ("day", "month", "year"):
        close(period, date(2027, 1, 1))
    names = [name for name in Closing.Created.__annotations__ if name.startswith("perpetual_")]
    ends = [{name: getattr(closings(shop, period)[-1], name) for name in names} for period in ("day", "month", "year")]
    assert ends[0] == ends[1] == ends[2]


def test_fiscal_years_that_nobody_defined_follow_by_twelve_months_and_their_closings_with_them(shop, close):
    trade(shop)
    shop.day = date(2026, 12, 1)
    shop.do(companies.define_fiscal_year, first_day=date(2027, 1, 1), last_day=date(2027, 6, 30))
    assert close("year", date(2028, 7, 2)) == ["2026-01-01", "2027-01-01", "2027-07-01"]
    years = [(event.from_, event.to) for event in shop.events(shop.id) if event.TOPIC == "fiscal_year.defined"]
    assert years == [
        (date(2026, 1, 1), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 6, 30)),
        (date(2027, 7, 1), date(2028, 6, 30)), (date(2028, 7, 1), date(2029, 6, 30)),
    ]  # fmt: skip
    spans = [(closing.from_, closing.to, closing.fiscal_year.to) for closing in closings(shop, "year")]
    assert spans == [(first, last, last) for first, last in years[:3]]


def test_a_year_that_ends_within_a_month_is_closed_on_its_day(shop):
    shop.do(companies.define_fiscal_year, first_day=date(2027, 1, 1), last_day=date(2027, 1, 15))
    shop.day = date(2027, 3, 1)
    shop.do(companies.close_books, through=date(2026, 12, 31), kind="month")

    def offered(entry):
        return [f"{kind} {end}" for kind, end in closable(entry.get(Company, entry.company_id), entry.day)]

    assert shop.do(offered) == ["fiscal_year 2027-01-15", "month 2027-01-31", "month 2027-02-28"]
    shop.do(companies.close_books, through=date(2027, 1, 15), kind="fiscal_year")
    assert shop.do(offered) == ["month 2027-01-31", "month 2027-02-28"]
