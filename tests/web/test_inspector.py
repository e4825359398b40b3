"""Who may only read is offered nothing else, on the screens of clients, catalogue, quotes and invoices."""

import pytest
from lxml import html

LOOKS_ONLY = ("PDF", "Aperçu PDF", "Télécharger l’original", "Exporter en CSV", "Revenir au catalogue")


@pytest.mark.parametrize("family", ["clients", "catalogue", "devis", "factures"])
def test_an_inspector_is_shown_no_button_that_would_be_refused(person, owner, shop, family):
    inspector = person((shop.id, "inspector"))
    inspector.sign_in()
    pages = {
        "clients": ["/clients", f"/clients/{shop['hotel']}"],
        "catalogue": ["/catalogue", f"/catalogue/{shop['oak']}"],
        "devis": ["/devis", *(f"/devis/{shop[name]}" for name in ("quote_draft", "quote_sent", "quote_accepted"))],
        "factures": ["/factures", *(f"/factures/{shop[name]}" for name in ("draft", "late", "credit_note"))],
    }[family]
    for path in pages:
        assert deeds(owner.get(path).text), path
        assert deeds(inspector.get(path).text) == [], path


def deeds(page: str) -> list[str]:
    """The buttons of a page that lead to a change, by their words."""
    main = html.fromstring(page).find(".//main")
    forms = main.xpath(".//form[@method='post']//button[not(@aria-hidden)]")
    links = main.xpath(".//a[contains(@class, 'btn')][not(ancestor::nav)]")
    told = [element.text_content().strip() for element in (*forms, *links)]
    return [words for words in told if words not in LOOKS_ONLY]
