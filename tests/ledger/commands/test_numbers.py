"""Numbers through the ledger: each year its series, each kind its numbers, those of another software gone on with."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.company import Company, Configuration
from domain.numbering import Numbering, PatternTaken, kinds_sharing
from ledger.commands import companies, invoices, numbers
from ledger.commands.numbers import ticket
from ledger.series import Series
from tests.ledger.commands.conftest import IDENTITY

PATTERNS = st.from_regex(r"[A-Za-z0-9/_+-]{0,11}\{yyyy\}[A-Za-z/_+-]{0,3}#{1,6}[A-Za-z0-9/_+-]{0,5}", fullmatch=True)


@given(PATTERNS, st.lists(st.integers(2026, 2036), min_size=2, max_size=4, unique=True).map(sorted))
def test_every_number_bears_the_year_of_its_issue(pattern, years):
    company = Company.open(uuid4(), origin="o", signer="s", software="t", company=IDENTITY, mode="live")
    others = "+" * 20 + "####"
    patterns = {"credit_note": f"{others}A", "debit_note": f"{others}P", "quote": others}
    company.configure(Configuration(numbering=Numbering(invoice=pattern, **patterns)), date(2026, 1, 1))
    entry = NoEntry()
    for year in years:
        for _ in range(2):
            ticket_ = ticket(entry, company, "invoice", date(year, 6, 1))
            assert str(year) in ticket_.number
            entry.take(company, ticket_)


def opened_before(entry, *, series, pattern):
    """As the program did that cut names after 16 characters."""
    company = entry.get(Company, entry.company_id)
    company.trigger_event(Company.SeriesOpened, series=series, kinds=kinds_sharing("invoice"), pattern=pattern)
    entry.save(company)


def configured_before(entry, *, configuration):
    """As the program did that compared no patterns."""
    company = entry.get(Company, entry.company_id)
    company.trigger_event(Company.Configured, configuration=configuration)
    entry.save(company)


class NoEntry:
    """The series of a head row, and nothing else."""

    def __init__(self):
        self.head = {}

    def series(self):
        return self.head

    def take(self, company, given):
        opened = company.series[given.series]
        self.head[given.series] = Series(opened.series, opened.kinds, opened.pattern, given.seq)


def test_the_new_year_opens_its_series_where_an_old_ledger_cut_the_year_off_its_name(shop):
    numbering = Numbering(invoice="FACTURE-CLIENT-{yyyy}-####")
    shop.do(companies.configure, configuration=Configuration(numbering=numbering))
    shop.do(opened_before, series="FACTURE-CLIENT-2", pattern="FACTURE-CLIENT-2026-####")
    assert shop.issue(shop.invoice(shop.client())) == "FACTURE-CLIENT-2026-0001"
    shop.day = date(2027, 1, 4)
    assert shop.issue(shop.invoice(shop.client())) == "FACTURE-CLIENT-2027-0001"
    shop.day = date(2028, 1, 3)
    assert shop.issue(shop.invoice(shop.client())) == "FACTURE-CLIENT-2028-0001"


def test_a_company_that_changes_software_goes_on_with_its_numbers(shop):
    go_on = {"kind": "invoice", "reason": "Reprise d’un autre logiciel"}
    assert shop.do(numbers.continue_series, first=81, **go_on) == "F2026-0081"
    assert shop.do(numbers.continue_series, first=118, **go_on) == "F2026-0118"  # it was a slip: nothing is numbered
    assert shop.issue(shop.invoice(shop.client())) == "F2026-0118"
    assert shop.issue(shop.invoice(shop.client())) == "F2026-0119"
    with pytest.raises(numbers.SeriesBegun) as refused:
        shop.do(numbers.continue_series, first=200, **go_on)
    assert refused.value.number == "F2026-0119"
    opened = [event for event in shop.events(shop.id) if event.TOPIC == "series.opened"]
    assert [(event.series, event.first, event.reason) for event in opened] == [
        ("F2026", 81, go_on["reason"]), ("F2026-2", 118, go_on["reason"])
    ]  # fmt: skip


def test_a_kind_that_an_old_ledger_numbers_like_another_is_refused_before_its_number(shop):
    shop.do(configured_before, configuration=Configuration(numbering=Numbering(credit_note="F{yyyy}-####")))
    invoice, credit_note = shop.issued(shop.client()), uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit_note, invoice_id=invoice)
    with pytest.raises(PatternTaken):
        shop.issue(credit_note)
