"""Personal data in a browser: every screen is accessible in both themes and widths; a person is erased."""

from uuid import uuid4

import pytest

from domain.parties import Contact, ContactCard
from tests.browser.conftest import faults_in_all_looks
from tests.web.working import at_work
from web.privacy.erasing import erase_person

PUBLIC = ("/mentions-legales", "/confidentialite", "/hebergement", "/cookies")


@pytest.fixture
def eraser(app, settings, server):
    with at_work(settings, server, erase_person):
        yield


@pytest.fixture
def person_id(new_shop):
    contact = Contact(id=uuid4(), card=ContactCard(name="Gwenola Kerbrat", email="gwenola@exemple.fr"))
    client_id = new_shop.client("Ysaline Quéméneur", "person", natural_person=True, contacts=(contact,))
    new_shop.invoice(client_id, "Étagère", issued_on=new_shop.today)
    return client_id


def test_the_pages_of_the_law_are_accessible(page):
    for path in PUBLIC:
        page.goto(path)
        assert faults_in_all_looks(page) == [], path


def test_a_person_is_erased_and_says_so_everywhere(page, sign_in, new_shop, person_id, eraser):
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/clients/{person_id}")
    page.get_by_role("link", name="Données personnelles").last.click()
    page.get_by_role("heading", name="Effacer").wait_for()
    assert faults_in_all_looks(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF").click()
    assert download.value.suggested_filename == "donnees-personnelles.pdf"
    page.get_by_label("Je sais que c’est définitif").check()
    page.get_by_role("button", name="Effacer").click()
    page.get_by_text("Effacement demandé").wait_for()
    for _ in range(20):
        page.wait_for_timeout(500)
        page.goto(f"/clients/{person_id}/donnees-personnelles/")
        if not page.get_by_text("Effacement en cours").count():
            break
    assert page.get_by_role("link", name="Tiers effacé").count()
    assert page.get_by_text("Gardées jusqu’au").count()
    assert faults_in_all_looks(page) == []
    for path in (f"/clients/{person_id}", "/factures", "/donnees-personnelles/sans-contact", "/donnees-personnelles"):
        page.goto(path)
        assert "Quéméneur" not in page.content()
        assert faults_in_all_looks(page) == [], path
