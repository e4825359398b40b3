"""Recurring invoices on screen and by the worker."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.content import Content
from domain.invoice import Invoice
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.commands import clients as client_commands
from ledger.commands import invoices as invoice_commands
from ledger.commands import recurring as commands
from projections import invoice_lists, recurring, streams
from projections.listing import Filter
from tests.web.editing import fields, line
from tests.web.shop import LINE, open_shop
from tests.web.working import at_work
from web.jobs.recurring import bill_all, bill_recurring
from web.mail import rows as mails

NEW = "/recurrences/nouvelle"


@pytest.fixture
def hotel(new_shop):
    return new_shop.client("Hôtel du Parc", card={"siren": "552100554", "email": "h@parc.example"})


def define(shop, client, **facts):
    recurring_id, schedule = uuid4(), facts.pop("schedule", Schedule(first_on=shop.today))
    content = Content(client_id=client, subject="Entretien", lines=facts.pop("lines", (LINE,)))
    plan = Plan(content=content, schedule=schedule, **facts)
    shop.do(commands.define_recurring, recurring_id=recurring_id, plan=plan)
    return recurring_id


def invoices_of(see, shop):
    return see(invoice_lists.page, Filter(), shop.today)


def test_a_recurrence_is_written_in_the_editor_and_shown_with_its_dates(new_shop, keeper, hotel):
    claire = keeper(new_shop)
    typed = fields(claire.get(NEW).text) | line(1, "Entretien", "400") | {
        "client_id": str(hotel), "subject": "Entretien mensuel", "rhythm": "3", "times": "4", "indexation_bp": "2,5",
    }  # fmt: skip
    assert claire.http.post("/saisie/recurring/apercu.pdf", data=typed).mimetype == "application/pdf"
    answer = claire.http.post(NEW, data=typed)
    assert answer.status_code == 303, answer.text
    page = claire.get(answer.location).text
    for text in (
        "Entretien mensuel", "Hôtel du Parc", "chaque trimestre", "2,5\u00a0%", "après 4\u00a0dates",
        "400,00\u00a0€ HT",
    ):  # fmt: skip
        assert text in page
    listed = claire.get("/recurrences").text
    assert "1\u00a0600,00\u00a0€" in listed  # a year
    assert "Entretien mensuel" in claire.get("/recurrences.csv").text
    again = fields(claire.get(f"{answer.location}/modifier").text)
    assert {name: again[name] for name in ("rhythm", "times", "indexation_bp", "first_on")} == {
        name: typed[name] for name in ("rhythm", "times", "indexation_bp", "first_on")
    }


def test_what_is_due_is_issued_today_once_however_often_the_worker_looks(new_shop, workshop, hotel, see):
    recurring_id = define(new_shop, hotel, issue=True, indexation_bp=100)
    for _ in range(3):
        bill_all(workshop, new_shop.id)
    (row,) = invoices_of(see, new_shop)
    assert (row.issued_on, row.status, row.subject, row.gross_cents) == (new_shop.today, "issued", "Entretien", 213_120)
    assert see(streams.load, Invoice, row.id).content.client_id == hotel
    assert [made.invoice_id for made in see(recurring.made_by, recurring_id)] == [row.id]
    assert see(recurring.maker_of, row.id) == recurring_id
    assert see(recurring.due, new_shop.today) == []


def test_an_outage_is_caught_up_in_order_with_todays_date(settings, web_pool, job_pool, workshop, read_tables):
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), mode="training")
    begin = (shop.today.replace(day=1) - timedelta(days=70)).replace(day=31 if shop.today.month in (3, 5, 7) else 28)
    shop.books = shop.books.on(begin)
    client = shop.client("Hôtel du Parc", card={"siren": "552100554"})
    recurring_id = define(shop, client, schedule=Schedule(first_on=begin), issue=True, period="ahead")
    bill_all(workshop, shop.id)
    with workshop.read(shop.id) as tx:
        made = recurring.made_by(tx, recurring_id)[::-1]
        dates, rank = [], 1
        while (on := Schedule(first_on=begin).beyond(rank)) <= shop.today:
            dates.append(on)
            rank += 1
        assert [one.due_on for one in made] == dates
        assert len(dates) >= 3
        assert [one.number[-4:] for one in made] == [f"{rank:04}" for rank in range(1, len(dates) + 1)]
        assert {one.issued_on for one in made} == {shop.today}
        periods = [streams.load(tx, Invoice, one.invoice_id).issued.period.start_on for one in made]
        assert periods == dates


def test_one_that_may_not_issue_leaves_a_draft_and_issues_nothing(new_shop, workshop, hotel, see):
    define(new_shop, hotel)
    bill_all(workshop, new_shop.id)
    (row,) = invoices_of(see, new_shop)
    assert (row.status, row.number) == ("draft", "")
    assert see(recurring.refusals) == []


def test_a_refused_issue_leaves_a_draft_and_the_dashboard_says_why(new_shop, workshop, hotel, see, keeper):
    define(new_shop, hotel, issue=True, lines=())
    for _ in range(2):
        bill_all(workshop, new_shop.id)
    (row,) = invoices_of(see, new_shop)
    assert row.status == "draft"
    (refusal,) = see(recurring.refusals)
    assert (refusal.invoice_id, refusal.told) == (row.id, "Pour émettre, il manque : Lignes.")
    page = keeper(new_shop).get("/").text
    assert "Pour émettre, il manque : Lignes." in page
    assert f'href="/factures/{row.id}"' in page
    new_shop.do(invoice_commands.discard_invoice, invoice_id=row.id)
    assert see(recurring.refusals) == []


def test_a_date_that_cannot_even_be_drafted_is_told_until_it_can(new_shop, workshop, hotel, see):
    define(new_shop, hotel, issue=True)
    new_shop.do(client_commands.archive_client, client_id=hotel)
    bill_all(workshop, new_shop.id)
    assert [refusal.invoice_id for refusal in see(recurring.refusals)] == [None]
    new_shop.do(client_commands.restore_client, client_id=hotel)
    bill_all(workshop, new_shop.id)
    assert see(recurring.refusals) == []
    assert [row.status for row in invoices_of(see, new_shop)] == ["issued"]


def test_the_invoice_of_a_merged_client_goes_to_the_one_that_stays(new_shop, workshop, hotel, see):
    define(new_shop, hotel)
    stays = new_shop.client("Parc Hôtel", card={"siren": "552100554"})
    new_shop.do(client_commands.merge_client, client_id=hotel, into=stays)
    bill_all(workshop, new_shop.id)
    assert [row.client_id for row in invoices_of(see, new_shop)] == [stays]


def test_an_invoice_leaves_by_mail_to_the_clients_address(new_shop, workshop, hotel, see):
    define(new_shop, hotel, issue=True, mail=True)
    bill_all(workshop, new_shop.id)
    (row,) = invoices_of(see, new_shop)
    (mail,) = see(mails.of_document, row.id)
    assert (mail.recipients, mail.attached, mail.subject) == (
        ["h@parc.example"], True, f"Facture {row.number} de Atelier Mercier",
    )  # fmt: skip


def test_a_mail_without_an_address_leaves_a_draft(new_shop, workshop, see):
    define(new_shop, new_shop.client("Sans adresse", card={"siren": "552100554"}), issue=True, mail=True)
    bill_all(workshop, new_shop.id)
    assert [row.status for row in invoices_of(see, new_shop)] == ["draft"]
    assert [refusal.told for refusal in see(recurring.refusals)] == ["Il manque : Destinataires."]


def test_a_sole_traders_texts_stay_sealed_in_the_plan(new_shop, workshop, see, connect):
    client = new_shop.client("Léa Marchetti", natural_person=True, card={"siren": "404833048"})
    define(new_shop, client, issue=True)
    bill_all(workshop, new_shop.id)
    assert [row.subject for row in invoices_of(see, new_shop)] == ["Entretien"]
    assert [row.subject for row in see(recurring.every)] == ["Entretien"]
    lines = connect("probant_audit", new_shop.id).execute(
        "SELECT line FROM ledger.entry WHERE type LIKE 'recurring.%' OR type LIKE 'invoice.%'"
    )
    assert [line for (line,) in lines if "Entretien" in line] == []
    plans = connect("probant_web", new_shop.id).execute("SELECT plan FROM read.recurring").fetchall()
    assert "Entretien" not in plans[0][0]


def test_an_issued_invoice_begins_a_recurrence_with_its_content(new_shop, keeper, hotel):
    claire = keeper(new_shop)
    invoice = new_shop.invoice(hotel, "Abonnement", issued_on=new_shop.today)
    link = f"{NEW}?facture={invoice}"
    assert f'href="{link}"' in claire.get(f"/factures/{invoice}").text
    typed = fields(claire.get(link).text)
    assert (typed["subject"], typed["client_id"], typed["note"]) == ("Abonnement", str(hotel), "Merci.")
    answer = claire.http.post(NEW, data=typed)
    assert answer.status_code == 303
    assert claire.http.post(NEW, data=typed).location == answer.location
    assert "Abonnement" in claire.get(answer.location).text


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("first_on", "2020-01-01", 409), ("first_on", "", 422), ("times", "0", 422), ("times", "beaucoup", 422),
        ("last_on", "2020-01-01", 409), ("indexation_bp", "80", 422), ("every_months", "", 422), ("client_id", "", 422),
    ],
)  # fmt: skip
def test_a_refused_recurrence_is_shown_as_it_was_typed(new_shop, keeper, hotel, field, value, status):
    claire = keeper(new_shop)
    typed = fields(claire.get(NEW).text) | line(1, "Entretien", "400")
    typed |= {"client_id": str(hotel), "subject": "Gardé", "rhythm": "n", "every_months": "2", field: value}
    answer = claire.http.post(NEW, data=typed)
    assert answer.status_code == status
    assert f'href="#{field}"' in answer.text
    assert 'value="Gardé"' in answer.text


def test_a_pause_is_ended_without_catching_up_and_says_what_was_skipped(settings, web_pool, job_pool, keeper, workshop):
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), mode="training")
    today = shop.books
    shop.books = today.on(shop.days_ago(70))
    client = shop.client("Hôtel du Parc", card={"siren": "552100554"})
    recurring_id = define(shop, client, schedule=Schedule(first_on=shop.days_ago(69)))
    shop.do(commands.pause_recurring, recurring_id=recurring_id)
    shop.books = today
    claire, page = keeper(shop), f"/recurrences/{recurring_id}"
    assert "En pause" in claire.get(page).text
    claire.submit(page, f"{page}/reprendre")
    assert "3\u00a0dates passées, sans facture : rien n’est rattrapé." in claire.get(page).text
    bill_all(workshop, shop.id)
    assert "Aucune facture encore" in claire.get(page).text
    claire.submit(page, f"{page}/arreter")
    assert "Arrêtée" in claire.get(page).text


def test_who_comes_second_sees_what_the_first_saved(new_shop, keeper, hotel):
    claire, recurring_id = keeper(new_shop), define(new_shop, hotel)
    page = f"/recurrences/{recurring_id}/modifier"
    mine = fields(claire.get(page).text) | {"subject": "Le mien"}
    claire.http.post(page, data=fields(claire.get(page).text) | {"subject": "Le premier"})
    answer = claire.http.post(page, data=mine)
    assert answer.status_code == 409
    assert "Le premier" in answer.text
    assert claire.http.post(page, data=fields(answer.text)).status_code == 303
    assert "Le mien" in claire.get(f"/recurrences/{recurring_id}").text


def test_the_recurrence_of_another_company_does_not_exist_here(new_shop, shop, keeper, hotel):
    stranger, recurring_id = keeper(shop), define(new_shop, hotel)
    for path in ("", "/modifier"):
        assert stranger.get(f"/recurrences/{recurring_id}{path}").status_code == 404


def test_the_worker_makes_what_is_due_today_as_soon_as_it_is_defined(new_shop, keeper, hotel, settings, server, see):
    claire = keeper(new_shop)
    typed = fields(claire.get(NEW).text) | line(1, "Entretien", "400")
    claire.http.post(NEW, data=typed | {"client_id": str(hotel), "subject": "Entretien", "doing": "issue"})
    with at_work(settings, server, bill_recurring):
        until(lambda: invoices_of(see, new_shop))
    assert [(row.status, row.gross_cents) for row in invoices_of(see, new_shop)] == [("issued", 48_000)]


def test_two_workers_at_once_make_one_invoice(new_shop, hotel, workshop, see):
    define(new_shop, hotel, issue=True)
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda _: bill_all(workshop, new_shop.id), range(4)))
    assert [row.status for row in invoices_of(see, new_shop)] == ["issued"]


def until(found, seconds=30):
    """Waits for what another process or thread brings about."""
    for _ in range(seconds * 10):
        if found():
            return
        time.sleep(0.1)
    raise AssertionError(found)
