"""A ledger that was opened from its archives, as the person sees it who was given it to read."""

import psycopg
import pytest

from tests.browser.conftest import faults_in_all_looks


@pytest.fixture
def archive(new_shop, server):
    """A shop that is only an archive from now on."""
    new_shop.fill()
    with psycopg.connect(server.uri("postgres")) as admin:
        admin.execute("SELECT set_config('probant.company', %s, false)", (str(new_shop.id),))
        admin.execute("SELECT ledger.freeze(%s)", (new_shop.id,))
        admin.execute("INSERT INTO ledger.reopened VALUES (%s, '2026-01-01', '2026-12-31')", (new_shop.id,))
    return new_shop


def test_an_archive_says_what_it_is_on_every_page_and_offers_nothing_to_write(archive, page, sign_in):
    sign_in(page, (archive.id, "reader"))
    for path in ("/", "/factures", f"/factures/{archive['late']}", "/archives/", "/registre/preuve"):
        page.goto(path)
        ribbon = page.get_by_role("region", name="Archive en lecture seule")
        said = ribbon.inner_text().replace("\u00a0", " ")
        assert said == "Archive du 1er janv. 2026 au 31 déc. 2026, lecture seule", path
        assert page.get_by_role("link", name="Nouvelle facture").count() == 0, path
        assert faults_in_all_looks(page) == [], path
