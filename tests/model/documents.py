"""What may happen to invoices and credit notes: drafted, revised, discarded, issued."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from msgspec.structs import replace

from domain.company import PeriodClosed
from domain.content import Content, Refs, Stale, with_texts
from domain.invoice import NotDraft
from domain.issue_dates import IssueDateRefused
from domain.parties import Text
from domain.readiness import NotReady
from domain.receipts import OfAnotherClient
from domain.settlement import CreditsTooMuch
from ledger.commands import invoices
from tests.model import lines, plain
from tests.model.history import History, modes, picks, seldom
from tests.model.lines import Item, Sold, baskets


class Documents(History):
    @initialize(
        regime=st.sampled_from(["cash", "cash", "debit"]), baskets=st.lists(baskets, min_size=2, max_size=4), mode=modes
    )
    def open_shop(self, regime: str, baskets: list[tuple[Sold, ...]], mode: str) -> None:
        """Some invoices are there from the start, so that there is something to pay."""
        self.open(regime)
        for rank, basket in enumerate(baskets):
            self.sell(rank // 2, basket, mode, 0)

    @rule(client=picks, basket=baskets, mode=modes, retention=st.sampled_from([0, 0, 500]))
    def sell(self, client: int, basket: tuple[Sold, ...], mode: str, retention: int) -> None:
        self.issue_draft(self.new_draft(client, basket, mode, retention), 0)

    @rule(client=picks, basket=baskets, mode=modes, retention=st.sampled_from([0, 0, 500]))
    def draft(self, client: int, basket: tuple[Sold, ...], mode: str, retention: int) -> None:
        self.new_draft(client, basket, mode, retention)

    def new_draft(self, client: int, basket: tuple[Sold, ...], mode: str, retention: int) -> Any:
        client_id, _ = self.pick(self.clients, client)
        draft_id, items = self.ledger.new_id(), [sold.item(self.regime) for sold in basket]
        content = Content(
            client_id=client_id, price_mode=mode, retention_bp=retention,
            lines=tuple(sold.line(rank) for rank, sold in enumerate(basket)),
        )  # fmt: skip
        self.asked(set(), invoices.draft_invoice, invoice_id=draft_id, kind="invoice", content=content)
        self.drafts[draft_id] = {
            "client": client_id, "kind": "invoice", "items": items, "mode": mode, "retention": retention, "version": 1,
            "credits": None, "discarded": False, "quote": None,
        }  # fmt: skip
        return draft_id

    @precondition(lambda self: self.debts)
    @rule(
        which=picks,
        keep=st.sets(picks, max_size=3),
        share=st.sampled_from(["1", "1", "1/2", "0.3", "1.5"]),
        stray=seldom,
    )
    def credit(self, which: int, keep: set[int], share: str, stray: bool) -> None:
        """The whole, or some lines and a share of them; once in a while for somebody else."""
        self.issue_draft(self.new_credit_note(which, keep, share, stray), 0)

    @precondition(lambda self: self.debts)
    @rule(which=picks, keep=st.sets(picks, max_size=3), share=st.sampled_from(["1", "1/2"]), stray=seldom)
    def draft_credit_note(self, which: int, keep: set[int], share: str, stray: bool) -> None:
        self.new_credit_note(which, keep, share, stray)

    def new_credit_note(self, which: int, keep: set[int], share: str, stray: bool) -> Any:
        invoice_id = self.pick(self.debts, which)
        of, note_id = self.issued[invoice_id], self.ledger.new_id()
        self.asked(set(), invoices.draft_credit_note, credit_note_id=note_id, invoice_id=invoice_id)
        items = [item.times(Fraction(-1)) for item in of["items"]]
        note = of | {
            "kind": "credit_note",
            "items": items,
            "credits": invoice_id,
            "version": 1,
            "discarded": False,
            "retention": 0,
        }
        self.drafts[note_id] = note
        if not keep:
            return note_id
        self.ledger.read_on()
        content = with_texts(self.ledger.fresh[-1].content, in_clear, lambda card: card)
        kept = sorted({rank % len(items) for rank in keep})
        factor = Fraction(share)
        scaled = tuple(
            replace(content.lines[rank], quantity=lines.decimal(Fraction(content.lines[rank].quantity) * factor))
            for rank in kept
        )
        if stray:
            note["client"] = next(client for client, _ in self.clients if client != of["client"])
        changed = replace(content, lines=scaled, client_id=note["client"], refs=Refs(quote_id=content.refs.quote_id))
        self.asked(set(), invoices.revise_invoice, invoice_id=note_id, content=changed, base_version=1)
        note |= {"items": [items[rank].times(factor) for rank in kept], "version": 2}
        return note_id

    @precondition(lambda self: self.drafts)
    @rule(which=picks, basket=baskets, base=st.sampled_from([0, 0, 0, -1, 1]), odd=seldom)
    def revise(self, which: int, basket: tuple[Sold, ...], base: int, odd: bool) -> None:
        draft_id = self.pick_draft(which, odd)
        draft, reasons = self.drafts[draft_id], self.final(draft_id)
        if base:
            reasons |= {Stale}
        if draft["kind"] == "credit_note":
            return
        items = [sold.item(self.regime, deposit=draft["kind"] == "deposit") for sold in basket]
        content = Content(
            client_id=draft["client"], price_mode=draft["mode"], retention_bp=draft["retention"],
            lines=tuple(sold.line(rank) for rank, sold in enumerate(basket)), refs=Refs(quote_id=draft["quote"]),
        )  # fmt: skip
        version = draft["version"] + base
        if self.asked(reasons, invoices.revise_invoice, invoice_id=draft_id, content=content, base_version=version):
            draft |= {"items": items, "version": draft["version"] + 1}

    @precondition(lambda self: self.drafts)
    @rule(which=picks, odd=seldom)
    def discard(self, which: int, odd: bool) -> None:
        draft_id = self.pick_draft(which, odd)
        if self.asked(self.final(draft_id), invoices.discard_invoice, invoice_id=draft_id):
            self.drafts[draft_id]["discarded"] = True
            self.released(draft_id, self.drafts[draft_id])

    def released(self, draft_id: Any, draft: dict[str, Any]) -> None:
        """What a discarded draft was made from can be invoiced again."""

    def final(self, draft_id: Any) -> set[type]:
        return {NotDraft} if draft_id in self.issued or self.drafts[draft_id]["discarded"] else set()

    def pick_draft(self, which: int, odd: bool) -> Any:
        fresh = [one for one in self.drafts if not self.final(one)]
        return self.pick(fresh if fresh and not odd else self.drafts, which)

    @precondition(lambda self: self.drafts)
    @rule(which=picks, back=st.sampled_from([0, 0, 0, 0, 1, 5, 10, 11, -1]), odd=seldom)
    def issue(self, which: int, back: int, odd: bool) -> None:
        self.issue_draft(self.pick_draft(which, odd), back)

    def issue_draft(self, draft_id: Any, back: int) -> None:
        draft, issued_on = self.drafts[draft_id], self.ledger.day - timedelta(days=back)
        reasons = self.final(draft_id) or self.reasons_not_to_issue(draft, issued_on)
        name = {"credit_note": "A"}.get(draft["kind"], "F") + f"{issued_on.year}"
        number = self.asked(
            reasons, invoices.issue_invoice, invoice_id=draft_id, issued_on=issued_on, base_version=draft["version"]
        )
        if number:
            self.series[name] += 1
            self.last_on[name] = issued_on
            assert number == f"{name}-{self.series[name]:04}"
            self.issue_in_plain_books(draft_id, draft, issued_on)

    def reasons_not_to_issue(self, draft: dict[str, Any], issued_on: date) -> set[type]:
        credit, bare = draft["credits"], plain.gross(plain.table(draft["items"], draft["mode"]))
        name = ("A" if credit else "F") + f"{issued_on.year}"
        reasons: set[type] = set()
        if any(item.quantity == 0 for item in draft["items"]) or (bare >= 0 if credit else bare < 0):
            reasons |= {NotReady}
        if (
            not max(self.last_on.get(name, date.min), self.ledger.day - timedelta(days=10))
            <= issued_on
            <= self.ledger.day
        ):
            reasons |= {IssueDateRefused}
        if issued_on <= self.closed_through:
            reasons |= {PeriodClosed}
        if credit:
            debt = self.debts[credit]
            if debt.client != draft["client"]:
                reasons |= {OfAnotherClient}
            if not debt.may_be_credited(plain.table(draft["items"], draft["mode"], debt.left)):
                reasons |= {CreditsTooMuch}
        return reasons

    def issue_in_plain_books(self, draft_id: Any, draft: dict[str, Any], issued_on: date) -> None:
        credit = draft["credits"]
        left = self.debts[credit].left if credit else None
        whole = plain.table(draft["items"], draft["mode"], left)
        self.issued[draft_id] = draft | {"table": whole, "issued_on": issued_on}
        self._sales(draft["items"], draft["mode"], whole)
        apart = sum(base for part, (base, _) in whole.items() if part[2] == "disbursement")
        self.totals["net"] += plain.gross(whole) - plain.vat(whole) - apart
        self.totals["gross"] += plain.gross(whole) - apart
        if credit:
            debt = self.debts[credit]
            refundable = self.moved(debt, issued_on, lambda: debt.credit(whole))
            self.credits[draft_id] = {
                "kind": "credit_note",
                "client": debt.client,
                "left": refundable,
                "reversed": False,
            }
        else:
            retention = plain.nearest(Fraction(plain.gross(whole) * draft["retention"], 10_000))
            self.debts[draft_id] = plain.Debt(draft["client"], whole, retention)
            self.tax[issued_on] += plain.vat(self.debts[draft_id].due)

    def _sales(self, items: list[Item], mode: str, whole: plain.Table) -> None:
        """Net by kind of account; what of a part stands on several accounts is cut by the largest remainder."""
        for part, (base, _) in whole.items():
            mine = [item for item in items if item.part == part]
            exact = [Fraction(item.cents) / (1 + Fraction(part[0], 10_000)) for item in mine]
            nets = [item.cents for item in mine] if mode == "net" else plain.shared(base, exact)
            for item, net in zip(mine, nets, strict=True):
                self.money[item.account] -= net


def in_clear(text: Text) -> Text:
    """As a person would see it: a seal never goes back into the ledger."""
    return text if isinstance(text, str) else "Scellé"
