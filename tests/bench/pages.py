"""The dashboard and a list at 100 000 entries against an empty Flask page, in process: no browser, no network."""

import statistics
import time
from collections.abc import Callable

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from ledger import postgres
from ledger.postgres import Server
from ledger.settings import Settings
from tests.bench import reads
from tests.projections.history import Shop
from web.accounts import store
from web.app import create_app, read_models

ENTRIES = 100_000
PASSWORD = "une phrase assez longue"
PAGES = {"dashboard": "/", "list of invoices": "/factures", "… searched": "/factures?q=boeuf+0042"}


def measure(settings: Settings, server: Server, say: Callable[[str, str, str], None]) -> None:
    with (
        psycopg.connect(server.uri("postgres"), autocommit=True) as admin,
        postgres.pool(server, "probant_web", min_size=1) as web,
        postgres.pool(server, "probant_job", min_size=1) as job,
    ):
        shop = Shop(web, job)
        reads.fill(admin, shop, ENTRIES)
        read_models(job).install(admin)
        store.grant(web, store.create_user(web, "banc", "banc@example.org", PASSWORD), shop.company, "owner")
        read_models(web).catch_up(shop.company)
        admin.execute("VACUUM ANALYZE")
    empty = Flask(__name__)
    empty.add_url_rule("/", view_func=lambda: "")
    limit = p95(empty.test_client(), "/")
    say("empty Flask page", f"p95 {limit:.2f} ms", "limit")
    app = create_app(settings)
    client = signed_in(app)
    for name, url in PAGES.items():
        high = p95(client, url)
        say(f"{name} at {ENTRIES:,} entries", f"p95 {high:.1f} ms", f"{high / limit:.0f} ×")
    app.extensions["pool"].close()


def signed_in(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/connexion", data={"email": "banc", "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"})
    return client


def p95(client: FlaskClient, url: str, times: int = 100) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        answer = client.get(url)
        taken.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status_code}")
    return statistics.quantiles(taken, n=20)[18]
