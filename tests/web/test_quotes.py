"""Quotes on screen, from the list to the invoices drawn from one."""

from uuid import UUID, uuid4

import pytest

from domain.quote import Quote
from projections import invoice_lists, quotes, streams
from projections.listing import Filter


@pytest.fixture
def claire(new_shop, keeper):
    return keeper(new_shop)


@pytest.fixture
def hotel(new_shop):
    return new_shop.client("Hôtel du Parc", card={"siren": "552100554"})


@pytest.fixture
def read(app, new_shop):
    return lambda: app.extensions["engine"].read(new_shop.id)


def quote_of(read, quote_id) -> Quote:
    with read() as tx:
        return streams.load(tx, Quote, UUID(str(quote_id)))


def accepted(shop, client_id):
    quote_id = shop.quote(client_id, "Terrasse", sent_on=shop.today)
    return quote_id, f"/devis/{quote_id}"


def test_each_tab_counts_its_quotes(shop, owner):
    assert "Aucun devis ne répond" in owner.get("/devis?q=introuvable").text
    for tab, subject in (
        ("brouillons", "Salon d’accueil"), ("envoyes", "Bibliothèque sur mesure"), ("acceptes", "Chambres du 2e étage"),
        ("refuses", "Salle des mariages"), ("expires", "Terrasse"),
    ):  # fmt: skip
        page = owner.get(f"/devis?statut={tab}").text
        assert subject in page, tab
        assert "Chambres du 2e étage" not in page or tab == "acceptes"


def test_the_line_of_totals_is_of_the_filter_and_not_of_the_page(claire, new_shop, hotel):
    assert "Aucun devis pour l’instant" in claire.get("/devis").text
    for _ in range(52):
        new_shop.quote(hotel, "Série")
    new_shop.quote(new_shop.client("Autre"), "À part")
    page = claire.get("/devis?q=serie").text
    assert "52\u00a0devis" in page
    assert "110\u00a0822,40\u00a0€" in page  # 52 × 2 131,20
    assert "51 à 52 sur 52" in claire.get("/devis?q=serie&page=2").text


def test_filters_live_in_the_address(shop, owner):
    page = owner.get(f"/devis?client={shop['person']}&periode=annee").text
    assert "Bibliothèque sur mesure" in page
    assert "Salle des mariages" not in page
    assert owner.get("/devis?client=nimporte&statut=rien&periode=rien&tri=rien").status_code == 200
    assert "Salle des mariages" in owner.get("/devis?q=2131,20").text
    days = f"du={shop.days_ago(3)}&au={shop.days_ago(3)}"
    assert "Salle des mariages" in owner.get(f"/devis?{days}&min=2131,20").text
    assert "Bibliothèque sur mesure" not in owner.get(f"/devis?{days}").text
    assert "Aucun devis ne répond" in owner.get(f"/devis?{days}&min=2131,21").text


def test_the_csv_has_what_the_list_shows(claire, new_shop, hotel):
    new_shop.quote(hotel, "Terrasse", sent_on=new_shop.today)
    new_shop.quote(hotel, "Autre")
    lines = claire.get("/devis.csv?q=terrasse").data.decode("utf-8-sig").splitlines()
    day = new_shop.today.strftime("%d/%m/%Y")
    assert len(lines) == 2
    assert lines[1].startswith(f"D{new_shop.today.year}-0001;Hôtel du Parc;Terrasse;{day};")
    assert lines[1].endswith(";1776,00;2131,20;0,00;Envoyé")


@pytest.mark.parametrize("name", ["quote_draft", "quote_sent", "quote_accepted", "quote_declined", "quote_expired"])
def test_every_state_has_its_page_with_the_paper_and_its_life(shop, owner, name):
    page = owner.get(f"/devis/{shop[name]}").text
    assert 'class="paper"' in page
    assert ": brouillon créé" in page
    assert "2\u00a0131,20\u00a0€" in page


def test_sending_gives_the_number_that_the_page_announced(claire, new_shop, hotel):
    page = f"/devis/{new_shop.quote(hotel, 'Terrasse')}"
    number = f"D{new_shop.today.year}-0001"
    assert f"Envoyer le devis {number}" in claire.get(f"{page}/envoyer").text
    form = claire.form(f"{page}/envoyer")
    for _ in range(2):
        assert claire.http.post(f"{page}/envoyer", data=form).status_code == 303
    shown = claire.get(page).text
    assert f"Devis {number} envoyé" in shown
    assert "Réponse du client" in shown
    second = f"/devis/{new_shop.quote(hotel, 'Suite')}"
    assert f"D{new_shop.today.year}-0002" in claire.get(f"{second}/envoyer").text


def test_what_is_missing_is_said_before_sending_and_refused_after(claire, new_shop):
    page = f"/devis/{new_shop.quote(new_shop.client('Sans SIREN'))}"
    shown = claire.get(f"{page}/envoyer").text
    assert "SIREN du client" in shown
    assert "disabled" in shown
    answer = claire.submit(f"{page}/envoyer")
    assert answer.status_code == 409
    assert "il manque : SIREN du client" in answer.text


def test_a_quote_changed_meanwhile_is_not_sent_unseen(claire, new_shop, hotel, keeper):
    page = f"/devis/{new_shop.quote(hotel, 'Terrasse')}"
    form = claire.form(f"{page}/envoyer")
    assert keeper(new_shop).submit(f"{page}/modifier", subject="Autre chose").status_code == 303
    answer = claire.http.post(f"{page}/envoyer", data=form)
    assert answer.status_code == 409
    assert "entre-temps" in answer.text


def test_the_answer_of_the_client_is_noted_by_hand(claire, new_shop, hotel):
    _, page = accepted(new_shop, hotel)
    refused = claire.submit(page, f"{page}/accepter", accepted_on="31/02/2026", order="BC-1")
    assert refused.status_code == 422
    assert 'value="BC-1"' in refused.text
    assert claire.submit(page, f"{page}/accepter", order="BC-1").status_code == 303
    assert "Reste à facturer" in claire.get(page).text
    assert "BC-1</span>" in claire.get(page).text


def test_the_reason_of_a_refusal_is_on_the_page(shop, owner):
    assert "<dd>Trop cher</dd>" in owner.get(f"/devis/{shop['quote_declined']}").text


@pytest.mark.parametrize("family", ["clients", "devis", "catalogue", "factures"])
def test_the_export_follows_what_htmx_asks(shop, owner, family):
    found = owner.get(f"/{family}?q=x+y&page=2", headers={"HX-Request": "true"}).text
    assert f'hx-swap-oob="true" href="/{family}.csv?q=x+y"' in found


def test_a_declined_quote_can_be_revised_and_sent_again_under_its_number(claire, new_shop, hotel, read):
    quote_id, page = accepted(new_shop, hotel)
    claire.submit(page, f"{page}/refuser", reason="Trop cher")
    assert quote_of(read, quote_id).state == "declined"
    assert claire.submit(f"{page}/modifier", subject="Moins cher").status_code == 303
    assert f"Envoyer le devis D{new_shop.today.year}-0001" in claire.get(f"{page}/envoyer").text
    claire.submit(f"{page}/envoyer")
    sent = quote_of(read, quote_id).sent
    assert sent is not None
    assert (sent.revision, sent.subject) == (2, "Moins cher")


def test_what_cannot_be_done_in_this_state_says_why(claire, new_shop, hotel):
    _, page = accepted(new_shop, hotel)
    form = claire.form(page, f"{page}/accepter")
    claire.submit(page, f"{page}/accepter")
    answer = claire.http.post(
        f"{page}/refuser", data=form | {"declined_on": form["accepted_on"], "command_id": str(uuid4())}
    )
    assert answer.status_code == 409
    assert "Ce devis est dans l’état « accepté »" in answer.text


def test_a_deposit_then_the_balance_invoice_the_whole_to_the_cent(claire, new_shop, hotel, read):
    quote_id, page = accepted(new_shop, hotel)
    claire.submit(page, f"{page}/accepter")
    deposit = UUID(claire.submit(page, f"{page}/acompte", share="33,33").location.rsplit("/", 1)[1])
    assert "émettez-le d’abord" in claire.get(page).text
    new_shop.issue(deposit, new_shop.today)
    shown = claire.get(page).text
    assert "1\u00a0420,87\u00a0€" in shown  # 2 131,20 − 710,33
    balance = UUID(claire.submit(page, f"{page}/facturer").location.rsplit("/", 1)[1])
    with read() as tx:
        drawn = invoice_lists.of_quote(tx, quote_id, new_shop.today)
    assert {(row.id, row.kind) for row in drawn} == {(deposit, "deposit"), (balance, "final")}
    assert sum(row.gross_cents for row in drawn) == 213_120
    assert "Facturé" in claire.get(page).text


@pytest.mark.parametrize("share", ["", "0", "100", "-5", "trente"])
def test_a_deposit_is_a_part_of_the_quote(claire, new_shop, hotel, share):
    _, page = accepted(new_shop, hotel)
    claire.submit(page, f"{page}/accepter")
    answer = claire.submit(page, f"{page}/acompte", share=share)
    assert answer.status_code == 422
    assert 'href="#share"' in answer.text


def test_a_double_click_draws_one_invoice(claire, new_shop, hotel):
    _, page = accepted(new_shop, hotel)
    claire.submit(page, f"{page}/accepter")
    form = claire.form(page, f"{page}/facturer")
    assert len({claire.http.post(f"{page}/facturer", data=form).location for _ in range(2)}) == 1


def test_a_copy_is_a_new_draft(claire, new_shop, hotel, read):
    quote_id, page = accepted(new_shop, hotel)
    copy = claire.submit(page, f"{page}/dupliquer").location.rsplit("/", 1)[1]
    assert copy != str(quote_id)
    made = quote_of(read, copy)
    assert (made.state, made.content.subject, made.number) == ("draft", "Terrasse", "")


def test_a_quote_given_up_leaves_the_list(claire, new_shop, hotel, read):
    quote_id = new_shop.quote(hotel, "Sans suite")
    claire.submit(f"/devis/{quote_id}", f"/devis/{quote_id}/abandonner")
    assert "Sans suite" not in claire.get("/devis").text
    page = claire.get(f"/devis/{quote_id}").text
    assert "Abandonné" in page
    assert 'class="paper"' in page
    with read() as tx:
        assert [row.id for row in quotes.page(tx, Filter(statuses=("discarded",)), new_shop.today)] == [quote_id]


def test_a_quote_is_written_in_the_editor(claire, new_shop, hotel, read):
    fields = {
        "client_id": str(hotel),
        "subject": "Cuisine",
        "lines.1.label": "Plan de travail",
        "lines.1.unit_price": "1 000",
    }
    form = claire.form("/devis/nouveau") | fields
    pages = {claire.http.post("/devis/nouveau", data=form).location for _ in range(2)}
    assert len(pages) == 1
    assert "1\u00a0200,00\u00a0€" in claire.get(pages.pop()).text
    sending = claire.submit("/devis/nouveau", **fields, suite="1").location
    assert sending.endswith("/envoyer")


def test_the_pdf_is_one(claire, new_shop, hotel, render):
    quote_id = new_shop.quote(hotel, "Terrasse", sent_on=new_shop.today)
    render(new_shop, quote_id)
    answer = claire.get(f"/devis/{quote_id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert f"Devis D{new_shop.today.year}-0001.pdf" in answer.headers["Content-Disposition"]


def test_the_quote_of_another_company_does_not_exist_here(claire, shop):
    for path in ("", "/envoyer", "/modifier", ".pdf"):
        assert claire.get(f"/devis/{shop['quote_sent']}{path}").status_code == 404
