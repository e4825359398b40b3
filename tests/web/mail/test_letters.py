"""What a mail says of a document: what is left to pay of it, who writes, and all in the client's language."""

import re
from pathlib import Path

import pytest

from documents.paper import Seller
from documents.parties import seller
from domain.company import Identity
from domain.parties import Address
from ledger.commands.letters import write_letter
from tests.web.mail.conftest import ask
from tests.web.money import GROSS
from web.mail import letters, message, samples
from web.mail.message import ENGLISH, around, html_of, text_of
from web.mail.samples import reminder, sample
from web.mail.sending import Previewed
from web.mail.task import send_mail
from web.reminders import call

WRITER = seller(
    Identity(
        name="Mercier", legal_form="SARL", capital_cents=1_000_000, rcs_city="Rennes", siren="732829320",
        vat_number="FR44732829320", address=Address(street="3 quai Duguay-Trouin", postcode="35000", city="Rennes"),
    )
)  # fmt: skip
DOCUMENTS, REMINDERS = tuple(samples.NUMBERS), (*samples.LATE_DAYS, "formal_notice")


def mail(language="fr", **facts):
    told = {"subject": "S", "body": "Bonjour", "link": "", "attached": True, "number": "F1", "language": language}
    return Previewed(**told | facts)


def body_of(owner, invoice_id):
    return owner.form(f"/factures/{invoice_id}/envoyer")["body"].replace("\u00a0", " ")


def test_a_mail_says_what_is_left_to_pay_of_the_invoice(owner, shop, frozen):
    assert "à régler au plus tard le" in body_of(owner, frozen)
    shop.pay(shop["hotel"], 13_120, (frozen, 13_120))
    assert "dont 2 000,00 € restent à régler au plus tard le" in body_of(owner, frozen)
    shop.pay(shop["hotel"], GROSS - 13_120, (frozen, GROSS - 13_120))
    assert "soldée à ce jour : il ne reste rien à régler." in body_of(owner, frozen)
    assert "à régler au plus tard" not in body_of(owner, frozen)


def test_the_table_under_the_text_says_it_too(posting, postman, shop, frozen):
    shop.pay(shop["hotel"], GROSS, (frozen, GROSS))
    sending = ask(shop, frozen)
    send_mail(posting, company_id=str(shop.id), sending_id=str(sending))
    html = postman.taken[0].get_body(("html",)).get_content().replace("\u00a0", " ")
    assert "Déjà réglé" in html
    assert re.search(r"Net à payer</th><td>0,00 €", html)
    assert "Échéance" not in html


def test_own_words_that_name_a_day_to_pay_are_not_sent_about_a_paid_invoice(owner, new_shop, keeper):
    boss, client = keeper(new_shop), new_shop.client("Hôtel", card={"siren": "552100554", "email": "a@hotel.example"})
    invoice = new_shop.invoice(client, issued_on=new_shop.today)
    new_shop.do(write_letter, kind="invoice", language="fr", subject="{numero}", body="Payez avant le {echeance}.")
    assert "Payez avant" in body_of(boss, invoice)
    new_shop.pay(client, GROSS, (invoice, GROSS))
    assert "soldée" in body_of(boss, invoice)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_mail_with_a_document_bears_the_identity_of_the_company(kind):
    paper = sample(kind, "fr", WRITER)
    for said in (html_of(mail(), paper, "").replace("\u00a0", " "), text_of(mail(), paper).replace("\u00a0", " ")):
        assert "732 829 320 RCS Rennes" in said
        assert "SARL au capital de 10 000 €" in said


@pytest.mark.parametrize("kind", REMINDERS)
def test_a_reminder_bears_it_too(kind):
    shown = call.around(reminder(kind, "fr", WRITER))
    assert "732 829 320 RCS Rennes" in text_of(mail(), shown).replace("\u00a0", " ")
    assert "732 829 320 RCS Rennes" in html_of(mail(), shown, "").replace("\u00a0", " ")


def test_a_real_mail_and_a_real_reminder_bear_it(posting, postman, shop, frozen):
    send_mail(posting, company_id=str(shop.id), sending_id=str(ask(shop, frozen)))
    for kind in ("plain", "html"):
        assert "RCS" in postman.taken[0].get_body((kind,)).get_content()


def test_every_word_around_a_text_is_in_english_too():
    files = [Path(message.__file__), Path(message.__file__).parents[1] / "templates" / "mail" / "message.html"]
    asked = {words for file in files for words in re.findall(r'say\("([^"]+)"', file.read_text(encoding="utf-8"))}
    assert len(asked) >= 3
    assert asked - ENGLISH.keys() == set()


@pytest.mark.parametrize("kind", [*DOCUMENTS, *REMINDERS])
def test_no_mail_in_english_says_none(kind):
    if kind in DOCUMENTS:
        paper = sample(kind, "en", WRITER)
        shown = [around(one, mail("en")) for one in (paper, paid(paper))]
    else:
        shown = [call.around(reminder(kind, "en", WRITER))]
    for one in shown:
        html = html_of(mail("en", link="https://x.example"), one._replace(training=True), "a@b.example")
        assert "None" not in html
        assert not re.search("Échéance|Total TTC|Déjà|joint|Répondre", html)


def test_a_word_that_was_not_translated_is_an_error():
    with pytest.raises(KeyError):
        message.said("en", "Jamais traduit")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_placeholder_of_a_letter_has_its_fact(kind, language):
    paper = sample(kind, language, Seller(name="Mercier"))
    filled = [letters.filled(text, letters.facts(paper, "F1")) for text in letters.OURS[kind, language]]
    assert not any("{" in text for text in filled)


def paid(paper):
    return type(paper)(**{name: getattr(paper, name) for name in paper.__struct_fields__} | {"payable_cents": 0})
