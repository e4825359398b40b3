"""The register in a browser: accessible, filtered without reloading, verified while one watches."""

from playwright.sync_api import expect

from tests.browser.conftest import faults_in_all_looks
from web.verification_rows import LOCK


def test_the_register_and_its_entries_are_accessible(page, sign_in, shop):
    sign_in(page, (shop.id, "owner"))
    for path in ("/registre/", f"/registre/?objet={shop['hotel']}", "/registre/?au=2020-01-01", "/registre/3"):
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        assert faults_in_all_looks(page) == [], path


def test_the_filter_narrows_the_stream_and_the_address_keeps_it(page, sign_in, new_shop):
    client = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    for _ in range(2):
        new_shop.pay(client, 10_000)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/registre/")
    page.get_by_label("Type d’écriture").select_option("payment.recorded")
    page.wait_for_url("**type=payment.recorded**")
    expect(page.locator(".stream tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Réinitialiser").click()
    expect(page.locator(".stream tbody tr").nth(4)).to_be_visible()


def test_a_verification_is_watched_and_the_badge_turns_green(page, sign_in, new_shop):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/registre/")
    page.get_by_role("button", name="Vérifier maintenant").click()
    page.get_by_role("heading", name="Registre intact : 2 écritures").wait_for()
    assert page.locator(".badge-proof.badge-ok").count() == 1
    assert faults_in_all_looks(page) == []


def test_a_verification_under_way_is_accessible(page, sign_in, new_shop, connect):
    job = connect("probant_job", new_shop.id)
    job.execute("INSERT INTO jobs.verification (company_id, id, total, done) VALUES (%s, %s, 9, 4)", [new_shop.id] * 2)
    job.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, str(new_shop.id)])
    sign_in(page, (new_shop.id, "owner"))
    page.goto(f"/registre/verifications/{new_shop.id}")
    assert faults_in_all_looks(page) == []
    job.execute("UPDATE jobs.verification SET done = 9, finished_at = now()")
    job.execute("SELECT pg_advisory_unlock_all()")
    page.get_by_role("heading", name="Registre intact").wait_for()


def test_a_verification_goes_on_without_script(window, sign_in, new_shop):
    page = window(java_script_enabled=False)
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/registre/")
    page.get_by_role("button", name="Vérifier maintenant").click()
    page.get_by_role("heading", name="Registre intact").wait_for()


def test_the_line_of_an_entry_is_copied(window, sign_in, new_shop):
    page = window(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/registre/1")
    page.get_by_role("button", name="Copier").first.click()
    page.get_by_role("button", name="Copié").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#ligne").inner_text()
