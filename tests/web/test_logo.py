"""The logo: sent from the settings, made anew, printed on the documents that come after."""

import io
import re

import pytest
from PIL import Image

from domain.company import Company
from projections import logos, streams

PAGE, LOGO = "/reglages", "/reglages/logo"


def picture(kind="PNG", size=(300, 100), color="#0c6b4f") -> bytes:
    Image.new("RGB", size, color).save(out := io.BytesIO(), kind)
    return out.getvalue()


def send(person, content: bytes, name="logo.png"):
    return person.submit(PAGE, action=LOGO, logo=(io.BytesIO(content), name))


def kept(app, shop) -> bytes:
    with app.extensions["engine"].read(shop.id) as tx:
        return logos.today(tx)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_kept_shown_and_stays_when_the_identity_changes(app, new_shop, keeper, kind):
    person = keeper(new_shop)
    assert send(person, picture(kind)).status_code == 303
    assert kept(app, new_shop).startswith(b"\x89PNG")
    assert person.get(LOGO).data == kept(app, new_shop)
    assert person.submit(PAGE, action="/reglages/identite", name="Autre nom").status_code == 303
    assert kept(app, new_shop)


def test_a_logo_that_is_taken_away_is_no_more_printed(app, new_shop, keeper):
    person = keeper(new_shop)
    send(person, picture())
    assert person.http.post("/reglages/logo/retirer", data=person.form(PAGE, LOGO)).status_code == 303
    assert kept(app, new_shop) == b""


def test_a_sole_traders_logo_is_known_to_the_sealed_identity_alone(app, new_shop, keeper):
    person = keeper(new_shop)
    person.submit(PAGE, action="/reglages/identite", natural_person="1", name="Claire Mercier")
    assert send(person, picture()).status_code == 303
    with app.extensions["engine"].read(new_shop.id) as tx:
        identity = streams.load(tx, Company, new_shop.id).identity
    assert identity.sealed
    assert identity.logo == ""
    assert kept(app, new_shop)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload='x'/>", picture()[:60], b"\x89PNG" + b"\0" * 100])
def test_what_is_no_picture_is_refused_in_words_and_changes_nothing(app, new_shop, keeper, content):
    answer = send(keeper(new_shop), content)
    assert answer.status_code == 409
    assert "PNG ou JPEG" in answer.text
    assert kept(app, new_shop) == b""


def test_without_logo_there_is_none_to_see(new_shop, keeper):
    person = keeper(new_shop)
    assert person.get(LOGO).status_code == 404
    assert not re.search(r"<img[^>]*reglages/logo", person.get(PAGE).text)
