"""Corrections, situations, penalties, audit trail, in a browser."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from ledger.commands import corrections, quote_invoicing, quotes
from tests.browser.conftest import LOOKS, faults
from tests.web.shop import LINE

look = pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: f"{look[0]}-{look[1]}")


@pytest.fixture
def pair(new_shop):
    """A paid invoice corrected in one act, and a quote that is half done: paths by name."""
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    wrong, note, again = (uuid4() for _ in range(3))
    wrong = new_shop.invoice(client, "Réfection des vestiaires", issued_on=new_shop.today)
    new_shop.pay(client, 213_120, (wrong, 213_120))
    new_shop.pay(client, 50_000)
    new_shop.do(corrections.correct_invoice, invoice_id=wrong, credit_note_id=note, replacing_id=again)
    new_shop.issue(note, new_shop.today)
    quote, half = new_shop.quote(client, "Chambres", LINE, sent_on=new_shop.today), uuid4()
    new_shop.do(quotes.accept_quote, quote_id=quote, accepted_on=new_shop.today)
    new_shop.do(
        quote_invoicing.invoice_progress, quote_id=quote, invoice_id=half, done_bp=(("1", 5000),), retention_bp=500,
        deduction_label="{number}",
    )  # fmt: skip
    new_shop.issue(half, new_shop.today)
    new_shop.invoice(client, "Parquet", issued_on=new_shop.days_ago(0))
    return {
        "origine": f"/factures/{wrong}", "avoir": f"/factures/{note}",
        "emettre": f"/factures/{again}/emettre", "piste": f"/factures/{wrong}/piste", "devis": f"/devis/{quote}",
        "situation": f"/devis/{quote}/situation", "affecter": f"/factures/{note}/affecter",
        "age": "/factures?statut=a-encaisser&age=non-echues",
    }  # fmt: skip


@look
def test_the_screens_of_kinds_are_accessible(page, sign_in, new_shop, pair, request):
    sign_in(page, (new_shop.id, "owner"))
    for name, path in pair.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach((folded) => { folded.open = true })")
        if pictures := os.environ.get("PICTURES"):
            page.screenshot(path=Path(pictures) / f"{name}-{request.node.callspec.id}.png", full_page=True)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_wrong_invoice_is_corrected_and_made_again(page, sign_in, new_shop):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    wrong = new_shop.invoice(client, "Vestiaires", issued_on=new_shop.today)
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/factures/{wrong}")
    page.get_by_role("link", name="Corriger").click()
    page.get_by_role("button", name="Préparer la correction").click()
    page.get_by_role("button", name="Émettre l’avoir A").click()
    page.get_by_role("link", name="Continuer par le document qui remplace").click()
    page.get_by_label("Quantité, ligne 1").fill("10")
    page.get_by_role("button", name="Émettre la facture…").click()
    page.get_by_role("button", name="Émettre la facture F").click()
    linked = page.locator("section", has=page.get_by_role("heading", name="Documents liés"))
    expect(linked).to_contain_text("document remplacé")
    linked.get_by_role("link", name="F").first.click()
    expect(page.locator(".head")).to_contain_text("Corrigée")
    page.get_by_role("link", name="Piste d’audit").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(3)
    expect(page.locator("main")).to_contain_text("remplacée par")
