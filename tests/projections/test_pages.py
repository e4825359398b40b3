"""What the dashboard, the register and the document page are made of."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.company import Company
from domain.errors import NotFound
from domain.invoice import Invoice
from domain.quote import Quote
from ledger.books import Books
from ledger.chain import link
from ledger.commands import quotes as quote_commands
from ledger.commands.verifications import record_verification
from projections import companies, dashboard, register, streams, turnover, verifications
from projections.receivables import Overdue, Sum
from tests.projections.history import USER


def test_the_dashboard_adds_up(engine, shop):
    client = shop.client()
    late, on_time = shop.invoice(client, "100", days=5), shop.invoice(client, "50", days=60)
    shop.pay(client, 2_000, (on_time, 2_000))
    shop.draft(client, "10")
    shop.send(shop.quote(client, "30"))
    with engine.read(shop.company) as tx:
        summary = dashboard.summary(tx, shop.day + timedelta(days=20))
    assert (summary.this_month.net_cents, summary.this_month.gross_cents, summary.this_month.received_cents) == (
        15_000, 18_000, 2_000,
    )  # fmt: skip
    assert summary.last_year == turnover.Month(date(2025, 3, 1), 0, 0, 0, 0)
    assert summary.outstanding == Sum(2, 16_000)
    assert summary.overdue == Overdue(1, 12_000, 15)
    assert (summary.aged.d1_30, summary.aged.not_due) == (Sum(1, 12_000), Sum(1, 4_000))
    assert [row.id for row in summary.to_collect] == [late, on_time]
    assert (summary.drafts, summary.quotes_waiting) == (Sum(1, 1_200), Sum(1, 3_600))
    assert [entry.type for entry in summary.entries[:2]] == ["quote.sent", "series.opened"]
    assert summary.integrity.last is None


def test_turnover_takes_back_credit_notes_bounces_and_refunds_in_their_own_months(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "100")
    payment = shop.pay(client, 12_000, (invoice, 12_000))
    shop.later(31)
    shop.bounce(payment)
    shop.credit_note(invoice, client)
    with engine.read(shop.company) as tx:
        months = turnover.months(tx, date(2026, 2, 10), date(2026, 4, 1))
        company = companies.current(tx)
    assert [(m.month.month, m.gross_cents, m.received_cents, m.vat_due_cents) for m in months] == [
        (2, 0, 0, 0),
        (3, 12_000, 12_000, 2_000),
        (4, -12_000, -12_000, -2_000),
    ]
    assert (company.name, company.training, company.vat_regime) == ("Reliures Mercier", True, "cash")


def test_a_timeline_holds_all_that_concerns_a_document_or_a_client(engine, shop):
    client, other = shop.client(), shop.client("Autre")
    quote = shop.quote(client, "10")
    engine.catch_up(shop.company)
    shop.send(quote)
    shop.accept(quote)
    engine.catch_up(shop.company)
    invoice = shop.invoice_of(quote)
    shop.issue(invoice)
    shop.credit_note(invoice, client)
    shop.quote(other, "10")
    with engine.read(shop.company) as tx:
        life = [entry.type for entry in register.about(tx, invoice)]
        assert life == ["quote.invoiced", "invoice.drafted", "invoice.issued", "invoice.drafted", "invoice.issued"]
        about_client = register.about(tx, client)
        assert [entry.type for entry in about_client] == [
            "client.created", "quote.drafted", "quote.sent", "quote.accepted",
            "invoice.drafted", "invoice.issued", "invoice.drafted", "invoice.issued",
        ]  # fmt: skip
        assert {entry.client for entry in about_client} == {"Hôtel du Parc"}
        assert (about_client[3].number, about_client[5].facts.gross_cents) == ("D2026-0001", 1_200)


def test_an_entry_that_names_nobody_concerns_whom_the_one_before_it_did(engine, shop):
    client = shop.client()
    quote = shop.quote(client, "10")
    shop.send(quote)
    engine.catch_up(shop.company)
    shop.do(quote_commands.decline_quote, quote_id=quote, declined_on=shop.day)
    shop.do(quote_commands.discard_quote, quote_id=quote)
    with engine.read(shop.company) as tx:
        assert [entry.type for entry in register.about(tx, client)][-2:] == ["quote.declined", "quote.discarded"]


def test_the_register_is_filtered_and_paged_and_an_entry_shows_its_line_and_hash(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "10")
    shop.actor = f"user:{uuid4()}"
    shop.draft(client, "20")
    with engine.read(shop.company) as tx:
        everything = register.page(tx, register.Filter())
        assert [entry.pos for entry in everything] == list(range(len(everything), 0, -1))
        assert register.count(tx, register.Filter()) == len(everything)
        below = register.page(tx, register.Filter(), before=everything[1].pos, limit=2)
        assert below == everything[2:4]
        drafted = register.Filter(types=("invoice.drafted",))
        assert [entry.type for entry in register.page(tx, drafted)] == ["invoice.drafted"] * 2
        assert [entry.actor for entry in register.page(tx, register.Filter(actor=shop.actor))] == [shop.actor]
        assert {tally.name for tally in register.actors(tx)} == {"system", USER, shop.actor}
        assert sum(tally.entries for tally in register.types(tx)) == len(everything)
        today = everything[0].at.date()
        around = register.Filter(first_on=today - timedelta(days=1), last_on=today + timedelta(days=1), about=invoice)
        assert [entry.type for entry in register.page(tx, around)] == ["invoice.issued", "invoice.drafted"]
        assert register.page(tx, register.Filter(last_on=today - timedelta(days=2))) == []
        for entry in everything[:-1]:
            raw = register.entry(tx, entry.pos)
            assert link(raw.previous_hash, raw.line) == raw.hash == entry.hash
            assert raw.actor == entry.actor
        assert register.entry(tx, 10_000) is None


def test_the_badge_tells_the_last_verification(engine, shop, job_pool):
    with engine.read(shop.company) as tx:
        entries = verifications.integrity(tx).entries
    job = Books(job_pool, engine.mapper, b"k" * 32)
    for findings in (0, 2):
        job.do(
            record_verification, shop.company, uuid4(), "job:verify",
            verification_id=uuid4(), to_pos=entries, findings=findings,
        )  # fmt: skip
    with engine.read(shop.company) as tx:
        integrity = verifications.integrity(tx)
    assert (integrity.entries, integrity.last.to_pos, integrity.last.ok, integrity.last.findings) == (
        entries + 2, entries, False, 2,
    )  # fmt: skip


def test_a_document_is_loaded_in_full(engine, shop):
    client = shop.client()
    quote, invoice = shop.quote(client, "10"), shop.invoice(client, "1000")
    shop.pay(client, 20_000, (invoice, 20_000))
    with engine.read(shop.company) as tx:
        loaded = streams.load(tx, Invoice, invoice)
        assert (loaded.version, loaded.issued.number, loaded.content.subject) == (2, "F2026-0001", "Registres")
        assert streams.receivable(tx, loaded).outstanding_cents == 100_000
        issued = next(entry for entry in register.about(tx, invoice) if entry.type == "invoice.issued")
        assert streams.hash_of(tx, invoice, "invoice.issued") == issued.hash
        assert streams.hash_of(tx, quote, "quote.sent") == ""
        assert streams.load(tx, Company, shop.company).identity.name == "Reliures Mercier"
        for kind, absent in ((Invoice, quote), (Quote, uuid4())):
            with pytest.raises(NotFound):
                streams.load(tx, kind, absent)
