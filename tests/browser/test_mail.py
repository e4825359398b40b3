from hashlib import sha256

import pytest

from projections import files
from tests.browser.conftest import LOOKS, faults
from tests.web.mail.conftest import ask, mail_settings, postman  # noqa: F401  # fixtures
from tests.web.working import at_work
from web.app import read_models
from web.mail.task import send_mail
from web.rendering import render_document

look = pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: f"{look[0]}-{look[1]}")


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
        for _ in range(60):
            if page.get_by_role("banner").is_visible() and page.get_by_text("Envoyé", exact=True).first.is_visible():
                break
            page.wait_for_timeout(1000)
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
    page.get_by_text("Document envoyé par e-mail").wait_for()


@look
def test_the_screens_of_mails_are_accessible(page, sign_in, shop):
    asked = ask(shop, shop["late"], attached=False)
    sign_in(page, (shop.id, "owner"))
    for path in (
        "/envois/", "/envois/?statut=a-voir", f"/envois/{asked}", f"/factures/{shop['late']}/envoyer",
        f"/devis/{shop['quote_sent']}/courrier", f"/devis/{shop['quote_draft']}/envoyer", "/reglages/messages/quote/en",
        f"/factures/{shop['draft']}/emettre", f"/factures/{shop['late']}",
    ):  # fmt: skip
        page.goto(path)
        assert faults(page) == [], path
