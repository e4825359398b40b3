from hashlib import sha256

from projections import files
from tests.browser.conftest import faults_in_all_looks
from tests.web.mail.conftest import ask, mail_settings, postman  # noqa: F401  # fixtures
from tests.web.working import at_work
from web.app import read_models
from web.mail.task import send_mail
from web.rendering import render_document


def test_an_invoice_is_issued_and_mailed_and_its_attachment_is_the_frozen_file(
    page, sign_in, shop, job_pool, mail_settings, server, postman  # noqa: F811
):  # fmt: skip
    invoice_id = shop.invoice(shop["hotel"], "De bout en bout")
    sign_in(page, (shop.id, "owner"))
    page.goto(f"/factures/{invoice_id}/emettre")
    page.get_by_role("checkbox", name="Paul Legrand").uncheck()
    page.get_by_text("Relire ou changer le message").click()
    page.get_by_label("Message").fill("Bonjour,\n\nVoici votre facture, à bientôt.")
    with at_work(mail_settings, server, render_document, send_mail):
        page.get_by_role("button", name="Émettre et envoyer par e-mail").click()
        page.get_by_role("region", name="Envois").get_by_role("link").click()
        for _ in range(240):
            if page.get_by_role("banner").is_visible() and page.get_by_text("Envoyé", exact=True).first.is_visible():
                break
            page.wait_for_timeout(250)
            page.reload()
    page.get_by_text("l’envoi est inscrit au registre").wait_for()
    (message,) = postman.taken_for("compta@parc.example")
    assert "à bientôt" in message.get_body(("plain",)).get_content()
    (attached,) = [part.get_content() for part in message.iter_attachments()]
    with read_models(job_pool).read(shop.id) as tx:
        file = files.frozen(tx, invoice_id)
        assert file
        assert files.content(tx, file) == attached
    assert sha256(attached).hexdigest() == file.sha256
    page.goto(f"/factures/{invoice_id}")
    page.get_by_text("envoyée par e-mail").wait_for()


def test_an_invoice_whose_mail_is_on_its_way_and_what_did_not_arrive_are_accessible(page, sign_in, shop):
    ask(shop, shop["late"], attached=False)
    sign_in(page, (shop.id, "owner"))
    for path in ("/envois/?statut=a-voir", f"/factures/{shop['late']}"):
        page.goto(path)
        assert faults_in_all_looks(page) == [], path
