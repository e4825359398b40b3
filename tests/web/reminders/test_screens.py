"""The screens of reminders: lists, one that is read over, pauses, the company's choice, statements, formal notices."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from domain.reminder_policy import Levels, Policy
from ledger.commands import reminders as commands
from projections import reminder_lists as rows
from tests.web.mail.conftest import look
from tests.web.reminders.conftest import GROSS_CENTS
from web.mail.task import send_mail
from web.reminders import index


@pytest.fixture
def boss(new_shop, keeper):
    return keeper(new_shop)


def deliver(posting, shop):
    """What waits is sent: the rows of the mails."""
    with posting.read(shop.id) as tx:
        waiting = tx.values("SELECT id FROM jobs.mail WHERE company_id = %(company)s AND state = 'waiting'")
    for sending_id in waiting:
        send_mail(posting, company_id=str(shop.id), sending_id=str(sending_id))
    return [look(posting, shop, sending_id) for sending_id in waiting]


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_what_has_come_to_a_step_is_listed_and_sent_by_its_box(boss, posting, postman, new_shop, late):
    page = boss.get("/relances")
    assert page.status_code == 200
    assert "Relancer la sélection" in page.text
    assert boss.submit("/relances", "/relances/envoyer").status_code == 303
    (mail,) = deliver(posting, new_shop)
    assert (mail.state, len(postman.taken)) == ("sent", 1)
    assert [part.get_filename() for part in postman.taken[0].iter_attachments()] == [
        f"Relevé de compte {new_shop.today.isoformat()}.pdf"
    ]
    assert "Personne à relancer" in boss.get("/relances").text
    assert "Première relance" in boss.get("/relances?etat=envoyees").text
    assert "Première relance" in boss.get(f"/factures/{late}").text
    assert "Relancée le" in boss.get("/factures").text


def test_the_dashboard_names_them_too(boss, new_shop, late):
    page = boss.get("/").text
    assert "Factures à relancer" in page
    assert f"/factures/{late}/relancer" in page


def test_the_dashboard_looks_beyond_the_first_ones_that_are_unpaid(boss, new_shop, client, late, monkeypatch):
    monkeypatch.setattr(index, "FIRST", 1)
    new_shop.do(commands.suspend, invoice_id=late, cause="pause")
    assert "Factures à relancer" not in boss.get("/").text
    other = new_shop.invoice(client, "Vitrines", issued_on=new_shop.days_ago(8))
    page = boss.get("/").text
    assert f"/factures/{other}/relancer" in page
    assert f"/factures/{late}/relancer" not in page


def test_a_double_click_on_the_selection_asks_once(boss, posting, new_shop, late):
    form = boss.form("/relances", "/relances/envoyer")
    for _ in range(2):
        assert boss.http.post("/relances/envoyer", data=form).status_code == 303
    assert len(deliver(posting, new_shop)) == 1


def test_a_reminder_is_read_over_and_leaves_in_the_words_that_were_typed(boss, posting, postman, new_shop, late):
    here = f"/factures/{late}/relancer"
    page = boss.get(f"{here}?palier=last").text
    assert "Dernière relance avant mise en demeure" in page
    preview = boss.http.post(f"{here}/apercu", data=boss.form(f"{here}?palier=last", here))
    assert "2\u00a0131,20\u00a0€" in preview.text
    answer = boss.http.post(here, data=boss.form(f"{here}?palier=last", here) | {"subject": "Un mot"})
    assert answer.status_code == 303
    (mail,) = deliver(posting, new_shop)
    assert (mail.state, mail.subject) == ("sent", "Un mot")
    with posting.read(new_shop.id) as tx:
        (one,) = rows.sent(tx, invoice_id=late)
    assert (one.level, one.due_cents, one.fee_cents) == ("last", GROSS_CENTS, 4_000)
    assert one.interest_cents > 0


def test_several_invoices_of_a_client_go_in_one_mail(boss, posting, postman, new_shop, client, late):
    other = new_shop.invoice(client, "Comptoir", issued_on=new_shop.days_ago(8))
    here = f"/factures/{late}/relancer"
    page = f"{here}?palier=second&i.{other}=1"
    assert boss.http.post(here, data=boss.form(page, here)).status_code == 303
    deliver(posting, new_shop)
    assert "4\u00a0262,40\u00a0€" in postman.taken[0].get_body(("plain",)).get_content()


def test_a_payment_while_the_text_is_read_over_refuses_it(boss, posting, new_shop, client, late):
    here = f"/factures/{late}/relancer"
    form = boss.form(here, here)
    new_shop.pay(client, 100, (late, 100))
    answer = boss.http.post(here, data=form)
    assert answer.status_code == 409
    assert "a changé entre-temps" in answer.text
    new_shop.pay(client, GROSS_CENTS - 100, (late, GROSS_CENTS - 100))
    assert boss.http.post(here, data=form).status_code == 404
    assert boss.get(here).status_code == 303


def test_a_promise_stops_the_reminders_and_is_taken_back(boss, new_shop, late):
    here = f"/factures/{late}/relances/suspendre"
    refused = boss.submit(f"{here}?cause=promise", here)
    assert refused.status_code == 422
    assert "jour promis" in refused.text
    kept = boss.submit(
        f"{here}?cause=promise", here, until_on=new_shop.today.isoformat(), note="Dit au téléphone par Mme Roux"
    )
    assert kept.status_code == 303
    page = boss.get(f"/factures/{late}").text
    assert "Promesse de paiement jusqu’au" in page
    assert "Mme Roux" in page
    assert "Personne à relancer" in boss.get("/relances").text
    assert "Promesse de paiement" in boss.get("/relances?etat=arretees").text
    assert boss.submit(f"/factures/{late}", f"/factures/{late}/relances/reprendre").status_code == 303
    assert "Relancer la sélection" in boss.get("/relances").text


def test_the_choice_is_an_entry_and_steps_that_do_not_follow_are_refused(boss, posting, new_shop):
    here = "/reglages/relances/"
    assert boss.submit(here, automatic="1", level_second="").status_code == 303
    with posting.read(new_shop.id) as tx:
        assert rows.policy(tx) == Policy(automatic=True, levels=Levels(second=0))
    refused = boss.submit(here, level_first="60")
    assert refused.status_code == 409
    assert 'value="60"' in refused.text
    assert boss.submit(here, level_first="sept").status_code == 422


def test_the_statement_has_every_invoice_that_is_open(boss, new_shop, client, late):
    new_shop.pay(client, 100, (late, 100))
    answer = boss.get(f"/clients/{client}/releve.pdf")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    assert "Relevé de compte" in text
    assert "2\u00a0130,20\u00a0€" in text.replace("\u202f", "\u00a0").replace(" ", "\u00a0")


def test_a_formal_notice_is_kept_mailed_and_posted(boss, posting, postman, new_shop, client, late):
    here = f"/factures/{late}/mise-en-demeure"
    assert boss.submit(here, pay_by=new_shop.today.isoformat()).status_code == 422
    page = boss.submit(here).headers["Location"]
    pdf = boss.get(f"{page}.pdf").data
    assert "mise en demeure" in text_of(pdf)
    assert "1344" in text_of(pdf)
    assert boss.submit(page, f"{page}/envoyer").status_code == 303
    assert boss.submit(page, f"{page}/poste", reference="1A 234").status_code == 303
    (mail,) = deliver(posting, new_shop)
    assert mail.state == "sent"
    (file,) = postman.taken[0].iter_attachments()
    assert file.get_content() == pdf
    shown = boss.get(page).text
    assert "1A 234" in shown
    assert "Mise en demeure" in boss.get(f"/factures/{late}").text
    new_shop.pay(client, GROSS_CENTS, (late, GROSS_CENTS))
    assert "Plus rien n’est dû" in boss.get(page).text


def test_the_panel_is_gone_with_the_debt(boss, new_shop, client, late):
    new_shop.pay(client, GROSS_CENTS, (late, GROSS_CENTS))
    assert "t-relances" not in boss.get(f"/factures/{late}").text
    assert boss.get(f"/factures/{late}/mise-en-demeure").status_code == 303


def test_an_inspector_looks_and_sends_nothing(person, new_shop, late):
    inspector = person((new_shop.id, "inspector"))
    inspector.sign_in()
    page = inspector.get("/relances")
    assert page.status_code == 200
    assert "Relancer la sélection" not in page.text
    assert inspector.post("/relances/envoyer", page="/reglages").status_code == 403


def test_the_policy_of_a_company_without_a_choice_is_by_hand(boss, new_shop, late, posting):
    with posting.read(new_shop.id) as tx:
        assert rows.policy(tx) == Policy()
    new_shop.do(commands.set_policy, policy=Policy())
    assert "Manuelles" in boss.get("/relances").text
