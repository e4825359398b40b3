from dataclasses import replace

import pytest

from ledger.settings import Settings
from web.app import create_app
from web.security import CSP

EVERYWHERE = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def paths(app):
    return {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in rule.methods}


def test_every_answer_carries_the_headers_and_is_kept_by_nobody(claire, app):
    for path in [*paths(app), "/nulle-part"]:
        answer = claire.get(path, buffered=True)
        assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE, path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "HX-Request" in answer.headers["Vary"], path


def test_the_policy_is_the_one_that_was_decided():
    assert CSP == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_no_page_has_a_script_or_a_style_of_its_own(claire, app):
    for path in [*paths(app), "/nulle-part"]:
        page = claire.get(path).text
        assert "<style" not in page, path
        assert " style=" not in page, path
        assert " onclick=" not in page, path
        assert page.count("<script") == page.count('<script src="/static/'), path


def test_a_file_whose_address_has_its_hash_is_kept_for_ever(claire):
    page = claire.get("/societes/").text
    address = page.split('rel="stylesheet" href="')[-1].split('"')[0]
    with claire.get(address) as kept, claire.get("/static/theme.css") as asked_again:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "immutable" not in asked_again.headers["Cache-Control"]


def test_every_form_without_its_token_is_refused(claire, app):
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            path = rule.rule.replace("<uuid:", "").replace("<", "").replace(">", "")
            answer = claire.http.post(path.replace("_id", ""), data={"email": "a", "password": "b"})
            assert answer.status_code in (400, 404), rule  # 404: an address of no thing


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)]
)
def test_a_form_of_another_site_is_refused_even_with_its_token(claire, site, status):
    data = {"csrf_token": claire.token("/societes/"), "theme": "dark"}
    answer = claire.http.post("/apparence", data=data, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "there", ["https://ailleurs.test/", "//ailleurs.test", "/\\ailleurs.test", "javascript:alert(1)", ""]
)
def test_the_theme_is_kept_in_a_cookie_and_never_leads_to_another_site(claire, there):
    answer = claire.post("/apparence", theme="dark", next=there)
    assert answer.location == "/"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("theme=dark;")
    assert "HttpOnly" in cookie
    assert 'data-theme="dark"' in claire.get("/societes/").text
    assert claire.post("/apparence", theme="rose", next="/").status_code == 422


def test_a_cookie_is_bound_to_this_host_when_browsers_speak_https(settings: Settings, server):
    app = create_app(replace(settings, public_url="https://probant.test"))
    answer = app.test_client().get("/connexion", base_url="https://probant.test")
    app.extensions["pool"].close()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-probant=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_request_under_another_name_than_the_public_one_is_refused(settings: Settings, server):
    app = create_app(replace(settings, public_url="https://probant.test"))
    answers = [
        app.test_client().get("/sante", base_url=f"https://{host}") for host in ("probant.test", "ailleurs.test")
    ]
    app.extensions["pool"].close()
    assert [answer.status_code for answer in answers] == [200, 400]


def test_an_error_says_what_happened_that_nothing_is_lost_and_what_to_do(claire):
    page = claire.get("/nulle-part")
    assert page.status_code == 404
    assert "Page introuvable" in page.text
    assert "Rien n’a été perdu" in page.text
    too_big = claire.http.post("/apparence", data={"theme": "x" * 5_000_000})
    assert too_big.status_code == 413
    assert "Rien n’a été enregistré" in too_big.text


def test_htmx_gets_an_error_as_a_notice_on_the_page_it_stands_on(claire):
    answer = claire.get("/nulle-part", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (404, "#avis")
    assert "<html" not in answer.text


def test_htmx_leaves_the_page_when_the_session_has_ended(person):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/factures?q=a"}
    answer = person().get("/societes/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/connexion?next=/factures")


def test_what_was_typed_is_shown_again_on_a_page_of_refusal_but_never_a_secret(claire):
    answer = claire.http.post("/societes/ouvrir", data={"subject": "Escalier <b>", "password": "secret"})
    assert answer.status_code == 400
    assert "Escalier &lt;b&gt;" in answer.text
    assert "secret" not in answer.text
