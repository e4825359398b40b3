"""What the XML says of each kind of invoice, in the terms of EN 16931."""

from decimal import Decimal

import pytest

from documents.facturx.prices import priced
from domain.lines import Allowance, Line
from tests.documents.facturx.cases import CASES, NO_MAIL, Books, content, line
from tests.documents.facturx.reading import Read


def read(name: str) -> Read:
    books, invoice = CASES[name]()
    return Read(books.xml(invoice))


@pytest.mark.parametrize(
    ("name", "code", "process"),
    [
        ("invoice", "380", "S1"),
        ("invoice of goods and services", "380", "M1"),
        ("deposit", "386", "S1"),
        ("deposit on goods", "386", "B1"),
        ("final invoice less its deposit", "380", "S4"),
        ("already paid", "380", "S2"),
        ("credit note", "381", "M1"),
        ("credit note of a deposit", "503", "S1"),
        ("progress with a guarantee", "380", "S1"),
        ("debit note", "380", "S1"),  # 383 is refused in France (BR-FR-04)
    ],
)
def test_each_kind_has_its_type_and_its_process(name, code, process):
    xml = read(name)
    assert (xml.one("BT-3"), xml.one("BT-23")) == (code, process)


@pytest.mark.parametrize("name", CASES)
def test_the_totals_are_those_of_the_event(name):
    books, invoice = CASES[name]()
    xml, issued = Read(books.xml(invoice)), invoice.issued
    sign = -1 if issued.kind == "credit_note" else 1
    assert [xml.cents(term) * sign for term in ("BT-109", "BT-110", "BT-112", "BT-113", "BT-115")] == [
        issued.net_cents, issued.vat_cents, issued.gross_cents, issued.prepaid_cents, issued.payable_cents,
    ]  # fmt: skip
    assert xml.cents("BT-131") == xml.cents("BT-106")
    assert (xml.cents("BT-116"), xml.cents("BT-117")) == (xml.cents("BT-109"), xml.cents("BT-110"))
    assert (xml.cents("BT-92"), xml.cents("BT-99")) == (xml.cents("BT-107"), xml.cents("BT-108"))


def test_a_credit_note_says_positive_what_the_ledger_holds_negative():
    xml = read("credit note with its reason")
    assert xml.cents("BT-112") > 0
    assert all(Decimal(text) > 0 for term in ("BT-129", "BT-131", "BT-136", "BT-92") for text in xml.all(term))
    assert (xml.one("BT-25"), xml.one("BT-26")) == ("F2026-0001", "20261124")
    assert xml.notes()["ACD"] == "Prix faux"
    assert xml.all("BT-84") == []


def test_a_final_invoice_takes_its_deposit_off_by_a_negative_line_and_names_it():
    xml = read("final invoice less its deposit")
    assert xml.all("BT-129") == ["1", "-1"]
    assert xml.all("BT-131") == ["100.00", "-30.00"]
    assert xml.all("BT-127") == ["Facture d’acompte D2026-0001 du 24/11/2026."]
    assert (xml.one("BT-25"), xml.one("BT-26")) == ("D2026-0001", "20261124")


def test_what_was_paid_before_is_prepaid_and_due_on_the_day_of_the_payment():
    xml = read("already paid")
    assert (xml.one("BT-113"), xml.one("BT-115"), xml.one("BT-9")) == ("120.00", "0.00", "20261120")
    xml = read("partly paid")
    assert (xml.one("BT-113"), xml.one("BT-115"), xml.one("BT-9")) == ("119.00", "1.00", "20261224")


def test_a_guarantee_is_told_in_the_terms_and_the_first_date_is_the_due_date():
    xml = read("progress with a guarantee")
    assert xml.one("BT-9") == "20261224"
    assert xml.one("BT-20").replace("\u00a0", " ") == (
        "2 850,00 € au 24/12/2026 ; 150,00 € au 24/11/2027 (retenue de garantie)"
    )
    assert (
        xml.one("BT-127").replace("\u00a0", " ")
        == "Avancement : 45 % de 10 000,00 € HT, dont 2 000,00 € déjà facturés."
    )


def test_the_mentions_stand_under_their_codes_once():
    xml = read("invoice of goods and services")
    codes = [code for code in xml.all("BT-21") if code != "REG"]
    assert codes == ["PMT", "PMD", "AAB", "BAR", "AAI", "SUR"]
    assert xml.notes()["AAB"] == "Escompte pour paiement anticipé : néant."
    assert xml.notes()["SUR"] == "Merci.\nÀ bientôt."


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("invoice", "B2B"),
        ("public body", "B2B"),
        ("service in the Union", "B2BINT"),
        ("export", "B2BINT"),
        ("person", "B2C"),
        ("person abroad", "B2CINT"),
        ("association", "OUTOFSCOPE"),
    ],
)
def test_the_scope_of_the_sale_is_a_note(name, scope):
    assert read(name).notes()["BAR"] == scope


def test_a_person_is_told_that_traders_terms_do_not_count():
    notes = read("person").notes()
    assert notes["PMT"] == notes["PMD"] == "Sans objet : l’acheteur n’est pas un professionnel."


@pytest.mark.parametrize(
    ("name", "address", "scheme"),
    [
        ("invoice", "552100554", "0225"),
        ("sole trader", "552100554", "0225"),
        ("service in the Union", "PL5261040828", "9945"),
        ("export", "books@rue.example", "EM"),
        ("person", "anne@legall.example", "EM"),
        ("person without e-mail", "sans-adresse@acheteur.invalid", "EM"),
    ],
)
def test_the_electronic_address_is_the_best_that_the_buyer_has(name, address, scheme):
    (element,) = read(name).elements("BT-49")
    assert (element.text, element.get("schemeID")) == (address, scheme)


def test_sealed_parties_and_texts_stand_in_clear():
    books = Books(NO_MAIL)
    invoice = books.issue("invoice", content(line(label="Album")))
    assert Read(books.xml(invoice)).one("BT-44") == "Anne Le Gall"
    assert Read(books.xml(invoice)).one("BT-153") == "Album"
    assert read("sole trader").one("BT-47") == "552100554"


def test_reasons_without_vat_have_their_code_and_words():
    xml = read("service in the Union")
    assert (xml.one("BT-118"), xml.one("BT-121")) == ("AE", "VATEX-EU-AE")
    assert xml.one("BT-120") == "Autoliquidation, art. 283-2 du CGI"


def test_two_reasons_of_one_category_are_both_written_without_a_code():
    xml = read("two reasons of exemption")
    assert xml.one("BT-120") == "Exonération de TVA, art. 261, 4 du CGI ; Débours, art. 267, II, 2° du CGI"
    assert xml.all("BT-121") == []


def test_one_rate_of_two_territories_is_one_group():
    xml = read("two territories")
    assert list(zip(xml.all("BT-119"), xml.all("BT-116"), strict=True)) == [("20", "200.00"), ("8.5", "100.00")]


def test_outside_vat_nobody_has_a_vat_number_and_nothing_a_rate():
    xml = read("debit note")
    assert (xml.all("BT-31"), xml.all("BT-48"), xml.all("BT-119")) == ([], [], [])


def test_a_seller_without_vat_number_is_known_by_its_siren():
    xml = read("franchise without VAT number, sole trader")
    assert (xml.all("BT-31"), xml.one("BT-32"), xml.one("BT-33")) == ([], "732829320", "EI, 732829320 RNE")
    assert read("invoice").one("BT-33").replace("\u00a0", " ") == "SARL au capital de 8 000 €, 732829320 RCS Rennes"


def test_the_option_for_debits_is_a_code():
    assert read("option for débits").all("BT-8") == ["5"]
    assert read("invoice").all("BT-8") == []


def test_goods_go_to_the_buyer_unless_the_event_says_elsewhere():
    assert read("invoice").one("BT-70") == "Hôtel du Parc"
    assert read("delivered elsewhere").one("BT-70") == "Dépôt"


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("invoice", []),
        ("invoice of goods and services", ["20261120"]),
        ("delivery in the Union", ["20261120"]),
        ("delivery in the Union today", ["20261124"]),
        ("delivery in the Union over a month", []),
    ],
)
def test_the_day_of_delivery_is_said_when_it_is_known_or_must_be(name, days):
    assert read(name).all("BT-72") == days


def test_the_label_names_the_item_and_its_other_lines_describe_it():
    xml = read("invoice of goods and services")
    assert (xml.all("BT-153"), xml.all("BT-154")) == (["Reliure", "Toile", "Port"], ["Lin, 140 cm"])


def net(quantity: str, price: str, net_cents: int, mode: str = "gross", **more: object):
    given = line(price=price, quantity=Decimal(quantity), **more)
    return priced(Line(**{name: getattr(given, name) for name in given.__struct_fields__}, net_cents=net_cents), mode)


def test_the_net_price_is_that_of_one_unit_where_it_gives_the_amount():
    assert net("3", "9.99", 2498)[:2] == (Decimal("8.325"), 1)
    assert net("2.5", "0.333", 83, "net")[:2] == (Decimal("0.333"), 1)


def test_else_it_is_the_price_of_the_whole_quantity():
    assert net("3", "9.99", 2497)[:2] == (Decimal("24.97"), 3)
    assert net("-3", "9.99", -2497)[:2] == (Decimal("24.97"), 3)
    assert net("100000", "0.1234567", 1_234_567, "net")[:2] == (Decimal("12345.67"), 100_000)


def test_discounts_of_a_line_in_prices_with_vat_are_net_too():
    price = net("1", "100", 7292, allowances=(Allowance(amount_cents=1000), Allowance(amount_cents=250)))
    assert (price.allowances_cents, price.before_cents) == ((833, 208), 8333)


def test_a_control_character_is_refused():
    books = Books()
    with pytest.raises(ValueError, match="control characters"):
        books.xml(books.issue("invoice", content(line(label="a\x07b"))))


def test_markup_in_a_text_stays_text():
    assert read("export").one("BT-44") == "Rue & Co <Books>"
