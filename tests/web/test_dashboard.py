"""The dashboard: its figures are those of the lists they open, and a new company is told what to do first."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from lxml import html
from msgspec.structs import replace

from domain.content import Content
from domain.late import indemnity_line
from domain.receipts import Receipt, Settlement
from domain.terms import PaymentTerms
from ledger.books import Books
from ledger.commands import invoices, payments
from ledger.commands.archives import keep_archive, record_archive
from ledger.commands.closings import close_all
from tests.web.shop import LINE, open_shop
from web.app import MAPPER
from web.filters import day, euros

STAMP = replace(
    LINE, id="2", label="Timbre fiscal", nature="disbursement", quantity=Decimal(1), unit_price=Decimal(100), vat_bp=0,
    vat_category="E", vat_code="VATEX-EU-79-C", vat_text="Débours, art. 267, II, 2° du CGI",
)  # fmt: skip


def parts(page, css_class, tag):
    return [part for box in html.fromstring(page).find_class(css_class) for part in box.iter(tag)]


def figures(page):
    return {link.findtext("span[1]").split(" en ")[0]: link for link in parts(page, "figures", "a")}


def value(link):
    return link.find_class("value")[0].text


def bounced_later(shop, client, invoice, cents):
    """Received 40 days ago, rejected today."""
    payment = uuid4()
    receipt = Receipt(
        client_id=client, method="cheque", received_on=shop.days_ago(40), amount_cents=cents,
        settlements=(Settlement(invoice_id=invoice, settled_cents=cents),),
    )  # fmt: skip
    shop.do(payments.record_payment, payment_id=payment, receipt=receipt)
    shop.do(payments.reverse_payment, payment_id=payment, cause="bounced", reversed_on=shop.today)


def test_every_figure_opens_the_list_that_adds_up_to_it(new_shop, keeper):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    late = new_shop.invoice(client, issued_on=new_shop.days_ago(3))
    new_shop.pay(client, 50_000, (late, 50_000))
    bounced_later(new_shop, client, late, 20_000)
    new_shop.invoice(client, "", LINE, STAMP, issued_on=new_shop.today)
    penalty = uuid4()
    content = Content(client_id=client, lines=(indemnity_line("1", "Indemnité"),), terms=PaymentTerms(days=0))
    new_shop.do(invoices.draft_invoice, invoice_id=penalty, kind="debit_note", content=content)
    new_shop.issue(penalty, new_shop.today)
    person = keeper(new_shop)
    page = person.get("/").text
    shown = figures(page)
    assert value(shown["Encaissé"]) == euros(50_000 - 20_000)
    for name, link in shown.items():
        assert value(link) in person.get(link.get("href")).text, name
    rows = html.fromstring(page).xpath("//section[@aria-labelledby='t-activite']//tbody/tr")
    assert [row.findtext("th") for row in rows] == ["Facturé", "Encaissé", "TVA exigible"]
    for row in rows:
        for link in row.iter("a"):
            found = person.get(link.get("href"))
            assert found.status_code == 200
            assert link.text == euros(0) or link.text in found.text, (row.findtext("th"), link.get("href"))


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


def test_a_closed_year_is_reminded_of_until_its_archive_is_put_away(
    settings, web_pool, job_pool, read_tables, keeper, connect
):
    """Entries count, not days: an archive made before the last day was over does not silence it."""
    key = settings.secret("commands")
    school, job = open_shop(web_pool, job_pool, key, mode="training"), Books(job_pool, MAPPER, key)
    owner, last = keeper(school), date(school.today.year, 12, 31)
    reminder = "n’est dans aucune archive mise en lieu sûr"
    assert reminder not in owner.get("/").text
    after = job.on(last + timedelta(days=1))
    close_all(lambda do, *ids, **facts: after.do(do, *ids, "job:close-periods", **facts), school.id)
    assert f"L’exercice clos le {day(last)} {reminder}" in owner.get("/").text
    closed = "SELECT max(pos) FROM ledger.entry WHERE type = 'period.closed'"
    end = connect("probant_audit", school.id).execute(closed).fetchone()[0]
    archive = {"sha256": "a" * 64, "size": 1, "state_sha256": "b" * 64, "first": last.replace(day=1, month=1)}
    for from_pos, to_pos, told in ((1, end - 1, True), (end, end, False)):
        archive_id = uuid4()
        after.do(
            record_archive, school.id, uuid4(), "job:test", archive_id=archive_id, from_pos=from_pos, to_pos=to_pos,
            last=last, **archive,
        )  # fmt: skip
        assert reminder in owner.get("/").text
        school.books.on(after.day).do(
            keep_archive, school.id, uuid4(), school.actor, archive_id=archive_id, where="Coffre"
        )
        assert (reminder in owner.get("/").text) is told
