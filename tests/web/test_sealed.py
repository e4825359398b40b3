"""No word of a natural person stands in clear in a line of the ledger, whatever is recorded of her."""

import pytest

from domain.errors import Malformed
from tests.web.natural import Natural, as_sole_trader
from tests.web.shop import open_shop

SELLER, BUYER = "Zirkvendeur", "Zirkacheteur"


@pytest.fixture(scope="module")
def natural(settings, web_pool, job_pool, read_tables, workshop):
    shop = open_shop(web_pool, job_pool, settings.secret("commands"))
    as_sole_trader(shop, SELLER)
    natural = Natural(shop, BUYER, workshop)
    natural.sent()
    return natural


@pytest.fixture
def lines(natural, connect):
    rows = connect("probant_audit", natural.shop.id).execute("SELECT type, line FROM ledger.entry ORDER BY pos")
    return rows.fetchall()


@pytest.mark.parametrize("word", [SELLER, BUYER])
def test_no_line_holds_a_word_of_a_natural_person(lines, word):
    assert [name for name, line in lines if word.lower() in line.lower()] == []


def test_the_canaries_are_in_the_vault(natural, connect):
    """Else the test above would prove nothing."""
    conn = connect("probant_audit", natural.shop.id)
    kept = "\n".join(value for (value,) in conn.execute("SELECT value FROM ledger.sealed"))
    assert [word for word in natural.said if word not in kept] == []


def test_every_kind_of_entry_about_clients_was_made(lines):
    made = {name for name, _ in lines}
    families = ("client.", "quote.", "invoice.", "payment.", "refund.", "allocation.", "debt.")
    assert len({name for name in made if name.startswith(families)}) > 15


def test_a_person_is_never_written_in_clear_by_mistake(new_shop):
    with pytest.raises(Malformed):
        new_shop.client("Ysaline Quéméneur", "person")
