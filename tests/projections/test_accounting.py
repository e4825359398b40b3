"""The journal, the general ledger and the trial balance say what the lines of the ledger say, to the cent."""

import inspect
import json
from collections import defaultdict
from datetime import date

import pytest

from audit.archive.accounting import accounting
from audit.archive.fec import Year
from audit.archive.source import Source
from audit.verifier.books import FEC_HEAD
from domain.client import Profile
from domain.parties import Card
from domain.registry import AGGREGATES
from ledger.commands import clients as client_commands
from ledger.commands import companies
from projections import clients, journals, persons, postings, statements, trial_balance
from tests.projections.history import ADDRESS, Shop
from tests.projections.trade import Trade

YEARS = (Year(date(2026, 1, 1), date(2026, 12, 31)), Year(date(2027, 1, 1), date(2027, 12, 31)))
ALWAYS = {"first": YEARS[0].first, "last": YEARS[1].last, "years": YEARS}
PERIODS = [  # first and last day, and the first one of the fiscal year that they begin in
    (*YEARS[0], YEARS[0].first),
    (*YEARS[1], YEARS[1].first),
    (date(2026, 12, 1), date(2027, 1, 15), YEARS[0].first),
]


@pytest.fixture(params=range(3))
def traded(request: pytest.FixtureRequest, engine, shop: Shop) -> Shop:
    """A history that goes over the end of a fiscal year."""
    shop.later(255)
    trade = Trade(shop, request.param)
    for _ in range(6):
        trade.go_on(30)
        shop.later(9)
    return shop


def told(connect, company) -> list[dict]:
    """The accounting entries of the raw lines, in their order."""
    lines = connect("probant_audit", company).execute("SELECT line FROM ledger.entry ORDER BY pos").fetchall()
    return [posting for (line,) in lines for posting in json.loads(line)["data"].get("postings", ())]


def filed(connect, company, year) -> list[dict]:
    """The rows of the accounting file of a year."""
    conn = connect("probant_audit", company)
    with conn.transaction():
        rows = b"".join(accounting(Source(conn, company), year)).decode().split("\r\n")[1:-1]
    return [dict(zip(FEC_HEAD, row.split("\t"), strict=True)) for row in rows]


def as_filed(line: journals.Line) -> tuple[str, ...]:
    return (
        line.entry, line.journal, f"{line.day:%Y%m%d}", line.account, line.aux, line.client if line.aux else "",
        line.piece, f"{line.piece_on:%Y%m%d}", line.label, euros(line.debit_cents), euros(line.credit_cents),
    )  # fmt: skip


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


FIELDS = (
    "EcritureNum", "JournalCode", "EcritureDate", "CompteNum", "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate",
    "EcritureLib", "Debit", "Credit",
)  # fmt: skip


def moved(rows) -> tuple[int, int]:
    return sum(row.debit_cents for row in rows), sum(row.credit_cents for row in rows)


def test_every_event_that_posts_is_in_the_journal():
    events = [event for aggregate in AGGREGATES for event in vars(aggregate).values() if inspect.isclass(event)]
    posting = {event.TOPIC for event in events if "postings" in getattr(event, "__dataclass_fields__", ())}
    assert set(postings.projection.handlers) == posting


def test_the_journal_of_a_year_is_its_accounting_file_line_by_line(engine, traded, connect):
    for year in YEARS:
        rows = [tuple(row[field] for field in FIELDS) for row in filed(connect, traded.company, year)]
        with engine.read(traded.company) as tx:
            lines = journals.page(tx, journals.Filter(first=year.first, last=year.last, years=YEARS), limit=None)
        assert sorted(as_filed(line) for line in lines) == sorted(rows)
        assert len(rows) > 20


def test_each_entry_balances_and_all_of_them_come_to_what_the_ledger_says(engine, traded, connect):
    raw = [line for posting in told(connect, traded.company) for line in posting["lines"]]
    with engine.read(traded.company) as tx:
        lines = journals.page(tx, journals.Filter(**ALWAYS), limit=None)
        total = journals.sums(tx, journals.Filter(**ALWAYS))
    entries = defaultdict(list)
    for line in lines:
        entries[line.pos, line.posting].append(line)
    assert [key for key, own in entries.items() if len({*moved(own)}) != 1] == []
    assert total.entries == len(entries) == len(told(connect, traded.company))
    assert (total.debit_cents, total.credit_cents) == moved(lines)
    assert total.debit_cents == total.credit_cents == sum(line.get("debit_cents", 0) for line in raw) > 0


@pytest.mark.parametrize(("first", "last", "year_first"), PERIODS)
def test_the_trial_balance_balances_and_moves_as_the_journal(engine, traded, first, last, year_first):
    wanted = trial_balance.Filter(first=first, last=last, year_first=year_first)
    with engine.read(traded.company) as tx:
        rows = trial_balance.page(tx, wanted)
        earlier = trial_balance.Balance("", trial_balance.earlier_cents(tx, wanted), 0, 0)
        total = trial_balance.totals([*rows, earlier])
        journal = journals.sums(tx, journals.Filter(first=first, last=last))
    assert total.even
    assert (total.debit_cents, total.credit_cents) == (journal.debit_cents, journal.credit_cents)
    assert total.closing_debit_cents > 0


@pytest.mark.parametrize(("first", "last", "year_first"), PERIODS)
def test_the_statement_of_an_account_ends_at_its_closing_balance(engine, traded, first, last, year_first):
    wanted = trial_balance.Filter(first=first, last=last, year_first=year_first)
    with engine.read(traded.company) as tx:
        for row in trial_balance.page(tx, wanted):
            facts = statements.Filter(first=first, last=last, year_first=year_first, account=row.account, years=YEARS)
            statement = statements.statement(tx, facts)
            lines = statements.page(tx, facts, statement.opening_cents, limit=None)
            balance = statement.opening_cents
            for line in lines:
                balance += line.debit_cents - line.credit_cents
                assert line.balance_cents == balance
            assert statement.closing_cents == balance == row.closing_cents, row.account
            assert (statement.opening_cents, *moved(lines)) == (row.opening_cents, row.debit_cents, row.credit_cents)


def test_the_balance_of_the_clients_adds_up_to_their_account_and_each_to_its_statement(engine, traded):
    first, last = YEARS[1]
    wanted = trial_balance.Filter(first=first, last=last, year_first=first)
    with engine.read(traded.company) as tx:
        of_account = {row.account: row for row in trial_balance.page(tx, wanted)}["411"]
        rows = trial_balance.clients(tx, wanted, "411", limit=None)
        total = trial_balance.client_totals(tx, wanted, "411")
        for row in rows:
            facts = statements.Filter(first=first, last=last, year_first=first, account="411", aux=row.aux)
            assert statements.statement(tx, facts).closing_cents == row.closing_cents
    assert len(rows) == total.count > 1
    assert sum(row.opening_cents for row in rows) == of_account.opening_cents
    assert moved(rows) == (total.debit_cents, total.credit_cents) == (of_account.debit_cents, of_account.credit_cents)
    assert total.closing_debit_cents - total.closing_credit_cents == of_account.closing_cents


def test_expense_and_income_begin_each_year_at_zero_and_what_they_brought_stands_apart(engine, shop):
    shop.later(290)
    invoice = shop.invoice(client := shop.client(), "100")
    shop.later(60)
    shop.invoice(client, "30")
    shop.pay(client, 12_000, (invoice, 12_000))
    first, last = YEARS[1]
    wanted = trial_balance.Filter(first=first, last=last, year_first=first)
    with engine.read(shop.company) as tx:
        rows = {row.account: (row.opening_cents, row.closing_cents) for row in trial_balance.page(tx, wanted)}
        assert trial_balance.earlier_cents(tx, wanted) == -10_000
    assert rows["70620"] == (0, -3_000)
    assert rows["411"] == (12_000, 3_600)
    assert rows["512"] == (0, 12_000)


def test_an_account_that_is_even_and_did_not_move_is_left_out(engine, shop):
    client = shop.client()
    shop.pay(client, 12_000, (shop.invoice(client, "100"), 12_000))
    with engine.read(shop.company) as tx:
        later = trial_balance.Filter(first=date(2026, 6, 1), last=date(2026, 6, 30), year_first=YEARS[0].first)
        assert [row.account for row in trial_balance.page(tx, later)] == ["44571", "512", "70620"]


def test_the_journal_finds_whole_entries_by_any_of_their_lines(engine, shop):
    client, other = shop.client("Hôtel du Parc"), shop.client("Bœuf & fils")
    paid = shop.invoice(client, "100")
    shop.invoice(other, "33.33")
    shop.pay(client, 12_000, (paid, 12_000))
    with engine.read(shop.company) as tx:
        every = journals.page(tx, journals.Filter(**ALWAYS))

        def found(q="", **facts):
            return [*dict.fromkeys(line.entry for line in journals.page(tx, journals.Filter(**ALWAYS, q=q, **facts)))]

        assert found() == ["BQ000001", "VE000002", "VE000001"]
        assert found("hotel") == ["BQ000001", "VE000001"]
        assert found("boeuf") == found("40,00") == ["VE000002"]
        assert found("f2026-0001") == ["VE000001"]
        assert found("512") == found(journals=("BQ",)) == found("bq000001") == ["BQ000001"]
        assert found("hotel 706") == ["VE000001"]
        assert found("introuvable") == []
        hotel = journals.Filter(**ALWAYS, q="hotel")
        assert journals.sums(tx, hotel) == journals.Sums(2, 12_000 + 14_000, 12_000 + 14_000)
        assert {line.account for line in journals.page(tx, hotel)} == {"411", "512", "70620", "44571", "44574"}
        assert {line.client for line in every} == {"Hôtel du Parc", "Bœuf & fils"}


def test_a_page_of_the_journal_holds_whole_entries_and_the_next_one_goes_on(engine, traded):
    everything = journals.Filter(**ALWAYS)
    with engine.read(traded.company) as tx:
        for sort in journals.SORTS:
            whole = journals.page(tx, everything, sort=sort, limit=None)
            pages = [journals.page(tx, everything, sort=sort, limit=7, offset=offset) for offset in (0, 7, 14)]
            assert all(len({(line.pos, line.posting) for line in page}) == 7 for page in pages)
            assert [line for page in pages for line in page] == whole[: sum(map(len, pages))]


def test_a_search_in_a_statement_leaves_lines_out_and_balances_as_they_are(engine, shop):
    client, other = shop.client("Hôtel du Parc"), shop.client("Boulangerie")
    shop.invoice(client, "100")
    shop.invoice(other, "50")
    with engine.read(shop.company) as tx:
        known = statements.parties(tx, "411", limit=9)
        assert [one.name for one in known] == ["Boulangerie", "Hôtel du Parc"]
        assert statements.party(tx, known[0].aux) == known[0]
        wanted = statements.Filter(**ALWAYS, year_first=YEARS[0].first, account="411", q="boulangerie")
        (line,) = statements.page(tx, wanted, 0)
        assert (line.debit_cents, line.balance_cents) == (6_000, 18_000)
        assert statements.found(tx, wanted) == statements.Found(1, 6_000, 0)
        assert statements.statement(tx, wanted).closing_cents == 18_000
        assert statements.used(tx) == ["411", "44574", "70620"]


def test_what_is_recorded_after_its_month_was_closed_tells_its_real_day(engine, shop):
    client = shop.client()
    invoice = shop.invoice(client, "100")
    paid_on = shop.day
    shop.later(40)
    shop.do(companies.close_books, through=date(2026, 3, 31), kind="month")
    shop.pay(client, 12_000, (invoice, 12_000), on=paid_on)
    with engine.read(shop.company) as tx:
        line = journals.page(tx, journals.Filter(**ALWAYS, journals=("BQ",)))[0]
    assert (line.day, line.operation_on) == (date(2026, 4, 1), paid_on)


def test_a_debt_leads_to_its_invoice_and_money_to_its_payment(engine, shop):
    client = shop.client()
    invoice, lost = shop.invoice(client, "100"), shop.invoice(client, "40")
    payment = shop.pay(client, 12_000, (invoice, 12_000))
    shop.write_off(lost)
    with engine.read(shop.company) as tx:
        about = {line.type: line.about for line in journals.page(tx, journals.Filter(**ALWAYS), sort="day")}
    debts = {"debt.doubted": lost, "debt.written_off": lost}
    assert about == {"invoice.issued": lost, "payment.recorded": payment, **debts}


def test_an_erased_client_keeps_its_lines_under_its_code_alone(engine, shop, job_pool):
    card = Card(name="Jeanne Canari", address=ADDRESS)
    client = shop.client(kind="person", natural_person=True, card=card)
    shop.invoice(client, "10")
    with engine.read(shop.company) as tx:
        assert {line.client for line in journals.page(tx, journals.Filter(**ALWAYS))} == {"Jeanne Canari"}
    profile = Profile(kind="person", natural_person=True, card=Card(name="Jeanne Serin", address=ADDRESS))
    shop.do(client_commands.change_client, client_id=client, profile=profile, base_version=1)
    with job_pool.connection() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (shop.company, client))
    with engine.read(shop.company) as tx:
        lines = journals.page(tx, journals.Filter(**ALWAYS))
        assert {line.client for line in lines} == {persons.ERASED}
        assert {line.aux for line in lines} == {"", clients.one(tx, client).code}
        assert journals.sums(tx, journals.Filter(**ALWAYS, q="serin")).entries == 0
