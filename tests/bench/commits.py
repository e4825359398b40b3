"""Commits a second, each way against a raw durable INSERT of the same bytes. Paired: a round runs all, shuffled.

The bytes are those of an invoice of two lines as issued, 3 kB; « short »: of its draft, 0.7 kB, as in the prototype.

Eight writers are eight processes, each with a company of its own; `served` are eight threads of one process, as pages
are served. Their limit is the same: the raw INSERT of as many processes.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from ledger.postgres import Server
from tests.bench.ground import Shop

SECONDS = float(os.environ.get("SECONDS", "1.2"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
READY = 300
WRITERS = 8
WAYS = ("raw", "append", "raw_short", "append_short", "issue", "stock")
LIMITS = {"append_short": "raw_short"}  # else: raw
NAMES = {
    "append": "append, 1 entry of the same bytes",
    "append_short": "append, 1 short entry",
    "issue": "whole issue_invoice",
    "served": "whole issue_invoice, served by one process",
    "stock": "stock eventsourcing application: load, decide, save 3 events",
}
INSERT = "INSERT INTO bench.raw VALUES (%s, 1, %s, 1, 'invoice.issued', now(), %s, %s)"
APPEND = "SELECT ledger.append(%b, %s, %b, %b, NULL, %b, %b, %b, %b)"


class StockInvoice(Aggregate):
    """The same job as the library's own examples do it."""

    @event("Drafted")
    def __init__(self, data: str) -> None:
        self.data = data
        self.state = ""

    @event("Issued")
    def issue(self, data: str) -> None:
        self.state = data


class Worker:
    """Every way of writing, on one connection each."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.shop = Shop(server)
        self.others: list[Shop] = []  # one for each thread
        self.root = psycopg.connect(server.uri("postgres"), autocommit=True)
        self.web = psycopg.connect(server.uri("probant_web"), autocommit=True)
        self.stock = Application[Any](env=stock_environment(server))
        self.shop.issue(self.shop.draft())
        self.short, self.data = self._sample("invoice.drafted"), self._sample("invoice.issued")
        self.todo: list[UUID] = []
        self.todo_of: list[list[UUID]] = []

    def _sample(self, type_: str) -> str:
        """The data of a real invoice: every way writes these bytes."""
        row = self.root.execute(
            "SELECT line FROM ledger.entry WHERE company_id = %s AND type = %s", (self.shop.id, type_)
        ).fetchone()
        return row[0].partition('"data":')[2].partition(',"ledger":')[0] if row else ""

    def prepare(self, way: str) -> None:
        if way == "issue":
            self.todo = [self.shop.draft() for _ in range(READY)]
        if way == "served":
            self.others = self.others or [Shop(self.server) for _ in range(WRITERS)]
            self.todo_of = [[shop.draft() for _ in range(READY // 2)] for shop in self.others]
        if way == "stock":
            invoices = [StockInvoice(self.data) for _ in range(READY)]
            for invoice in invoices:
                self.stock.save(invoice)
            self.todo = [invoice.id for invoice in invoices]

    def rate(self, way: str) -> float:
        """How often a second."""
        if way != "served":
            return paced(getattr(self, f"_{way}"), lambda: way not in ("issue", "stock") or bool(self.todo))
        with ThreadPoolExecutor(WRITERS) as threads:
            return sum(threads.map(served, self.others, self.todo_of))

    def _raw(self) -> None:
        self._insert(self.data)

    def _raw_short(self) -> None:
        self._insert(self.short)

    def _append(self) -> None:
        self._put(self.data)

    def _append_short(self) -> None:
        self._put(self.short)

    def _insert(self, data: str) -> None:
        self.root.execute(INSERT, (self.shop.id, uuid4(), data, b"x" * 32))

    def _put(self, data: str) -> None:
        stream = [uuid4()], [1], ["invoice.drafted"], [data]
        self.web.execute(APPEND, (self.shop.id, self.shop.actor, uuid4(), b"x" * 32, *stream))

    def _issue(self) -> None:
        self.shop.issue(self.todo.pop())

    def _stock(self) -> None:
        invoice: StockInvoice = self.stock.repository.get(self.todo.pop())
        invoice.issue(self.data)
        self.stock.save(invoice, StockInvoice("number"), StockInvoice("document"))


def paced(once: Callable[[], None], more: Callable[[], bool]) -> float:
    """How often a second `once` could be done, for as long as there is `more` to do."""
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS and more():
        once()
        done += 1
    return done / spent


def served(shop: Shop, todo: list[UUID]) -> float:
    return paced(lambda: shop.issue(todo.pop()), lambda: bool(todo))


def stock_environment(server: Server, *, create: bool = False) -> dict[str, str]:
    where = conninfo_to_dict(server.uri("postgres"))
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(where["dbname"]),
        "POSTGRES_HOST": str(where["host"]),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "",
        "CREATE_TABLE": "y" if create else "n",
    }


def serve(server: Server, pipe: Connection) -> None:
    worker = Worker(server)
    pipe.send("ready")
    while (way := pipe.recv()) is not None:
        worker.prepare(way)
        pipe.send("ready")
        pipe.recv()
        pipe.send(worker.rate(way))


def measure(server: Server, say: Callable[[str, str, str], None]) -> None:
    """`say(what, value, limit)` for each way and number of writers."""
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        conn.execute("CREATE SCHEMA bench")
        conn.execute("CREATE TABLE bench.raw (LIKE ledger.entry)")
    Application[Any](env=stock_environment(server, create=True)).close()
    pipes = [_worker(server) for _ in range(WRITERS)]
    plan = [(way, writers) for way in WAYS for writers in (1, WRITERS)] + [("served", WRITERS)]
    rates: dict[tuple[str, int], list[float]] = {key: [] for key in plan}
    for _ in range(ROUNDS):
        random.shuffle(plan)
        for way, writers in plan:
            rates[way, writers].append(_run(pipes[: 1 if way == "served" else writers], way))
    for pipe in pipes:
        pipe.send(None)
    for writers in (1, WRITERS):
        for way, name in {"raw": "raw durable INSERT", "raw_short": "raw durable INSERT, short"}.items():
            say(f"{name}, {writers} writer(s)", f"{statistics.median(rates[way, writers]):.0f}/s", "limit")
        for way, name in NAMES.items():
            if (way, writers) not in rates:
                continue
            raw = rates[LIMITS.get(way, "raw"), writers]
            shares = [rate / limit for rate, limit in zip(rates[way, writers], raw, strict=True)]
            spread = f"[{min(shares):.2f}–{max(shares):.2f}]"
            rate = statistics.median(rates[way, writers])
            say(f"{name}, {writers} writer(s)", f"{rate:.0f}/s", f"{statistics.median(shares):.2f} {spread} of raw")


def _worker(server: Server) -> Connection:
    here, there = get_context("spawn").Pipe()
    get_context("spawn").Process(target=serve, args=(server, there), daemon=True).start()
    here.recv()
    return here


def _run(pipes: list[Connection], way: str) -> float:
    for word in (way, "go"):
        for pipe in pipes:
            pipe.send(word)
        answers = [pipe.recv() for pipe in pipes]
    return float(sum(answers))
