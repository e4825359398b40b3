import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from ledger.commands.sendings import note_bounce
from tests.web.conftest import fields_of
from tests.web.mail.conftest import ask, freeze, look
from web.mail.task import send_mail


def send(workshop, shop, sending_id):
    send_mail(workshop, company_id=str(shop.id), sending_id=str(sending_id))


def mail_of(answer) -> UUID:
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.rpartition("/")[2])


def test_an_invoice_is_sent_to_the_contacts_that_are_ticked(owner, posting, postman, shop, frozen):
    page = f"/factures/{frozen}/envoyer"
    form = owner.form(page)
    assert form["subject"].startswith("Facture F2")
    assert "Vestiaires" not in form["subject"]
    assert "2\u00a0131,20\u00a0€ TTC" in form["body"]
    ticked = [name for name in form if name.startswith("to.")]
    assert len(ticked) == 2  # all contacts, and not the general address beside them
    sent = {name: value for name, value in form.items() if name != ticked[1]} | {"body": "Bonjour,\n\nMon texte."}
    mail_id = mail_of(owner.http.post(page, data=sent))
    assert "En attente" in owner.get(f"/envois/{mail_id}").text
    send(posting, shop, mail_id)
    (message,) = postman.taken
    assert message["To"] == "compta@parc.example"
    assert "Mon texte." in message.get_body(("plain",)).get_content()
    shown = owner.get(f"/envois/{mail_id}").text
    assert "Envoyé" in shown
    assert "Mon texte." in shown
    assert look(posting, shop, mail_id).message_id[1:-1] in shown
    assert "envoyée par e-mail" in owner.get(f"/factures/{frozen}").text


def test_a_double_click_sends_once(owner, shop, frozen):
    page = f"/factures/{frozen}/envoyer"
    form = owner.form(page)
    first, second = (mail_of(owner.http.post(page, data=form)) for _ in range(2))
    assert first == second


def test_nobody_ticked_is_told_at_the_field_and_nothing_typed_is_lost(owner, frozen):
    page = f"/factures/{frozen}/envoyer"
    form = {name: value for name, value in owner.form(page).items() if not name.startswith("to.")}
    answer = owner.http.post(page, data=form | {"subject": "Mon objet"})
    assert answer.status_code == 422
    assert "Choisissez au moins un destinataire." in answer.text
    again = fields_of(answer.text, page)
    assert again["subject"] == "Mon objet"
    assert not any(name.startswith("to.") for name in again)


def test_issuing_and_sending_is_one_gesture_under_the_number_that_it_got(owner, shop):
    first, second = (shop.invoice(shop["hotel"], "Deux à la suite") for _ in range(2))
    pages = [f"/factures/{invoice_id}/emettre" for invoice_id in (first, second)]
    forms = [owner.form(page) for page in pages]
    assert forms[0]["mail_number"] == forms[1]["mail_number"] in forms[1]["body"]
    for page, form in zip(pages, forms, strict=True):
        assert owner.http.post(page, data=form | {"envoyer": "1"}).status_code == 303
    told = owner.get(f"/factures/{second}").text
    (mail_id,) = {part.split('"')[0] for part in told.split('href="/envois/')[1:] if part[0] != '"'}
    shown = owner.get(f"/envois/{mail_id}").text
    assert forms[0]["mail_number"] not in shown  # that one went to the first


def test_issuing_without_sending_sends_nothing(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "Sans courrier")
    assert owner.submit(f"/factures/{invoice_id}/emettre").status_code == 303
    assert "/envois/" not in owner.get(f"/factures/{invoice_id}").text.split("</nav>", 3)[-1]


def test_a_quote_is_sent_with_its_mail_or_handed_over_without(owner, shop, posting, postman, workshop):
    quote_id = shop.quote(shop["hotel"], "Par courrier")
    page = f"/devis/{quote_id}/envoyer"
    assert owner.http.post(page, data=owner.form(page) | {"envoyer": "1"}).status_code == 303
    freeze(workshop, shop, quote_id)
    told = owner.get(f"/devis/{quote_id}").text
    mail_id = UUID(told.split('href="/envois/')[2][:36])
    send(posting, shop, mail_id)
    assert postman.taken[0]["Subject"].startswith("Devis D2")
    again = f"/devis/{quote_id}/courrier"
    mail_of(owner.http.post(again, data=owner.form(again)))
    by_hand = shop.quote(shop["hotel"], "Remis")
    assert owner.submit(f"/devis/{by_hand}/envoyer").status_code == 303


def test_a_client_without_address_is_offered_its_form(owner, shop, workshop):
    invoice_id = shop.invoice(shop["town"], "Sans adresse", issued_on=shop.today)
    assert "ajoutez un contact" in owner.get(f"/factures/{invoice_id}/envoyer").text


def test_the_outbox_tells_each_state_and_what_can_be_done(owner, posting, workshop, postman, shop, frozen):
    others = [shop.invoice(shop["hotel"], issued_on=shop.today) for _ in range(2)]
    for other in others:
        freeze(workshop, shop, other)
    held, refused, sent = ask(shop, frozen), ask(shop, others[0], subject="Refusée"), ask(shop, others[1])
    send(workshop, shop, held)
    postman.data = "554 spam"
    send(posting, shop, refused)
    postman.data = "250 OK"
    send(posting, shop, sent)
    shop.do(note_bounce, sending_id=sent)
    listed = owner.get("/envois/?statut=a-voir").text
    for word in ("Non envoyé", "Refusé", "Revenu", "Aucun serveur de courrier n’est réglé"):
        assert word in listed
    assert "554 spam" in owner.get(f"/envois/{refused}").text
    page = f"/envois/{held}"
    assert owner.submit(page, f"{page}/renvoyer").status_code == 303
    assert owner.submit(page, f"{page}/retirer").status_code == 303
    assert look(workshop, shop, held).state == "withdrawn"
    assert owner.post(f"{page}/renvoyer", page=f"/envois/{refused}", command_id=str(uuid4())).status_code == 409


def test_a_mail_is_looked_at_under_a_policy_that_lets_it_do_nothing(owner, shop, frozen):
    asked = ask(shop, frozen, body="<script>alert(1)</script>\n\n{{7*7}} http://x.example")
    answer = owner.get(f"/envois/{asked}/message")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text
    assert "{{7*7}}" in answer.text
    form = owner.form(f"/factures/{frozen}/envoyer")
    preview = owner.http.post(f"/envois/apercu/invoice/{frozen}", data=form | {"body": "À relire"})
    assert "À relire" in preview.text
    assert preview.headers["Content-Security-Policy"].startswith("sandbox")
    assert "sandbox" not in owner.get(f"/envois/{asked}").headers["Content-Security-Policy"]


def test_a_mail_whose_text_was_emptied_says_so(owner, shop, frozen, connect):
    asked = ask(shop, frozen)
    connect("probant_job", shop.id).execute(
        "UPDATE jobs.mail SET recipients = '{}', subject = '', body = '', state = 'sent' WHERE id = %s", (asked,)
    )
    assert "Texte effacé" in owner.get(f"/envois/{asked}").text
    assert owner.get(f"/envois/{asked}/message").status_code == 404
    assert "effacé" in owner.get("/envois/").text


def test_another_company_sees_no_mail(keeper, new_shop, shop, frozen):
    asked, stranger = ask(shop, frozen), keeper(new_shop)
    assert stranger.get(f"/envois/{asked}").status_code == 404
    assert stranger.get(f"/envois/{asked}/message").status_code == 404
    assert stranger.get(f"/factures/{frozen}/envoyer").status_code == 404
    for action in ("renvoyer", "retirer", "revenu"):
        answer = stranger.post(f"/envois/{asked}/{action}", page="/envois/", command_id=str(uuid4()))
        assert answer.status_code == 404
    assert str(asked) not in stranger.get("/envois/").text


def test_an_inspector_reads_mails_and_sends_none(person, shop, frozen):
    asked, inspector = ask(shop, frozen), person((shop.id, "inspector"))
    inspector.sign_in()
    assert "Ne pas l’envoyer" not in inspector.get(f"/envois/{asked}").text
    page = f"/factures/{frozen}/envoyer"
    assert inspector.get(page).status_code == 403
    assert inspector.post(page).status_code == 403


def test_a_letter_is_written_once_and_fills_the_next_mails(keeper, new_shop, workshop):
    owner = keeper(new_shop)
    page = "/reglages/messages/invoice/fr"
    words = {"subject": "Facture {numero}, {societe}", "body": "Chers {client},\n\nTotal : {total}."}
    assert owner.submit(page, **words).status_code == 303
    assert owner.form(page)["subject"] == words["subject"]
    client_id = new_shop.client("Scierie Martin", card={"email": "scierie@exemple.fr", "siren": "552100554"})
    invoice_id = new_shop.invoice(client_id, "Planches", issued_on=new_shop.today)
    form = owner.form(f"/factures/{invoice_id}/envoyer")
    assert form["subject"] == f"Facture {form['mail_number']}, Atelier Mercier"
    assert form["body"] == "Chers Scierie Martin,\n\nTotal : 2\u00a0131,20\u00a0€."
    assert owner.submit(page, subject="Autre", body="Texte.").status_code == 303  # a change of the same letter
    assert owner.form(page)["subject"] == "Autre"
    query = "SELECT line FROM ledger.entry WHERE company_id = %(company)s AND type ~ '^parameter' ORDER BY pos"
    with workshop.read(new_shop.id) as tx:
        lines = tx.values(query)
    assert ["letter_written" in line for line in lines] == [True, False]
    assert not any("Chers" in line or "Texte" in line for line in lines)  # a signature may be a person's


@pytest.mark.parametrize("asked", ["{montant}", "{{7*7}}", "{numero.__class__}", "{echeance}"])
def test_a_placeholder_that_does_not_exist_is_refused_by_name(owner, asked):
    page = "/reglages/messages/quote/fr"
    answer = owner.submit(page, subject=f"Devis {asked}", body="Texte.")
    assert answer.status_code == 409
    place = asked[1:-1] if asked.startswith("{{") else asked
    assert f"Ce modèle ne connaît pas : {place}" in answer.text
    assert "{numero}" in answer.text
    assert fields_of(answer.text, page)["body"] == "Texte."


@pytest.mark.parametrize("kind", ["quote", "invoice", "deposit", "credit_note"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_letter_of_ours_is_filled_and_looked_at(owner, kind, language):
    page = f"/reglages/messages/{kind}/{language}"
    shown = owner.http.post(f"{page}/apercu", data=owner.form(page)).text
    assert "Atelier Mercier" in shown
    assert "{" not in shown.partition("</style>")[2]


def test_a_collaborator_reads_the_letters_and_may_not_change_them(person, shop):
    helper = person((shop.id, "collaborator"))
    helper.sign_in()
    page = "/reglages/messages/invoice/fr"
    answer = helper.post(page, page="/envois/", subject="A", body="B", command_id=str(uuid4()))
    assert answer.status_code == 403
    assert "Enregistrer le modèle" not in helper.get(page).text


def test_a_mail_may_carry_a_link_to_the_clients_page(app, owner, shop, frozen, posting, postman, monkeypatch):
    public = replace(posting.settings, public_url="https://probant.example")
    page = f"/factures/{frozen}/envoyer"
    assert "joined" not in owner.form(page)  # no address is known that a client could open
    monkeypatch.setitem(app.extensions, "settings", public)
    assert owner.form(page)["joined"] == "file"
    mail_id = mail_of(owner.submit(page, joined="link"))
    send(replace(posting, settings=public), shop, mail_id)
    (message,) = postman.taken
    assert list(message.iter_attachments()) == []
    (address,) = set(re.findall(r"https://probant.example(/d/[\w-]{43})", message.as_string()))
    assert app.test_client().get(address).status_code == 200
    assert address not in owner.get(f"/envois/{mail_id}").text
    assert look(posting, shop, mail_id).link not in address  # what is kept opens nothing
