"""Reminders in a real browser, with a real mail server: chosen, sent by themselves, answered by a promise."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from tests.browser.conftest import faults_in_all_looks
from tests.web.mail.conftest import mail_settings, postman  # noqa: F401  # fixtures
from tests.web.postman import workshop_of
from tests.web.reminders.conftest import ADDRESS
from tests.web.working import at_work
from web.mail.task import send_mail
from web.reminders.task import remind


def test_a_late_invoice_is_reminded_of_in_the_morning_then_promised(
    page, sign_in, new_shop, job_pool, mail_settings, server, postman  # noqa: F811
):  # fmt: skip
    client = new_shop.client("Hôtel des Voyageurs", card={"email": ADDRESS, "siren": "552100554"})
    late = new_shop.invoice(client, "Vestiaires", issued_on=new_shop.days_ago(9))
    new_shop.invoice(client, "Comptoir", issued_on=new_shop.days_ago(8))
    sign_in(page, (new_shop.id, "owner"))
    page.get_by_role("region", name="Factures à relancer").get_by_role("link", name="Relances").click()
    page.get_by_role("checkbox", name="Hôtel des Voyageurs").first.wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Réglages des relances").click()
    page.get_by_role("radio", name="Probant, chaque matin").check()
    page.get_by_role("checkbox", name="Un seul message par client").check()
    page.get_by_text("2 factures partiraient au prochain matin").wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Enregistrer les réglages").click()
    page.get_by_text("Relances automatiques : elles partent le matin.").wait_for()

    morning = datetime.combine(new_shop.today, time(9), ZoneInfo("Europe/Paris")).astimezone(UTC)
    assert remind(workshop_of(mail_settings, server, job_pool), new_shop.id, morning) == 1
    with at_work(mail_settings, server, send_mail):
        for _ in range(60):
            page.goto("/relances?etat=envoyees")
            if page.get_by_text("Première relance").first.is_visible():
                break
            page.wait_for_timeout(500)
    (message,) = postman.taken_for(ADDRESS)
    assert "4\u00a0262,40\u00a0€" in message.get_body(("html",)).get_content()
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"]
    assert faults_in_all_looks(page) == []

    page.goto(f"/factures/{late}")
    panel = page.get_by_role("region", name="Relances")
    panel.get_by_text("Première relance").first.wait_for()
    panel.get_by_role("link", name="Promesse de paiement").click()
    page.get_by_role("radio", name="Promesse de paiement").wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_label("Jusqu’au").fill(new_shop.today.isoformat())
    page.get_by_label("Note").fill("Virement annoncé")
    page.get_by_role("button", name="Suspendre les relances").click()
    page.get_by_role("region", name="Relances").get_by_text("Virement annoncé").wait_for()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Reprendre les relances").click()
    page.get_by_role("link", name="Mise en demeure…").click()
    page.get_by_role("button", name="Établir la lettre").click()
    page.get_by_role("link", name="PDF").wait_for()
    assert faults_in_all_looks(page) == []
    page.goto(f"/factures/{late}/relancer")
    page.get_by_label("Ton du message").select_option("last")
    page.get_by_role("button", name="Refaire le texte").click()
    page.get_by_label("Objet").wait_for()
    assert "Dernière relance" in page.get_by_label("Objet").input_value()
    assert faults_in_all_looks(page) == []
