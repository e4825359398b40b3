from uuid import uuid4

import pytest

from tests.browser.conftest import LOOKS, faults

look = pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: f"{look[0]}-{look[1]}")


@look
def test_the_frame_is_accessible(page, sign_in):
    page.goto("/connexion")
    assert faults(page) == []
    sign_in(page, (uuid4(), "owner"), (uuid4(), "accountant"))
    for path in ("/societes/", "/nulle-part"):
        page.goto(path)
        assert faults(page) == [], path


@look
def test_the_menus_are_accessible(page, sign_in):
    sign_in(page, (uuid4(), "owner"))
    page.goto("/societes/")
    if page.viewport_size["width"] < 900:
        page.get_by_role("button", name="Menu").click()
        assert faults(page) == []
        page.get_by_role("button", name="Compte et apparence").click()
    else:
        page.locator(".avatar").click()
    assert page.get_by_role("region", name="Votre compte").is_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Raccourcis clavier").click()
    assert page.get_by_role("heading", name="Raccourcis clavier").is_visible()
    assert faults(page) == []


def test_a_refused_sign_in_keeps_the_name_and_leads_to_the_password(page):
    page.goto("/connexion")
    page.get_by_label("Nom d’utilisateur").fill("personne")
    page.keyboard.press("Tab")
    page.keyboard.type("faux mot de passe")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Nom d’utilisateur").input_value() == "personne"
    assert page.evaluate("document.activeElement.name") == "password"
    assert faults(page) == []


def test_the_help_opens_and_closes_by_keyboard(page, sign_in):
    sign_in(page, (uuid4(), "owner"))
    page.goto("/societes/")
    page.keyboard.press("?")
    assert page.locator("#raccourcis").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#raccourcis").is_visible()


def test_the_chosen_theme_wins_over_the_system_and_stays(page, sign_in):
    sign_in(page, (uuid4(), "owner"))
    page.goto("/societes/")
    page.locator(".avatar").click()
    page.get_by_role("button", name="Sombre").click()
    page.locator('html[data-theme="dark"]').wait_for()
    assert page.url.endswith("/societes/")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 28)"
    page.locator(".avatar").click()
    assert page.get_by_role("button", name="Sombre").get_attribute("aria-pressed") == "true"


def test_everything_of_the_frame_works_without_script(window, sign_in):
    page = window(java_script_enabled=False)
    mine, other = uuid4(), uuid4()
    sign_in(page, (mine, "owner"), (other, "accountant"))
    page.goto("/societes/")
    page.get_by_role("button", name="Ouvrir").click()
    assert page.get_by_role("status").inner_text().startswith("Société ouverte")
    page.locator(".avatar").click()
    page.get_by_role("button", name="Se déconnecter").click()
    assert page.url.endswith("/connexion")


def test_a_narrow_window_has_a_drawer(window, sign_in):
    page = window("light", 360)
    sign_in(page, (uuid4(), "owner"))
    page.goto("/societes/")
    page.get_by_role("button", name="Menu").click()
    assert page.locator("#menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#menu").is_visible()
