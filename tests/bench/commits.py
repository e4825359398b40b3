"""Commits a second, each way against a raw durable INSERT of the same bytes. Paired: a round runs all, shuffled."""

import os
import random
import statistics
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from ledger.postgres import Server
from tests.bench.ground import Shop

SECONDS = float(os.environ.get("SECONDS", "1.2"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
READY = 300
WAYS = ("raw", "append", "issue", "stock")
NAMES = {
    "append": "append, 1 entry of the same bytes",
    "issue": "whole issue_invoice (2 entries or more)",
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
        self.shop = Shop(server)
        self.root = psycopg.connect(server.uri("postgres"), autocommit=True)
        self.web = psycopg.connect(server.uri("probant_web"), autocommit=True)
        self.stock = Application[Any](env=stock_environment(server))
        self.data = self._sample()
        self.todo: list[Any] = []

    def _sample(self) -> str:
        """The data of a real invoice: every way writes these bytes."""
        self.shop.issue(self.shop.draft())
        row = self.root.execute(
            "SELECT line FROM ledger.entry WHERE company_id = %s AND type = 'invoice.issued'", (self.shop.id,)
        ).fetchone()
        return row[0].partition('"data":')[2].partition(',"ledger":')[0] if row else ""

    def prepare(self, way: str) -> None:
        if way == "issue":
            self.todo = [self.shop.draft() for _ in range(READY)]
        if way == "stock":
            invoices = [StockInvoice(self.data) for _ in range(READY)]
            for invoice in invoices:
                self.stock.save(invoice)
            self.todo = [invoice.id for invoice in invoices]

    def once(self, way: str) -> None:
        getattr(self, f"_{way}")()

    def _raw(self) -> None:
        self.root.execute(INSERT, (self.shop.id, uuid4(), self.data, b"x" * 32))

    def _append(self) -> None:
        stream = [uuid4()], [1], ["invoice.drafted"], [self.data]
        self.web.execute(APPEND, (self.shop.id, self.shop.actor, uuid4(), b"x" * 32, *stream))

    def _issue(self) -> None:
        self.shop.issue(self.todo.pop())

    def _stock(self) -> None:
        invoice = self.stock.repository.get(self.todo.pop())
        invoice.issue(self.data)
        self.stock.save(invoice, StockInvoice("number"), StockInvoice("document"))


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
        worker.once(way)
        pipe.send("ready")
        pipe.recv()
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS and (way in ("raw", "append") or worker.todo):
            worker.once(way)
            done += 1
        pipe.send(done / (time.perf_counter() - start))


def measure(server: Server, say: Callable[[str, str, str], None]) -> None:
    """`say(what, value, limit)` for each way and number of writers."""
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn:
        conn.execute("CREATE SCHEMA bench")
        conn.execute("CREATE TABLE bench.raw (LIKE ledger.entry)")
    Application[Any](env=stock_environment(server, create=True)).close()
    pipes = [_worker(server) for _ in range(8)]
    plan = [(way, writers) for way in WAYS for writers in (1, 8)]
    rates: dict[tuple[str, int], list[float]] = {key: [] for key in plan}
    for _ in range(ROUNDS):
        random.shuffle(plan)
        for way, writers in plan:
            rates[way, writers].append(_run(pipes[:writers], way))
    for pipe in pipes:
        pipe.send(None)
    for writers in (1, 8):
        say(f"raw durable INSERT, {writers} writer(s)", f"{statistics.median(rates['raw', writers]):.0f}/s", "limit")
        for way, name in NAMES.items():
            pairs = list(zip(rates[way, writers], rates["raw", writers], strict=True))
            shares = [rate / raw for rate, raw in pairs]
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
