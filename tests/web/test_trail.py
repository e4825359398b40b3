"""The audit trail of a business, and its documentation."""

import re
from uuid import uuid4

import pytest

from domain.content import Content
from domain.payment import Source
from ledger.commands import corrections, invoices, payments, quote_invoicing, quotes
from tests.documents.reading import text
from tests.web.shop import LINE


@pytest.fixture
def business(new_shop):
    """From a quote to a refund: its pieces by name. 2 131.20 in all, 639.36 of it as a deposit."""
    shop = new_shop
    client = shop.client("Hôtel du Parc", card={"siren": "552100554"})
    made = {name: uuid4() for name in ("deposit", "final", "note", "again", "refund")}
    made["quote"] = shop.quote(client, "Chambres", LINE, sent_on=shop.today)
    shop.do(quotes.accept_quote, quote_id=made["quote"], accepted_on=shop.today, order="BC-1")
    shop.do(
        quote_invoicing.invoice_deposit, quote_id=made["quote"], invoice_id=made["deposit"], share_bp=3000,
        label="Acompte",
    )  # fmt: skip
    shop.issue(made["deposit"], shop.today)
    made["paid"] = shop.pay(client, 63_936, (made["deposit"], 63_936))
    shop.do(quote_invoicing.invoice_quote, quote_id=made["quote"], invoice_id=made["final"], deduction_label="{number}")
    shop.issue(made["final"], shop.today)
    made["balance"] = shop.pay(client, 149_184, (made["final"], 149_184))
    shop.do(
        corrections.correct_invoice, invoice_id=made["final"], credit_note_id=made["note"], replacing_id=made["again"]
    )
    shop.issue(made["note"], shop.today)
    shop.do(
        payments.record_refund, refund_id=made["refund"], client_id=client, method="transfer", paid_on=shop.today,
        sources=(Source(kind="credit_note", id=made["note"], amount_cents=50_000),),
    )  # fmt: skip
    return made


def test_the_trail_is_the_same_from_every_piece_and_names_all_others(new_shop, keeper, business):
    person = keeper(new_shop)
    folders = {"quote": "devis"} | dict.fromkeys(("paid", "balance", "refund"), "reglements")
    hrefs = {name: f"/{folders.get(name, 'factures')}/{one}" for name, one in business.items()}
    for name in ("quote", "deposit", "final", "note", "again"):
        page = person.get(f"{hrefs[name]}/piste").text
        titles = re.findall(r'<h2 id="t-\d+"><a href="([^"]+)">', page)
        assert set(titles) == set(hrefs.values())
        assert len(titles) == len(business)
        assert titles[0] == hrefs["quote"]
        assert page.count("cette pièce") == 1
        assert f"{hrefs[name]}/piste" in person.get(hrefs[name]).text


def test_each_relation_is_said_at_both_of_its_ends(new_shop, keeper, business):
    page = keeper(new_shop).get(f"/factures/{business['final']}/piste").text
    sections = {
        re.search(r'<h2 id="t-\d+"><a href="[^"]*/([0-9a-f-]{36})">', part)[1]: part
        for part in page.split('<section class="sheet')[1:]
        if 'id="t-' in part and "/piste" not in part[:200]
    }
    for one, role, other, back in (
        ("deposit", "tirée du", "quote", "a donné"), ("final", "déduit", "deposit", "déduite par"),
        ("note", "corrige", "final", "corrigée par"), ("again", "remplace", "final", "remplacée par"),
        ("paid", "règle", "deposit", "réglée par"), ("refund", "tiré de", "note", "a servi à"),
    ):  # fmt: skip
        mine, theirs = sections[str(business[one])], sections[str(business[other])]
        assert re.search(rf">{role}</span> <a href=\"[^\"]*{business[other]}\"", mine), (one, role)
        assert re.search(rf">{back}</span> <a href=\"[^\"]*{business[one]}\"", theirs), (other, back)


def test_each_step_shows_its_entries_with_position_and_fingerprint(new_shop, keeper, business, connect):
    page = keeper(new_shop).get(f"/factures/{business['final']}/piste").text
    rows = connect("probant_web", new_shop.id).execute(
        "SELECT pos, encode(hash, 'hex') FROM ledger.entry WHERE stream_id = ANY (%s)", [list(business.values())]
    ).fetchall()  # fmt: skip
    assert len(rows) == 15
    for pos, digest in rows:
        assert f"/registre/{pos}" in page
        assert digest[:4] in page


def test_another_business_of_the_client_stays_out_though_one_payment_settles_both(new_shop, keeper):
    shop, person = new_shop, keeper(new_shop)
    client = shop.client("Hôtel du Parc", card={"siren": "552100554"})
    one, two = (shop.invoice(client, issued_on=shop.today) for _ in range(2))
    shop.pay(client, 426_240, (one, 213_120), (two, 213_120))
    copy, content = uuid4(), Content(client_id=client, lines=(LINE,))
    shop.do(invoices.draft_invoice, invoice_id=copy, kind="invoice", content=content, copied_from=one)
    titles = re.findall(r'<h2 id="t-\d+"><a href="([^"]+)">', person.get(f"/factures/{one}/piste").text)
    assert len(titles) == 2
    assert f"/factures/{two}" not in titles
    assert f"/factures/{copy}" not in titles


def test_the_trail_of_another_company_is_not_there(new_shop, keeper, shop):
    other = keeper(new_shop)
    assert other.get(f"/factures/{shop['late']}/piste").status_code == 404
    assert other.get(f"/devis/{shop['quote_sent']}/piste").status_code == 404


def test_the_documentation_says_what_is_so_today(new_shop, keeper, business):
    person = keeper(new_shop)
    answer = person.get("/registre/piste-audit.pdf")
    assert answer.mimetype == "application/pdf"
    printed = re.sub(r"\s+", " ", text(answer.data))
    year = new_shop.today.year
    for said in (
        "Atelier Mercier", "289, VII, 1°", person.name, "titulaire", f"F{year}-####", "probant ", "10 ans",
        "invoice.issued", "Aucune archive", "encaissements pour les services",
    ):  # fmt: skip
        assert said in printed, said
    assert "/registre/piste-audit.pdf" in person.get("/reglages").text
