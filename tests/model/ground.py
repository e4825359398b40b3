"""A training ledger for each history, and what its entries say, read line by line as they come."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import psycopg

from domain.client import Profile
from domain.company import Configuration
from domain.errors import DomainError
from domain.parties import Address, Card
from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import clients, companies
from ledger.postgres import Pool, Server
from projections.engine import Engine
from tests.ledger.commands.conftest import IDENTITY

MAPPER = EventMapper(*AGGREGATES)
FAMILY = UUID("0b6ff0a8-3c5e-4d55-8d57-3a1b6a0d9c11")
ADDRESS = Address(street="2, rue des Lices", postcode="35000", city="Rennes", country="FR")
ACCOUNTS = ("4191", "4117", "44571", "44574", "44566", "411", "416", "467", "70")  # sub-accounts count with these


class Ground(NamedTuple):
    """What a history is played on. `ledgers` numbers them, so that ids need no chance."""

    server: Server
    web: Pool
    job: Pool
    engine: Engine
    run: str
    ledgers: "count[int]"


class Ledger:
    """One company's books, and all that was read of them: balances, VAT by day, numbers, postings."""

    def __init__(self, ground: Ground, regime: str) -> None:
        self.ground, self.day = ground, date(2026, 12, 20)
        self.id = uuid5(FAMILY, f"{ground.run}/{next(ground.ledgers)}")
        self.ids, self.books = count(), Books(ground.web, MAPPER, b"k" * 32)
        Books(ground.job, MAPPER, b"k" * 32).do(
            companies.open_ledger, self.id, self.new_id(), "system", origin=f"tests/{self.id}", signer="key",
            software="tests", identity=IDENTITY, natural_person=False, mode="training",
            configuration=Configuration(vat_regime=regime), fiscal_year=(date(2026, 1, 1), date(2026, 12, 31)),
        )  # fmt: skip
        self.user = f"user:{self.new_id()}"
        self.conn = psycopg.connect(ground.server.uri("probant_audit"), autocommit=True)
        self.conn.execute("SELECT set_config('probant.company', %s, false)", (str(self.id),))
        self.pos = 0
        self.balances: Counter[str] = Counter()
        self.client_balances: Counter[str] = Counter()
        self.tax: defaultdict[date, int] = defaultdict(int)
        self.numbers: dict[str, list[int]] = {}
        self.fresh: list[Any] = []

    def new_id(self) -> UUID:
        return uuid5(self.id, f"{next(self.ids)}")

    def do(self, use_case: Any, **request: Any) -> Any:
        """The answer of a command, or the refusal itself."""
        try:
            return self.books.on(self.day).do(use_case, self.id, self.new_id(), self.user, **request)
        except DomainError as refusal:
            return refusal

    def later(self, days: int) -> None:
        self.day += timedelta(days=days)

    def client(self, kind: str) -> tuple[UUID, str]:
        """A new client's id and code."""
        client_id, natural = self.new_id(), kind == "person"
        card = Card(name=f"Client {client_id}", address=ADDRESS, siren="" if natural else "732829320")
        profile = Profile(kind=kind, card=card, natural_person=natural)
        return client_id, self.do(clients.create_client, client_id=client_id, profile=profile)

    def read_on(self) -> None:
        """Reads the lines that came since, into `fresh` and the sums."""
        found = self.conn.execute("SELECT pos, line FROM ledger.entry WHERE pos > %s ORDER BY pos", (self.pos,))
        self.fresh = []
        for self.pos, line in found.fetchall():
            event = MAPPER.decode(line)
            self.fresh.append(event)
            self._add(event)

    def _add(self, event: Any) -> None:
        for posting in getattr(event, "postings", ()):
            assert sum(one.debit_cents - one.credit_cents for one in posting.lines) == 0, event
            assert posting.lines, event
            for one in posting.lines:
                assert (one.debit_cents > 0) != (one.credit_cents > 0), event
                cents = one.debit_cents - one.credit_cents
                self.balances[family(one.account)] += cents
                if one.account.startswith("41") and family(one.account) != "4191":
                    self.client_balances[one.aux] += cents
        for due in getattr(event, "tax_due", ()):
            self.tax[due.on] += due.vat_cents
        if getattr(event, "series", "") and event.TOPIC != "series.opened" and getattr(event, "revision", 1) == 1:
            self.numbers.setdefault(event.series, []).append(event.seq)

    def close(self) -> None:
        self.conn.close()


def family(account: str) -> str:
    """The account that plain books count it with; carriage is a sale like another."""
    return next((known for known in ACCOUNTS if account.startswith(known)), account)
