import html
import re
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from domain import vat
from domain.company import Configuration
from domain.content import Content, Refs
from domain.lines import Allowance, Deducts, DraftLine, Period, Progress
from domain.terms import PaymentTerms
from ledger.commands import companies, invoices
from tests.web.editing import fields, line
from tests.web.shop import LINE, open_shop
from web import editor, editor_fields, editor_lines

HTMX = {"HX-Request": "true"}
DAY = date(2026, 11, 3)
NO_VAT = replace(
    LINE, id="7", vat_bp=0, vat_category="O", vat_code="VATEX-EU-O", vat_text="TVA non applicable, art. 259-1 du CGI"
)
CORSICA = replace(LINE, id="x", territory="FR-20R", vat_bp=1300, unit_price=Decimal("0.125"), unit="KWH", label="a\nb")
CONTENTS = {
    "plain": Content(client_id=uuid4(), lines=(LINE,)),
    "no lines": Content(client_id=uuid4()),
    "everything": Content(
        client_id=uuid4(), price_mode="gross", subject="Objet", lines=(LINE, NO_VAT, CORSICA),
        allowances=(Allowance(label="Fidélité", bp=1050), Allowance(amount_cents=1234)),
        charges=(Allowance(label="Emballage", amount_cents=500),), terms=PaymentTerms(days=45, end_of_month=True),
        delivered_on=DAY, period=Period(start_on=DAY, end_on=DAY), note="Une\nnote", retention_bp=500,
        refs=Refs(order="BC-1", buyer_reference="S 2", contract="C", project="P", quote_id=uuid4()),
        contact_ids=(uuid4(), uuid4()), dwelling=True,
    ),
    "kept facts": Content(client_id=uuid4(), lines=(
        replace(LINE, vat_due="debit", account="70699", product_id=uuid4(), period=Period(start_on=DAY, end_on=DAY)),
        DraftLine(id="2", label="Acompte", nature="goods", quantity=Decimal(-1), unit_price=Decimal(30), vat_bp=550,
                  vat_category="S", deducts=Deducts(invoice_id=uuid4(), number="F1", issued_on=DAY)),
        replace(LINE, id="3", progress=Progress(contract_net_cents=100_000, done_bp=3000)),
        replace(LINE, id="4", allowances=(Allowance(label="Salon", bp=500), Allowance(amount_cents=100))),
        replace(LINE, id="5", allowances=(Allowance(label="Salon", bp=500),)),
    )),
    "credit note": Content(
        client_id=uuid4(), price_mode="gross", lines=(replace(LINE, quantity=Decimal("-18.5"), vat_due="cash"),),
        allowances=(Allowance(label="F", bp=1000, amount_cents=-10, gross_cents=-12, rate_bp=2000, category="S"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_content_goes_through_its_form_and_comes_back_the_same(content):
    draft = editor.read(editor_fields.complete(editor_fields.values(content), {"vat": "FR|S|2000||", "unit": "C62"}))
    assert draft.errors == {}
    assert draft.content == content


def test_what_cannot_be_read_is_named_at_its_field_and_the_rest_counts(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "cent") | line(2, "Fourniture", "10", "deux") | {"retention": "12"}
    assert set(editor.read(form).errors) == {"lines.1.unit_price", "lines.2.quantity", "retention"}
    answer = owner.http.post("/factures/nouvelle", data=form)
    assert answer.status_code == 422
    again = fields(answer.text) | {"csrf_token": form["csrf_token"]}  # it tells the second
    assert {name: again[name] for name in form} == form
    assert 'href="#lines.2.quantity"' in answer.text


def test_a_form_without_client_is_refused_and_keeps_its_lines(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "100") | {"client_id": ""}
    answer = owner.http.post("/factures/nouvelle", data=form)
    assert answer.status_code == 422
    assert fields(answer.text)["lines.1.label"] == "Pose"


@pytest.mark.parametrize(
    ("action", "labels"),
    [
        ("ligne", ["a", "b", "c", ""]), ("monter-2", ["b", "a", "c", ""]), ("descendre-1", ["b", "a", "c", ""]),
        ("retirer-2", ["a", "c", ""]), ("monter-1", ["a", "b", "c", ""]), ("retirer-99", ["a", "b", "c", ""]),
    ],
)  # fmt: skip
def test_buttons_of_lines_work_without_script_and_leave_one_empty(owner, shop, action, labels):
    form = begun(owner, shop) | line(1, "a", "1") | line(2, "b", "2") | line(3, "c", "3") | {"action": action}
    shown = fields(owner.http.post("/factures/nouvelle", data=form).text)
    assert [shown[f"lines.{rank}.label"] for rank in editor_lines.ranks(shown)] == labels
    assert shown["command_id"] == form["command_id"]


def test_rows_that_script_took_away_leave_no_gap(owner, shop):
    form = begun(owner, shop) | line(3, "c", "3") | line(7, "g", "7")
    assert [each.label for each in editor.read(form).content.lines] == ["c", "g"]


def test_totals_are_the_servers_and_say_what_is_missing(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "1 234,50", "2", discount="10 %")
    form |= line(3, "", "0,10", vat="FR|S|2000||")
    answer = owner.http.post("/saisie/invoice/totaux", data=form, headers=HTMX).text.replace("\u00a0", " ")
    assert "2 222,20 €" in answer
    assert "2 666,64 €" in answer
    assert '<span hx-swap-oob="innerHTML:#somme-1">2 222,10 €</span>' in answer
    assert 'href="#lines.3.label"' in answer


def test_a_line_out_of_the_catalogue_takes_the_place_of_the_empty_one(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "100") | {"price_mode": "gross", "action": f"article-{shop['door']}"}
    answer = owner.http.post("/saisie/invoice/lignes", data=form, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "saisie"
    assert 'value="816,75"' in answer.text  # 742,50 HT at 10 %
    assert re.search(r'name="lines.2.label"[^>]*>Porte coupe-feu EI 30<', answer.text)
    assert "lines.3.label" in answer.text
    assert "lines.4.label" not in answer.text


def test_a_line_out_of_the_catalogue_has_its_description_and_its_own_reason(owner, shop):
    words = [known.text for known in vat.EXEMPTIONS if known.code == "VATEX-EU-O" and known is not vat.DISBURSEMENT]
    article = shop.product(
        "Formation", "500", description="Deux jours\nà Berne", vat_category="O", vat_bp=0, vat_code="VATEX-EU-O",
        vat_text=words[-1],
    )  # fmt: skip
    form = begun(owner, shop) | {"action": f"article-{article}"}
    page = owner.http.post("/saisie/invoice/lignes", data=form, headers=HTMX).text
    assert re.search(r'name="lines.1.label"[^>]*>Formation\r?\nDeux jours\r?\nà Berne<', page)
    assert f'value="FR|O|0|VATEX-EU-O|{words[-1]}" selected' in html.unescape(page)


def test_times_are_those_of_the_company(settings, web_pool, job_pool, read_tables, keeper):
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), time_zone="Pacific/Noumea")
    claire = keeper(shop)
    form = fields(claire.get("/devis/nouveau").text) | {"subject": "Terrasse"}
    before = datetime.now(ZoneInfo("Pacific/Noumea"))
    kept = claire.http.post("/saisie/quote/brouillon", data=form).text
    told = {f"{at:%H:%M}" for at in (before, datetime.now(ZoneInfo("Pacific/Noumea")))}
    assert kept.removeprefix("Enregistré à ") in told
    assert any(f"à {at} vous attend" in claire.get("/devis/nouveau").text for at in told)


def test_another_territory_moves_the_usual_rate_and_offers_its_own(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "100") | {"territory": "MQ", "action": "territoire"}
    shown = fields(owner.http.post("/factures/nouvelle", data=form).text)
    assert shown["lines.1.vat"] == "MQ|S|850||"


def test_a_company_without_vat_is_offered_none(new_shop, keeper):
    new_shop.do(companies.configure, configuration=Configuration(vat_regime="franchise"))
    keeper, door = keeper(new_shop), new_shop.product("Porte", "100")
    form = fields(keeper.get(f"/factures/nouvelle?client={new_shop.client('Hôtel')}").text)
    assert form["lines.1.vat"] == "FR|E|0|VATEX-FR-FRANCHISE|TVA non applicable, art. 293 B du CGI"
    shown = fields(keeper.http.post("/factures/nouvelle", data=form | {"action": f"article-{door}"}).text)
    assert shown["lines.1.vat"] == form["lines.1.vat"]
    totals = keeper.http.post("/saisie/invoice/totaux", data=shown, headers=HTMX).text
    assert "TTC" not in totals
    assert "SIREN" in totals


def test_a_disbursement_is_outside_vat(owner, shop):
    form = begun(owner, shop) | line(1, "Timbre fiscal", "100", nature="disbursement")
    [disbursed] = editor.read(form).content.lines
    assert (disbursed.vat_category, disbursed.vat_bp, disbursed.vat_code) == ("E", 0, "VATEX-EU-79-C")


def test_keystrokes_are_kept_for_their_author_only_and_go_with_the_save(owner, keeper, shop):
    form = begun(owner, shop) | line(1, "Pose", "100") | {"subject": "À reprendre"}
    assert "Enregistré à" in owner.http.post("/saisie/invoice/brouillon", data=form, headers=HTMX).text
    waiting = owner.get("/factures/nouvelle").text
    back = re.search(r'href="(/factures/nouvelle\?reprise=[^"]+)"', waiting)
    assert back
    assert "reprise=" not in keeper(shop).get("/factures/nouvelle").text
    again = fields(owner.get(back[1]).text)
    assert again["subject"] == "À reprendre"
    owner.http.post("/factures/nouvelle", data=again)
    assert "reprise=" not in owner.get("/factures/nouvelle").text


def test_keystrokes_can_be_thrown_away(owner, shop):
    form = begun(owner, shop) | {"subject": "À écarter"}
    owner.http.post("/saisie/invoice/brouillon", data=form, headers=HTMX)
    document_id = fields_of_notice(owner.get("/factures/nouvelle").text)
    gone = owner.post("/saisie/ecarter", page="/factures/nouvelle", document_id=document_id, next="/factures/nouvelle")
    assert gone.status_code == 303
    assert "reprise=" not in owner.get("/factures/nouvelle").text


def test_two_who_save_the_same_draft_see_both_and_lose_nothing(owner, shop):
    invoice_id = shop.invoice(shop["hotel"], "Premier")
    page = f"/factures/{invoice_id}/modifier"
    mine = fields(owner.get(page).text) | {"subject": "Le mien", "lines.1.quantity": "3"}
    content = Content(client_id=shop["hotel"], subject="Le sien", lines=(LINE,))
    shop.do(invoices.revise_invoice, invoice_id=invoice_id, content=content, base_version=1)
    answer = owner.http.post(page, data=mine)
    assert answer.status_code == 409
    assert "Le sien" in answer.text
    typed = fields(answer.text)
    assert (typed["subject"], typed["lines.1.quantity"], typed["base_version"]) == ("Le mien", "3", "2")
    assert owner.http.post(page, data=typed).status_code == 303
    assert saved(owner, invoice_id)["subject"] == "Le mien"


def test_a_form_sent_twice_makes_one_invoice(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "100")
    first, second = (owner.http.post("/factures/nouvelle", data=form).location for _ in range(2))
    assert first == second


def test_a_new_invoice_sent_again_with_another_content_changes_the_first(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "100")
    made = owner.http.post("/factures/nouvelle", data=form).location
    answer = owner.http.post("/factures/nouvelle", data=form | {"subject": "Retour en arrière"})
    assert answer.status_code == 409
    assert f'action="{made}/modifier"' in answer.text
    assert owner.http.post(f"{made}/modifier", data=fields(answer.text)).status_code == 303
    assert saved(owner, made.removeprefix("/factures/"))["subject"] == "Retour en arrière"


def test_the_preview_is_the_pdf_of_what_is_typed(owner, shop):
    form = begun(owner, shop) | line(1, "Pose", "100")
    answer = owner.http.post("/saisie/invoice/apercu.pdf", data=form)
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_who_may_only_read_keeps_no_keystrokes(person, shop):
    inspector = person((shop.id, "inspector"))
    inspector.sign_in()
    assert inspector.get("/factures/nouvelle").status_code == 403
    form = {"csrf_token": inspector.token("/societes/")}
    assert inspector.http.post("/saisie/invoice/brouillon", data=form, headers=HTMX).status_code == 403


def test_a_draft_of_a_person_shows_its_sealed_texts(owner, shop):
    invoice_id = shop.invoice(shop["person"], "Chez Mme Dumas")
    assert saved(owner, invoice_id)["subject"] == "Chez Mme Dumas"


def test_the_deposit_deducted_by_a_final_invoice_cannot_be_typed_over(owner, shop):
    content = CONTENTS["kept facts"]
    invoice_id = uuid4()
    shop.do(
        invoices.draft_invoice, invoice_id=invoice_id, kind="final", content=replace(content, client_id=shop["hotel"])
    )
    page = owner.get(f"/factures/{invoice_id}/modifier").text
    assert re.search(r'name="lines.2.unit_price"[^>]*readonly', page)
    assert not re.search(r'name="lines.1.unit_price"[^>]*readonly', page)


def begun(owner, shop) -> dict[str, str]:
    """The fields of a new invoice for the hotel, as the page gives them."""
    return fields(owner.get("/factures/nouvelle").text) | {"client_id": str(shop["hotel"])}


def saved(owner, invoice_id) -> dict[str, str]:
    return fields(owner.get(f"/factures/{invoice_id}/modifier").text)


def fields_of_notice(page: str) -> str:
    found = re.search(r'name="document_id" value="([^"]+)"', page)
    assert found
    return found[1]
