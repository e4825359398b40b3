"""Lists: searched, filtered, sorted, paged; and the totals that go with them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from ledger.commands import invoices as commands
from projections import clients, invoice_lists, payment_lists, products, quotes, search
from projections.listing import Filter, sum_of
from tests.projections.history import Shop
from tests.projections.trade import Trade


def subjects(tx, filter, today, **order):
    return [row.subject for row in invoice_lists.page(tx, filter, today, **order)]


@pytest.fixture
def listed(engine, shop):
    """Three invoices and a draft, of two clients, within March."""
    park, heart = shop.client("Hôtel du Parc"), shop.client("Cœur de Bœuf")
    shop.invoice(park, "1028.80", subject="Registres")
    shop.later(9)
    shop.invoice(heart, "20", subject="Thèse")
    shop.invoice(heart, "30", subject="100 % lin")
    shop.draft(park, "40", subject="Brouillon")
    return park, heart


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["Brouillon", "100 % lin", "Thèse", "Registres"]),
        ("these", ["Thèse"]),
        ("COEUR boeuf", ["100 % lin", "Thèse"]),
        ("0001", ["Registres"]),
        ("F2026-0002 cœur", ["Thèse"]),
        ("1 234,56 €", ["Registres"]),
        ("1028,8", ["Registres"]),
        ("100 %", ["100 % lin"]),
        ("_", []),
        ("absent", []),
    ],
)
def test_a_search_finds_words_numbers_and_amounts(engine, shop, listed, q, found):
    with engine.read(shop.company) as tx:
        assert subjects(tx, Filter(q=q), shop.day) == found
        assert sum_of(invoice_lists.totals(tx, Filter(q=q), shop.day)).count == len(found)


def test_each_filter_narrows_the_list_and_its_totals(engine, shop, listed):
    park, _ = listed
    filters = {
        Filter(client_id=park): ["Brouillon", "Registres"],
        Filter(statuses=("draft",)): ["Brouillon"],
        Filter(statuses=("issued",), client_id=park): ["Registres"],
        Filter(first_on=date(2026, 3, 11)): ["100 % lin", "Thèse"],
        Filter(last_on=date(2026, 3, 2)): ["Registres"],
        Filter(from_cents=3_600): ["Brouillon", "100 % lin", "Registres"],
        Filter(to_cents=2_400): ["Thèse"],
        Filter(kinds=("credit_note",)): [],
    }
    with engine.read(shop.company) as tx:
        for asked, found in filters.items():
            assert subjects(tx, asked, shop.day) == found
            assert sum_of(invoice_lists.totals(tx, asked, shop.day), asked.statuses).count == len(found)


def test_pages_follow_each_other_and_csv_has_them_all(engine, shop, listed):
    with engine.read(shop.company) as tx:
        first = subjects(tx, Filter(), shop.day, sort="issued_on", limit=2)
        second = subjects(tx, Filter(), shop.day, sort="issued_on", limit=2, offset=2)
        assert first + second == subjects(tx, Filter(), shop.day, sort="issued_on", limit=None)
        assert first == ["Registres", "Thèse"]


def test_a_discarded_draft_shows_only_when_it_is_asked_for(engine, shop):
    client = shop.client()
    draft = shop.draft(client, "10")
    shop.do(commands.discard_invoice, invoice_id=draft)
    with engine.read(shop.company) as tx:
        assert invoice_lists.page(tx, Filter(), shop.day) == []
        assert [row.id for row in invoice_lists.page(tx, Filter(statuses=("discarded",)), shop.day)] == [draft]
        assert invoice_lists.one(tx, draft, shop.day).status == "discarded"
        assert [(t.status, t.count) for t in invoice_lists.totals(tx, Filter(), shop.day)] == [("discarded", 1)]


def test_every_sort_gives_every_row_in_its_order(engine, shop):
    seed = 3
    Trade(shop, seed).go_on(80)
    with engine.read(shop.company) as tx:
        lists = [
            (invoice_lists.SORTS, lambda sort: invoice_lists.page(tx, Filter(), shop.day, sort=sort, limit=None)),
            (quotes.SORTS, lambda sort: quotes.page(tx, Filter(), shop.day, sort=sort, limit=None)),
            (payment_lists.SORTS, lambda sort: payment_lists.page(tx, Filter(), sort=sort, limit=None)),
            (clients.SORTS, lambda sort: clients.page(tx, clients.Filter(), sort=sort, limit=None)),
            (products.SORTS, lambda sort: products.page(tx, products.Filter(archived=None), sort=sort, limit=None)),
        ]
        for sorts, page in lists:
            pages = {sort: page(sort) for sort in sorts}
            assert len({frozenset(row.id for row in rows) for rows in pages.values()}) == 1, seed
            assert next(iter(pages.values()))
        gross = [row.gross_cents for row in invoice_lists.page(tx, Filter(), shop.day, sort="-gross", limit=None)]
        assert gross == sorted(gross, reverse=True)


def test_a_quote_is_expired_the_day_after_its_last(engine, shop):
    client = shop.client()
    quote = shop.quote(client, "10")
    shop.send(quote)
    with engine.read(shop.company) as tx:
        last = quotes.one(tx, quote, shop.day).valid_until
        assert quotes.one(tx, quote, last).status == "sent"
        assert quotes.one(tx, quote, last + timedelta(days=1)).status == "expired"
        assert quotes.page(tx, Filter(statuses=("expired",)), last) == []
        assert [t.status for t in quotes.totals(tx, Filter(), last)] == ["sent"]


def test_an_invoice_is_found_from_its_quote_and_the_quote_is_invoiced(engine, shop):
    client = shop.client()
    quote = shop.quote(client, "10")
    shop.send(quote)
    shop.accept(quote)
    invoice = shop.invoice_of(quote)
    with engine.read(shop.company) as tx:
        assert quotes.one(tx, quote, shop.day).status == "invoiced"
        assert [row.id for row in invoice_lists.of_quote(tx, quote, shop.day)] == [invoice]


def test_a_seller_without_vat_sees_drafts_without_vat(engine, web_pool, job_pool):
    shop = Shop(web_pool, job_pool, vat_regime="franchise")
    client = shop.client()
    net, gross = shop.draft(client, "100"), shop.draft(client, "100", price_mode="gross")
    quote = shop.quote(client, "100")
    with engine.read(shop.company) as tx:
        for row in (
            *(invoice_lists.one(tx, draft, shop.day) for draft in (net, gross)),
            quotes.one(tx, quote, shop.day),
        ):
            assert (row.net_cents, row.gross_cents) == (10_000, 10_000)


def test_payments_are_found_by_reference_amount_client_and_invoice(engine, shop):
    client, other = shop.client(), shop.client("Autre")
    invoice = shop.invoice(client, "10")
    payment = shop.pay(client, 1_300, (invoice, 1_200), reference="VIR 77")
    bounced = shop.pay(other, 500, reference="CHQ 9")
    shop.bounce(bounced)
    with engine.read(shop.company) as tx:
        for q in ("vir 77", "13,00", "1,00", "parc", "f2026-0001"):
            assert [row.id for row in payment_lists.page(tx, Filter(q=q))] == [payment], q
        row = payment_lists.one(tx, payment)
        assert (row.status, row.numbers, row.left_cents) == ("unallocated", ["F2026-0001"], 100)
        assert [row.id for row in payment_lists.page(tx, Filter(statuses=("reversed",)))] == [bounced]
        assert payment_lists.page(tx, Filter(), methods=("cash",)) == []
        assert {t.status: t.gross_cents for t in payment_lists.totals(tx, Filter())} == {
            "reversed": 500,
            "unallocated": 1_300,
        }


def test_clients_show_what_they_owe_and_are_counted_by_state(engine, shop):
    owes, prospect = shop.client("Doit"), shop.client("Prospect", prospect=True)
    shop.invoice(owes, "10")
    with engine.read(shop.company) as tx:
        assert [(row.id, row.outstanding_cents) for row in clients.page(tx, clients.Filter(), sort="-outstanding")] == [
            (owes, 1_200),
            (prospect, 0),
        ]
        assert [row.id for row in clients.page(tx, clients.Filter(state="prospect"))] == [prospect]
        assert clients.counts(tx, clients.Filter(state="prospect")) == clients.Counts(2, 1, 0, 2)
        assert clients.one(tx, uuid4()) is None


def test_the_top_bar_finds_all_kinds_of_things(engine, shop):
    client = shop.client("Hôtel du Parc")
    shop.product("Registre du parc")
    invoice = shop.invoice(client, "10")
    shop.quote(client, "10")
    payment = shop.pay(client, 1_200, (invoice, 1_200), reference="VIR PARC")
    with engine.read(shop.company) as tx:
        kinds = sorted(hit.kind for hit in search.find(tx, "parc"))
        assert kinds == ["client", "invoice", "payment", "product", "quote"]
        assert {hit.id for hit in search.find(tx, "12,00")} >= {invoice, payment}
        assert [(hit.kind, hit.title) for hit in search.find(tx, "f2026-0001")] == [("invoice", "F2026-0001")]
        assert search.find(tx, " ") == []
