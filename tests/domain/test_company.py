from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.company import Company, Configuration, Identity, PeriodClosed
from domain.fiscal_years import FiscalYearRefused
from domain.numbering import Numbering, NumberingFixed, PatternRefused, PatternTaken
from domain.parties import Address

IDENTITY = Identity(
    name="Ateliers Mercier", siren="732829320", siret="73282932000074", vat_number="FR44732829320",
    address=Address(postcode="35000", city="Rennes", country="FR"), iban="FR7630006000011234567890189",
)  # fmt: skip
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def company() -> Company:
    return Company.open(UUID(int=1), origin="o", signer="s", software="t", company=IDENTITY, mode="live")


def recorded(company: Company) -> list[str]:
    return [event.TOPIC for event in company.collect_events()]


def test_its_first_event_opens_the_ledger_in_the_time_of_paris(company):
    (opened,) = company.collect_events()
    assert (opened.TOPIC, opened.format, opened.time_zone, opened.mode) == ("ledger.opened", 1, "Europe/Paris", "live")
    assert company.identity == IDENTITY


def test_what_changes_nothing_is_not_recorded(company):
    company.change(IDENTITY, natural_person=False)
    company.configure(Configuration(), NEW_YEAR)
    assert recorded(company) == ["ledger.opened"]
    company.change(replace(IDENTITY, name="Mercier et fils"), natural_person=False)
    company.configure(Configuration(quote_days=60), NEW_YEAR)
    assert recorded(company) == ["company.changed", "company.configured"]
    assert (company.identity.name, company.configuration.quote_days) == ("Mercier et fils", 60)


def test_a_pattern_that_numbered_a_document_stays_for_the_year(company):
    company.open_series("invoice", "F2026-####")
    other = Configuration(numbering=Numbering(invoice="FA{yyyy}-###"))
    with pytest.raises(NumberingFixed) as refusal:
        company.configure(other, date(2026, 12, 31))
    assert (refusal.value.kind, refusal.value.pattern) == ("invoice", "F2026-####")
    company.configure(Configuration(numbering=Numbering(quote="Q{yyyy}-###")), date(2026, 12, 31))
    company.configure(other, date(2027, 1, 1))
    assert company.configuration == other


def test_a_pattern_that_the_ledger_would_refuse_is_refused_at_once(company):
    with pytest.raises(PatternRefused):
        company.configure(Configuration(numbering=Numbering(invoice="F{yyyy} ####")), NEW_YEAR)
    with pytest.raises(PatternRefused):
        company.open_series("invoice", "sans numéro")


@pytest.mark.parametrize(
    ("patterns", "kind"),
    [({"credit_note": "F{yyyy}-####"}, "credit_note"), ({"quote": "A{yyyy}-##"}, "quote"),
     ({"debit_note": "F2031-####"}, "debit_note"), ({"invoice": "2026####", "quote": "20261###"}, "quote")],
)  # fmt: skip
def test_two_kinds_never_share_a_number(company, patterns, kind):
    with pytest.raises(PatternTaken) as refusal:
        company.configure(Configuration(numbering=Numbering(**patterns)), NEW_YEAR)
    assert refusal.value.kind == kind


def test_patterns_whose_series_would_bear_one_name_are_told_apart(company):
    company.configure(Configuration(numbering=Numbering(invoice="{yyyy}-####", credit_note="{yyyy}/####")), NEW_YEAR)
    assert [company.open_series("invoice", "2026-####"), company.open_series("credit_note", "2026/####")] == [
        "2026", "2026-2"
    ]  # fmt: skip


def test_a_kind_takes_no_pattern_that_another_series_has_numbered_in(company):
    company.open_series("invoice", "F2026-####")
    company.configure(Configuration(numbering=Numbering(invoice="N{yyyy}-####")), date(2027, 1, 1))
    with pytest.raises(PatternTaken):
        company.configure(
            Configuration(numbering=Numbering(invoice="N{yyyy}-####", quote="F2026-####")), date(2027, 1, 1)
        )
    with pytest.raises(PatternTaken):
        company.open_series("quote", "F2026-###")


def test_a_series_may_go_on_from_another_software(company):
    company.open_series("invoice", "F2026-####", first=118, reason="Reprise")
    assert company.series["F2026"].first == 118


def test_fiscal_years_follow_each_other_without_a_gap(company):
    company.define_fiscal_year(NEW_YEAR, date(2026, 12, 31))
    for first, last in [
        (date(2027, 1, 2), date(2027, 12, 31)),  # a day is missing
        (date(2026, 7, 1), date(2027, 6, 30)),  # half of it is there already
        (date(2027, 1, 1), date(2026, 12, 31)),  # it ends before it begins
        (date(2027, 1, 1), date(2029, 1, 31)),  # longer than the law allows
    ]:
        with pytest.raises(FiscalYearRefused):
            company.define_fiscal_year(first, last)
    company.define_fiscal_year(date(2027, 1, 1), date(2028, 12, 31))
    company.define_fiscal_year(date(2027, 1, 1), date(2027, 6, 30))  # the last one may end on another day
    assert company.fiscal_years == ((NEW_YEAR, date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 6, 30)))
    company.define_fiscal_year(date(2027, 7, 1), date(2028, 6, 30))
    with pytest.raises(FiscalYearRefused):  # no longer the last one
        company.define_fiscal_year(date(2027, 1, 1), date(2027, 12, 31))


def test_closed_books_only_close_further(company):
    assert company.first_open_day == date.min
    company.close_books(date(2026, 3, 31), "month")
    assert company.first_open_day == date(2026, 4, 1)
    with pytest.raises(PeriodClosed) as refusal:
        company.close_books(date(2026, 3, 31), "month")
    assert refusal.value.closed_through == date(2026, 3, 31)


def test_how_the_books_are_kept_is_recorded(company):
    company.keep("sales")
    assert (company.keeping, recorded(company)[-1]) == ("sales", "books.configured")
