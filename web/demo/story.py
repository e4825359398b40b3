"""A company lived day by day: acts planned on their days, done in order, through the commands of the screens.

The same seed tells the same story. Everything lands in a training ledger, where `day` is free but never goes back.
"""

import heapq
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from domain import vat
from domain.client import Profile
from domain.content import Content, Kind
from domain.lines import DraftLine
from domain.product import Article
from domain.receipts import Receipt, Settlement
from ledger.books import Books
from ledger.commands import clients, invoices, payments, products, quotes

Act = Callable[[], object]


class Story:
    """One company's life. `at(day, act)` plans, `run(until)` lives; `day` is the day that is being lived."""

    def __init__(self, books: Books, company_id: UUID, actor: str, seed: int, first_day: date) -> None:
        self.dice = Random(seed)
        self.day = self.first_day = first_day
        self._books = books
        self._company_id = company_id
        self._actor = actor
        self._plan: list[tuple[date, int, Act]] = []
        self._order = count()

    def at(self, day: date, act: Act) -> None:
        """Plans `act`; on a working day, and never before today."""
        heapq.heappush(self._plan, (_working(max(day, self.day)), next(self._order), act))

    def after(self, days: int, act: Act) -> None:
        self.at(self.day + timedelta(days=days), act)

    def run(self, until: date) -> None:
        """Lives every planned day up to `until`, included; what was planned later does not happen."""
        while self._plan and self._plan[0][0] <= until:
            self.day, _, act = heapq.heappop(self._plan)
            act()

    def do(self, use_case: Callable[..., Any], **request: Any) -> Any:
        return self._books.on(self.day).do(use_case, self._company_id, uuid4(), self._actor, **request)

    def new_client(self, profile: Profile) -> UUID:
        client_id = uuid4()
        self.do(clients.create_client, client_id=client_id, profile=profile)
        return client_id

    def new_product(self, article: Article) -> None:
        self.do(products.create_product, product_id=uuid4(), article=article)

    def new_quote(self, content: Content) -> UUID:
        """A quote, drafted and sent."""
        quote_id = uuid4()
        self.do(quotes.draft_quote, quote_id=quote_id, content=content)
        self.do(quotes.send_quote, quote_id=quote_id, sent_on=self.day, base_version=1)
        return quote_id

    def new_draft(self, content: Content, kind: Kind = "invoice") -> UUID:
        invoice_id = uuid4()
        self.do(invoices.draft_invoice, invoice_id=invoice_id, kind=kind, content=content)
        return invoice_id

    def issue(self, invoice_id: UUID) -> str:
        number: str = self.do(invoices.issue_invoice, invoice_id=invoice_id, issued_on=self.day, base_version=1)
        return number

    def gross_cents(self, invoice_id: UUID) -> int:
        """What an issued document asks for."""
        with self._books.pool.connection() as conn, conn.transaction():
            conn.execute("SELECT set_config('probant.company', %s, true)", (str(self._company_id),))
            found = conn.execute(
                "SELECT (line::jsonb #>> '{data,payable_cents}')::bigint FROM ledger.entry"
                " WHERE company_id = %s AND stream_id = %s AND type = 'invoice.issued'",
                (self._company_id, invoice_id),
            ).fetchone()
        return int(found[0]) if found else 0

    def pay(self, client_id: UUID, amount_cents: int, *settled: Settlement, **facts: Any) -> UUID:
        payment_id = uuid4()
        receipt = Receipt(
            client_id=client_id,
            amount_cents=amount_cents,
            received_on=self.day,
            settlements=settled,
            **{"method": "transfer"} | facts,
        )
        self.do(payments.record_payment, payment_id=payment_id, receipt=receipt)
        return payment_id


def line(article: Article, quantity: Decimal | int = 1, **changes: Any) -> DraftLine:
    """A line as the catalogue gives it."""
    facts: dict[str, Any] = {"id": uuid4().hex[:8], "quantity": Decimal(quantity)}
    for name in ("nature", "unit", "unit_price", "vat_bp", "vat_category", "vat_code", "vat_text"):
        facts[name] = getattr(article, name)
    facts["label"] = f"{article.label}\n{article.description}".strip()
    drafted = DraftLine(**facts | changes)
    return drafted if drafted.vat_text else replace(drafted, vat_text=vat.text_of(drafted.vat_key))


def _working(day: date) -> date:
    return day + timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())
