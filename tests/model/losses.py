"""What may happen to debts: doubted, written off, recovered after all."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.errors import NotFound
from domain.settlement import AlreadyDoubtful, SettlesTooMuch
from ledger.commands import debts
from tests.model.credits import Credits
from tests.model.history import percents, picks, seldom


class Losses(Credits):
    def begin(self) -> None:
        super().begin()
        self.bad: set[Any] = set()  # invoices whose debt has a stream

    @precondition(lambda self: self.issued)
    @rule(which=picks, odd=seldom)
    def doubt(self, which: int, odd: bool) -> None:
        sure = [one for one, debt in self.debts.items() if debt.outstanding > 0 and not debt.doubtful]
        if not sure and not odd:
            return
        invoice_id = self.pick(self.issued if odd else sure, which)
        if self.asked(
            self.reasons_not_to_doubt(invoice_id),
            debts.doubt_debt,
            invoice_id=invoice_id,
            on=self.ledger.day,
            ground="Retard",
        ):
            self.debts[invoice_id].doubtful = True
            self.bad.add(invoice_id)

    def pick_owing(self, which: int, odd: bool) -> Any:
        owing = [one for one, debt in self.debts.items() if debt.outstanding > 0]
        return self.pick(owing if owing and not odd else self.issued, which)

    def reasons_not_to_doubt(self, invoice_id: Any) -> set[type]:
        debt = self.debts.get(invoice_id)
        if debt is None or debt.outstanding <= 0:
            return {SettlesTooMuch} | ({AlreadyDoubtful} if debt and debt.doubtful else set())
        return {AlreadyDoubtful} if debt.doubtful else set()

    @precondition(lambda self: self.issued)
    @rule(which=picks, recover_due=st.booleans(), odd=seldom)
    def write_off(self, which: int, recover_due: bool, odd: bool) -> None:
        invoice_id, day = self.pick_owing(which, odd), self.ledger.day
        debt = self.debts.get(invoice_id)
        reasons: set[type] = set() if debt and debt.outstanding > 0 else {SettlesTooMuch}
        request = {"invoice_id": invoice_id, "on": day, "ground": "Liquidation", "recover_due": recover_due}
        if self.asked(reasons, debts.write_off_debt, **request):
            assert debt
            debt.doubtful = True
            self.bad.add(invoice_id)
            self.money["654"] += self.moved(debt, day, lambda: debt.write_off(recover_due=recover_due))

    @precondition(lambda self: self.bad)
    @rule(which=picks, percent=percents, odd=seldom)
    def recover(self, which: int, percent: int, odd: bool) -> None:
        lost = [one for one in self.debts if self.debts[one].lost > 0]
        invoice_id, day = self.pick(lost if lost and not odd else self.debts, which), self.ledger.day
        debt = self.debts[invoice_id]
        amount = debt.lost * percent // 100
        reasons: set[type] = set() if 0 < amount <= debt.lost else {SettlesTooMuch}
        if invoice_id not in self.bad:
            reasons |= {NotFound}
        request = {"invoice_id": invoice_id, "on": day, "ground": "Boni", "amount_cents": amount, "account": "512"}
        if self.asked(reasons, debts.recover_debt, **request):
            self.money["512"] += amount
            self.money["7583"] -= self.moved(debt, day, lambda: debt.recover(amount))
