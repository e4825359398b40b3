"""What every history has: a ledger, plain books beside it, and how they are compared after each step.

Every step says beforehand for which reasons it must be refused; the ledger must refuse for one of these, or not at all.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.books import EndsNoPeriod, PeriodNotOver
from domain.company import PeriodClosed
from ledger.commands import companies
from tests.model import plain
from tests.model.ground import Ground, Ledger

picks = st.integers(0, 50)
seldom = st.integers(0, 9).map(lambda number: number == 9)  # something odd: most often refused
percents = st.integers(1, 100) | st.sampled_from([100, 100, 100, 101])
modes = st.sampled_from(["net", "net", "gross"])


class History(RuleBasedStateMachine):
    """The plain books. Documents are dicts, debts `plain.Debt`, balances sums."""

    ground: ClassVar[Ground]

    def open(self, regime: str) -> None:
        self.sound = True
        self.regime, self.ledger = regime, Ledger(self.ground, regime)
        self.clients = [self.ledger.client(kind) for kind in ("business", "person")]
        self.drafts: dict[Any, dict[str, Any]] = {}
        self.debts: dict[Any, plain.Debt] = {}
        self.issued: dict[Any, dict[str, Any]] = {}
        self.credits: dict[Any, dict[str, Any]] = {}  # what is left of payments and credit notes
        self.series: Counter[str] = Counter()
        self.last_on: dict[str, date] = {}
        self.money: Counter[str] = Counter()  # accounts that only moves make
        self.tax: defaultdict[date, int] = defaultdict(int)
        self.closed_through = date.min
        self.totals = Counter(net=0, gross=0, received=0)
        self.begin()

    def begin(self) -> None:
        """What other subjects have to remember."""

    def pick(self, things: Any, which: int) -> Any:
        return list(things)[which % len(things)]

    def asked(self, reasons: set[type], use_case: Any, **request: Any) -> Any:
        """The answer when it was given as foreseen; None when it was refused as foreseen."""
        self.sound = False
        answer = self.ledger.do(use_case, **request)
        if reasons:
            assert type(answer) in reasons, (use_case.__name__, answer, reasons)
            return None
        assert not isinstance(answer, Exception), (use_case.__name__, answer)
        return True if answer is None else answer

    def moved(self, debt: plain.Debt, on: date, move: Any) -> Any:
        """Carries out a move on a debt; the VAT that it makes due is due on that day."""
        before = debt.due
        answer = move()
        self.tax[on] += plain.vat(plain.plus(debt.due, before, sign=-1))
        return answer

    @rule(days=st.integers(0, 12))
    def later(self, days: int) -> None:
        self.ledger.later(days)

    @rule(back=st.integers(0, 40), odd=seldom)
    def close_books(self, back: int, odd: bool) -> None:
        """The month of a day before; seldom one that is not over, or a day that ends none."""
        through = self.ledger.day - timedelta(days=back)
        if not odd:
            through = through.replace(day=1) - timedelta(days=1)
        reasons: set[type] = {PeriodClosed} if through <= self.closed_through else set()
        if (through + timedelta(days=1)).day != 1:
            reasons |= {EndsNoPeriod}
        elif through >= self.ledger.day:
            reasons |= {PeriodNotOver}
        if not odd and reasons:
            return
        if self.asked(reasons, companies.close_books, through=through, kind="month"):
            self.closed_through = through

    @invariant()
    def the_ledger_says_what_the_plain_books_say(self) -> None:
        if not hasattr(self, "ledger"):
            return
        self.ledger.read_on()
        for event in self.ledger.fresh:
            for posting in getattr(event, "postings", ()):
                assert posting.date > self.closed_through or event.TOPIC == "books.closed"
        for said, expected in (
            (self.ledger.tax, self.tax),
            (self.ledger.balances, self.expected_balances()),
            (self.ledger.client_balances, self.expected_client_balances()),
        ):
            assert not differences(said, expected), f"(ledger, plain books): {differences(said, expected)}"
        assert {name: list(range(1, last + 1)) for name, last in self.series.items()} == self.ledger.numbers
        self.sound = True

    def expected_balances(self) -> Counter[str]:
        debts, found = self.debts.values(), Counter(self.money)
        found["416"] += sum(debt.outstanding for debt in debts if debt.doubtful)
        found["4117"] += sum(debt.retained for debt in debts)
        found["411"] += sum(debt.outstanding - debt.retained for debt in debts if not debt.doubtful)
        found["411"] -= sum(credit["left"] for credit in self.credits.values())
        found["44574"] -= sum(plain.vat(debt.pending) for debt in debts)
        found["44571"] -= sum(plain.vat(debt.due) for debt in debts)
        return found

    def expected_client_balances(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for client_id, code in self.clients:
            found[code] += sum(debt.outstanding for debt in self.debts.values() if debt.client == client_id)
            found[code] -= sum(credit["left"] for credit in self.credits.values() if credit["client"] == client_id)
        return found


def differences(said: Any, expected: Any) -> dict[Any, tuple[int, int]]:
    """Where two sums differ: what each says."""
    both = {key: (said.get(key, 0), expected.get(key, 0)) for key in (*said, *expected)}
    return {key: two for key, two in both.items() if two[0] != two[1]}
