"""What may happen to money: received, and undone."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.account import NotIssued
from domain.cash import CashRefused
from domain.errors import Malformed
from domain.lines import Fees, Other
from domain.payment import AlreadyReversed
from domain.receipts import (
    AllocatedTooMuch,
    DateInFuture,
    OfAnotherClient,
    PaymentUsed,
    Receipt,
    Settlement,
)
from domain.settlement import SettlesTooMuch
from ledger.commands import payments
from tests.model import plain
from tests.model.documents import Documents
from tests.model.history import percents, picks, seldom

BANKS = {"transfer": "512", "direct_debit": "512", "cheque": "5112", "card": "5115", "cash": "530"}
extras = st.sampled_from([0, 0, 1, 5_000, 100_001])
METHODS = st.sampled_from(["transfer", "transfer", "transfer", "cheque", "card", "cash", "direct_debit"])
ODD = ["any", "stranger", "twice", "free", "dearer", "short", "future", "fees", "all fees", "less", "more"]
OTHERS = {"penalty": "763", "indemnity": "7581", "unknown": "471"}


class Money(Documents):
    @rule(
        which=st.lists(picks, min_size=1, max_size=2),
        percent=percents,
        discount=st.sampled_from([0, 0, 2, 5]),
        fees=st.sampled_from([0, 0, 0, 205]),
        extra=extras,
    )
    def receive(self, which: list[int], percent: int, discount: int, fees: int, extra: int) -> None:
        """A plain transfer of today."""
        self.pay(which, percent, discount, 0, extra, "transfer", 0, None, fees, "", "")

    @rule(extra=st.integers(1, 50_000))
    def advance(self, extra: int) -> None:
        """Money that nobody asked for yet."""
        self.pay([], 0, 0, 0, extra, "transfer", 0, None, 0, "", "")

    def begin(self) -> None:
        self.payments: dict[Any, dict[str, Any]] = {}
        self.transfers: dict[Any, dict[str, Any]] = {}

    @rule(
        which=st.lists(picks, min_size=1, max_size=3), percent=percents, discount=st.sampled_from([0, 0, 0, 2, 5]),
        gap=st.sampled_from([0, 0, 0, 1, -1]), extra=extras, method=METHODS,
        back=st.sampled_from([0, 0, 3, 40]), credited=st.sampled_from([None, None, 0, 3]),
        fees=st.sampled_from([0, 0, 205]), other=st.sampled_from(["", "", *OTHERS]),
        odd=st.sampled_from([""] * 12 + ODD),
    )  # fmt: skip
    def pay(self, which, percent, discount, gap, extra, method, back, credited, fees, other, odd) -> None:  # type: ignore[no-untyped-def]
        """Some invoices of one client, and what is odd about it."""
        back = -1 if odd == "future" else back
        discount = {"free": 120, "dearer": -1}.get(odd, discount)
        extra, fees = -1 if odd == "short" else extra, {"fees": -1, "all fees": 10**9}.get(odd, fees)
        other, percent = "less" if odd == "less" else other, 130 if odd == "more" else percent
        owing = [one for one, debt in self.debts.items() if debt.outstanding > 0]
        chosen = [
            self.pick((self.drafts if odd == "any" else owing) or self.drafts, each) for each in which if self.drafts
        ]
        client_id = self.drafts[chosen[0]]["client"] if chosen else self.clients[0][0]
        if odd == "stranger":
            client_id = next(one for one, _ in self.clients if id != client_id)
        elif odd != "any":
            chosen = [each for each in chosen if self.drafts[each]["client"] == client_id]
        if odd != "twice":
            chosen = list(dict.fromkeys(chosen))
        wanted, reasons, used = [], set(), 0
        for each in chosen:
            debt = self.debts.get(each)
            settled = debt.outstanding * percent // 100 if debt else 1_000
            less = settled * discount // 100
            wanted.append((each, settled, less, gap))
            reasons |= self.reasons_not_to_settle(each, client_id, settled, less, gap, method)
            used += settled - less - gap
        on = self.ledger.day - timedelta(days=back)
        credited_on = None if credited is None else on + timedelta(days=credited)
        others = (
            ()
            if not other
            else (
                Other(kind="unknown", amount_cents=-40) if other == "less" else Other(kind=other, amount_cents=4_000),
            )
        )
        amount = used + sum(one.amount_cents for one in others) + extra
        if amount <= 0 or extra < 0:
            reasons |= {AllocatedTooMuch}
        if method == "cash" and extra > 100_000:
            reasons |= {CashRefused}
        if len(set(chosen)) < len(chosen) or other == "less" or not 0 <= fees <= amount:
            reasons |= {Malformed}
        if max(on, credited_on or on) > self.ledger.day:
            reasons |= {DateInFuture}
        settlements = tuple(
            Settlement(
                invoice_id=each, settled_cents=settled,
                adjustments=tuple((kind, cents) for kind, cents in (("discount", less), ("rounding", gap)) if cents),
            )
            for each, settled, less, gap in wanted
        )  # fmt: skip
        receipt = Receipt(
            client_id=client_id, method=method, received_on=on, amount_cents=amount, settlements=settlements,
            credited_on=credited_on, others=others, fees=Fees(amount_cents=fees, vat_cents=0) if fees else None,
        )  # fmt: skip
        payment_id = self.ledger.new_id()
        if self.asked(reasons, payments.record_payment, payment_id=payment_id, receipt=receipt):
            due_on = credited_on if credited_on and method in ("transfer", "direct_debit") else on
            payment = {"account": BANKS[method], "amount": amount, "fees": fees, "others": others}
            self.payments[payment_id] = payment
            payment["settled"] = [self.settle(each, settled, less, gap, due_on) for each, settled, less, gap in wanted]
            kept = {
                "kind": "payment",
                "client": client_id,
                "left": extra,
                "start": extra,
                "reversed": False,
                "method": method,
            }
            self.credits[payment_id] = kept
            self._bank(payment, 1, fees_too=True)

    def reasons_not_to_settle(
        self, invoice_id: Any, client_id: Any, settled: int, less: int, gap: int, method: str = ""
    ) -> set[type]:
        reasons: set[type] = set()
        if invoice_id not in self.issued:
            return {NotIssued}
        if self.issued[invoice_id]["client"] != client_id:
            reasons |= {OfAnotherClient}
        document, debt = self.issued[invoice_id], self.debts.get(invoice_id)
        if method == "cash" and plain.gross(document["table"]) > 100_000:
            reasons |= {CashRefused}
        if not debt or not 0 < settled <= debt.outstanding or less + gap > settled:
            reasons |= {SettlesTooMuch}
        if less < 0:
            reasons |= {Malformed}
        return reasons

    def settle(
        self, invoice_id: Any, settled: int, less: int, gap: int, on: date
    ) -> tuple[Any, int, int, int, plain.Table]:
        """The move, to be undone one day: invoice, cash, discount, gap, VAT cancelled."""
        debt = self.debts[invoice_id]
        cancelled = debt.discounted(less) if less else {}
        cash = settled - less - gap
        self.moved(debt, on, lambda: debt.move(cash, less + gap, cancelled))
        self._losses(less, gap, cancelled, 1)
        return invoice_id, cash, less, gap, cancelled

    def _losses(self, less: int, gap: int, cancelled: plain.Table, sign: int) -> None:
        self.money["665"] += sign * (less - plain.vat(cancelled))
        self.money["658" if gap > 0 else "758"] += sign * gap

    def _bank(self, payment: dict[str, Any], sign: int, *, fees_too: bool) -> None:
        fees = payment["fees"] if fees_too else 0
        self.money[payment["account"]] += sign * (payment["amount"] - fees)
        self.money["627"] += sign * fees
        for one in payment["others"]:
            self.money[OTHERS[one.kind]] -= sign * one.amount_cents
        self.totals["received"] += sign * payment["amount"]

    @precondition(lambda self: self.payments)
    @rule(
        which=picks, cause=st.sampled_from(["error", "bounced", "chargeback"]), ahead=st.sampled_from([0, 0, 0, 1]),
        odd=seldom,
    )  # fmt: skip
    def reverse(self, which: int, cause: str, ahead: int, odd: bool) -> None:
        standing = [one for one in self.payments if not self.credits[one]["reversed"]]
        payment_id = self.pick(standing if standing and not odd else self.payments, which)
        payment, credit, on = (
            self.payments[payment_id],
            self.credits[payment_id],
            self.ledger.day + timedelta(days=ahead),
        )
        reasons: set[type] = {DateInFuture} if ahead else set()
        if credit["reversed"]:
            reasons |= {AlreadyReversed}
        elif credit["left"] != credit["start"]:
            reasons |= {PaymentUsed}
        if self.asked(reasons, payments.reverse_payment, payment_id=payment_id, cause=cause, reversed_on=on):
            credit |= {"left": 0, "reversed": True}
            self._bank(payment, -1, fees_too=cause == "error")
            self.unsettle(payment["settled"], on)

    def unsettle(self, settled: list[tuple[Any, int, int, int, plain.Table]], on: date) -> None:
        for invoice_id, cash, less, gap, cancelled in settled:
            debt = self.debts[invoice_id]
            self.moved(debt, on, lambda: debt.move(-cash, -less - gap, plain.plus({}, cancelled, sign=-1)))  # noqa: B023
            self._losses(less, gap, cancelled, -1)
