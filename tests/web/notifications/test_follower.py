"""What users are told: each thing once, to whom it concerns, where she wants it."""

import threading
from datetime import UTC, datetime

import pytest

from domain.client import Profile
from domain.parties import Card
from ledger.commands import quotes
from ledger.commands.clients import change_client
from tests.web.postman import deliver
from tests.web.reminders.conftest import ADDRESS, GROSS_CENTS
from web.notifications import follower, stopping
from web.notifications.follower import follow


@pytest.fixture
def told(posting, new_shop, connect):
    """`told(person)`: follows, and gives what she was told in all: (kind, key)."""

    def look(person):
        follow(posting, new_shop.id, datetime.now(UTC))
        conn = connect("probant_job", new_shop.id)
        query = "SELECT kind, key FROM accounts.notification WHERE user_id = %s AND shown ORDER BY at, key"
        return conn.execute(query, (person.id,)).fetchall()

    return look


def kinds(rows):
    return [kind for kind, _ in rows]


def test_a_payment_is_told_to_all_but_who_recorded_it(told, by_boss, boss, person, new_shop, client, late):
    other = person((new_shop.id, "collaborator"))
    by_boss.pay(client, GROSS_CENTS, (late, GROSS_CENTS))
    assert kinds(told(other)) == ["payment"]
    assert kinds(told(boss)) == []


def test_done_again_or_by_two_workers_nothing_is_told_twice(told, posting, boss, new_shop, client, late):
    for _ in range(3):
        new_shop.pay(client, 100, (late, 100))
    rounds = [threading.Thread(target=follow, args=(posting, new_shop.id, datetime.now(UTC))) for _ in range(3)]
    for one in rounds:
        one.start()
    for one in rounds:
        one.join()
    assert kinds(told(boss)) == ["payment"] * 3
    assert len(told(boss)) == 3


def test_a_breakdown_loses_nothing(told, posting, boss, new_shop, client, late, monkeypatch):
    """What was told, the place in the ledger and the mails are one transaction."""
    new_shop.pay(client, 100, (late, 100))

    def broken(*args):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(follower, "_mail", broken)
        with pytest.raises(RuntimeError):
            told(boss)
    assert kinds(told(boss)) == ["payment"]


def test_an_invoice_that_fell_due_is_told_the_next_day(told, boss, new_shop):
    client_id = new_shop.client("En retard d’un jour", card={"email": ADDRESS, "siren": "552100554"})
    new_shop.invoice(client_id, issued_on=new_shop.days_ago(9))
    due = new_shop.invoice(client_id, issued_on=new_shop.days_ago(1))
    new_shop.invoice(client_id, issued_on=new_shop.today)
    assert told(boss) == [("overdue", f"overdue {due} {new_shop.days_ago(1)}")]


def test_an_accepted_quote_is_told_by_mail_too_with_a_link_that_ends_such_mails(
    told, posting, boss, new_shop, client, app
):
    quote_id = new_shop.quote(client, "Bibliothèque", sent_on=new_shop.today)
    new_shop.do(quotes.accept_quote, quote_id=quote_id, accepted_on=new_shop.today)
    assert kinds(told(boss)) == ["quote_accepted"]
    (mail,) = deliver(posting, f"{boss.name}@exemple.fr")
    assert mail["Subject"] == "Devis accepté · Atelier Mercier"
    assert "accepté par Hôtel des Voyageurs" in mail.get_body(("plain",)).get_content()

    path = stopping.path(app.extensions["settings"], boss.id, "quote_accepted")
    stranger = app.test_client()
    page = stranger.get(path)
    assert page.status_code == 200
    assert stranger.get(path).status_code == 200  # looking ends nothing
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert "C’est arrêté" in stranger.post(path, data={"csrf_token": token}).text
    another = new_shop.quote(client, "Autre", sent_on=new_shop.today)
    new_shop.do(quotes.accept_quote, quote_id=another, accepted_on=new_shop.today)
    assert kinds(told(boss)) == ["quote_accepted"] * 2  # on the page still
    assert deliver(posting, f"{boss.name}@exemple.fr") == []


@pytest.mark.parametrize("change", [("quote_accepted", "payment"), ("0" * 32, "f" * 32)], ids=["kind", "mark"])
def test_an_altered_link_ends_nothing(app, boss, change):
    path = stopping.path(app.extensions["settings"], boss.id, "quote_accepted")
    altered = path.replace(*change) if change[0] in path else path[:-32] + change[1]
    assert app.test_client().get(altered).status_code == 404


def test_who_is_no_member_any_more_is_told_nothing(told, person, new_shop, client, late, web_pool):
    gone = person((new_shop.id, "collaborator"))
    with web_pool.connection() as conn:
        conn.execute(
            "UPDATE accounts.memberships SET from_at = now() - interval '1 day', until_at = now() - interval '1 hour'"
            " WHERE user_id = %s",
            (gone.id,),
        )
    new_shop.pay(client, 100, (late, 100))
    assert told(gone) == []


def test_who_joins_later_is_not_told_what_was_before(told, person, new_shop, client, late):
    new_shop.pay(client, 100, (late, 100))
    newcomer = person((new_shop.id, "collaborator"))
    new_shop.pay(client, 200, (late, 200))
    assert kinds(told(newcomer)) == ["payment"]


def test_the_page_shows_counts_opens_and_marks_as_read(told, boss, new_shop, client, late):
    new_shop.pay(client, 100, (late, 100))
    new_shop.pay(client, 200, (late, 200))
    told(boss)
    page = boss.get("/notifications/")
    assert "2\u00a0nouvelles" in page.text
    assert "Règlement de Hôtel des Voyageurs enregistré" in page.text
    assert "2\u00a0nouvelles" in boss.get("/notifications/").text  # a GET reads nothing away
    (_, key), _ = told(boss)
    opened = boss.post("/notifications/ouvrir", page="/notifications/", key=key)
    assert opened.status_code == 303
    assert opened.headers["Location"].startswith("/reglements/")
    assert "1\u00a0nouvelle<" in boss.get("/notifications/").text
    assert boss.post("/notifications/lu", page="/notifications/").status_code == 303
    assert "Rien de nouveau" in boss.get("/notifications/").text
    assert boss.post("/notifications/ouvrir", page="/notifications/", key="entry 0").status_code == 404


def test_a_kind_that_is_not_wanted_is_not_told(told, boss, new_shop, client, late):
    here = "/notifications/reglages"
    form = boss.form(here)
    del form["shown.payment"]
    assert boss.http.post(here, data=form).status_code == 303
    new_shop.pay(client, 100, (late, 100))
    assert told(boss) == []
    assert 'name="shown.payment" value="1">' in boss.get(here).text


def test_the_name_of_a_client_stands_in_no_notification(told, boss, new_shop, client, late, connect):
    new_shop.pay(client, 100, (late, 100))
    told(boss)
    conn = connect("probant_job", new_shop.id)
    rows = conn.execute("SELECT t::text FROM accounts.notification t").fetchall()
    assert rows
    assert all("Voyageurs" not in row for (row,) in rows)
    profile = Profile(kind="business", card=Card(name="Hôtel du Lac"))
    new_shop.do(change_client, client_id=client, base_version=1, profile=profile)
    assert "Hôtel du Lac" in boss.get("/notifications/").text


def test_another_member_cannot_open_what_one_was_told(told, by_boss, boss, person, new_shop, client, late):
    other = person((new_shop.id, "collaborator"))
    other.sign_in()
    new_shop.pay(client, 100, (late, 100))
    ((_, key),) = told(boss)
    by_boss.pay(client, 100, (late, 100))
    (_, mine) = told(other)[-1]
    assert other.post("/notifications/ouvrir", page="/notifications/", key=key).status_code == 303  # her own of that
    assert mine not in {own for _, own in told(boss)}
    assert boss.post("/notifications/ouvrir", page="/notifications/", key=mine).status_code == 404
