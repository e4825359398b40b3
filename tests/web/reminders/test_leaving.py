"""A reminder on its way out: once, never for what asks for nothing, stopped by a payment however late it comes."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain.errors import DomainError
from domain.reminder import NotReminded
from domain.reminder_policy import Levels, Policy
from ledger.commands import debts, reminders
from ledger.commands.clients import merge_client
from ledger.commands.reminders import ask_reminder
from ledger.commands.sendings import send_again
from projections import reminder_lists as rows
from tests.web.mail.conftest import look
from tests.web.reminders.conftest import ADDRESS, GROSS_CENTS
from web.mail.task import NotYet, send_mail
from web.reminders import plan
from web.reminders.plan import Wanted
from web.reminders.task import remind

MAIL = {"email": ADDRESS, "siren": "552100554"}


def at_nine(shop):
    return datetime.combine(shop.today, time(9, 30), ZoneInfo("Europe/Paris")).astimezone(UTC)


def ask(workshop, shop, invoice_id, level="first", **facts):
    sending_id = uuid4()
    with workshop.read(shop.id) as tx:
        row = rows.one(tx, invoice_id, shop.today)
        one = plan.ask(tx, [Wanted(row, level)], shop.today)
    request = plan.request(one, Policy(statement=False), workshop.settings, sending_id)
    shop.do(ask_reminder, **request | facts)
    return sending_id


def send(workshop, shop, sending_id):
    with suppress(NotYet):
        send_mail(workshop, company_id=str(shop.id), sending_id=str(sending_id))
    return look(workshop, shop, sending_id)


def entries(workshop, shop, type="reminder.sent"):
    with workshop.read(shop.id) as tx:
        found = tx.values("SELECT line FROM ledger.entry WHERE company_id = %(company)s AND type = %(t)s", t=type)
        return [tx.mapper.decode(line) for line in found]


def waiting(workshop, shop):
    with workshop.read(shop.id) as tx:
        return tx.values("SELECT id FROM jobs.mail WHERE company_id = %(company)s AND state = 'waiting'")


def round_of(workshop, shop, policy=None, now=None):
    """The morning's round, and its mails sent."""
    if policy:
        shop.do(reminders.set_policy, policy=policy)
    asked = remind(workshop, shop.id, now or at_nine(shop))
    for sending_id in waiting(workshop, shop):
        send(workshop, shop, sending_id)
    return asked


def test_a_reminder_is_an_entry_once_the_mail_server_took_it(posting, postman, new_shop, late):
    mail = send(posting, new_shop, ask(posting, new_shop, late))
    (message,), (entry,) = postman.taken, entries(posting, new_shop)
    assert mail.state == "sent"
    assert message["Message-ID"] == entry.message_id
    assert message["To"] == "compta@client.example"
    assert "F2026-0001" in message["Subject"] or mail.number in message["Subject"]
    assert "2\u00a0131,20\u00a0€" in message.get_body(("plain",)).get_content()
    (one,) = entry.reminded
    assert (one.invoice_id, one.level, one.due_cents) == (late, "first", GROSS_CENTS)


def test_done_twice_or_by_two_workers_it_leaves_once(posting, postman, new_shop, late):
    new_shop.do(reminders.set_policy, policy=Policy(automatic=True, statement=False))
    rounds = [threading.Thread(target=remind, args=(posting, new_shop.id, at_nine(new_shop))) for _ in range(2)]
    for one in rounds:
        one.start()
    for one in rounds:
        one.join()
    (sending_id,) = waiting(posting, new_shop)
    assert round_of(posting, new_shop) == 0
    assert send(posting, new_shop, sending_id).state == "sent"
    assert round_of(posting, new_shop) == 0
    assert len(postman.taken) == len(entries(posting, new_shop)) == 1


def test_a_payment_between_asking_and_sending_stops_it(posting, postman, new_shop, client, late):
    sending_id = ask(posting, new_shop, late)
    new_shop.pay(client, GROSS_CENTS, (late, GROSS_CENTS))
    mail = send(posting, new_shop, sending_id)
    assert (mail.state, mail.told) == ("withdrawn", "#settled")
    assert postman.taken == entries(posting, new_shop) == []


def test_a_payment_while_the_server_listens_stops_it(posting, postman, new_shop, client, late, monkeypatch):
    """The last moment there is: the server said yes to sender and recipients, and has not got the mail."""
    sending_id = ask(posting, new_shop, late)
    rcpt = postman.handle_RCPT

    async def paid(*args):
        new_shop.pay(client, 100, (late, 100))
        return await rcpt(*args)

    monkeypatch.setattr(postman, "handle_RCPT", paid, raising=False)
    mail = send(posting, new_shop, sending_id)
    assert (mail.state, mail.told, postman.taken) == ("withdrawn", "#changed", [])


def test_a_crash_between_the_server_and_the_entry_is_uncertain_and_not_repeated(posting, postman, new_shop, late):
    postman.data = "silence"
    sending_id = ask(posting, new_shop, late)
    assert send(posting, new_shop, sending_id).state == "uncertain"
    postman.data = "250 OK"
    assert send(posting, new_shop, sending_id).state == "uncertain"
    assert round_of(posting, new_shop, Policy(automatic=True, statement=False)) == 0
    assert postman.taken == []
    new_shop.do(send_again, sending_id=sending_id)  # a person decides
    assert send(posting, new_shop, sending_id).state == "sent"


def test_one_sent_again_after_the_payment_does_not_leave(posting, postman, new_shop, client, late):
    postman.data = "silence"
    sending_id = ask(posting, new_shop, late)
    send(posting, new_shop, sending_id)
    new_shop.pay(client, GROSS_CENTS, (late, GROSS_CENTS))
    postman.data = "250 OK"
    new_shop.do(send_again, sending_id=sending_id)
    assert send(posting, new_shop, sending_id).state == "withdrawn"


@pytest.mark.parametrize(
    "stop",
    [
        lambda shop, invoice_id: shop.do(reminders.suspend, invoice_id=invoice_id, cause="dispute", note="Défaut"),
        lambda shop, invoice_id: shop.do(
            reminders.suspend, invoice_id=invoice_id, cause="promise", until_on=shop.today
        ),
        lambda shop, invoice_id: shop.do(
            debts.doubt_debt, invoice_id=invoice_id, on=shop.today, ground="Redressement"
        ),
    ],
    ids=["disputed", "promised", "doubtful"],
)  # fmt: skip
def test_what_is_stopped_is_not_reminded_of_not_even_by_a_mail_that_waits(posting, postman, new_shop, late, stop):
    sending_id = ask(posting, new_shop, late)
    stop(new_shop, late)
    assert send(posting, new_shop, sending_id).state == "withdrawn"
    assert round_of(posting, new_shop, Policy(automatic=True, statement=False)) == 0
    with pytest.raises(NotReminded):
        ask(posting, new_shop, late)
    assert postman.taken == []


def test_a_promise_that_is_over_is_reminded_of_again(posting, new_shop, late):
    day = new_shop.days_ago(1)
    new_shop.do(reminders.suspend, invoice_id=late, cause="promise", until_on=day)
    assert round_of(posting, new_shop, Policy(automatic=True, statement=False)) == 1


def test_a_client_who_opted_out_is_left_alone_by_the_program(posting, new_shop):
    client_id = new_shop.client("Sans relance", card=MAIL, reminders=False)
    new_shop.invoice(client_id, issued_on=new_shop.days_ago(9))
    assert round_of(posting, new_shop, Policy(automatic=True, statement=False)) == 0


def test_nothing_leaves_by_itself_unless_the_company_chose_so_nor_at_night(posting, new_shop, late):
    assert round_of(posting, new_shop) == 0
    new_shop.do(reminders.set_policy, policy=Policy(automatic=True))
    for hour in (3, 7, 19, 23):
        night = datetime.combine(new_shop.today, time(hour, 50), ZoneInfo("Europe/Paris"))
        assert remind(posting, new_shop.id, night.astimezone(UTC)) == 0
    assert remind(posting, new_shop.id, at_nine(new_shop)) == 1


def test_a_client_gets_one_mail_for_all_when_the_company_chose_so(posting, postman, new_shop, client, late):
    other = new_shop.invoice(client, "Comptoir", issued_on=new_shop.days_ago(8))
    assert round_of(posting, new_shop, Policy(automatic=True, grouped=True, statement=False)) == 1
    (message,), (entry,) = postman.taken, entries(posting, new_shop)
    assert {one.invoice_id for one in entry.reminded} == {late, other}
    assert "4\u00a0262,40\u00a0€" in message.get_body(("html",)).get_content()


def test_after_a_reminder_there_are_some_days_of_quiet(posting, new_shop, late):
    tight = Policy(automatic=True, levels=Levels(first=9, second=10), statement=False)
    assert round_of(posting, new_shop, tight) == 1
    assert remind(posting, new_shop.id, at_nine(new_shop) + timedelta(days=1)) == 0


def test_after_a_merge_the_client_that_stays_is_written_to(posting, postman, new_shop, client, late):
    stays = new_shop.client("Voyageurs et Cie", card={"email": "siege@client.example", "siren": "404833048"})
    new_shop.do(merge_client, client_id=client, into=stays)
    assert round_of(posting, new_shop, Policy(automatic=True, statement=False)) == 1
    assert postman.taken[0]["To"] == "siege@client.example"


class Chance:
    """A shop to which anything may happen, in any order, and what the mail server got meanwhile."""

    def __init__(self, seed, posting, postman, shop):
        self.dice, self.posting, self.postman, self.shop = Random(seed), posting, postman, shop
        self.client = shop.client("Au hasard", card=MAIL)
        self.invoices = [shop.invoice(self.client, issued_on=shop.days_ago(9)) for _ in range(4)]
        self.seen, self.stopped = [], 0

    def due(self, invoice_id):
        with self.posting.read(self.shop.id) as tx:
            found = rows.one(tx, invoice_id, self.shop.today)
        return found.due_cents if found else 0

    def happen(self):
        invoice_id = self.dice.choice(self.invoices)
        act = self.dice.choice((self.ask, self.ask, self.pay, self.pay, self.hold, self.resume))
        with suppress(DomainError, AttributeError):  # what is refused, or no longer due, does not happen
            act(invoice_id)

    def pay(self, invoice_id):
        cents = self.due(invoice_id) // self.dice.choice((1, 3, 5, 9))
        self.shop.pay(self.client, cents, (invoice_id, cents))

    def hold(self, invoice_id):
        self.shop.do(reminders.suspend, invoice_id=invoice_id, cause="pause")

    def resume(self, invoice_id):
        self.shop.do(reminders.resume, invoice_id=invoice_id)

    def ask(self, invoice_id):
        ask(self.posting, self.shop, invoice_id, self.dice.choice(("first", "second", "last")))

    def deliver(self):
        for sending_id in waiting(self.posting, self.shop):
            before = len(self.postman.taken)
            send(self.posting, self.shop, sending_id)
            self.stopped += len(self.postman.taken) == before
            if len(self.postman.taken) > before:
                (entry,) = [e for e in entries(self.posting, self.shop) if e.originator_id == sending_id]
                self.seen += [(one.due_cents, self.due(one.invoice_id)) for one in entry.reminded]


def test_no_reminder_ever_goes_for_an_invoice_with_nothing_due(posting, postman, new_shop):
    """Whatever comes in between: what the server gets asks for exactly what is due at that moment."""
    seed = 20261124
    chance = Chance(seed, posting, postman, new_shop)
    for _ in range(50):
        chance.happen()
        if chance.dice.random() < 0.2:
            chance.deliver()
    assert chance.seen, seed
    assert chance.stopped, seed
    assert all(asked == due > 0 for asked, due in chance.seen), (seed, chance.seen)


def test_without_a_mail_server_a_manual_one_is_held(workshop, new_shop, late):
    sending_id = ask(workshop, new_shop, late)
    assert send(workshop, new_shop, sending_id).state == "held"
