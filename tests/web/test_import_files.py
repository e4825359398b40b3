"""What is read of a file of others: its signs, its columns, its cells."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from domain import vat
from domain.terms import PaymentTerms
from web import choices, forms
from web.imports import reading
from web.imports.clients import client_of
from web.imports.columns import guessed
from web.imports.products import article_of

EXEMPT = next(known for known in vat.EXEMPTIONS if known.code == "VATEX-FR-CGI261-4")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_file_is_read_whatever_program_wrote_it(encoding, delimiter):
    text = f'Nom{delimiter}Ville\r\n"Café {delimiter} Cœur"{delimiter}Besançon\r\n\r\n{delimiter}\r\nSeul\r\n'
    sheet = reading.sheet(text.encode(encoding))
    assert sheet.heads == ["Nom", "Ville"]
    assert sheet.rows == [[f"Café {delimiter} Cœur", "Besançon"], ["Seul", ""]]


def test_a_hint_of_excel_and_bytes_without_meaning_do_no_harm():
    assert reading.sheet(b"sep=,\r\nNom,Ville\r\nA,B\r\n").rows == [["A", "B"]]
    assert reading.sheet(b"Nom\r\n\x81\x00\xff\r\n").heads == ["Nom"]
    with pytest.raises(forms.Unreadable, match="10\u00a0Mo"):
        reading.sheet(b"A" * 10_000_001)
    with pytest.raises(forms.Unreadable):
        reading.sheet(b'Nom\r\n"' + b"x" * 200_000)


def test_an_apostrophe_that_defused_a_formula_is_no_part_of_the_text():
    assert reading.sheet(b"Nom\n'=A1\n'+33 2\n'Aubier\n").rows == [["=A1"], ["+33 2"], ["'Aubier"]]


def test_columns_are_known_by_what_people_call_them():
    heads = [
        "Société",
        "T.V.A. intracommunautaire",
        "Adresse e-mail",
        "Code Postal",
        "SIRET",
        "Chiffre d’affaires",
        "Nom",
    ]
    assert guessed("clients", heads) == ["name", "vat_number", "email", "postcode", "siret", "", ""]
    assert guessed("products", ["Libellé", "PU HT", "Taux de TVA", "Réf."]) == [
        "label",
        "unit_price_net",
        "vat",
        "reference",
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"kind": "Particulier", "siren": ""}, ("person", "FR", None, "fr")),
        ({"kind": "ASSOCIATION", "country": "fr", "terms": "30"}, ("association", "FR", PaymentTerms(days=30), "fr")),
        ({"country": "Allemagne", "language": "anglais"}, ("business", "DE", None, "en")),
        (
            {"terms": "45 jours fin de mois", "country": "BE"},
            ("business", "BE", PaymentTerms(days=45, end_of_month=True), "fr"),
        ),
    ],
)
def test_a_clients_cells_are_read_by_their_words(cells, expected):
    profile = client_of({"name": "X"} | cells, uuid4())
    assert (profile.kind, profile.country, profile.terms, profile.language) == expected


def test_a_clients_ticks_contact_and_delivery_are_read():
    cells = {"name": "X", "sole_trader": "oui", "reminders": "NON", "prospect": "x", "contact_email": "lea@exemple.fr",
             "delivery_city": "Cesson"}  # fmt: skip
    profile = client_of(cells, uuid4())
    assert (profile.natural_person, profile.reminders, profile.prospect, profile.taxable) == (True, False, True, True)
    assert [contact.card.email for contact in profile.contacts] == ["lea@exemple.fr"]
    assert profile.delivery.address.city == "Cesson"


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "Robot"), ("country", "Nulle part"), ("terms", "bientôt"), ("reminders", "peut-être"), ("siret", "12")],
)
def test_a_cell_that_means_nothing_is_told_at_its_column(field, value):
    with pytest.raises(forms.Invalid) as refused:
        client_of({"name": "X", field: value}, uuid4())
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"unit_price_gross": "12,00 €"}, ("gross", Decimal(12), "S", 2000)),
        ({"unit_price": "12", "price_mode": "ttc"}, ("gross", Decimal(12), "S", 2000)),
        ({"unit_price": "1.234,50"}, ("net", Decimal("1234.50"), "S", 2000)),
        ({"vat_reason": EXEMPT.text, "vat": "Exonéré"}, ("net", Decimal(0), EXEMPT.category, 0)),
    ],
)
def test_an_articles_cells_are_read_by_their_words(cells, expected):
    article = article_of({"label": "X"} | cells, choices.vat_choices("FR", date(2026, 11, 24)), "net")
    assert (article.price_mode, article.unit_price, article.vat_category, article.vat_bp) == expected


def test_an_article_is_not_sold_for_less_than_nothing():
    with pytest.raises(forms.Invalid):
        article_of({"label": "X", "unit_price": "-1"}, choices.vat_choices("FR", date(2026, 11, 24)), "net")
