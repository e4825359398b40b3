"""What may happen to what is left of payments and credit notes: given back, put elsewhere, taken back."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.account import NothingLeft
from domain.errors import Malformed
from domain.payment import AlreadyReversed, Source
from domain.receipts import OfAnotherClient, Settlement
from ledger.commands import payments
from tests.model.history import percents, picks, seldom
from tests.model.money import BANKS, METHODS, Money

PAID_FROM = BANKS | {"cheque": "512"}  # one’s own cheque is paid by the bank


class Credits(Money):
    def pick_credit(self, which: int, odd: bool) -> Any:
        some = [one for one, credit in self.credits.items() if credit["left"] > 0]
        return self.pick(some if some and not odd else self.credits, which)

    @precondition(lambda self: any(credit["left"] > 0 for credit in self.credits.values()))
    @rule(
        which=st.lists(picks, min_size=1, max_size=2),
        percent=percents | st.just(130),
        method=METHODS,
        stray=seldom,
        odd=seldom,
    )
    def refund(self, which: list[int], percent: int, method: str, stray: bool, odd: bool) -> None:
        chosen = [self.pick_credit(each, odd) for each in which]
        client_id = self.pick(self.clients, percent)[0] if stray else self.credits[chosen[0]]["client"]
        if not odd:
            chosen = (
                list(dict.fromkeys(each for each in chosen if self.credits[each]["client"] == client_id)) or chosen[:1]
            )
        sources = tuple(
            Source(kind=self.credits[each]["kind"], id=each, amount_cents=self.credits[each]["left"] * percent // 100)
            for each in chosen
        )
        reasons: set[type] = {Malformed} if len(set(chosen)) < len(chosen) else set()
        for source in sources:
            reasons |= self.reasons_not_to_take(source.id, client_id, source.amount_cents)
        refund = {"client_id": client_id, "method": method, "paid_on": self.ledger.day, "sources": sources}
        if self.asked(reasons, payments.record_refund, refund_id=self.ledger.new_id(), **refund):
            for source in sources:
                self.credits[source.id]["left"] -= source.amount_cents
                self.money[PAID_FROM[method]] -= source.amount_cents
                self.totals["received"] -= source.amount_cents

    def reasons_not_to_take(self, source_id: Any, client_id: Any, cents: int) -> set[type]:
        credit = self.credits[source_id]
        reasons: set[type] = set() if 0 < cents <= credit["left"] else {NothingLeft}
        return reasons | ({OfAnotherClient} if credit["client"] != client_id else set())

    @precondition(lambda self: any(credit["left"] > 0 for credit in self.credits.values()))
    @rule(
        which=picks,
        on=st.lists(picks, min_size=1, max_size=2),
        percent=percents | st.just(130),
        stray=seldom,
        odd=seldom,
    )
    def allocate(self, which: int, on: list[int], percent: int, stray: bool, odd: bool) -> None:
        source_id = self.pick_credit(which, odd)
        credit, day = self.credits[source_id], self.ledger.day
        mine = [one for one, debt in self.debts.items() if debt.client == credit["client"] and debt.outstanding > 0]
        chosen = [self.pick(mine if mine and not stray else self.debts, each) for each in on]
        chosen = chosen if odd else list(dict.fromkeys(chosen))
        most = credit["left"] * percent // 100 // len(chosen)
        wanted = [(each, most if odd else min(most, self.debts[each].outstanding)) for each in chosen]
        reasons = self.reasons_not_to_take(source_id, credit["client"], sum(cents for _, cents in wanted))
        for each, cents in wanted:
            reasons |= self.reasons_not_to_settle(each, credit["client"], cents, 0, 0, credit.get("method", ""))
        if len(set(chosen)) < len(chosen):
            reasons |= {Malformed}
        transfer_id = self.ledger.new_id()
        done = self.asked(
            reasons, payments.allocate, allocation_id=transfer_id, source=Source(kind=credit["kind"], id=source_id),
            client_id=credit["client"], allocated_on=day,
            settlements=tuple(Settlement(invoice_id=each, settled_cents=cents) for each, cents in wanted),
        )  # fmt: skip
        if done:
            credit["left"] -= sum(cents for _, cents in wanted)
            settled = [self.settle(each, cents, 0, 0, day) for each, cents in wanted]
            self.transfers[transfer_id] = {"source": source_id, "settled": settled, "reversed": False}

    @precondition(lambda self: self.transfers)
    @rule(which=picks, odd=seldom)
    def take_back(self, which: int, odd: bool) -> None:
        standing = [one for one, transfer in self.transfers.items() if not transfer["reversed"]]
        transfer_id = self.pick(standing if standing and not odd else self.transfers, which)
        transfer = self.transfers[transfer_id]
        reasons: set[type] = {AlreadyReversed} if transfer["reversed"] else set()
        if self.asked(reasons, payments.reverse_allocation, allocation_id=transfer_id, reason="Erreur"):
            transfer["reversed"] = True
            self.credits[transfer["source"]]["left"] += sum(cash for _, cash, *_ in transfer["settled"])
            self.unsettle(transfer["settled"], self.ledger.day)
