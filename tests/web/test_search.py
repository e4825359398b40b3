"""The search of the top bar."""

import pytest


@pytest.mark.parametrize(
    ("q", "groups"),
    [
        ("hotel du parc", ["Clients", "Factures et avoirs", "Devis"]),
        ("2131,20", ["Factures et avoirs", "Devis", "Règlements"]),
        ("coupe-feu", ["Catalogue"]),
        ("nulle part", []),
        ("", []),
    ],
)
def test_what_is_found_stands_by_kind(owner, q, groups):
    page = owner.get(f"/recherche?q={q}").text
    assert [group for group in ("Clients", "Factures et avoirs", "Devis", "Règlements", "Catalogue")
            if f">{group}</h2>" in page] == groups  # fmt: skip
    assert ("Rien ne répond" in page) is (q == "nulle part")


def test_the_number_of_an_invoice_leads_straight_to_it(shop, owner):
    number = (
        owner.get(f"/factures/{shop['late']}/encaisser")
        .text.split('<h1>Encaisser <span class="num-plain">')[1]
        .split("<")[0]
    )
    answer = owner.get(f"/recherche?q={number.lower()}")
    assert (answer.status_code, answer.location) == (303, f"/factures/{shop['late']}")


def test_every_hit_opens(owner):
    page = owner.get("/recherche?q=parc").text
    links = [part.split('"')[0] for part in page.split('<a class="no" href="')[1:]]
    assert links
    assert {owner.get(link).status_code for link in links} == {200}
