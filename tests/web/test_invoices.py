import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.content import Content
from domain.lines import Allowance
from ledger.commands import invoices
from tests.documents.reading import text
from tests.web.editing import fields
from tests.web.issuing import form_of
from tests.web.shop import LINE

PAGES = ("", "/modifier", "/emettre", "/corriger", "/abandonner", ".pdf")


def test_the_list_counts_its_tabs_and_sums_its_filter(new_shop, keeper):
    shop = new_shop.fill()
    page = keeper(shop).get("/factures").text.replace("\u00a0", " ")
    tabs = dict(re.findall(r'<a href="[^"]*"[^>]*>([^<]+)<span class="n">(\d+)</span>', page))
    assert tabs == {
        "Toutes": "7",
        "Brouillons": "2",
        "À encaisser": "2",
        "En retard": "2",
        "Payées": "1",
        "Avoirs": "1",
    }
    late = keeper(shop).get("/factures?statut=en-retard").text.replace("\u00a0", " ")
    assert late.count("En retard de") == 2
    assert '<span class="double">4 262,40 €</span>' in late
    assert '<span class="double">3 262,40 €</span>' in late


def test_filters_are_in_the_address(new_shop, keeper):
    shop = new_shop.fill()
    person = keeper(shop)
    for query, found in (
        ("q=vestiaires", ["late"]), ("q=2131,20&statut=payees", ["paid"]), ("statut=avoirs", ["credit_note"]),
        (f"client={shop['hotel']}&statut=en-retard", ["late"]), (f"du={shop.today}&statut=a-encaisser", []),
        ("min=5000", []), ("du=pas+une+date&q=vestiaires", ["late"]), ("statut=inconnu&q=vestiaires", ["late"]),
        ("max=1000&statut=brouillons", ["deposit"]), ("tri=number&statut=en-retard", ["late", "partly_paid"]),
    ):  # fmt: skip
        rows = re.findall(r'<a class="(?:no|muted)" href="/factures/([^"]+)"', person.get(f"/factures?{query}").text)
        assert rows == [str(shop[name]) for name in found], query


def test_the_export_holds_what_the_filter_finds(new_shop, keeper):
    new_shop.fill()
    answer = keeper(new_shop).get("/factures.csv?q=vestiaires")
    assert answer.mimetype == "text/csv"
    header, row = answer.text.strip("\ufeff\r\n").split("\r\n")
    assert header.startswith("Numéro;Document;Client")
    assert row.split(";")[1:4] == ["Facture", "Hôtel du Parc", "Réfection des vestiaires"]
    assert row.split(";")[6:9] == ["1776,00", "2131,20", "2131,20"]


def test_an_empty_company_is_told_the_next_action(new_shop, keeper):
    page = keeper(new_shop).get("/factures").text
    assert "Aucune facture pour l’instant." in page
    assert 'href="/factures/nouvelle"' in page


def test_a_page_tells_life_account_and_links(owner, shop):
    page = owner.get(f"/factures/{shop['credited']}").text.replace("\u00a0", " ")
    assert "Vie du document" in page
    assert re.search(r"Facture F\d{4}-\d{4} émise : 2 131,20 €", page)
    assert f"/factures/{shop['credit_note']}" in page
    assert f"/factures/{shop['credited']}" in owner.get(f"/factures/{shop['credit_note']}").text
    assert f"/devis/{shop['quote_accepted']}" in owner.get(f"/factures/{shop['deposit']}").text
    paid = owner.get(f"/factures/{shop['paid']}").text
    assert f"/reglements/{shop['payment']}" in paid
    assert "/encaisser" not in paid
    assert "/encaisser" in owner.get(f"/factures/{shop['late']}").text


def test_an_invoice_is_issued_under_the_number_that_was_shown(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "À émettre")
    page = owner.get(f"/factures/{invoice_id}/emettre").text
    number = re.search(r"Émettre la facture (F\d{4}-\d{4})", page)
    assert number
    form = form_of(page, "/emettre")
    first, again = (owner.http.post(f"/factures/{invoice_id}/emettre", data=form) for _ in range(2))
    assert first.status_code == again.status_code == 303
    shown = owner.get(f"/factures/{invoice_id}").text
    assert f"{number[1]} est émise" in shown
    assert shown.count("Facture&nbsp;émise") == 0
    assert owner.get(f"/factures/{invoice_id}/emettre").status_code == 303
    assert owner.get(f"/factures/{invoice_id}/modifier").status_code == 303


def test_a_date_that_the_series_refuses_is_said_at_its_field(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "Trop tôt")
    form = form_of(owner.get(f"/factures/{invoice_id}/emettre").text, "/emettre")
    early = (shop.today - timedelta(days=40)).isoformat()
    answer = owner.http.post(f"/factures/{invoice_id}/emettre", data=form | {"issued_on": early})
    assert answer.status_code == 409
    assert f'value="{early}"' in answer.text
    assert 'href="#issued_on"' in answer.text


def test_a_draft_that_lacks_something_cannot_be_issued_and_says_where(owner, shop):
    client_id = shop.client("Sans SIREN")
    invoice_id = shop.invoice(client_id, "Incomplète")
    page = owner.get(f"/factures/{invoice_id}/emettre").text
    assert re.search(r'<button class="btn btn-go" disabled>', page)
    assert f"/clients/{client_id}/modifier?retour=/factures/{invoice_id}/emettre#siren" in page
    assert owner.http.post(f"/factures/{invoice_id}/emettre", data=form_of(page, "/emettre")).status_code == 409


def test_a_draft_changed_meanwhile_is_not_issued_unread(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "Avant")
    form = form_of(owner.get(f"/factures/{invoice_id}/emettre").text, "/emettre")
    content = Content(client_id=shop["hotel"], subject="Après", lines=(LINE,))
    shop.do(invoices.revise_invoice, invoice_id=invoice_id, content=content, base_version=1)
    answer = owner.http.post(f"/factures/{invoice_id}/emettre", data=form)
    assert answer.status_code == 409
    assert "Après" in answer.text


@pytest.mark.parametrize("mode", ["net", "gross"])
def test_an_invoice_is_corrected_by_a_credit_note_of_its_amount(owner, shop, mode):
    lines = (
        replace(LINE, quantity=Decimal(3), unit_price=Decimal("9.99"), allowances=(Allowance(bp=333),)),
        replace(LINE, id="2", vat_bp=550, unit_price=Decimal("0.7")),
    )
    content = Content(client_id=shop["hotel"], lines=lines, price_mode=mode, allowances=(Allowance(label="F", bp=700),))
    invoice_id = uuid4()
    shop.do(invoices.draft_invoice, invoice_id=invoice_id, kind="invoice", content=content)
    shop.issue(invoice_id, shop.today)
    form = form_of(owner.get(f"/factures/{invoice_id}/corriger").text, "/corriger")
    issuing = owner.http.post(f"/factures/{invoice_id}/corriger", data=form).location
    editing = issuing.replace("/emettre", "/modifier")
    typed = fields(owner.get(editing).text)
    credit_note = owner.http.post(editing, data=typed | {"subject": "Relu"}).location
    form = form_of(owner.get(f"{credit_note}/emettre").text, "/emettre")
    assert owner.http.post(f"{credit_note}/emettre", data=form | {"reason": "return"}).status_code == 303
    assert "Corrigée" in owner.get(f"/factures/{invoice_id}").text
    assert "rien à corriger" in owner.get(f"/factures/{invoice_id}/corriger").text


def test_a_credit_note_that_takes_too_much_is_told_in_the_editor(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "Une", issued_on=shop.today)
    credit_note_id = uuid4()
    shop.do(invoices.draft_credit_note, credit_note_id=credit_note_id, invoice_id=invoice_id)
    typed = fields(owner.get(f"/factures/{credit_note_id}/modifier").text)
    more = typed | {"lines.1.quantity": "-100"}
    answer = owner.http.post("/saisie/credit_note/totaux", data=more, headers={"HX-Request": "true"})
    assert "sur cette facture" in answer.text
    assert "sur cette facture" not in owner.get(f"/factures/{credit_note_id}/modifier").text


def test_any_document_is_copied_into_a_new_draft(owner, shop):
    for name in ("late", "draft", "credit_note", "deposit"):
        form = form_of(owner.get(f"/factures/{shop[name]}").text, "/dupliquer")
        copy = owner.http.post(f"/factures/{shop[name]}/dupliquer", data=form).location
        typed = fields(owner.get(copy).text)
        assert Decimal(typed["lines.1.quantity"].replace(",", ".")) > 0
        assert typed["order"] == ""
        assert "quote_id" not in typed


def test_only_a_draft_is_given_up(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "À abandonner")
    form = form_of(owner.get(f"/factures/{invoice_id}/abandonner").text, "/abandonner")
    assert owner.http.post(f"/factures/{invoice_id}/abandonner", data=form).location == "/factures"
    assert "Brouillon abandonné" in owner.get(f"/factures/{invoice_id}").text
    explained = owner.get(f"/factures/{shop['late']}/abandonner").text
    assert "ne s’abandonne pas" in explained
    assert f"/factures/{shop['late']}/corriger" in explained
    refused = owner.post(f"/factures/{shop['late']}/abandonner", command_id=str(uuid4()))
    assert refused.status_code == 409


def test_a_draft_is_printed_with_its_stamp_and_an_issued_one_with_its_number(owner, shop, render):
    render(shop, shop["late"])
    draft, issued = (owner.get(f"/factures/{shop[name]}.pdf") for name in ("draft", "late"))
    assert draft.mimetype == issued.mimetype == "application/pdf"
    assert "BROUILLON" in text(draft.data)
    assert "BROUILLON" not in text(issued.data)
    assert "Facture F" in issued.headers["Content-Disposition"]


def test_documents_of_another_company_are_not_there(new_shop, keeper, shop):
    other = keeper(new_shop)
    for path in (f"/factures/{shop['draft']}{end}" for end in PAGES):
        assert other.get(path).status_code == 404, path
    for end in ("/modifier", "/emettre", "/corriger", "/dupliquer", "/abandonner"):
        answer = other.post(
            f"/factures/{shop['draft']}{end}", command_id=str(uuid4()), issued_on=shop.today.isoformat(),
            client_id=str(shop["hotel"]), base_version="1",
        )  # fmt: skip
        assert answer.status_code == 404, end


def test_reading_writes_nothing(owner, shop, connect):
    count = "SELECT pos FROM ledger.head"
    before = connect("probant_web", shop.id).execute(count).fetchone()
    for path in (f"/factures/{shop['draft']}{end}" for end in PAGES):
        owner.get(path)
    assert connect("probant_web", shop.id).execute(count).fetchone() == before


def test_each_age_of_the_dashboard_leads_to_the_invoices_of_that_age(new_shop, keeper):
    shop = new_shop.fill()
    person = keeper(shop)
    dashboard = person.get("/").text
    for age, found in (("non-echues", set()), ("1-30", {"late", "partly_paid"}), ("90", set())):
        path = f"/factures?statut=a-encaisser&age={age}"
        assert path.replace("&", "&amp;") in dashboard
        rows = re.findall(r'<a class="(?:no|muted)" href="/factures/([^"]+)"', person.get(path).text)
        assert set(rows) == {str(shop[name]) for name in found}, age
    assert person.get("/factures?age=jamais").status_code == 200
