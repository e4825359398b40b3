"""The demo tells the same story to everybody, in whole and true books that say everywhere that they are invented."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from audit.verify import verify_company
from domain.company import Company
from domain.registry import AGGREGATES
from ledger.codec import EventMapper
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from web.demo.bindery_catalogue import SUBSCRIPTION
from web.demo.fill import fill

TODAY = date(2026, 11, 24)
MAPPER = EventMapper(*AGGREGATES)


@dataclass(frozen=True)
class Told:
    """A company of the demo and its events."""

    id: UUID
    name: str
    events: list[Any]

    def of(self, topic: str) -> list[Any]:
        return [event for event in self.events if topic == event.TOPIC]


def tell(settings: Settings, server: Server, web: Pool, job: Pool) -> list[Told]:
    names: list[str] = []
    ids = fill(settings, web, job, UUID(int=7), TODAY, names.append)
    return [Told(company, name, events(server, company)) for company, name in zip(ids, names, strict=True)]


def events(server: Server, company_id: UUID) -> list[Any]:
    with psycopg.connect(server.uri("probant_audit")) as conn:
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(company_id),))
        return [MAPPER.decode(line) for (line,) in conn.execute("SELECT line FROM ledger.entry ORDER BY pos")]


@pytest.fixture(scope="module")
def demo(settings, server, web_pool, job_pool) -> list[Told]:
    return tell(settings, server, web_pool, job_pool)


@pytest.fixture(scope="module")
def bindery(demo) -> Told:
    return demo[0]


def outline(told: Told) -> list[tuple[Any, ...]]:
    """What a reader of the story sees: what happened, when, under which number, for how much."""
    names = ("day", "number", "net_cents", "gross_cents", "amount_cents", "sent_on", "accepted_on", "code")
    return [(event.TOPIC, *(getattr(event, name, None) for name in names)) for event in told.events]


def test_the_same_story_is_told_twice(demo, settings, server, web_pool, job_pool):
    again = tell(settings, server, web_pool, job_pool)
    assert [told.name for told in again] == [told.name for told in demo]
    assert [outline(told) for told in again] == [outline(told) for told in demo]


def test_every_book_of_the_demo_is_intact(demo, server):
    for told in demo:
        result = verify_company(server, told.id, adding_up=True)
        assert (result.findings, result.notices) == ((), ()), told.name


def test_every_posting_is_balanced(demo):
    for posting in (one for told in demo for event in told.events for one in getattr(event, "postings", ())):
        assert sum(line.debit_cents - line.credit_cents for line in posting.lines) == 0


def test_every_book_is_a_training_ledger_for_good(demo):
    opened = [told.events[0] for told in demo]
    assert [(type(event), event.mode) for event in opened] == [(Company.Created, "training")] * 3


def test_the_story_lasts_eighteen_months_and_never_goes_back(demo):
    for told in demo:
        days = [event.day for event in told.events if hasattr(event, "day")]
        assert days == sorted(days)
        assert date(2025, 5, 1) <= days[0] < date(2025, 6, 10), told.name
        assert date(2026, 10, 20) < days[-1] <= TODAY, told.name


def test_the_bindery_trades_as_promised(bindery):
    """420 000 to 450 000 € net a year, some 28 documents a month, few in August: over eighteen whole months."""
    counts, nets = Counter(), Counter()
    for each in bindery.of("invoice.issued"):
        month = each.issued_on.replace(day=1)
        if month < TODAY.replace(day=1):
            counts[month] += 1
            nets[month] += each.net_cents
    assert len(counts) == 18
    assert 420_000_00 <= nets.total() * 12 / 18 <= 450_000_00
    assert 26 <= counts.total() / 18 <= 30
    assert all(counts[date(year, 8, 1)] < 0.6 * counts.total() / 18 for year in (2025, 2026))


def test_the_bindery_has_its_share_of_trouble(bindery):
    invoices = bindery.of("invoice.issued")
    notes = [each for each in invoices if each.kind == "credit_note"]
    assert 0.015 <= len(notes) / len(invoices) <= 0.045
    assert [event.cause for event in bindery.of("payment.reversed")] == ["bounced"]
    assert len(bindery.of("debt.written_off")) == 1
    adjustments = [
        adjustment.kind
        for paid in bindery.of("payment.recorded")
        for one in paid.allocations
        for adjustment in one.adjustments
    ]
    assert adjustments == ["discount", "discount"]


def test_eight_clients_have_a_subscription(bindery):
    subscribed = Counter(
        each.client_id
        for each in bindery.of("invoice.issued")
        if each.kind == "invoice" and any(line.label == SUBSCRIPTION.label for line in each.lines)
    )
    monthly = [client for client, count in subscribed.items() if count >= 17]
    assert len(monthly) == 8


def test_the_three_companies_show_what_they_are_for(demo):
    bindery, renovation, trader = demo
    rates = {group.rate_bp for each in bindery.of("invoice.issued") for group in each.vat}
    assert rates >= {2000, 550, 0}
    assert {each.kind for each in bindery.of("invoice.issued")} >= {"invoice", "deposit", "final", "credit_note"}
    assert {each.scope for each in bindery.of("invoice.issued")} >= {"b2b", "b2c", "b2g", "b2b_int"}
    works = renovation.of("invoice.issued")
    assert {group.rate_bp for each in works for group in each.vat} >= {2000, 1000, 550}
    assert any(group.category == "AE" for each in works for group in each.vat)
    assert any(instalment.kind == "retention" for each in works for instalment in each.instalments)
    assert any(each.kind == "progress" for each in works)
    assert all(each.vat_cents == 0 for each in trader.of("invoice.issued"))
    assert trader.events[0].company.sealed
