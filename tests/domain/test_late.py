"""What late payment costs: the rate of each half-year, that of the paper, that of a public buyer, the least agreed."""

from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import pytest

from domain import half_years, late
from domain.client import Profile
from domain.company import Configuration
from domain.delays import Delay, Settled, delays
from domain.half_years import HalfYear, LateRateTooLow
from domain.invoice import Mention
from domain.late import Terms, periods
from domain.lines import Instalment
from domain.mentions import mentions, warnings
from domain.mentions.texts import LATE_BY_LAW
from tests.domain.sales import CARD, sale

JUNE, JULY = date(2025, 6, 14), date(2025, 7, 14)
AFTER = date(2026, 11, 24)
PUBLIC = Profile(kind="public", card=CARD)


def rates(*told, **terms):
    return [(part.days, part.rate_bp) for part in periods(*told, Terms(**terms))]


def said(**facts):
    return next(mention for mention in mentions(sale(**facts)) if mention.code == "PMD")


def document(mention, scope="b2b"):
    return SimpleNamespace(mentions=(Mention(code="AAB", text="Escompte"), mention), scope=scope)


def test_interest_follows_the_rate_of_each_half_year():
    assert rates(100_000, JUNE, JULY) == [(16, 1315), (14, 1215)]


def test_nothing_is_owed_on_the_due_date_nor_before():
    assert periods(100_000, JULY, JULY) == periods(100_000, JULY, JUNE) == periods(0, JUNE, JULY) == ()


def test_an_agreed_rate_and_that_of_public_buyers_do_not_change_on_the_way():
    assert rates(100_000, JUNE, JULY, agreed_bp=1200) == [(30, 1200)]
    assert rates(100_000, JUNE, JULY, public=True) == [(30, 1115)]


def test_a_public_buyer_is_bound_by_no_agreed_rate():
    assert rates(100_000, JUNE, JULY, agreed_bp=1500, public=True) == [(30, 1115)]


def test_a_consumer_owes_the_legal_interest_of_each_half_year():
    assert rates(100_000, JUNE, JULY, person=True) == [(16, 371), (14, 276)]


def test_the_sum_is_that_of_the_periods_as_they_are_printed():
    printed = periods(123_457, date(2024, 3, 2), date(2026, 5, 17))
    assert [part.cents for part in printed] == [
        round(part.base_cents * part.rate_bp * part.days / 3_650_000) for part in printed
    ]
    assert [(one.last_on - two.first_on).days for one, two in pairwise(printed)] == [-1] * 4


def test_an_unknown_half_year_takes_the_last_known_rate_and_says_so():
    first, second = periods(100_000, date(2026, 6, 20), date(2026, 7, 10))
    assert (first.stands_in, second.stands_in, second.rate_bp) == (False, True, 1215)
    assert half_years.unknown(date(2026, 7, 10))


def test_a_rate_that_the_company_read_counts_from_its_half_year():
    told = (HalfYear(first_on=date(2026, 7, 1), ecb_bp=190),)
    assert rates(100_000, date(2026, 6, 20), date(2026, 7, 10), told=told) == [(10, 1215), (10, 1190)]
    assert not half_years.unknown(date(2026, 7, 10), told)


def test_what_a_company_read_never_replaces_what_the_program_knows():
    assert half_years.ecb(date(2026, 3, 1), (HalfYear(first_on=date(2026, 1, 1), ecb_bp=1),)).bp == 215


@pytest.mark.parametrize(
    ("profile", "agreed_bp", "points"),
    [
        (Profile(kind="business", card=CARD), 0, "10 points"),
        (PUBLIC, 0, "8 points"),
        (PUBLIC, 1250, "8 points"),
        (Profile(kind="business", card=CARD), 1250, "12,5 %"),
    ],
    ids=["business", "public", "public agreed", "agreed"],
)
def test_the_paper_says_the_rate_that_the_letters_reckon_with(profile, agreed_bp, points):
    facts = {"profile": profile, "configuration": Configuration(late_rate_bp=agreed_bp)}
    mention, scope = said(**facts), sale(**facts).scope
    assert points in mention.text
    terms = late.terms_of(document(mention, scope))
    expected = agreed_bp if profile.kind == "business" else 0
    assert terms == Terms(expected, public=profile.kind == "public")
    (owed,) = periods(100_000, date(2025, 3, 1), date(2025, 3, 31), terms)
    assert owed.rate_bp == {"10 points": 1315, "8 points": 1115, "12,5 %": 1250}[points]


def test_an_old_paper_that_promised_ten_points_to_a_public_buyer_is_claimed_at_eight():
    assert late.terms_of(document(Mention(code="PMD", text=LATE_BY_LAW[0][1]), "b2g")) == Terms(0, public=True)


def test_an_agreed_rate_is_three_times_the_legal_interest_at_least():
    half_years.check_agreed(786, date(2026, 3, 1))
    half_years.check_agreed(0, date(2026, 3, 1))
    with pytest.raises(LateRateTooLow) as refused:
        half_years.check_agreed(785, date(2026, 3, 1))
    assert refused.value.least_bp == 786
    half_years.check_agreed(785, AFTER, (HalfYear(first_on=date(2026, 7, 1), legal_bp=200),))


def test_an_old_rate_below_the_floor_is_said_to_who_writes_an_invoice():
    low = Configuration(late_rate_bp=500)
    assert len(warnings(sale(configuration=low))) == 1
    assert warnings(sale(configuration=Configuration(late_rate_bp=1000))) == ()
    assert warnings(sale(configuration=low, profile=PUBLIC)) == ()


def test_each_instalment_is_late_until_its_money_came():
    parts = [
        Instalment(due_on=date(2026, 1, 1), amount_cents=100), Instalment(due_on=date(2026, 2, 1), amount_cents=50),
    ]  # fmt: skip
    came = [
        Settled(date(2025, 12, 20), 30), Settled(date(2026, 1, 10), 90),
        Settled(date(2026, 1, 12), 10, money=False),
    ]  # fmt: skip
    assert delays(parts, came, date(2026, 3, 1)) == (
        Delay(70, date(2026, 1, 1), date(2026, 1, 10)), Delay(20, date(2026, 2, 1), date(2026, 3, 1)),
    )  # fmt: skip
    assert delays(parts, [Settled(date(2026, 1, 1), 150)], date(2026, 3, 1)) == ()
