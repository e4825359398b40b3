"""After each step of any history the ledger says what plain books say; in the end it is proved, and shown the same."""

import os
from collections import Counter
from datetime import date
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from audit.verify import verify_company
from projections import PROJECTIONS, invoice_lists, payment_lists, receivables, trial_balance, turnover
from projections import quotes as quote_lists
from projections.engine import Engine
from projections.listing import Filter
from tests.model import plain
from tests.model.ground import MAPPER, Ground, family
from tests.model.offers import Offers

QUIET = settings(
    deadline=None,
    print_blob=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


class Histories(Offers):
    """All of it; in the end the chain holds, the read models are those of a rebuild, and show what plain books show."""

    def teardown(self) -> None:
        if not hasattr(self, "ledger"):
            return
        try:
            if self.sound:
                self.proved()
        finally:
            self.ledger.close()

    def proved(self) -> None:
        found = verify_company(self.ground.server, self.ledger.id, adding_up=True)
        assert (found.findings, found.notices) == ((), ())
        engine, company = self.ground.engine, self.ledger.id
        with engine.read(company) as tx:
            self.shown(tx)
        caught_up = self.dump()
        for projection in PROJECTIONS:
            engine.rebuild(company, projection.name)
        assert self.dump() == caught_up

    def dump(self) -> dict[str, list[Any]]:
        with psycopg.connect(self.ground.server.uri("probant_web"), autocommit=True) as conn:
            conn.execute("SELECT set_config('probant.company', %s, false)", (str(self.ledger.id),))
            return {
                table: conn.execute(f"SELECT t::text FROM read.{table} t ORDER BY 1").fetchall()
                for projection in PROJECTIONS
                for table in projection.tables
            }

    def shown(self, tx: Any) -> None:
        day = self.ledger.day
        for invoice_id in self.issued:
            row = invoice_lists.one(tx, invoice_id, day)
            debt = self.debts.get(invoice_id)
            assert row is not None
            assert row.gross_cents == plain.gross(self.issued[invoice_id]["table"])
            assert row.outstanding_cents == (debt.outstanding if debt else 0)
            assert row.left_cents == (0 if debt else self.credits[invoice_id]["left"])
        for payment_id in self.payments:
            row = payment_lists.one(tx, payment_id)
            assert row is not None
            assert row.left_cents == self.credits[payment_id]["left"]
        for quote_id, quote in self.quotes.items():
            row = quote_lists.one(tx, quote_id, day)
            assert row is not None
            over = quote["state"] == "sent" and quote["valid_until"] < day
            assert row.status == ("expired" if over else quote["state"])
        open_debts = [debt for debt in self.debts.values() if debt.outstanding > 0]
        assert receivables.outstanding(tx) == receivables.Sum(len(open_debts), sum(d.outstanding for d in open_debts))
        assert sum(part.cents for part in vars_of(receivables.aged(tx, day))) == sum(d.outstanding for d in open_debts)
        for client_id, code in self.clients:
            account = receivables.balance(tx, client_id, day)
            assert account.outstanding_cents - account.credit_cents == self.expected_client_balances()[code]
        self.posted(tx)
        if self.tax or self.issued or self.payments:
            months = turnover.months(tx, self.first_day(), day.replace(day=28))
            assert sum(month.net_cents for month in months) == self.totals["net"]
            assert sum(month.gross_cents for month in months) == self.totals["gross"]
            assert sum(month.received_cents for month in months) == self.totals["received"]
            assert sum(month.vat_due_cents for month in months) == sum(self.tax.values())
        drafts = [one for one, draft in self.drafts.items() if one not in self.issued and not draft["discarded"]]
        assert sum(t.count for t in invoice_lists.totals(tx, Filter(), day) if t.status == "draft") == len(drafts)

    def posted(self, tx: Any) -> None:
        """The trial balance is that of plain books, and even."""
        rows = trial_balance.page(tx, trial_balance.Filter(first=date.min, last=date.max, year_first=date.min))
        shown: Counter[str] = Counter()
        for row in rows:
            shown[family(row.account)] += row.closing_cents
        assert trial_balance.totals(rows).even
        assert {account: cents for account, cents in shown.items() if cents} == {
            account: cents for account, cents in self.ledger.balances.items() if cents
        }

    def first_day(self) -> Any:
        return self.ledger.day.replace(year=self.ledger.day.year - 2, day=1)


def vars_of(row: Any) -> list[Any]:
    return [getattr(row, name) for name in row.__struct_fields__]


@pytest.fixture(scope="module")
def ground(server, web_pool, job_pool) -> Ground:
    engine = Engine(web_pool, MAPPER, *PROJECTIONS)
    with psycopg.connect(server.uri("postgres")) as admin:
        engine.install(admin)
    return Ground(server, web_pool, job_pool, engine, os.urandom(4).hex(), count())


def play(ground: Ground, examples: int, steps: int) -> None:
    Histories.ground = ground
    run_state_machine_as_test(Histories, settings=settings(QUIET, max_examples=examples, stateful_step_count=steps))


def test_after_any_history_the_ledger_says_what_plain_books_say(ground):
    play(ground, 50, 50)


@pytest.mark.soak
def test_after_many_long_histories_the_ledger_says_what_plain_books_say(ground):
    play(ground, int(os.environ.get("HISTORIES", "400")), 120)
