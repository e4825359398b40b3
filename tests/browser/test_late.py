"""What is said of a rate that is not known, penalties by period, the copy of what was not paid: as they look."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, faults

look = pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: f"{look[0]}-{look[1]}")


@pytest.fixture
def late(new_shop):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554", "email": "compta@parc.example"})
    return new_shop.invoice(client, "Vestiaires", issued_on=new_shop.days_ago(9))


@look
def test_the_screens_of_late_payment_are_accessible(page, sign_in, new_shop, late, request):
    sign_in(page, (new_shop.id, "owner"))
    places = {
        "penalites": f"/factures/{late}/penalites", "perte": f"/factures/{late}/perte", "relances": "/relances",
        "reglages": "/reglages", "relancer": f"/factures/{late}/relancer?palier=second",
    }  # fmt: skip
    for name, path in places.items():
        page.goto(path)
        if pictures := os.environ.get("PICTURES"):
            page.screenshot(path=Path(pictures) / f"late-{name}-{request.node.callspec.id}.png", full_page=True)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_penalties_are_reckoned_then_asked_for_by_a_note(page, sign_in, new_shop, late):
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/factures/{late}/penalites")
    owed = page.locator("tfoot .amount").inner_text()
    page.get_by_label("Réclamer aussi").uncheck()
    page.get_by_role("button", name="Préparer la note de débit").click()
    expect(page.locator(".paper-totals tr").last).to_contain_text(owed)
