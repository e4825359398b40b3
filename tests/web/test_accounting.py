"""« Journal », « Grand livre », « Balance »: figures that agree with each other, links that lead on, files as shown."""

import csv
import io
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from lxml import html

from ledger.commands.companies import keep_books
from tests.today import today
from tests.web.shop import open_shop

SCREENS = (
    "/comptabilite/journal", "/comptabilite/grand-livre", "/comptabilite/balance", "/comptabilite/balance/clients",
)  # fmt: skip
DAYS = urlencode({"du": today() - timedelta(days=60), "au": today()})  # also in January, when a year has begun since


@pytest.fixture(scope="module")
def traded(settings, web_pool, job_pool, read_tables):
    """A live company: four invoices of 2 131,20 €, one of them credited, and two payments."""
    return open_shop(web_pool, job_pool, settings.secret("commands")).fill()


@pytest.fixture
def accountant(traded, person):
    who = person((traded.id, "accountant"))
    who.sign_in()
    return who


def rows(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return [*csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";")]


def cents(text: str) -> int:
    return int(text.replace(",", "")) if text else 0


def summed(found: list[dict[str, str]], column: str) -> int:
    return sum(cents(row[column]) for row in found)


def links(page: str, start: str) -> list[str]:
    return [href for href in html.fromstring(page).xpath("//main//a/@href") if href.startswith(start)]


def text(answer) -> str:
    return html.fromstring(answer.text).find(".//main").text_content().replace("\u00a0", " ")


def test_they_stand_in_the_menu_for_every_role(traded, person):
    for role in ("owner", "collaborator", "reader"):
        who = person((traded.id, role))
        who.sign_in()
        menu = who.get("/").text
        for path in SCREENS[:3]:
            assert f'href="{path}"' in menu
            assert who.get(path).status_code == 200


def test_the_journal_leads_to_the_document_the_account_the_client_and_the_register(accountant, traded):
    page = accountant.get(f"{SCREENS[0]}?{DAYS}").text
    assert f"/factures/{traded['late']}" in links(page, "/factures/")
    assert f"/reglements/{traded['payment']}" in links(page, "/reglements/")
    assert f"/comptabilite/grand-livre?compte=44574&{DAYS}" in links(page, "/comptabilite/grand-livre")
    code = next(row["Code du tiers"] for row in rows(accountant.get(f"{SCREENS[3]}.csv?{DAYS}&q=hotel")))
    assert f"/comptabilite/grand-livre?compte=411&tiers={code}&{DAYS}" in links(page, "/comptabilite/grand-livre")
    for kind in ("/factures/", "/reglements/", "/registre/", "/comptabilite/"):
        for href in dict.fromkeys(links(page, kind)):
            assert accountant.get(href).status_code == 200, href


def test_journal_balance_and_their_files_come_to_the_same(accountant):
    journal, balance = (
        rows(accountant.get(f"{SCREENS[0]}.csv?{DAYS}")),
        rows(accountant.get(f"{SCREENS[2]}.csv?{DAYS}")),
    )
    assert summed(journal, "Débit") == summed(journal, "Crédit") == summed(balance, "Débit") > 4 * 213_120
    assert summed(balance, "Solde débiteur") == summed(balance, "Solde créditeur") > 0
    assert summed(balance, "Crédit") == summed(balance, "Débit")
    total = f"{summed(journal, 'Débit') / 100:,.2f} €".replace(",", " ").replace(".", ",")
    assert text(accountant.get(f"{SCREENS[0]}?{DAYS}")).count(total) == 2
    assert text(accountant.get(f"{SCREENS[2]}?{DAYS}")).count(total) == 2
    assert all("Débit = crédit" in text(accountant.get(f"{path}?{DAYS}")) for path in (SCREENS[0], SCREENS[2]))


def test_every_account_of_the_balance_opens_its_statement_which_ends_at_its_balance(accountant):
    for row in rows(accountant.get(f"{SCREENS[2]}.csv?{DAYS}")):
        statement = rows(accountant.get(f"{SCREENS[1]}.csv?compte={row['Compte']}&{DAYS}"))
        assert statement[0]["Nature"] == "Solde d’ouverture"
        closing = cents(row["Solde débiteur"]) - cents(row["Solde créditeur"])
        assert cents(statement[-1]["Solde"]) == closing
        assert {line["Intitulé"] for line in statement} == {row["Intitulé"]}


def test_the_clients_of_the_balance_add_up_to_their_account_and_open_their_statement(accountant, traded):
    found = rows(accountant.get(f"{SCREENS[3]}.csv?{DAYS}"))
    account = next(row for row in rows(accountant.get(f"{SCREENS[2]}.csv?{DAYS}")) if row["Compte"] == "411")
    assert summed(found, "Débit") == cents(account["Débit"])
    assert [row["Client"] for row in found] == [
        "Boulangerie Lefèvre", "Claire Dumas", "Hôtel du Parc", "Tischler GmbH",
    ]  # fmt: skip
    hotel = found[2]["Code du tiers"]
    page = accountant.get(f"{SCREENS[1]}?compte=411&tiers={hotel}&{DAYS}")
    assert "Hôtel du Parc" in text(page)
    assert "Tischler" not in html.fromstring(page.text).find(".//main//table").text_content()
    assert [row["Client"] for row in rows(accountant.get(f"{SCREENS[3]}.csv?q=tisch&{DAYS}"))] == ["Tischler GmbH"]
    closing = [row["Client"] for row in rows(accountant.get(f"{SCREENS[3]}.csv?tri=-closing&{DAYS}"))]
    assert closing[:2] == ["Hôtel du Parc", "Tischler GmbH"]


def test_a_filter_leaves_whole_entries_and_says_what_they_come_to(accountant):
    found = rows(accountant.get(f"{SCREENS[0]}.csv?journal=BQ&{DAYS}"))
    assert {row["Journal"] for row in found} == {"BQ"}
    assert summed(found, "Débit") == summed(found, "Crédit")
    entry = found[0]["Écriture"]
    page = text(accountant.get(f"{SCREENS[0]}?q={entry}&{DAYS}"))
    assert "Total 1 écriture" in " ".join(page.split())
    assert "Aucune écriture ne répond à ces filtres." in text(accountant.get(f"{SCREENS[0]}?q=introuvable"))


def test_days_are_those_of_the_address_and_the_fiscal_year_where_it_names_none_or_nonsense(accountant, traded):
    year = date(traded.today.year, 1, 1)
    for days in ({}, {"du": "demain", "au": "32/01/2026"}):
        page = accountant.get(f"{SCREENS[0]}?{urlencode(days)}").text
        assert f'name="du" value="{year}"' in page
        assert f'name="au" value="{traded.today.year}-12-31"' in page
    before = urlencode({"du": "2001-01-01", "au": "2001-12-31"})
    for path in SCREENS:
        assert "du 1er janv. 2001 au 31 déc. 2001" in text(accountant.get(f"{path}?{before}")), path
    for path in SCREENS:
        for days in ("du=9999-12-31", "du=0001-01-01&au=9999-12-31", "au=0001-01-01"):
            assert accountant.get(f"{path}?{days}").status_code == 200, (path, days)


def test_links_keep_the_days_of_the_screen(accountant, traded):
    day = traded.today.isoformat()
    page = accountant.get(f"{SCREENS[2]}?du={day}&au={day}").text
    assert all(f"du={day}&au={day}" in href for href in links(page, SCREENS[1]))


def test_where_the_accountant_keeps_the_books_the_screens_say_that_they_are_not_all(new_shop, keeper):
    owner, told = keeper(new_shop), "Écritures de ventes et d’encaissements seulement"
    assert [path for path in SCREENS if told in owner.get(path).text] == []
    new_shop.do(keep_books, keeping="sales")
    assert [path for path in SCREENS if told not in owner.get(path).text] == []


def test_an_empty_company_is_told_that_entries_come_by_themselves(new_shop, keeper):
    owner = keeper(new_shop)
    for path in SCREENS:
        assert "passe l’écriture : rien n’est à saisir ici." in text(owner.get(path)), path
        assert rows(owner.get(f"{path}.csv"))[1:] == []


def test_htmx_gets_the_list_and_the_link_of_its_file(accountant):
    for path in SCREENS:
        piece = accountant.get(f"{path}?q=hotel", headers={"HX-Request": "true"}).text
        assert "<html" not in piece
        assert 'id="resultat"' in piece
        assert 'id="export" hx-swap-oob="true"' in piece


def test_a_long_account_goes_on_from_page_to_page_with_what_it_carries_over(new_shop, keeper):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    for _ in range(51):
        new_shop.pay(client, 10_00)
    owner = keeper(new_shop)
    first, second = (text(owner.get(f"{SCREENS[1]}?compte=512&page={page}")) for page in (1, 2))
    assert "1 à 50 sur 51" in first
    assert "51 à 51 sur 51" in second
    assert "500,00 €" in second.partition("Report")[2].partition("Règlement")[0]
    assert "510,00 €" in second
