"""The read side on a large ledger: read models from nothing, and the queries of the screens.

The entries are real ones, made by the commands, then copied with other ids, numbers and days by an administrator.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain, count, islice
from uuid import UUID, uuid4

import psutil
import psycopg

from domain.registry import AGGREGATES
from ledger import postgres
from ledger.codec import EventMapper, read_line
from ledger.postgres import Server
from projections import (
    PROJECTIONS,
    clients,
    dashboard,
    invoice_lists,
    journals,
    payment_lists,
    quotes,
    register,
    search,
    statements,
    trial_balance,
)
from projections.engine import Engine
from projections.listing import Filter
from projections.tx import Tx
from tests.projections.history import USER, Shop

CLIENTS = 800
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r'"number":"([A-Z])2026-\d+"')
DAYS = re.compile(r'"(issued_on|received_on|due_on|sent_on|valid_until)":"(\d{4}-\d\d-\d\d)"')
TODAY = date(2026, 11, 24)


def fill(conn: psycopg.Connection, shop: Shop, entries: int) -> None:
    """Makes the shop's ledger `entries` long; hashes are not true: nobody verifies here."""
    ids = _deal(shop)
    conn.execute("SELECT set_config('probant.company', %s, false)", (str(shop.company),))
    lines = [line for (line,) in conn.execute(
        "SELECT line FROM ledger.entry WHERE company_id = %s ORDER BY pos", (shop.company,))]  # fmt: skip
    deal = [line for line in lines if read_line(line).stream in ids]
    people = [line for line in lines if read_line(line).type == "client.created"]
    client = read_line(people[0]).stream
    pos = len(lines)
    with conn.cursor().copy("COPY ledger.entry FROM STDIN") as copy:
        for made in _made(deal, people[0], str(client), entries - len(lines)):
            pos, entry = pos + 1, read_line(made)
            line, digest = made.replace('"pos":0', f'"pos":{pos}'), pos.to_bytes(32, "big")
            copy.write_row((shop.company, pos, entry.stream, entry.version, entry.type, entry.at, line, digest))
    conn.execute(
        "UPDATE ledger.head SET pos = %s, hash = %s WHERE company_id = %s", (pos, pos.to_bytes(32, "big"), shop.company)
    )
    conn.execute("ANALYZE ledger.entry")


def _deal(shop: Shop) -> set[UUID]:
    """One deal with all that can happen; the ids of its documents."""
    client = shop.client()
    quote = shop.quote(client, "400", "35.50")
    shop.send(quote)
    shop.accept(quote)
    first = shop.invoice_of(quote)
    shop.issue(first)
    second, third = shop.invoice(client, "120", "80", "12.34"), shop.invoice(client, "1000")
    payment = shop.pay(client, 25_480, (second, 25_480))
    credit_note = shop.credit_note(third, client, "100")
    draft = shop.draft(client, "55")
    return {quote, first, second, third, payment, credit_note, draft}


def _made(deal: list[str], person: str, client: str, entries: int) -> Iterator[str]:
    """`CLIENTS` clients, then the deal again and again with one of them."""
    everyone = [str(uuid4()) for _ in range(CLIENTS)]
    for rank, one in enumerate(everyone):
        made = _unplaced(person).replace(client, one).replace("C00000", f"C{rank:05}")
        yield made.replace("Hôtel du Parc", f"Société {rank:04} Bœuf")
    copies = (_copied(deal, client, everyone[turn % CLIENTS], turn) for turn in count())
    yield from islice(chain.from_iterable(copies), entries - CLIENTS)


def _copied(deal: list[str], client: str, other: str, turn: int) -> Iterator[str]:
    kept = {one: one for one in (str(read_line(deal[0]).ledger), USER.removeprefix("user:"))}
    fresh = {found: str(uuid4()) for line in deal for found in UUIDS.findall(line)} | kept | {client: other}
    shift = timedelta(days=turn % 250)
    for rank, line in enumerate(deal):
        made = UUIDS.sub(lambda found: fresh[found[0]], _unplaced(line))
        made = NUMBER.sub(f'"number":"\\g<1>2026-{turn:05}{rank:02}"', made)
        yield DAYS.sub(lambda found: f'"{found[1]}":"{date.fromisoformat(found[2]) + shift}"', made)


def _unplaced(line: str) -> str:
    return re.sub(r'"pos":\d+', '"pos":0', line)


def _filled(name: str, engine: Engine, company: UUID, entries: int) -> None:
    """Entries a second: by the clock, and by the busier of the two processes, which other work does not slow."""
    with engine.pool.connection() as conn:
        backend = psutil.Process(conn.info.backend_pid)
    ours, theirs, start = time.process_time(), sum(backend.cpu_times()[:2]), time.perf_counter()
    engine.catch_up(company)
    clock = time.perf_counter() - start
    busier = max(time.process_time() - ours, sum(backend.cpu_times()[:2]) - theirs, 0.001)
    print(f"{name:24}{entries / clock:10,.0f} entries/s{entries / busier:12,.0f} by the busier processor")


def p95(ask: Callable[[], object], times: int = 40) -> tuple[float, float]:
    """Median and 95th percentile of a call, in ms."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


def questions(client: UUID, invoice: UUID) -> dict[str, Callable[[Tx], object]]:
    def listed(tx: Tx, filter: Filter, **order: str) -> None:
        invoice_lists.page(tx, filter, TODAY, **order)
        invoice_lists.totals(tx, filter, TODAY)

    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    numbered = year | {"years": [(year["first"], year["last"])]}

    def journal(tx: Tx, **asked: str) -> None:
        journals.page(tx, journals.Filter(**numbered, **asked))
        journals.sums(tx, journals.Filter(**numbered, **asked))

    def statement(tx: Tx, account: str) -> None:
        asked = statements.Filter(**numbered, year_first=year["first"], account=account)
        statements.page(tx, asked, statements.statement(tx, asked).opening_cents)
        statements.found(tx, asked)
        statements.parties(tx, account, limit=200)

    return {
        "journal of a year": journal,
        "journal, searched": lambda tx: journal(tx, q="boeuf 0042"),
        "journal, an amount": lambda tx: journal(tx, q="1 200,00"),
        "statement of the clients": lambda tx: statement(tx, "411"),
        "trial balance": lambda tx: trial_balance.page(tx, trial_balance.Filter(**year, year_first=year["first"])),
        "list of invoices": lambda tx: listed(tx, Filter()),
        "… late, by client": lambda tx: listed(tx, Filter(statuses=("late",)), sort="client"),
        "… search": lambda tx: listed(tx, Filter(q="boeuf 0042")),
        "… amount": lambda tx: listed(tx, Filter(q="1 200,00")),
        "… of a client": lambda tx: listed(tx, Filter(client_id=client)),
        "list of quotes": lambda tx: (quotes.page(tx, Filter(), TODAY), quotes.totals(tx, Filter(), TODAY)),
        "list of payments": lambda tx: (payment_lists.page(tx, Filter()), payment_lists.totals(tx, Filter())),
        "list of clients": lambda tx: (clients.page(tx, clients.Filter()), clients.counts(tx, clients.Filter())),
        "global search": lambda tx: search.find(tx, "boeuf 0042"),
        "dashboard": lambda tx: dashboard.summary(tx, TODAY),
        "life of a document": lambda tx: register.about(tx, invoice),
        "timeline of a client": lambda tx: register.about(tx, client),
        "register": lambda tx: register.page(tx, register.Filter()),
        "register, rare type": lambda tx: register.page(tx, register.Filter(types=("client.created",))),
    }


def measure(server: Server, say: Callable[[str, str, str], None], entries: int = 100_000) -> None:
    with (
        psycopg.connect(server.uri("postgres"), autocommit=True) as admin,
        postgres.pool(server, "probant_web", min_size=1) as web,
        postgres.pool(server, "probant_job", min_size=1) as job,
    ):
        shop, mapper = Shop(web, job), EventMapper(*AGGREGATES)
        fill(admin, shop, entries)
        engine = Engine(web, mapper, *PROJECTIONS)
        engine.install(admin)
        for projection in PROJECTIONS:
            alone = rate(Engine(web, mapper, projection), shop, entries)
            say(f"read model « {projection.name} » from nothing", f"{alone:,.0f} entries/s", "")
        for table in (table for projection in PROJECTIONS for table in projection.tables):
            admin.execute(f"DELETE FROM read.{table}")
        admin.execute("DELETE FROM read.cursor")
        say("all read models together", f"{rate(engine, shop, entries):,.0f} entries/s", "")
        admin.execute("VACUUM ANALYZE")
        say("catch-up with nothing to do", f"{p95(lambda: engine.catch_up(shop.company), 400)[0]:.2f} ms", "")
        with engine.read(shop.company) as tx:
            row = invoice_lists.page(tx, Filter(statuses=("paid", "late")), TODAY, limit=1)[0]
        for name, ask in questions(row.client_id, row.id).items():
            median, high = p95(lambda ask=ask: answered(engine, shop, ask))  # type: ignore[misc]
            say(f"query: {name}", f"{median:.1f} ms, p95 {high:.1f}", "")


def rate(engine: Engine, shop: Shop, entries: int) -> float:
    start = time.perf_counter()
    engine.catch_up(shop.company)
    return entries / (time.perf_counter() - start)


def answered(engine: Engine, shop: Shop, ask: Callable[[Tx], object]) -> None:
    with engine.read(shop.company) as tx:
        ask(tx)
