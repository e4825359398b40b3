"""A paper says where its document is delivered, or its works done: its own place, else the client's."""

import msgspec
import pytest

from documents.page import screen
from documents.pdf import render
from domain.client import Profile
from domain.company import Configuration
from domain.parties import Address, Card
from tests.documents.books import CARD, Books, content
from tests.documents.reading import text

DEPOT = Card(name="Dépôt", address=Address(street="3, quai du Port", postcode="35400", city="Saint-Malo", country="FR"))
SITE = Card(name="Chantier Zola", address=Address(street="9, rue Zola", postcode="35000", city="Rennes", country="FR"))
BUILDER = Configuration(sector="building", insurer="MAAF, 79000 Niort", insurance_cover="France")


def books(delivery=DEPOT, configuration=None, **profile):
    return Books(Profile(kind="business", card=CARD, delivery=delivery, **profile), configuration or Configuration())


@pytest.mark.parametrize("kind", ["invoice", "quote", "proforma", "credit_note"])
def test_a_draft_shows_its_own_place_and_without_one_the_client_s(kind):
    given = content(msgspec.structs.replace(content().lines[0], quantity=-1)) if kind == "credit_note" else content()
    placed = msgspec.structs.replace(given, deliver_to=SITE)
    assert books().draft(kind, placed).deliver_to.name == "Chantier Zola"
    assert books().draft(kind, given).deliver_to.name == "Dépôt"
    assert books(Card()).draft("invoice", given).deliver_to is None


@pytest.mark.parametrize("configuration", [Configuration(), BUILDER], ids=["workshop", "builder"])
def test_a_quote_with_a_place_leaves_as_its_preview_showed_it(configuration):
    placed = content(deliver_to=SITE)
    made = books(configuration=configuration)
    draft, sent = made.draft("quote", placed), made.sent(placed)
    assert msgspec.structs.replace(sent, number="") == draft
    for shown in (text(render(sent)), screen(sent)):
        assert "9, rue Zola" in shown
        assert "quai du Port" not in shown


def test_a_sealed_place_is_opened_for_the_preview_and_says_when_it_was_erased():
    made = books()
    sealed = Card(sealed=made.seal(SITE))
    assert made.draft("invoice", content(deliver_to=sealed)).deliver_to.name == "Chantier Zola"
    made.vault.clear()
    assert made.draft("invoice", content(deliver_to=sealed)).deliver_to.name == "Tiers effacé"
