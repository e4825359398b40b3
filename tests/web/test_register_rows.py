"""Rows of the register say what they speak of, by its number or name, and lead to it: one query for a whole page."""

from pathlib import Path
from uuid import UUID

import pytest
from lxml import html

from ledger.commands.removal import remove_product
from projections import register
from projections.facts import Facts
from projections.subjects import Subject
from projections.tx import Tx
from tests.today import today
from web.timeline import moments

TYPES = (Path(__file__).parents[1] / "golden" / "types.txt").read_text(encoding="utf-8").splitlines()[1:]
STREAM = UUID(int=1)
FACTS = Facts(
    number="F2026-0042", kind="invoice", series="F2026", role="owner", what="clients", software="probant 1", to_pos=9,
    subject_id=UUID(int=9), through=today(), from_=today(), to=today(), period="day", language="fr", copy=1,
)  # fmt: skip
OWN = {"recurring": "", "payment": "", "refund": "", "allocation": "", "client": "Hôtel du Parc", "product": "Tasseau"}
NAMES = ("F2026-0042", "Hôtel du Parc", "Tasseau", "Camille")
ITSELF = (  # what they speak of is the register, its company, its accounts or its program: there is one of each
    "ledger.", "signer.", "seal.", "clock.", "company.", "books.configured", "chain.", "certificate.", "archive.",
    "parameter.re", "security.program_", "security.signed_", "security.password", "security.email", "security.second",
    "security.recovery", "security.passkey", "security.sessions", "security.invitation_withdrawn",
    "security.files_erased",
)  # fmt: skip
DATED = (
    "series.", "fiscal_year.", "books.closed", "period.", "parameter.letter", "security.list", "security.member",
)  # fmt: skip


def about(type_: str) -> tuple[Subject, ...]:
    """What an entry of that type concerns: its own stream, an invoice and the client."""
    family = type_.partition(".")[0]
    invoice = Subject(UUID(int=2), "invoice", "invoice", "F2026-0042", "Hôtel du Parc")
    client = Subject(UUID(int=3), "client", "business", "Hôtel du Parc", "Hôtel du Parc")
    if family in ("invoice", "quote"):
        return (Subject(STREAM, family, family, "F2026-0042", "Hôtel du Parc"),)
    if family in OWN:
        return (Subject(STREAM, family, family, OWN[family], "" if family == "product" else "Hôtel du Parc"), invoice)
    return (client,) if type_.endswith(("erased", "erasure_asked", "data_given")) else (invoice, client)


@pytest.fixture
def told(app, monkeypatch):
    """What a page tells of an entry of a type."""
    monkeypatch.setattr("web.people.names", lambda actors: dict.fromkeys(actors, "Camille"))

    def tell(type_: str) -> tuple[str, str]:
        entry = register.Entry(1, None, "", type_, STREAM, 1, "00", about(type_), FACTS)
        with app.test_request_context():
            (moment,) = moments([entry])
        return " ".join([moment.text, moment.client, *(link.label for link in moment.beside)]), moment.place

    return tell


@pytest.mark.parametrize("name", [name for name in TYPES if not name.startswith((*ITSELF, *DATED))])
def test_a_row_names_what_it_speaks_of(told, name):
    text, place = told(name)
    assert [each for each in NAMES if each in text] != [], text
    assert place or name.startswith("security."), text


@pytest.mark.parametrize("name", [name for name in TYPES if name.startswith(DATED)])
def test_a_row_of_something_without_a_name_says_which_it_is(told, name):
    text, _ = told(name)
    assert any(each in text for each in ("2026", "facture", "clients", "titulaire", str(today().year))), text


def row(person, type_, at=0, about=""):
    """(text, links) of the newest row of that type but `at`."""
    page = html.fromstring(person.get(f"/registre/?type={type_}&objet={about}").text)
    (*cells,) = page.xpath('//td[contains(@class, "s-what")]')
    return " ".join(cells[at].text_content().split()), cells[at].xpath(".//a/@href")


def test_a_payment_leads_to_itself_and_to_the_invoices_that_it_settles(new_shop, keeper):
    client, person = new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), keeper(new_shop)
    two = [new_shop.invoice(client, issued_on=new_shop.today) for _ in range(2)]
    payment = new_shop.pay(client, 2_000, *((one, 1_000) for one in two))
    text, links = row(person, "payment.recorded")
    numbers = [row(person, "invoice.issued", at)[0].split()[1] for at in (1, 0)]
    assert text.endswith(f"{numbers[0]} · {numbers[1]} · Hôtel du Parc")
    assert links == [f"/reglements/{payment}", *(f"/factures/{one}" for one in two)]
    mine = html.fromstring(person.get(f"/factures/{two[0]}").text)
    assert mine.xpath('//ol[contains(@class, "life")]//li[last()]//a[not(@class="print")]/@href') == [
        f"/reglements/{payment}", f"/factures/{two[1]}",
    ]  # fmt: skip


def test_a_credit_note_leads_to_what_it_corrects_and_a_draft_to_its_client(shop, owner):
    text, links = row(owner, "invoice.issued", about=shop["credit_note"])
    assert text.startswith("Avoir")
    assert links == [f"/factures/{shop['credit_note']}", f"/factures/{shop['credited']}"]
    assert "Claire Dumas" in row(owner, "invoice.drafted", about=shop["credit_note"])[0]


def test_what_was_removed_keeps_its_name_in_the_register(new_shop, keeper):
    gone = new_shop.product("Tasseau de frêne", "12")
    new_shop.do(remove_product, product_id=gone)
    assert row(keeper(new_shop), "product.removed")[0] == "Article « Tasseau de frêne » supprimé"


def test_a_page_of_rows_asks_once_what_they_are_about(shop, app, monkeypatch):
    asked: list[str] = []
    rows = Tx.rows
    monkeypatch.setattr(Tx, "rows", lambda tx, kind, sql, /, **facts: asked.append(sql) or rows(tx, kind, sql, **facts))
    with app.extensions["engine"].read(shop.id) as tx:
        asked.clear()
        assert len(register.page(tx, register.Filter(), limit=60)) > 20
    assert len(asked) == 2


def test_vat_that_fell_due_names_the_payment_its_invoices_and_its_client(new_shop, keeper):
    client, person = new_shop.client("Hôtel du Parc", card={"siren": "552100554"}), keeper(new_shop)
    invoice = new_shop.invoice(client, issued_on=new_shop.today)
    new_shop.pay(client, 1_000, (invoice, 1_000))
    page = html.fromstring(person.get("/tva").text)
    (cell,) = page.xpath('//section[@aria-labelledby="t-ecritures"]//td[@class="c-client"]')
    number = cell.xpath(".//a")[1].text
    assert " ".join(cell.text_content().split()) == f"Règlement {number} · Hôtel du Parc"
    assert cell.xpath(".//a/@href")[1] == f"/factures/{invoice}"
    head, line, *_ = person.get("/tva.csv").text.splitlines()
    assert "Documents;Client" in head
    assert f";{number};Hôtel du Parc;" in line
