"""What may happen to quotes, and the deposits and invoices that come out of them."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.content import Content, Stale
from domain.errors import Malformed
from domain.quote import QuoteState, SendDateRefused
from domain.quote_invoicing import DraftPending
from domain.readiness import NotReady
from domain.receipts import DateInFuture
from ledger.commands import quote_invoicing, quotes
from tests.model import lines, plain
from tests.model.history import modes, picks, seldom
from tests.model.lines import Item, Sold, baskets
from tests.model.losses import Losses

OPEN = {"draft", "sent", "declined", "expired"}


class Offers(Losses):
    def begin(self) -> None:
        super().begin()
        self.quotes: dict[Any, dict[str, Any]] = {}

    def has(self, *states: str) -> bool:
        return any(quote["state"] in states for quote in self.quotes.values())

    def pick_quote(self, which: int, odd: bool, *states: str) -> Any:
        """One in these states where there is one: the others would be refused."""
        fitting = [one for one, quote in self.quotes.items() if quote["state"] in states]
        return self.pick(fitting if fitting and not odd else self.quotes, which)

    def only_in(self, quote: dict[str, Any], *states: str) -> set[type]:
        return set() if quote["state"] in states else {QuoteState}

    @rule(client=picks, basket=baskets, mode=modes)
    def quote(self, client: int, basket: tuple[Sold, ...], mode: str) -> None:
        """Offered at once."""
        self.send_quote(self.new_quote(client, basket, mode), 0)

    @rule(
        client=picks, basket=baskets, mode=modes, shares=st.lists(st.sampled_from([3000, 1234]), max_size=2),
        credited=st.sampled_from(["", "", "1", "1/2"]), balance=st.booleans(),
    )  # fmt: skip
    def order(
        self, client: int, basket: tuple[Sold, ...], mode: str, shares: list[int], credited: str, balance: bool
    ) -> None:
        """From the quote to its deposits and, perhaps, its balance; one deposit may be credited before."""
        quote_id = self.new_quote(client, basket, mode)
        self.send_quote(quote_id, 0)
        if self.quotes[quote_id]["state"] != "sent":
            return
        self.answer_quote(quote_id, "accept", 0)
        for share_bp in shares:
            self.deposit_on(quote_id, share_bp, at_once=True)
        deposits = [rank for rank, one in enumerate(self.debts) if self.issued[one]["quote"] == quote_id]
        if deposits and credited:
            self.credit(deposits[0], {0} if credited != "1" else set(), credited, stray=False)
        if balance:
            self.invoice_rest(quote_id)

    @rule(client=picks, basket=baskets, mode=modes)
    def draft_quote(self, client: int, basket: tuple[Sold, ...], mode: str) -> None:
        self.new_quote(client, basket, mode)

    def new_quote(self, client: int, basket: tuple[Sold, ...], mode: str) -> Any:
        client_id, quote_id = self.pick(self.clients, client)[0], self.ledger.new_id()
        content = self._content(client_id, basket, mode)
        self.asked(set(), quotes.draft_quote, quote_id=quote_id, content=content)
        self.quotes[quote_id] = {
            "client": client_id, "basket": basket, "mode": mode, "state": "draft", "version": 1, "number": "",
            "valid_until": date.min,
        }  # fmt: skip
        return quote_id

    def _content(self, client_id: Any, basket: tuple[Sold, ...], mode: str) -> Content:
        drafted = tuple(sold.line(rank) for rank, sold in enumerate(basket))
        return Content(client_id=client_id, price_mode=mode, lines=drafted)

    @precondition(lambda self: self.quotes)
    @rule(which=picks, basket=baskets, base=st.sampled_from([0, 0, 0, 1]), odd=seldom)
    def revise_quote(self, which: int, basket: tuple[Sold, ...], base: int, odd: bool) -> None:
        quote_id = self.pick_quote(which, odd, *OPEN)
        quote = self.quotes[quote_id]
        reasons = self.only_in(quote, *OPEN) | ({Stale} if base else set())
        content = self._content(quote["client"], basket, quote["mode"])
        if self.asked(
            reasons, quotes.revise_quote, quote_id=quote_id, content=content, base_version=quote["version"] + base
        ):
            quote |= {"basket": basket, "state": "draft", "version": quote["version"] + 1}

    @precondition(lambda self: self.quotes)
    @rule(which=picks, back=st.sampled_from([0, 0, 0, 0, 4, -1]), odd=seldom)
    def send(self, which: int, back: int, odd: bool) -> None:
        self.send_quote(self.pick_quote(which, odd, "draft"), back)

    def send_quote(self, quote_id: Any, back: int) -> None:
        quote, sent_on = self.quotes[quote_id], self.ledger.day - timedelta(days=back)
        name = f"D{sent_on.year}"
        items = [sold.item(self.regime) for sold in quote["basket"]]
        reasons = self.only_in(quote, "draft")
        if back < 0:
            reasons |= {DateInFuture}
        if not quote["number"] and sent_on < self.last_on.get(name, date.min):
            reasons |= {SendDateRefused}
        if plain.gross(plain.table(items, quote["mode"])) < 0:
            reasons |= {NotReady}
        number = self.asked(
            reasons, quotes.send_quote, quote_id=quote_id, sent_on=sent_on, base_version=quote["version"]
        )
        if number:
            if not quote["number"]:
                self.series[name] += 1
                self.last_on[name] = sent_on
                quote["number"] = f"{name}-{self.series[name]:04}"
            assert number == quote["number"]
            quote |= {"state": "sent", "version": quote["version"] + 1, "valid_until": sent_on + timedelta(days=30)}
            quote["table"] = plain.printed(items, quote["mode"])

    @precondition(lambda self: self.has("sent", "expired"))
    @rule(
        which=picks,
        answer=st.sampled_from(["accept", "accept", "accept", "decline"]),
        ahead=st.sampled_from([0, 0, 0, 0, 0, 1]),
        odd=seldom,
    )
    def answer(self, which: int, answer: str, ahead: int, odd: bool) -> None:
        self.answer_quote(self.pick_quote(which, odd, "sent", "expired"), answer, ahead)

    def answer_quote(self, quote_id: Any, answer: str, ahead: int) -> None:
        quote, on = self.quotes[quote_id], self.ledger.day + timedelta(days=ahead)
        reasons = self.only_in(quote, "sent", "expired") | ({DateInFuture} if ahead else set())
        use_case, facts, state = {
            "accept": (quotes.accept_quote, {"accepted_on": on, "order": "BC-1"}, "accepted"),
            "decline": (quotes.decline_quote, {"declined_on": on}, "declined"),
        }[answer]
        if self.asked(reasons, use_case, quote_id=quote_id, **facts):
            quote |= {"state": state, "version": quote["version"] + 1}

    @precondition(lambda self: self.quotes)
    @rule(which=picks, odd=seldom)
    def expire(self, which: int, odd: bool) -> None:
        quote_id = self.pick_quote(which, odd, "sent")
        quote = self.quotes[quote_id]
        if (
            self.asked(self.only_in(quote, "sent"), quotes.expire_quote, quote_id=quote_id)
            and self.ledger.day > quote["valid_until"]
        ):
            quote |= {"state": "expired", "version": quote["version"] + 1}

    @precondition(lambda self: self.quotes)
    @rule(which=picks, odd=seldom)
    def discard_quote(self, which: int, odd: bool) -> None:
        quote_id = self.pick_quote(which, odd, "declined", "expired", "draft")
        quote = self.quotes[quote_id]
        if self.asked(self.only_in(quote, *OPEN), quotes.discard_quote, quote_id=quote_id):
            quote |= {"state": "discarded", "version": quote["version"] + 1}

    @precondition(lambda self: self.has("accepted"))
    @rule(
        which=picks, share_bp=st.sampled_from([3000, 3000, 1234, 10_000, 0, 10_001]), odd=seldom, at_once=st.booleans()
    )
    def deposit(self, which: int, share_bp: int, odd: bool, at_once: bool) -> None:
        self.deposit_on(self.pick_quote(which, odd, "accepted"), share_bp, at_once=at_once)

    def deposit_on(self, quote_id: Any, share_bp: int, *, at_once: bool) -> None:
        quote, invoice_id = self.quotes[quote_id], self.ledger.new_id()
        reasons = self.only_in(quote, "accepted") | (set() if 0 < share_bp <= 10_000 else {Malformed})
        request = {"quote_id": quote_id, "invoice_id": invoice_id, "share_bp": share_bp, "label": "Acompte"}
        if self.asked(reasons, quote_invoicing.invoice_deposit, **request):
            quote["version"] += 1
            items = [self._deposit(part, base, share_bp) for part, (base, _) in ordered(quote["table"])]
            self._drafted(quote_id, invoice_id, "deposit", items, "net")
            if at_once:
                self.issue_draft(invoice_id, 0)

    def _deposit(self, part: plain.Part, base: int, share_bp: int) -> Item:
        rate, category, nature, _ = part
        cents = plain.nearest(Fraction(base * share_bp, 10_000))
        return Item(
            (rate, category, nature, lines.falls_due(nature, category, self.regime, deposit=True)),
            Fraction(-1 if cents < 0 else 1),
            Fraction(abs(cents), 100),
            "4191",
        )

    @precondition(lambda self: self.has("accepted"))
    @rule(which=picks, odd=seldom)
    def invoice_quote(self, which: int, odd: bool) -> None:
        self.invoice_rest(self.pick_quote(which, odd, "accepted"))

    def invoice_rest(self, quote_id: Any) -> None:
        quote, invoice_id = self.quotes[quote_id], self.ledger.new_id()
        made = [
            one for one, draft in self.drafts.items() if draft["quote"] == quote_id and draft["kind"] != "credit_note"
        ]
        reasons = self.only_in(quote, "accepted")
        if any(not self.final(one) for one in made):
            reasons |= {DraftPending}
        request = {"quote_id": quote_id, "invoice_id": invoice_id, "deduction_label": "Acompte {number}"}
        if self.asked(reasons, quote_invoicing.invoice_quote, **request):
            quote |= {"state": "invoiced", "version": quote["version"] + 1}
            items = [sold.item(self.regime) for sold in quote["basket"]]
            taken_off = [
                self._deduction(part, amounts, quote["mode"])
                for left in self._deposits(quote_id)
                for part, amounts in ordered(left)
            ]
            self._drafted(quote_id, invoice_id, "final" if taken_off else "invoice", items + taken_off, quote["mode"])

    def released(self, draft_id: Any, draft: dict[str, Any]) -> None:
        if draft["quote"] and draft["kind"] != "credit_note":
            quote = self.quotes[draft["quote"]]
            quote |= {"state": "accepted", "version": quote["version"] + 1}

    def _deposits(self, quote_id: Any) -> list[plain.Table]:
        """What credit notes left of each deposit, in the order of issue."""
        notes = [(note["credits"], note["table"]) for note in self.issued.values() if note["credits"]]
        left = [
            plain.plus(document["table"], *(table for of, table in notes if of == one))
            for one, document in self.issued.items()
            if document["kind"] == "deposit" and document["quote"] == quote_id
        ]
        return [each for each in left if each]

    def _deduction(self, part: plain.Part, amounts: tuple[int, int], mode: str) -> Item:
        rate, category, nature, _ = part
        cents = amounts[0] + (amounts[1] if mode == "gross" else 0)
        due = lines.falls_due(nature, category, self.regime)
        return Item((rate, category, nature, due), Fraction(1 if cents < 0 else -1), Fraction(abs(cents), 100), "4191")

    def _drafted(self, quote_id: Any, invoice_id: Any, kind: str, items: list[Item], mode: str) -> None:
        self.drafts[invoice_id] = {
            "client": self.quotes[quote_id]["client"], "kind": kind, "items": items, "mode": mode, "retention": 0,
            "version": 1, "credits": None, "discarded": False, "quote": quote_id,
        }  # fmt: skip


def ordered(table: plain.Table) -> list[tuple[plain.Part, tuple[int, int]]]:
    """As a document prints its parts: the highest rate first."""
    return sorted(table.items(), key=lambda part: (-part[0][0], *part[0][1:]))
