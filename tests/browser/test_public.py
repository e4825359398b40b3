"""The client's page in a browser: quote sent → accepted by its client → invoiced; the proof, verified and spoilt."""

import re
from base64 import b64encode
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from ledger import checkpoints, merkle
from ledger.signer import Signer
from tests.browser.conftest import faults_in_all_looks
from tests.web.public import link
from tests.web.shop import open_shop


@pytest.fixture
def signed_shop(app, settings, web_pool, job_pool):
    """A company whose origin has its key, with an invoice and a quote of today."""
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), signer=Signer(settings).key)
    client_id = shop.client("Hôtel du Parc", card={"siren": "552100554"})
    shop.ids = {
        "invoice": shop.invoice(client_id, "Vestiaires", issued_on=shop.today),
        "quote": shop.quote(client_id, "Terrasse", sent_on=shop.today),
    }
    return shop


@pytest.fixture
def checkpoint(job_pool, settings):
    def make(shop):
        with job_pool.connection() as conn:
            return checkpoints.make(conn, Signer(settings), shop.id)

    return make


def frozen(page, path):
    """Opens a client's page and waits for the worker to have made its file."""
    page.goto(path)
    for _ in range(60):
        if page.get_by_role("button", name="Télécharger le PDF").count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError("the file is never made")


def test_a_quote_is_accepted_by_its_client_and_invoiced(page, window, sign_in, signed_shop, base_url):
    shop = signed_shop
    sign_in(page, (shop.id, "owner"))
    page.goto(f"/devis/{shop['quote']}")
    page.get_by_role("button", name="Créer un lien").click()
    address = page.locator("#lien-1").text_content()
    assert address.startswith(f"{base_url}/d/")

    client = window()
    frozen(client, address)
    assert faults_in_all_looks(client) == []
    with client.expect_download() as download:
        client.get_by_role("button", name="Télécharger le PDF").click()
    assert re.fullmatch(r"Devis .+\.pdf", download.value.suggested_filename)
    client.get_by_role("link", name="Répondre").click()
    client.get_by_label("J’ai lu ce devis").check()
    client.get_by_label("Votre numéro de commande").fill("BC-2026-77")
    client.get_by_label("Votre nom, en signature").fill("Jeanne Roux")
    client.set_viewport_size({"width": 1280, "height": 800})
    canvas = client.locator("canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    client.mouse.move(frame["x"] + 40, frame["y"] + 90)
    client.mouse.down()
    for step in range(1, 20):
        client.mouse.move(frame["x"] + 40 + step * 20, frame["y"] + 90 + (step % 4) * 18)
    client.mouse.up()
    assert client.locator("#drawing").input_value().startswith("M")
    client.get_by_role("button", name="Accepter pour").click()
    expect(client.get_by_text("Par Jeanne Roux")).to_be_visible()
    assert faults_in_all_looks(client) == []

    page.reload()
    expect(page.get_by_role("heading", name="Accepté par le client")).to_be_visible()
    expect(page.get_by_role("img", name="Signature de Jeanne Roux")).to_be_visible()
    expect(page.get_by_text("1 téléchargement")).to_be_visible()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Facturer", exact=True).click()
    expect(page.get_by_role("heading", name="Facture")).to_be_visible()


def test_a_quote_is_accepted_without_script(window, signed_shop, settings):
    page = window()
    path = link(signed_shop, settings, signed_shop["quote"])
    frozen(page, path)
    bare = window(java_script_enabled=False)
    bare.goto(path)
    assert not bare.locator("canvas").is_visible()
    bare.get_by_label("J’ai lu ce devis").check()
    bare.get_by_label("Votre nom, en signature").fill("Jeanne Roux")
    bare.get_by_role("button", name="Accepter pour").click()
    expect(bare.get_by_text("Par Jeanne Roux")).to_be_visible()


def test_a_proof_is_verified_in_the_browser_and_fails_when_a_character_changes(
    window, signed_shop, settings, checkpoint
):
    checkpoint(signed_shop)
    page = window()
    page.goto(link(signed_shop, settings, signed_shop["invoice"]) + "/preuve")
    expect(page.get_by_role("status")).to_have_text("Preuve vérifiée dans votre navigateur")
    for check in ("line", "place", "tree", "signature"):
        expect(page.locator(f"[data-check={check}]")).to_have_class("good")
    for summary in page.locator("main summary").all():
        summary.click()
    assert faults_in_all_looks(page) == []
    line = page.locator("#ligne")
    line.fill(line.input_value().replace('"gross_cents":213120', '"gross_cents":213121', 1))
    expect(page.get_by_role("status")).to_have_text("La preuve ne tient pas")
    expect(page.locator("[data-check=line]")).to_have_class("bad")
    assert faults_in_all_looks(page) == []


NOTE = "const note = document.querySelector('#note'); note.textContent = note.textContent"
SPOILT = {
    "a node": ("document.querySelector('#chemin code').textContent = 'ab'.repeat(32)", "tree"),
    "its place": ("document.querySelector('#chemin').dataset.index = '1'", "tree"),
    "a node less": ("document.querySelector('#chemin li').remove()", "tree"),
    "the time of the checkpoint": (f"{NOTE}.replace('at 20', 'at 21')", "signature"),
    "its signature": (f"{NOTE}.split('—')[0]", "signature"),
    "another name of the key": ("document.querySelector('#cle').prepend('x')", "signature"),
    "the hash before": ("document.querySelector('#precedente').textContent = 'ab'.repeat(32)", "line"),
    "another ledger": (f"{NOTE}.replace('/', '/0')", "place"),
    "the position": ("document.querySelector('#ligne').dataset.pos = '3'", "place"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "failed"), SPOILT.values(), ids=SPOILT)
def test_whatever_is_changed_is_found(window, signed_shop, settings, checkpoint, spoil, failed):
    checkpoint(signed_shop)
    page = window()
    page.goto(link(signed_shop, settings, signed_shop["invoice"]) + "/preuve")
    expect(page.get_by_role("status")).to_have_text("Preuve vérifiée dans votre navigateur")
    page.evaluate(spoil)
    page.locator("#ligne").dispatch_event("input")
    expect(page.get_by_role("status")).to_have_text("La preuve ne tient pas")
    expect(page.locator(f"[data-check={failed}]")).to_have_class("bad")


TREE = """([index, path, size, root]) => {
    const chemin = document.querySelector("#chemin");
    chemin.dataset.index = index;
    chemin.replaceChildren(...path.map((node) => Object.assign(document.createElement("code"), { textContent: node })));
    const note = document.querySelector("#note");
    const lines = note.textContent.split("\\n");
    note.textContent = [lines[0], size, root, ...lines.slice(3)].join("\\n");
    document.querySelector("[data-check=tree]").className = "";
    document.querySelector("#ligne").dispatchEvent(new Event("input"));
}"""


def test_inclusion_is_verified_at_every_place_of_trees_of_many_sizes(window, signed_shop, settings, checkpoint):
    """Against the trees of the ledger; next to each place, the same proof does not hold."""
    checkpoint(signed_shop)
    page = window()
    page.goto(link(signed_shop, settings, signed_shop["invoice"]) + "/preuve")
    expect(page.locator("[data-check=tree]")).to_have_class("good")
    hash_ = bytes.fromhex(page.locator("#empreinte").text_content())
    for size in (1, 2, 3, 5, 7, 8, 13):
        for index in range(size):
            leaves = [merkle.leaf(hash_ if at == index else bytes([at]) * 32) for at in range(size)]
            tree = merkle.Tree(lambda level, _, leaves=leaves: leaves if level == 0 else [])
            path, root = [node.hex() for node in tree.inclusion(index, size)], b64encode(tree.root(size)).decode()
            for at, held in ((index, "good"), (index + 1, "bad")):
                page.evaluate(TREE, [at, path, size, root])
                page.wait_for_function("document.querySelector('[data-check=tree]').className")
                assert page.locator("[data-check=tree]").get_attribute("class") == held, (size, index, at)


def test_a_fingerprint_from_a_qr_code_is_looked_up_by_itself(window, signed_shop, settings, checkpoint, connect):
    checkpoint(signed_shop)
    query = "SELECT encode(hash, 'hex') FROM ledger.entry WHERE stream_id = %s AND type = 'invoice.issued'"
    row = connect("probant_audit", signed_shop.id).execute(query, [signed_shop["invoice"]]).fetchone()
    page = window()
    page.goto(f"/preuve/{signed_shop.id}")
    assert faults_in_all_looks(page) == []
    page.goto("about:blank")
    page.goto(f"/preuve/{signed_shop.id}#{row[0]}")
    expect(page.get_by_role("status")).to_have_text("Preuve vérifiée dans votre navigateur")
    assert row[0] in page.locator("#empreinte").text_content()
    assert faults_in_all_looks(page) == []


def test_a_dead_link_is_accessible(page):
    page.goto(f"/d/{'A' * 43}")
    assert faults_in_all_looks(page) == []
    page.goto(f"/d/{uuid4()}")
    expect(page.get_by_role("heading", name="Ce lien ne mène à rien")).to_be_visible()
