"""A document's whole life: a quote accepted on the client's page, invoiced, mailed, downloaded; its bytes are the
ledger's.
"""

from hashlib import sha256

from playwright.sync_api import expect

from projections import files
from tests.browser.test_public import frozen
from tests.web.mail.conftest import mail_settings, postman  # noqa: F401  # fixtures
from tests.web.working import at_work
from web.app import read_models
from web.mail.task import send_mail
from web.rendering import render_document

ADDRESS = "compta@terrasse.example"


def test_a_quote_is_accepted_invoiced_mailed_and_downloaded_and_its_hash_is_the_ledgers(
    page, window, sign_in, new_shop, job_pool, mail_settings, server, postman  # noqa: F811
):  # fmt: skip
    hotel = new_shop.client("Hôtel du Parc", card={"siren": "552100554", "email": ADDRESS})
    quote_id = new_shop.quote(hotel, "Terrasse", sent_on=new_shop.today)
    sign_in(page, (new_shop.id, "owner"))
    with at_work(mail_settings, server, render_document, send_mail):
        page.goto(f"/devis/{quote_id}")
        page.get_by_role("button", name="Créer un lien").click()
        client = window()
        frozen(client, page.locator("#lien-1").text_content())
        client.get_by_role("link", name="Répondre").click()
        client.get_by_label("J’ai lu ce devis").check()
        client.get_by_label("Votre nom, en signature").fill("Jeanne Roux")
        client.get_by_role("button", name="Accepter pour").click()
        expect(client.get_by_text("Par Jeanne Roux")).to_be_visible()

        page.reload()
        page.get_by_role("button", name="Facturer", exact=True).click()
        page.wait_for_url("**/factures/*")
        invoice_id = page.url.partition("/factures/")[2].partition("/")[0].partition("?")[0]
        page.goto(f"/factures/{invoice_id}/emettre")
        page.get_by_role("button", name="Émettre et envoyer par e-mail").click()
        download = downloaded(page, invoice_id)
        message = taken(page, postman)
    (attached,) = [part.get_content() for part in message.iter_attachments()]
    with read_models(job_pool).read(new_shop.id) as tx:
        file = files.frozen(tx, invoice_id)
    assert file
    assert [sha256(content).hexdigest() for content in (download, attached)] == [file.sha256] * 2


def downloaded(page, invoice_id: str) -> bytes:
    """The original, once the worker made it; the browser shows it rather than saves it."""
    for _ in range(120):
        page.goto(f"/factures/{invoice_id}")
        original = page.get_by_role("link", name="Télécharger l’original")
        if original.count():
            return page.request.get(original.get_attribute("href")).body()
        page.wait_for_timeout(500)
    raise AssertionError("the file is never made")


def taken(page, mails):
    """The mail to our client, once the server has it; the worker may also send what other tests left to it."""
    for _ in range(120):
        if ours := mails.taken_for(ADDRESS):
            return ours[0]
        page.wait_for_timeout(500)
    raise AssertionError("no mail came")
