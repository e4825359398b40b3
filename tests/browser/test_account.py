"""The account by a real browser: code, passkey (Chromium's virtual authenticator), invitation, on a phone too."""

import re
import time
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, faults_in_all_looks
from web.accounts import codes

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_authenticator(page: Page):
    """A device with a fingerprint reader; passkeys need a name of a host, not a number."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"], session


def come_in(page: Page, door: str, name: str) -> None:
    page.goto(door)
    page.get_by_label("Nom d’utilisateur ou adresse e-mail").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def test_a_passkey_is_added_and_opens_without_a_password(window, base_url, sign_in, new_shop):
    page, here = window(), base_url.replace("127.0.0.1", "localhost")
    device, session = with_authenticator(page)
    name = sign_in(page, (new_shop.id, "owner"))
    come_in(page, f"{here}/connexion", name)
    page.goto(f"{here}/compte/")
    assert faults_in_all_looks(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    keys = page.get_by_role("region", name="Clés d’accès")
    keys.get_by_label("Nom de la clé").fill("Ordinateur")
    keys.get_by_label("Mot de passe actuel").fill(PASSWORD)
    keys.get_by_role("button", name="Ajouter une clé").click()
    expect(page.get_by_text("Clé d’accès « Ordinateur » ajoutée")).to_be_visible()
    page.get_by_role("button", name=f"{name}, votre compte").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Se connecter par une clé d’accès").click()
    page.wait_for_url("**/")
    expect(page.get_by_role("button", name=f"{name}, votre compte")).to_be_visible()
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})


def test_a_code_is_set_up_by_its_key_and_asked_at_sign_in(page, app, sign_in, new_shop):
    name = sign_in(page, (new_shop.id, "owner"))
    page.goto("/compte/")
    section = page.get_by_role("region", name="Code à la connexion")
    section.get_by_label("Mot de passe actuel").fill(PASSWORD)
    section.get_by_role("button", name="Activer").click()
    expect(page.get_by_alt_text("Code QR")).to_be_visible()
    assert faults_in_all_looks(page) == []
    key = page.locator(".qr code").inner_text()
    page.get_by_label("Code à six chiffres").fill(shown(key))
    page.get_by_role("button", name="Activer le code").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    spare = page.locator(".codes li").first.inner_text()
    assert faults_in_all_looks(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.context.clear_cookies()
    come_in(page, "/connexion", name)
    expect(page.get_by_role("heading", name="Code de connexion")).to_be_visible()
    assert faults_in_all_looks(page) == []
    page.get_by_label("Code à six chiffres").fill(spare)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/")


def shown(key: str) -> str:
    """What a telephone computes of the key that was typed into it."""
    from base64 import b32decode

    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(b32decode(key.replace(" ", "")), codes.DIGITS, SHA1(), codes.STEP).generate(time.time()).decode()


def test_a_member_is_invited_comes_in_and_her_role_ends(window, sign_in, new_shop, posted):
    page = window()
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/reglages")
    page.get_by_role("link", name="Équipe").click()
    email = f"i-{uuid4().hex[:8]}@exemple.fr"
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_role("radio", name=re.compile("Lecteur")).check()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Invitations en attente")).to_be_visible()
    assert faults_in_all_looks(page) == []
    (mail,) = posted(email)
    link = re.search(r"https?://\S+/invitation/\S+", mail.get_body(("plain",)).get_content())[0]
    guest = window("dark", 360)
    guest.goto(link)
    assert faults_in_all_looks(guest) == []
    name = f"Lou-{uuid4().hex[:6]}"
    guest.get_by_label("Nom d’utilisateur").fill(name)
    guest.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    guest.get_by_label("Mot de passe, à nouveau").fill(PASSWORD)
    guest.get_by_label("J’accepte les conditions générales").check()
    guest.get_by_role("button", name="Ouvrir mon compte et entrer").click()
    expect(guest.get_by_text("Bienvenue")).to_be_visible()
    page.reload()
    page.get_by_role("button", name=f"Retirer {name}").click()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Accès retiré")).to_be_visible()
    guest.goto("/factures")
    expect(guest.get_by_text("Aucune société ne vous est ouverte")).to_be_visible()


def test_the_page_that_deletes_says_what_stays(page, sign_in, new_shop):
    sign_in(page, (new_shop.id, "owner"))
    page.goto("/compte/supprimer")
    assert faults_in_all_looks(page) == []
    page.goto("/societes/")
    assert faults_in_all_looks(page) == []
