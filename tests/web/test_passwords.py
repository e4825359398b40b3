"""A new password is none that many systems share, nor one made of what is known of its person."""

import pytest
from werkzeug.datastructures import MultiDict

from tests.web.conftest import PASSWORD
from web.accounts import passwords
from web.forms import Fields

COMMON = "trop courant"
LEAKED = (  # of twelve characters and more, as published lists of leaked passwords have them
    "123456789012", "1234567890123", "password1234", "passwordpassword", "qwertyuiop12", "1q2w3e4r5t6y", "iloveyou1234",
    "administrator", "unbelievable", "abcdefghijkl", "P@ssw0rd1234", "azertyuiop12", "azertyazerty", "motdepasse123",
    "M0tDeP@sse123", "mot de passe 123", "bonjourbonjour", "jetaimejetaime", "marseille1313", "chocolat2024!",
    "Bienvenue2026!", "changezmoi2026", "Camille14071998", "nicolas12345", "administrateur", "Facturation2026",
)  # fmt: skip


def refusal(password: str) -> str:
    fields = Fields(MultiDict({"password": password, "password2": password}))
    passwords.typed(fields, "lou.dupont", "compta@exemple.fr", ["Atelier Mercier"])
    return fields.errors.get("password", "")


@pytest.mark.parametrize("password", LEAKED)
def test_a_password_that_many_systems_share_is_refused(password):
    assert COMMON in refusal(password)


@pytest.mark.parametrize("password", ["Atelier Mercier", "atelier-mercier-2026", "reicremreileta", "AtelierMercier1!"])
def test_a_password_made_of_the_name_of_a_company_is_refused(password):
    assert COMMON in refusal(password)


@pytest.mark.parametrize("password", ["Lou.Dupont et moi", "la compta du mardi"])
def test_a_password_holds_neither_name_nor_address(password):
    assert "ni le nom d’utilisateur ni l’adresse" in refusal(password)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "correct horse battery staple", "x7!kQp2#mZ9w", "trombone équitable 9", "trombone équitable 9 " * 9],
)
def test_a_phrase_or_chance_is_good(password):
    assert refusal(password) == ""


def test_the_list_of_words_is_plain_and_has_none_twice():
    words = passwords.common()
    assert len(set(words)) == len(words) > 100
    assert all(word.isascii() and word.islower() for word in words)
