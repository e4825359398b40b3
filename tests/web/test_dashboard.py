"""The dashboard: its figures are those of the lists they open, and a new company is told what to do first."""

from datetime import date, timedelta
from uuid import uuid4

from lxml import html

from ledger.books import Books
from ledger.commands.archives import keep_archive, record_archive
from tests.web.shop import open_shop
from web.app import MAPPER
from web.filters import day, euros
from web.jobs.closings import close_all


def parts(page, css_class, tag):
    return [part for box in html.fromstring(page).find_class(css_class) for part in box.iter(tag)]


def figures(page):
    return {link.findtext("span[1]").split(" en ")[0]: link for link in parts(page, "figures", "a")}


def value(link):
    return link.find_class("value")[0].text


def test_every_figure_opens_the_list_that_adds_up_to_it(new_shop, keeper):
    late = new_shop.invoice(
        client := new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=new_shop.days_ago(3)
    )
    new_shop.pay(client, 50_000, (late, 50_000))
    person = keeper(new_shop)
    shown = figures(person.get("/").text)
    assert [value(link) for link in shown.values()] == [
        euros(213_120), euros(50_000), euros(163_120), euros(163_120)
    ]  # fmt: skip
    for link in shown.values():
        assert person.get(link.get("href")).status_code == 200
    for name in ("À encaisser", "En retard"):
        assert value(shown[name]) in person.get(shown[name].get("href")).text, name
    assert value(shown["Encaissé"]) in person.get(shown["Encaissé"].get("href")).text


def test_an_invoice_leaves_the_list_by_its_button_and_the_person_stays_on_the_dashboard(new_shop, keeper):
    invoice = new_shop.invoice(
        new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), issued_on=new_shop.days_ago(3)
    )
    person = keeper(new_shop)
    link = f"/factures/{invoice}/encaisser?retour=/"
    assert f'href="{link}"' in person.get("/").text
    answer = person.submit(link, action=f"/factures/{invoice}/encaisser")
    assert (answer.status_code, answer.location) == (303, "/")
    page = person.get("/").text
    assert "Rien à encaisser." in page
    assert "Voir ou annuler ce règlement" in page


def test_a_new_company_is_told_three_first_steps_that_are_ticked_as_they_are_done(new_shop, keeper):
    person = keeper(new_shop)
    steps = parts(person.get("/").text, "steps", "li")
    assert ["done" in (step.get("class") or "") for step in steps] == [True, False, False]  # its identity is known
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    draft = new_shop.invoice(client)
    steps = parts(person.get("/").text, "steps", "li")
    assert ["done" in (step.get("class") or "") for step in steps] == [True, True, True]
    new_shop.issue(draft, new_shop.today)
    assert "Pour commencer" not in person.get("/").text


def test_the_last_entries_stand_there_with_position_and_fingerprint(new_shop, keeper):
    new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    first = parts(keeper(new_shop).get("/").text, "entries", "li")[0]
    assert "Client créé" in first.text_content()
    assert "Hôtel du Parc" in first.text_content()
    assert first.find_class("print")[0].get("href") == "/registre/3"


def test_a_company_without_a_ledger_has_a_dashboard_too(claire):
    assert claire.get("/").status_code == 200


def test_the_dashboard_shows_what_waits(shop, owner):
    page = owner.get("/").text
    assert 'href="/devis?statut=envoyes"' in page
    assert 'href="/factures?statut=brouillons"' in page


def test_a_closed_year_is_reminded_of_until_its_archive_is_put_away(settings, web_pool, job_pool, read_tables, keeper):
    key = settings.secret("commands")
    school, job = open_shop(web_pool, job_pool, key, mode="training"), Books(job_pool, MAPPER, key)
    owner, last = keeper(school), date(school.today.year, 12, 31)
    reminder = "n’est dans aucune archive mise en lieu sûr"
    assert reminder not in owner.get("/").text
    after = job.on(last + timedelta(days=1))
    close_all(lambda do, *ids, **facts: after.do(do, *ids, "job:close-periods", **facts), school.id)
    assert f"L’exercice clos le {day(last)} {reminder}" in owner.get("/").text
    archive = {"from_pos": 1, "to_pos": 2, "sha256": "a" * 64, "size": 1, "state_sha256": "b" * 64}
    begun = last.replace(day=1, month=1)
    for first_on, last_on, told in ((last, last, True), (begun, last - timedelta(days=1), False)):
        archive_id = uuid4()
        after.do(
            record_archive, school.id, uuid4(), "job:test", archive_id=archive_id, first=first_on, last=last_on,
            **archive,
        )  # fmt: skip
        assert reminder in owner.get("/").text
        school.books.on(after.day).do(
            keep_archive, school.id, uuid4(), school.actor, archive_id=archive_id, where="Coffre"
        )
        assert (reminder in owner.get("/").text) is told
