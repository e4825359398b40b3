"""What the demo adds to its stories, told on a book of its own; and the company that invoices « Mes adhésions »."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.client import Client
from domain.invoice import Invoice
from domain.privacy import Privacy
from domain.recurring import Recurring
from projections import streams
from tests.web.shop import open_shop
from web.accounts import store
from web.demo.extras import Extras
from web.demo.seller import sell
from web.subscriptions import rows

TODAY = date(2026, 11, 24)


@pytest.fixture
def user_id(web_pool) -> UUID:
    return store.create_user(web_pool, f"demo-{uuid4().hex[:8]}", f"{uuid4().hex}@exemple.fr", "un mot de passe")


@pytest.fixture
def shop(settings, web_pool, job_pool, read_tables):
    """A training ledger in which one invoice is late."""
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), mode="training")
    shop.today = TODAY - timedelta(days=60)
    shop.books = shop.books.on(shop.today)
    shop.invoice(shop.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=shop.today)
    shop.books = shop.books.on(TODAY)
    return shop


def test_the_demo_shows_what_its_stories_do_not_tell(shop, user_id, workshop, server):
    Extras(shop.books, workshop, shop.id, user_id, TODAY).tell()
    with psycopg.connect(server.uri("probant_audit")) as conn:
        conn.execute("SELECT set_config('probant.company', %s, false)", (str(shop.id),))
        types = {kind for (kind,) in conn.execute("SELECT DISTINCT type FROM ledger.entry")}
    wanted = {Client.Merged, Privacy.Created, Recurring.Paused}
    assert {event.TOPIC for event in wanted} | {
        "subject.erased",
        "reminder.notice_made",
        "reminder.notice_posted",
    } <= types
    with workshop.read(shop.id) as tx:
        names = set(tx.values("SELECT name FROM read.clients WHERE company_id = %(company)s AND NOT archived"))
        results = tx.values("SELECT result FROM scratch.import_line WHERE company_id = %(company)s ORDER BY line")
    assert {"Fromagerie des Hauts-Prés", "Papiers du Doubs", "Ébénisterie Vuillaume"} <= names
    assert results == ["made", "made", ""]


def test_the_subscription_of_the_demo_has_invoices(shop, user_id, workshop, web_pool):
    settings = replace(workshop.settings, operator_company=uuid4())
    seller_shop = replace(workshop, settings=settings)
    operator = sell(seller_shop, web_pool, user_id, [shop.id], rows.today())
    with web_pool.connection() as conn, conn.transaction():
        subscription = rows.of_user(conn, user_id)
        documents = [one.document_id for one in rows.periods(conn, subscription.id)]
    assert len(documents) == 2
    with workshop.read(operator) as tx:
        assert all(streams.load(tx, Invoice, document).issued for document in documents)
