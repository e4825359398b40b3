"""Persons of whom nothing was heard for three years are proposed for erasure; who is left behind goes by itself."""

from functools import partial
from uuid import UUID, uuid4

import pytest

from domain.client import Profile
from domain.parties import Card, Contact, ContactCard
from ledger.commands import clients
from tests.web import persons
from tests.web.conftest import PASSWORD, Person
from tests.web.shop import Shop
from web.privacy.erasing import erase_left

SILENT = "/donnees-personnelles/sans-contact"


@pytest.fixture
def owner(new_shop, keeper) -> Person:
    return keeper(new_shop)


@pytest.fixture
def client_id(new_shop) -> UUID:
    return persons.invoiced(new_shop)


@pytest.fixture
def job(workshop, connect):
    """`job(shop)`: the worker does what was asked for."""
    return partial(persons.erase_asked, workshop, connect)


@pytest.fixture
def events(connect):
    """`events(shop, type)`: the lines of that type, as JSON."""
    return partial(persons.events, connect)


@pytest.fixture
def aged(app, connect):
    """`aged(shop, *ids)`: nothing was heard of these clients for four years, in a ledger that is as old."""

    def aged(shop: Shop, *ids: UUID) -> None:
        with app.extensions["engine"].read(shop.id):
            pass
        connect("postgres").execute(
            "UPDATE read.entries e SET at = at - interval '4 years' FROM read.concerns c"
            " WHERE c.company_id = e.company_id AND c.pos = e.pos AND c.about = ANY (%s)", (list(ids),),
        )  # fmt: skip
        connect("postgres").execute(
            "UPDATE read.entries SET at = at - interval '4 years' WHERE company_id = %s AND pos = 1", (shop.id,)
        )
        connect("postgres").execute(
            "UPDATE read.invoices SET issued_on = issued_on - 1500 WHERE company_id = %s AND client_id = ANY (%s)",
            (shop.id, list(ids)),
        )

    return aged


@pytest.fixture
def prospects(new_shop, aged) -> dict[str, UUID]:
    """Two prospects; nothing was heard of the first one for four years."""
    old, new = (
        new_shop.client(name, "person", natural_person=True, prospect=True)
        for name in ("Aziliz Le Bris", "Nolwenn Bihan")
    )
    aged(new_shop, old)
    return {"old": old, "new": new}


def test_who_was_silent_for_three_years_is_proposed(owner, prospects):
    listed = owner.get(SILENT).text
    assert "Aziliz Le Bris" in listed
    assert "Nolwenn Bihan" not in listed
    assert "sans contact depuis trois ans" in owner.get("/donnees-personnelles").text
    assert "sans contact depuis trois ans" in owner.get("/").text


def test_those_that_are_ticked_are_erased(owner, new_shop, prospects, events, job):
    assert owner.submit(SILENT, **{f"person.{prospects['old']}": ""}).status_code == 422
    assert owner.submit(SILENT, **{f"person.{prospects['new']}": "1"}).status_code == 303  # ticked as it stands
    job(new_shop)
    (erased,) = events(new_shop, "subject.erased")
    assert erased["data"]["subject_id"] == str(prospects["old"])
    assert erased["data"]["reason"].startswith("prospect sans contact depuis trois ans")
    assert "Personne sans contact depuis trois ans" in owner.get(SILENT).text


def test_a_former_client_goes_but_for_what_the_law_keeps(owner, new_shop, client_id, aged, events, job):
    """The day is said; from then on the daily task needs nobody (`test_erasure`)."""
    aged(new_shop, client_id)
    assert "Ysaline" not in owner.get(SILENT).text  # she still owes
    new_shop.pay(client_id, 213_120, (new_shop["invoice"], 213_120))
    aged(new_shop, client_id)
    listed = owner.get(SILENT).text
    assert "Ysaline Quéméneur" in listed
    assert f"jusqu’au 31\u00a0déc. {new_shop.today.year + 10}" in listed
    assert owner.submit(SILENT).status_code == 303
    job(new_shop)
    erased = events(new_shop, "subject.erased")
    assert {one["data"]["subject_id"] for one in erased} == {str(client_id), str(new_shop["contact"])}
    assert all(one["data"]["reason"].startswith("données devenues inutiles") for one in erased)
    assert "Ysaline" not in owner.get(SILENT).text


def test_a_contact_who_left_a_card_is_proposed(owner, new_shop, aged, connect, events, job):
    gone, stays = (Contact(id=uuid4(), card=ContactCard(name=name)) for name in ("Gwenola Kerbrat", "Erwan Abgrall"))
    hotel = new_shop.client("Hôtel du Parc", contacts=(gone, stays))
    profile = Profile(kind="business", card=Card(name="Hôtel du Parc"), contacts=(stays,))
    new_shop.do(clients.change_client, client_id=hotel, profile=profile, base_version=1)
    aged(new_shop)
    connect("postgres").execute(
        "UPDATE read.entries e SET at = at - interval '4 years' FROM ledger.entry l"
        " WHERE l.company_id = e.company_id AND l.pos = e.pos AND l.stream_id = %s AND l.version = 1", (hotel,),
    )  # fmt: skip
    listed = owner.get(SILENT).text
    assert "Ancien contact de Hôtel du Parc" in listed
    assert owner.submit(SILENT).status_code == 303
    job(new_shop)
    (erased,) = events(new_shop, "subject.erased")
    assert erased["data"]["subject_id"] == str(gone.id)
    assert "Erwan Abgrall" in owner.get(f"/clients/{hotel}").text


# A company that nobody is left in


def test_a_company_that_its_owner_left_for_good_keeps_no_person_but_by_law(
    owner, new_shop, client_id, workshop, connect
):
    prospect = new_shop.client("Aziliz Le Bris", "person", natural_person=True, prospect=True)
    owner.submit("/compte/supprimer", current=PASSWORD, sure="1")
    database = connect("postgres")
    (asked,) = database.execute(
        "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = 'erase_left' AND args ->> 'company_id' = %s",
        (str(new_shop.id),),
    ).fetchone()
    assert asked == 1
    erase_left(workshop, company_id=str(new_shop.id))
    left = database.execute(
        "SELECT subject_id, kept_until FROM ledger.sealed WHERE company_id = %s", (new_shop.id,)
    ).fetchall()
    assert {subject for subject, _ in left} <= {client_id, new_shop["contact"], new_shop.id}
    assert client_id in {subject for subject, _ in left}
    assert prospect not in {subject for subject, _ in left}
    assert all(until for subject, until in left if subject != new_shop.id)


def test_a_company_where_somebody_may_come_in_keeps_its_persons(owner, new_shop, client_id, workshop, events):
    erase_left(workshop, company_id=str(new_shop.id))
    assert events(new_shop, "subject.erased") == []
