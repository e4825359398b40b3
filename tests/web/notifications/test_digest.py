"""Monday's summary: once a week and person, in the morning, unless she does not want it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.web.postman import deliver
from web.notifications.digest import send


@pytest.fixture
def monday(new_shop):
    """Nine o'clock of the Monday of this week, where the company is."""
    day = new_shop.today - timedelta(days=new_shop.today.weekday())
    return datetime.combine(day, time(9), ZoneInfo("Europe/Paris")).astimezone(UTC)


def test_it_is_sent_once_a_week_with_what_is_late_and_to_do(posting, boss, new_shop, client, late, monday):
    for _ in range(2):
        send(posting, new_shop.id, monday)
        send(posting, new_shop.id, monday + timedelta(hours=2))
    (mail,) = deliver(posting, f"{boss.name}@exemple.fr")
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "La semaine de Atelier Mercier"
    assert "À encaisser : 2\u00a0131,20\u00a0€" in text
    assert "dont 2\u00a0131,20\u00a0€ en retard (1\u00a0facture)" in text


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(hours=-4), timedelta(hours=11), timedelta(days=6)])
def test_it_comes_on_monday_in_working_hours(posting, boss, new_shop, monday, later):
    assert send(posting, new_shop.id, monday + later) == 0


def test_who_does_not_want_it_gets_none(posting, boss, new_shop, monday):
    here = "/notifications/reglages"
    form = boss.form(here)
    del form["mailed.digest"]
    boss.http.post(here, data=form)
    assert send(posting, new_shop.id, monday) == 0
    assert deliver(posting, f"{boss.name}@exemple.fr") == []
