"""« Mes adhésions »: plans, changes with what is left deducted, invoices by the operator's company, the end."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from msgspec import structs

from domain.client import Client, Profile
from domain.content import Content
from domain.invoice import Invoice
from domain.parties import Card
from ledger.commands import clients, invoices
from projections import streams
from tests.web.shop import LINE, RENNES
from tests.web.subscribing import newcomer, open_one, sold_by
from web.subscriptions import changes, plans, rows, standing
from web.subscriptions.billing import bill_company, bill_subscriptions
from web.subscriptions.refusals import UsersUsed

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


def begun(pool, connect, person, from_on: date) -> None:
    """As if her first period had begun that day."""
    _, (period,) = subscription_of(pool, person)
    to_on = changes.end_of(from_on, period.rhythm, from_on.day)
    connect("postgres").execute(
        "UPDATE accounts.subscription_periods SET from_on = %s, to_on = %s, paid_to_on = %s, anchor = %s WHERE id = %s",
        (from_on, to_on, to_on, from_on.day, period.id),
    )


def ended(connect, person, on: date) -> None:
    connect("postgres").execute("UPDATE accounts.subscriptions SET ends_on = %s WHERE user_id = %s", (on, person.id))


def test_periods_follow_each_other_from_the_same_day_of_the_month():
    assert changes.end_of(date(2026, 11, 24), "month", 24) == date(2026, 12, 23)
    assert changes.end_of(date(2027, 1, 31), "month", 31) == date(2027, 2, 27)
    assert changes.end_of(date(2027, 2, 28), "month", 31) == date(2027, 3, 30)
    assert changes.end_of(date(2028, 2, 29), "year", 29) == date(2029, 2, 27)


def test_a_dearer_offer_counts_at_once_less_what_is_left_of_the_other(anna, hers, web_pool, connect):
    begun(web_pool, connect, anna, TODAY - timedelta(days=10))
    _, (before,) = subscription_of(web_pool, anna)
    answer = anna.submit("/adhesions", action="/adhesions/offre", offer="cabinet.month")
    assert answer.status_code == 303
    _, (after, old) = subscription_of(web_pool, anna)
    days = (before.to_on - before.from_on).days + 1
    left_cents = round(1200 * (days - 10) / days)
    assert (old.from_on, old.to_on) == (before.from_on, TODAY - timedelta(days=1))
    assert (after.plan, after.from_on, after.net_cents, after.deducted_cents) == ("cabinet", TODAY, 3900, left_cents)
    assert "Essentiel, par mois" in after.deducted
    assert old.due_cents + after.due_cents == 1200 + 3900 - left_cents


def test_a_cheaper_offer_counts_when_the_paid_period_is_over(anna, hers, web_pool, connect, workshop):
    begun(web_pool, connect, anna, TODAY - timedelta(days=10))
    anna.submit("/adhesions", action="/adhesions/offre", offer="decouverte.month")
    subscription, (period,) = subscription_of(web_pool, anna)
    assert (period.plan, subscription.next_plan) == ("essentiel", "decouverte")
    assert "dès la fin de cette période" in anna.get("/adhesions").text
    with web_pool.connection() as conn, conn.transaction():
        changes.renew(conn, rows.by_id(conn, subscription.id), period.to_on + timedelta(days=1))
    subscription, (after, old) = subscription_of(web_pool, anna)
    assert (after.plan, after.from_on, after.net_cents, subscription.next_plan) == (
        "decouverte", period.to_on + timedelta(days=1), 400, "",
    )  # fmt: skip
    assert old == period


def test_what_began_by_itself_is_due_before_a_change(anna, hers, web_pool, connect):
    begun(web_pool, connect, anna, TODAY - timedelta(days=45))
    anna.submit("/adhesions", action="/adhesions/offre", offer="cabinet.month")
    _, periods = subscription_of(web_pool, anna)
    assert [period.plan for period in periods] == ["cabinet", "essentiel", "essentiel"]
    assert periods[1].from_on == periods[2].to_on + timedelta(days=1)
    assert periods[0].deducted_cents > 0


def test_a_change_of_mind_takes_the_cheaper_offer_back(anna, hers, web_pool):
    anna.submit("/adhesions", action="/adhesions/offre", offer="decouverte.month")
    anna.submit("/adhesions", action="/adhesions/offre", offer="essentiel.month")
    subscription, periods = subscription_of(web_pool, anna)
    assert (subscription.next_plan, len(periods)) == ("", 1)


def test_changes_of_one_day_are_paid_once(anna, hers, web_pool):
    for offer in ("cabinet.month", "cabinet.year", "cabinet.year"):
        anna.submit("/adhesions", action="/adhesions/offre", offer=offer)
    _, periods = subscription_of(web_pool, anna)
    assert sum(period.due_cents for period in periods) == 39000
    assert "remplacée le jour même" in anna.get("/adhesions").text


def test_months_that_nobody_looked_are_all_there_afterwards(anna, hers, web_pool):
    subscription, _ = subscription_of(web_pool, anna)
    with web_pool.connection() as conn, conn.transaction():
        changes.renew(conn, rows.by_id(conn, subscription.id), TODAY + timedelta(days=100))
    _, periods = subscription_of(web_pool, anna)
    newer = [period.from_on for period in periods[:-1]]
    assert newer == [period.to_on + timedelta(days=1) for period in periods[1:]]
    assert periods[0].to_on >= TODAY + timedelta(days=100)


def test_a_plan_too_small_for_what_is_used_is_refused(person, web_pool, workshop):
    anna = newcomer(person(), web_pool, "cabinet")
    for _ in range(2):
        open_one(anna, workshop)
    answer = anna.submit("/adhesions", action="/adhesions/offre", offer="essentiel.year")
    assert answer.status_code == 409
    assert "ne suffit pas" in answer.text


def test_the_operators_company_invoices_the_subscription_as_any_other(anna, hers, seller, new_shop, web_pool, connect):
    bill_company(seller, company_id=str(hers))
    _, (period,) = subscription_of(web_pool, anna)
    with seller.read(new_shop.id) as tx:
        issued = streams.load(tx, Invoice, period.document_id).issued
        client = streams.load(tx, Client, issued.client_id)
        mails = tx.values("SELECT recipients[1] FROM jobs.mail WHERE company_id = %(company)s")
    assert (issued.number, issued.payable_cents) == (period.number, 1440) == (period.number, period.gross_cents)
    assert client.profile.card.name == "Atelier Vasseur"
    assert (issued.lines[0].net_cents, issued.lines[0].unit) == (1200, "MON")
    assert mails == [f"{anna.name}@exemple.fr"]
    page = anna.get("/adhesions").text
    assert period.number in page
    assert "14,40" in page


def test_a_period_is_invoiced_once_however_often_the_job_is_done(anna, hers, seller, new_shop):
    for _ in range(2):
        bill_company(seller, company_id=str(hers))
        bill_subscriptions(seller)
    with seller.read(new_shop.id) as tx:
        client_id = uuid5(new_shop.id, f"subscriber {hers}")
        about = "SELECT count(*) FROM read.invoices WHERE company_id = %(company)s AND client_id = %(client)s"
        assert tx.value(about, client=client_id) == 1


def test_what_was_deducted_stands_on_the_invoice(anna, hers, seller, new_shop, web_pool, connect):
    begun(web_pool, connect, anna, TODAY - timedelta(days=10))
    bill_company(seller, company_id=str(hers))
    anna.submit("/adhesions", action="/adhesions/offre", offer="cabinet.month")
    bill_company(seller, company_id=str(hers))
    _, (after, _) = subscription_of(web_pool, anna)
    with seller.read(new_shop.id) as tx:
        line = streams.load(tx, Invoice, after.document_id).issued.lines[0]
    assert line.net_cents == 3900 - after.deducted_cents
    assert line.allowances[0].label.startswith("Reste de l’offre Essentiel, par mois")


def test_the_subscriber_downloads_her_invoices_and_nobody_elses(
    app, anna, hers, seller, new_shop, person, web_pool, monkeypatch, render
):
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], operator_company=new_shop.id))
    bill_company(seller, company_id=str(hers))
    _, (period,) = subscription_of(web_pool, anna)
    path = f"/adhesions/factures/{period.document_id}.pdf"
    assert path in anna.get("/adhesions").text
    assert anna.get(path).location == "/adhesions"  # its file is being made
    render(new_shop, period.document_id)
    answer = anna.get(path)
    assert answer.data.startswith(b"%PDF")
    paul = newcomer(person(), web_pool)
    assert paul.get(path).status_code == 404
    other = new_shop.invoice(
        new_shop.client("Une autre cliente", card={"siren": "552100554"}), issued_on=new_shop.today
    )
    assert anna.get(f"/adhesions/factures/{other}.pdf").status_code == 404


def test_without_an_operators_company_nothing_is_invoiced(anna, hers, workshop, web_pool):
    bill_company(workshop, company_id=str(hers))
    _, (period,) = subscription_of(web_pool, anna)
    assert period.document_id is None
    assert "Cette installation ne facture pas" in anna.get("/adhesions").text


def test_an_operator_that_may_not_issue_yet_stops_no_other(anna, hers, workshop, caplog):
    bill_subscriptions(sold_by(workshop, uuid4()))
    assert "could not be invoiced" in caplog.text


def test_given_up_it_runs_to_the_paid_day_and_may_be_taken_up_again(anna, hers, web_pool):
    anna.submit("/adhesions", action="/adhesions/fin")
    subscription, (period,) = subscription_of(web_pool, anna)
    assert subscription.ends_on == period.to_on
    assert "prendra fin" in anna.get("/adhesions").text
    assert anna.submit("/clients/nouveau", name="Hôtel du Lac", kind="business").status_code == 303
    with web_pool.connection() as conn, conn.transaction():
        changes.renew(conn, rows.by_id(conn, subscription.id), period.to_on + timedelta(days=40))
    assert len(subscription_of(web_pool, anna)[1]) == 1
    anna.submit("/adhesions", action="/adhesions/offre", offer="essentiel.month")
    assert subscription_of(web_pool, anna)[0].ends_on is None


def test_after_the_end_everything_is_read_and_nothing_new_is_written(anna, hers, connect, web_pool):
    form = anna.form("/clients/nouveau")
    ended(connect, anna, TODAY - timedelta(days=1))
    answer = anna.http.post("/clients/nouveau", data=form | {"name": "Hôtel du Lac", "kind": "business"})
    assert answer.status_code == 409
    assert "Renouvelez-la dans « Mes adhésions »" in answer.text
    assert "Hôtel du Lac" in answer.text  # what was typed is not lost
    for path in ("/", "/clients", "/factures", "/registre", "/archives", "/clients.csv", "/adhesions"):
        assert anna.get(path, follow_redirects=True).status_code == 200, path
    assert "Lecture seule" in anna.get("/").text
    with web_pool.connection() as conn:
        assert not standing.may_write(conn, hers)


def test_after_the_end_an_archive_is_still_made_and_an_inspector_let_in(anna, hers, connect):
    ended(connect, anna, TODAY - timedelta(days=1))
    assert anna.submit("/archives/", first=TODAY.isoformat(), last=TODAY.isoformat()).status_code in (302, 303)


def test_renewed_after_the_end_it_begins_today(anna, hers, connect, web_pool):
    begun(web_pool, connect, anna, TODAY - timedelta(days=200))
    ended(connect, anna, TODAY - timedelta(days=170))
    anna.submit("/adhesions", action="/adhesions/offre", offer="essentiel.month")
    subscription, (new, _) = subscription_of(web_pool, anna)
    assert (subscription.ends_on, new.from_on, new.due_cents) == (None, TODAY, 1200)
    assert anna.submit("/clients/nouveau", name="Hôtel du Lac", kind="business").status_code == 303


def test_another_owner_takes_over_what_was_given_up(anna, hers, person, connect, web_pool):
    paul, invited = person((hers, "owner")), person((hers, "accountant"))
    for one in (paul, invited):
        one.sign_in()
    assert "Vous n’avez pas d’adhésion" in paul.get("/adhesions").text
    ended(connect, anna, TODAY - timedelta(days=1))
    assert "Vous n’avez pas d’adhésion" in invited.get("/adhesions").text
    assert paul.submit("/adhesions", action="/adhesions/offre", offer="essentiel.month").status_code == 303
    _, (period,) = subscription_of(web_pool, paul)
    assert (period.from_on, period.due_cents) == (TODAY, 1200)
    assert paul.submit("/clients/nouveau", name="Hôtel du Lac", kind="business").status_code == 303
    token = invited.token("/societes/")
    assert (
        invited.http.post("/adhesions/offre", data={"csrf_token": token, "offer": "essentiel.month"}).status_code == 404
    )


def test_who_deletes_her_account_pays_no_more(anna, hers, web_pool):
    with web_pool.connection() as conn, conn.transaction():
        changes.leave(conn, anna.id)
    subscription, (period,) = subscription_of(web_pool, anna)
    assert subscription.ends_on == period.to_on


def test_the_end_of_one_persons_subscription_is_not_that_of_another(anna, hers, keeper, new_shop, connect):
    ended(connect, anna, TODAY - timedelta(days=1))
    assert keeper(new_shop).submit("/clients/nouveau", name="Hôtel du Lac", kind="business").status_code == 303


@pytest.fixture
def small(monkeypatch):
    """« Essentiel », with two documents a month."""
    monkeypatch.setitem(plans.PLANS, "essentiel", structs.replace(plans.PLANS["essentiel"], documents=2, users=1))


def test_the_last_documents_of_a_month_are_announced_then_refused_and_credit_notes_never(anna, hers, small, workshop):
    first, second, third = (draft(workshop, hers) for _ in range(3))
    assert "encore" not in issue(anna, first, follow=True)  # half of them
    assert "encore 0\u00a0document" in issue(anna, second, follow=True)
    form = anna.form(f"/factures/{third}/emettre")
    answer = anna.http.post(f"/factures/{third}/emettre", data=form)
    assert answer.status_code == 409
    assert "Les 2 documents du mois de l’offre Essentiel sont utilisés" in answer.text
    credit_note_id = uuid4()
    workshop.do(invoices.draft_credit_note, hers, uuid4(), credit_note_id=credit_note_id, invoice_id=first)
    issue(anna, credit_note_id)


def test_a_form_sent_twice_is_answered_even_when_it_was_the_last_document(anna, hers, small, workshop):
    issue(anna, draft(workshop, hers))
    last = draft(workshop, hers)
    form = anna.form(f"/factures/{last}/emettre")
    answers = [anna.http.post(f"/factures/{last}/emettre", data=form).status_code for _ in range(2)]
    assert answers == [303, 303]


def test_nobody_more_is_invited_than_the_plan_holds(anna, hers, small, web_pool):
    with web_pool.connection() as conn, pytest.raises(UsersUsed):
        standing.check(conn, hers, uuid4(), "invite_member")


def draft(workshop, company_id: UUID) -> UUID:
    client_id, invoice_id = uuid4(), uuid4()
    profile = Profile(kind="business", card=Card(name="Hôtel du Lac", address=RENNES, siren="552100554"))
    workshop.do(clients.create_client, company_id, uuid4(), client_id=client_id, profile=profile)
    content = Content(client_id=client_id, lines=(LINE,), delivered_on=TODAY)
    workshop.do(invoices.draft_invoice, company_id, uuid4(), invoice_id=invoice_id, kind="invoice", content=content)
    return invoice_id


def issue(person, invoice_id: UUID, *, follow: bool = False) -> str:
    path = f"/factures/{invoice_id}/emettre"
    answer = person.http.post(path, data=person.form(path), follow_redirects=follow)
    assert answer.status_code in (200, 303), answer.text
    return answer.text
