"""What the tests of payments share: one payment through the form, and what the books say of it."""

from urllib.parse import urlsplit
from uuid import UUID

from domain.invoice import Invoice
from domain.payment import Payment
from projections import payment_lists, streams
from projections.listing import Filter

GROSS = 213_120  # of every invoice of the shop


def owed(shop, n: int = 1) -> list[UUID]:
    """`n` invoices of one client, the oldest first."""
    client = shop.client("Hôtel du Parc", card={"siren": "552100554"})
    return [shop.invoice(client, issued_on=shop.days_ago(n - rank)) for rank in range(n)]


def receive(person, invoice, **typed):
    return person.submit(f"/factures/{invoice}/encaisser", **typed)


def payment_of(answer):
    assert answer.status_code == 303, answer.text
    return UUID(urlsplit(answer.location).path.rsplit("/", 1)[1])


def outstanding(app, shop, invoice):
    with app.extensions["engine"].read(shop.id) as tx:
        return streams.receivable(tx, streams.load(tx, Invoice, invoice)).outstanding_cents


def recorded(app, shop, payment):
    with app.extensions["engine"].read(shop.id) as tx:
        return streams.load(tx, Payment, payment).recorded


def payments(app, shop):
    with app.extensions["engine"].read(shop.id) as tx:
        return payment_lists.page(tx, Filter())
