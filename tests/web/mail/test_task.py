import logging
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from domain.account import NotIssued
from domain.content import Content
from domain.document import Document, document_stream
from domain.errors import Missing
from ledger.commands import quotes
from ledger.commands.sendings import Mail, MailState, RecipientGone, mail_quote, send_again, withdraw
from projections import clients, files, streams
from tests.web.mail.conftest import PDF, ask, freeze, look
from tests.web.shop import LINE
from web.mail import rows
from web.mail.task import REPLACED, TRIES, UNFROZEN, NotYet, blank_mails, send_mail


def send(workshop, shop, sending_id):
    with suppress(NotYet):
        send_mail(workshop, company_id=str(shop.id), sending_id=str(sending_id))
    return look(workshop, shop, sending_id)


def sent_entries(workshop, shop, document_id):
    query = "SELECT line FROM ledger.entry WHERE type = 'document.sent' AND stream_id = %(id)s"
    with workshop.read(shop.id) as tx:
        lines = tx.values(query, id=document_stream(document_id))
        tx.open_seals(lines)
        events = [tx.mapper.decode(line) for line in lines]
        return [(event, [tx.opened(to.sealed) for to in event.to]) for event in events]


def test_a_mail_leaves_with_the_frozen_file_and_its_entry(posting, postman, shop, frozen, asked):
    mail = send(posting, shop, asked)
    assert mail.state == "sent"
    assert mail.settled_at
    assert mail.tries == 1
    (message,) = postman.taken
    assert message["Message-ID"] == mail.message_id == f"<{asked}.{shop.id}@probant.example>"
    assert message["From"] == "Atelier Mercier <factures@probant.example>"
    assert message["Reply-To"] == "Atelier Mercier <atelier@mercier.example>"
    assert message["To"] == "contact@parc.example"
    assert postman.envelopes == [("factures@probant.example", ["contact@parc.example"])]
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "La voici." in text
    assert "La voici." in html
    assert "2\u00a0131,20\u00a0€" in html
    (file,) = message.iter_attachments()
    assert file.get_content() == PDF
    assert file.get_filename() == f"Facture {mail.number}.pdf"
    ((event, addresses),) = sent_entries(posting, shop, frozen)
    assert (event.message_id, event.document_id, addresses) == (mail.message_id, frozen, ["contact@parc.example"])


def test_the_task_done_twice_sends_once(posting, postman, shop, asked, frozen):
    send(posting, shop, asked)
    assert send(posting, shop, asked).state == "sent"
    assert len(postman.taken) == len(sent_entries(posting, shop, frozen)) == 1


def test_without_a_mail_server_a_mail_is_held_until_somebody_sends_it_again(workshop, posting, postman, shop, asked):
    assert send(workshop, shop, asked).state == "held"
    assert send(posting, shop, asked).state == "held"  # not by itself, perhaps a year later
    shop.do(send_again, sending_id=asked)
    assert send(posting, shop, asked).state == "sent"
    assert len(postman.taken) == 1


def test_a_mail_waits_for_the_file(posting, postman, shop, workshop):
    invoice_id = shop.invoice(shop["hotel"], issued_on=shop.today)
    asked = ask(shop, invoice_id)
    mail = send(posting, shop, asked)
    assert (mail.state, mail.told, postman.taken) == ("waiting", UNFROZEN, [])
    freeze(workshop, shop, invoice_id)
    assert send(posting, shop, asked).state == "sent"


@pytest.mark.parametrize("step", ["sender", "data"])
def test_a_server_that_says_later_gets_it_later(posting, postman, shop, asked, step):
    setattr(postman, step, "451 greylisted, come back")
    with pytest.raises(NotYet):  # the queue tries again
        send_mail(posting, company_id=str(shop.id), sending_id=str(asked))
    mail = look(posting, shop, asked)
    assert (mail.state, mail.told) == ("waiting", "451 greylisted, come back")
    setattr(postman, step, "250 OK")
    assert send(posting, shop, asked).state == "sent"
    assert len(postman.taken) == 1


def test_after_a_day_and_a_night_it_is_given_up_and_a_person_may_go_on(posting, postman, shop, asked, connect):
    postman.sender = "421 busy"
    conn = connect("probant_job", shop.id)
    conn.execute("UPDATE jobs.mail SET tries = %s WHERE id = %s", (TRIES - 1, asked))
    mail = send(posting, shop, asked)
    assert (mail.state, mail.told) == ("refused", "#given_up 421 busy")
    shop.do(send_again, sending_id=asked)
    assert look(posting, shop, asked).tries == 0


def test_an_unreachable_server_is_no_loss(posting, shop, asked):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    mail = send(replace(posting, settings=replace(posting.settings, smtp_port=port)), shop, asked)
    assert mail.state == "waiting"
    assert "refused" in mail.told


@pytest.mark.parametrize("step", ["sender", "data"])
def test_a_refusal_is_told_in_the_words_of_the_server(posting, postman, shop, asked, frozen, step):
    setattr(postman, step, "554 5.7.1 no thanks")
    mail = send(posting, shop, asked)
    assert (mail.state, mail.told) == ("refused", "554 5.7.1 no thanks")
    assert sent_entries(posting, shop, frozen) == []


def test_whom_the_server_refuses_stands_beside_whom_it_took(posting, postman, shop, frozen):
    with posting.read(shop.id) as tx:
        jeanne, paul = shop_contacts(tx, shop)
    asked = ask(shop, frozen, to=(jeanne, paul))
    postman.recipients["direction@parc.example"] = "550 no \0 such user"
    mail = send(posting, shop, asked)
    assert mail.partly
    assert mail.refusals == {"direction@parc.example": "550 no such user"}
    assert [to for _, to in sent_entries(posting, shop, frozen)] == [["compta@parc.example"]]
    postman.recipients["compta@parc.example"] = "550 nobody"
    mail = send(posting, shop, ask(shop, frozen, to=(jeanne, paul), attached=False))
    assert mail.state == "refused"
    assert "550 no such user" in mail.told
    assert "550 nobody" in mail.told


def shop_contacts(tx, shop):
    return [contact.id for contact in clients.contacts(tx, shop["hotel"])]


def test_a_server_that_hesitates_about_somebody_gets_it_for_all_later(posting, postman, shop, frozen):
    with posting.read(shop.id) as tx:
        jeanne, paul = shop_contacts(tx, shop)
    asked = ask(shop, frozen, to=(jeanne, paul))
    postman.recipients["direction@parc.example"] = "450 mailbox busy"
    mail = send(posting, shop, asked)
    assert (mail.state, mail.told, postman.taken) == ("waiting", "450 mailbox busy", [])
    del postman.recipients["direction@parc.example"]
    assert send(posting, shop, asked).state == "sent"
    assert postman.envelopes[0][1] == ["compta@parc.example", "direction@parc.example"]


def test_a_server_that_falls_silent_after_the_mail_leaves_it_uncertain(posting, postman, shop, asked, frozen):
    postman.data = "silence"
    assert send(posting, shop, asked).state == "uncertain"
    assert sent_entries(posting, shop, frozen) == []


def test_an_entry_that_fails_after_the_server_took_the_mail_leaves_it_uncertain(posting, postman, shop, asked, frozen):
    class Broken(type(posting)):
        def do(self, *args, **facts):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        send(Broken(**vars(posting)), shop, asked)
    assert look(posting, shop, asked).state == "sending"
    assert send(posting, shop, asked).state == "uncertain"
    assert send(posting, shop, asked).state == "uncertain"
    assert len(postman.taken) == 1
    shop.do(send_again, sending_id=asked)
    mail = send(posting, shop, asked)
    assert mail.state == "sent"
    assert {message["Message-ID"] for message in postman.taken} == {mail.message_id}  # the same: a reader sees it once
    assert len(sent_entries(posting, shop, frozen)) == 1


KILLED = """
import os, sys, threading
from uuid import UUID
from ledger import postgres
from ledger.books import Books
from ledger.settings import Settings
from web.app import MAPPER, read_models
from web.jobs.workshop import Workshop
from web.mail.task import send_mail

class Killed(Workshop):
    def do(self, *args, **facts):
        os.kill(os.getpid(), 9)

settings = Settings.from_env()
server = postgres.start(settings)
with postgres.pool(server, "probant_job", min_size=1, max_size=2) as pool:
    books = Books(pool, MAPPER, settings.secret("commands"))
    send_mail(Killed(settings, server, pool, books, read_models(pool), threading.Event()),
              company_id=sys.argv[1], sending_id=sys.argv[2])
"""


def test_a_worker_killed_between_the_server_and_the_entry_sends_nothing_twice(posting, postman, shop, asked, frozen):
    environment = {
        "PATH": "/usr/bin:/bin", "PROBANT_DATA": str(posting.settings.data), "PROBANT_SMTP_HOST": "127.0.0.1",
        "PROBANT_SMTP_PORT": str(posting.settings.smtp_port), "PROBANT_SMTP_SECURITY": "none",
        "PROBANT_MAIL_FROM": "factures@probant.example",
    }  # fmt: skip
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(shop.id), str(asked)], env=environment, check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert len(postman.taken) == 1
    assert look(posting, shop, asked).state == "sending"
    while send(posting, shop, asked).state == "sending":  # until the database has noticed that its client is dead
        pass
    assert look(posting, shop, asked).state == "uncertain"
    assert len(postman.taken) == 1
    assert sent_entries(posting, shop, frozen) == []


def test_a_mail_that_another_worker_has_is_left_to_it(posting, postman, shop, asked, connect):
    other = connect("probant_job")
    assert rows.taken(other, shop.id, asked)
    with pytest.raises(NotYet):
        send_mail(posting, company_id=str(shop.id), sending_id=str(asked))
    assert postman.taken == []


def test_a_withdrawn_mail_does_not_leave_even_in_the_last_moment(posting, postman, shop, asked, frozen):
    shop.do(withdraw, sending_id=asked)
    assert send(posting, shop, asked).state == "withdrawn"
    with pytest.raises(MailState):
        shop.do(withdraw, sending_id=asked)
    late = ask(shop, frozen)

    async def withdrawn_now(*_):
        shop.do(withdraw, sending_id=late)
        return "250 OK"

    postman.handle_MAIL = withdrawn_now
    assert send(posting, shop, late).state == "withdrawn"
    assert postman.taken == []


def test_what_goes_out_a_second_time_is_a_numbered_copy(posting, shop, frozen, asked):
    send(posting, shop, asked)
    again = ask(shop, frozen)
    assert look(posting, shop, again).copy == 1
    with posting.read(shop.id) as tx:
        assert streams.load(tx, Document, document_stream(frozen)).copies == 1
        assert [copy.reason for copy in files.copies(tx, frozen)] == ["sent_again"]


def test_while_an_original_may_still_leave_the_next_mail_takes_a_copy(posting, workshop, postman, shop, frozen, asked):
    assert look(posting, shop, ask(shop, frozen)).copy == 1  # the first one waits
    assert send(workshop, shop, asked).state == "held"
    assert look(posting, shop, ask(shop, frozen)).copy == 2
    shop.do(send_again, sending_id=asked)
    postman.data = "silence"
    assert send(posting, shop, asked).state == "uncertain"
    assert look(posting, shop, ask(shop, frozen)).copy == 3
    shop.do(send_again, sending_id=asked)
    assert look(posting, shop, asked).copy == 0  # the same message once more


def test_a_mail_without_the_file_takes_no_copy(posting, shop, frozen, asked):
    assert look(posting, shop, ask(shop, frozen, attached=False)).copy == 0


def test_a_refused_original_leaves_as_a_copy_once_another_took_the_original(posting, postman, shop, frozen, asked):
    postman.data = "554 spam"
    assert send(posting, shop, asked).state == "refused"
    assert look(posting, shop, ask(shop, frozen)).copy == 0
    shop.do(send_again, sending_id=asked)
    assert look(posting, shop, asked).copy == 1


def test_addresses_and_text_are_emptied_after_thirty_days(posting, shop, asked, frozen, connect):
    send(posting, shop, asked)
    waiting, conn = ask(shop, frozen), connect("probant_job", shop.id)
    conn.execute("UPDATE jobs.mail SET settled_at = settled_at - interval '29 days' WHERE id = %s", (asked,))
    blank_mails(posting)
    assert not look(posting, shop, asked).blank
    conn.execute("UPDATE jobs.mail SET settled_at = settled_at - interval '1 day' WHERE id = %s", (asked,))
    blank_mails(posting)
    mail = look(posting, shop, asked)
    assert mail.blank
    assert (mail.state, mail.subject, mail.body) == ("sent", "", "")
    assert not look(posting, shop, waiting).blank


def test_whoever_is_erased_is_erased_from_mails_at_once(posting, shop, frozen, asked, job_pool):
    later = ask(shop, frozen)
    send(posting, shop, asked)
    with job_pool.connection() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, %s)", (shop.id, shop["hotel"], "demande"))
    gone, stopped = look(posting, shop, asked), look(posting, shop, later)
    assert gone.blank
    assert gone.state == "sent"
    assert stopped.blank
    assert stopped.state == "withdrawn"


def test_a_mail_goes_to_the_client_and_its_contacts_only(shop, frozen):
    for to, refusal in (((), Missing), ((uuid4(),), RecipientGone), ((shop["bakery"],), RecipientGone)):
        with pytest.raises(refusal):
            ask(shop, frozen, to=to)
    with pytest.raises(NotIssued):
        ask(shop, shop["draft"])


@pytest.mark.parametrize("address", ["é@parc.example", "a,b@parc.example", "a>b@parc.example"])
def test_an_address_that_no_server_takes_is_refused_with_its_name(posting, postman, shop, frozen, connect, address):
    asked = ask(shop, frozen)
    connect("probant_job", shop.id).execute("UPDATE jobs.mail SET recipients = %s WHERE id = %s", ([address], asked))
    mail = send(posting, shop, asked)
    assert (mail.state, mail.told, postman.taken) == ("refused", f"#address {address}", [])


def test_no_address_no_text_is_logged(posting, postman, shop, asked, caplog):
    postman.recipients["contact@parc.example"] = "550 contact@parc.example unknown"
    caplog.set_level("DEBUG")
    logging.getLogger("tests").debug("something")
    send(posting, shop, asked)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")  # the server's
    assert ours
    assert "parc.example" not in ours
    assert "La voici" not in ours


def test_a_quote_replaced_by_a_newer_offer_does_not_leave(posting, postman, shop, workshop):
    quote_id, sending_id = shop.quote(shop["hotel"], "Offre", sent_on=shop.today), uuid4()
    freeze(workshop, shop, quote_id)
    mail = Mail(to=(shop["hotel"],), subject="Devis", body="Voici.")
    shop.do(mail_quote, sending_id=sending_id, quote_id=quote_id, mail=mail)
    content = Content(client_id=shop["hotel"], lines=(LINE,))
    shop.do(quotes.revise_quote, quote_id=quote_id, content=content, base_version=2)
    shop.do(quotes.send_quote, quote_id=quote_id, sent_on=shop.today, base_version=3)
    told = send(posting, shop, sending_id)
    assert (told.state, told.told, postman.taken) == ("withdrawn", REPLACED, [])


def test_smtplib_is_given_bytes_that_every_server_takes(posting, postman, shop, frozen):
    asked = ask(shop, frozen, subject="Réfection de l’œuvre : 1 €", body="é" * 3000 + "\n.\nFin")
    send(posting, shop, asked)
    (message,) = postman.taken
    assert message["Subject"] == "Réfection de l’œuvre : 1 €"
    assert message.get_body(("plain",)).get_content().splitlines()[:3] == ["é" * 3000, ".", "Fin"]
    assert message.as_bytes().isascii()
