"""What the operator decides of a subscription: its mandate, its end when nobody pays; and terms that change."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.invoice import Invoice
from projections import streams
from tests.web.subscribing import newcomer, open_one, sold_by
from web.subscriptions import changes, plans, rows
from web.subscriptions.billing import bill_company
from web.subscriptions.terms import announce_terms

TODAY = rows.today()


@pytest.fixture
def anna(person, web_pool):
    return newcomer(person(), web_pool)


@pytest.fixture
def hers(anna, workshop) -> UUID:
    """Anna's company, on « Essentiel » by the month."""
    return open_one(anna, workshop)


@pytest.fixture
def seller(workshop, new_shop):
    """The worker of an installation whose operator invoices through `new_shop`."""
    return sold_by(workshop, new_shop.id)


def subscription_of(pool, person):
    with pool.connection() as conn, conn.transaction():
        found = rows.of_user(conn, person.id)
        return found, rows.periods(conn, found.id)


@pytest.fixture
def operator(person, connect, app, new_shop, monkeypatch):
    """Runs an installation whose own company is `new_shop`."""
    settings = replace(app.extensions["settings"], operator_company=new_shop.id)
    monkeypatch.setitem(app.extensions, "settings", settings)
    operator = person()
    connect("postgres").execute("UPDATE accounts.users SET operator = true WHERE id = %s", [operator.id])
    assert operator.sign_in().status_code == 302
    return operator


def test_a_mandate_goes_onto_the_invoices_once_the_operator_holds_it(
    anna, hers, seller, new_shop, web_pool, operator
):  # fmt: skip
    assert anna.submit("/adhesions", action="/adhesions/paiement", payment="mandate", mandate="").status_code == 422
    anna.submit("/adhesions", action="/adhesions/paiement", payment="mandate", mandate="RUM-2026-0042")
    bill_company(seller, company_id=str(hers))
    assert "RUM-2026-0042" not in note_of(seller, new_shop, subscription_of(web_pool, anna)[1][0])
    path = f"/operateur/societes/{hers}"
    assert operator.submit(path, f"{path}/mandat").status_code == 303
    assert "confirmé le" in operator.get(path).text
    anna.submit("/adhesions", action="/adhesions/offre", offer="cabinet.month")
    bill_company(seller, company_id=str(hers))
    note = note_of(seller, new_shop, subscription_of(web_pool, anna)[1][0])
    assert "À payer par prélèvement SEPA" in note
    assert "RUM-2026-0042" in note
    anna.submit("/adhesions", action="/adhesions/paiement", payment="mandate", mandate="RUM-2026-0043")
    assert "à confirmer" in operator.get(path).text


def note_of(seller, shop, period) -> str:
    with seller.read(shop.id) as tx:
        return streams.load(tx, Invoice, period.document_id).issued.note


def test_what_is_not_paid_ends_a_month_after_it_was_said(anna, hers, seller, operator, web_pool, posted):
    bill_company(seller, company_id=str(hers))
    _, (period,) = subscription_of(web_pool, anna)
    listed = operator.get("/operateur/societes/", query_string={"q": str(hers)[:13]}).text
    assert "14,40" in listed
    assert "Essentiel" in listed
    path = f"/operateur/societes/{hers}"
    assert period.number in operator.get(path).text
    posted(f"{anna.name}@exemple.fr")
    assert operator.submit(path, f"{path}/fin").status_code == 422
    assert operator.submit(path, f"{path}/fin", sure="1").status_code == 303
    (mail,) = posted(f"{anna.name}@exemple.fr")
    assert period.number in mail.get_body(("plain",)).get_content()
    assert subscription_of(web_pool, anna)[0].ends_on == TODAY + timedelta(days=30)
    assert "Faute de paiement" in anna.get("/adhesions").text
    refused = anna.submit("/adhesions", action="/adhesions/offre", offer="essentiel.month")
    assert refused.status_code == 409
    assert "n’est pas payée" in refused.text
    assert operator.submit(path, f"{path}/reprise").status_code == 303
    found = subscription_of(web_pool, anna)[0]
    assert (found.ends_on, found.unpaid) == (None, False)


def test_an_ended_subscription_that_is_paid_at_last_may_be_taken_up_again(anna, hers, web_pool):
    with web_pool.connection() as conn, conn.transaction():
        ends_on = changes.end_unpaid(conn, rows.of_user(conn, anna.id), TODAY)
        changes.lift_unpaid(conn, rows.of_user(conn, anna.id), ends_on + timedelta(days=5))
        found = rows.of_user(conn, anna.id)
    assert (found.ends_on, found.unpaid) == (ends_on, False)


def test_newer_terms_are_told_a_month_ahead_and_accepted_on_the_page(anna, hers, workshop, posted, connect):
    posted(f"{anna.name}@exemple.fr")
    connect("postgres").execute("UPDATE accounts.users SET terms_version = '2026-11' WHERE id = %s", (anna.id,))
    announce_terms(workshop)
    announce_terms(workshop)
    (mail,) = posted(f"{anna.name}@exemple.fr")
    assert "conditions générales changent le" in mail["Subject"]
    page = anna.get("/adhesions").text
    assert f"version {plans.TERMS}" in page
    assert anna.submit("/adhesions", action="/adhesions/conditions").status_code == 303
    assert f"version {plans.TERMS}" not in anna.get("/adhesions").text
    accepted = connect("postgres").execute(
        "SELECT terms_version, terms_at IS NOT NULL FROM accounts.users WHERE id = %s", (anna.id,)
    )
    assert accepted.fetchone() == (plans.TERMS, True)


def test_every_version_of_the_terms_is_there_and_the_newest_says_what_a_processor_must(app):
    stranger = app.test_client()
    assert [stranger.get(f"/conditions-generales/{one.version}").status_code for one in plans.VERSIONS] == [200, 200]
    told = stranger.get("/conditions-generales").text
    for word in ("Objet", "Durée", "Instructions", "Confidentialité", "Sécurité", "Sous-traitants", "Assistance",
                 "Restitution et suppression", "Contrôle"):  # fmt: skip
        assert f"<strong>{word}" in told, word
