"""The journal of technical events, the attestation and the page of an inspection in a browser."""

from dataclasses import replace

import pytest

from tests.browser.conftest import faults, faults_in_all_looks
from tests.web.test_certificates import PUBLISHER

PAGES = ("/attestation/", "/empreintes")


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_that_name_a_publisher_are_accessible(page, sign_in, shop, app, monkeypatch, tmp_path, path):
    (tmp_path / "publisher.toml").write_text(PUBLISHER, encoding="utf-8")
    published = replace(app.extensions["settings"], publisher_file=tmp_path / "publisher.toml")
    monkeypatch.setitem(app.extensions, "settings", published)
    sign_in(page, (shop.id, "owner"))
    page.goto(path)
    assert faults_in_all_looks(page) == []


def test_the_totals_follow_the_days(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    page.goto("/controle/")
    page.get_by_label("Du").fill("2001-01-01")
    page.get_by_label("au", exact=True).fill("2001-12-31")
    page.get_by_label("au", exact=True).blur()
    page.locator("#totaux").get_by_text("0,00 €").first.wait_for()
    assert faults(page) == []
