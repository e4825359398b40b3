"""What a screen may rely on, tried on a small screen of its own that creates clients."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Blueprint, redirect, render_template_string, request

from domain.client import Profile
from domain.company import Configuration
from domain.errors import DomainError, Missing, NotFound
from domain.parties import Address, Card
from ledger.books import Books
from ledger.commands.clients import create_client
from ledger.commands.companies import open_ledger
from ledger.version import SOFTWARE
from projections.verifications import Integrity, Verification
from tests.web.shop import MERCIER
from web import forms, labels, texts
from web.app import MAPPER, create_app
from web.books import do, new_id
from web.errors import again
from web.frame import badge
from web.lists import Listing

FORM = """
{% extends "base.html" %}{% block title %}Essai{% endblock %}
{% block main %}<h1>Essai</h1>{{ problems(errors, problem) }}
<form method="post">{{ guarded() }}{{ field("name", "Nom", values.name, errors) }}
{{ field("siren", "SIREN", values.siren, errors) }}<button>Créer</button></form>{% endblock %}
"""
NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
trial = Blueprint("trial", __name__, url_prefix="/essai")


@trial.get("/")
def new(values=None, errors=None, problem=""):
    return render_template_string(FORM, values=values or {}, errors=errors or {}, problem=problem)


@trial.post("/")
@again(new)
def create():
    fields = forms.Fields(request.form)
    card = Card(name=fields.need("name", forms.text), siren=fields.get("siren", forms.text, ""), address=Address())
    fields.check()
    return redirect(f"/essai/{do(create_client, client_id=new_id(), profile=Profile(kind='business', card=card))}", 303)


@trial.get("/perdu")
def lost():
    raise NotFound("client", uuid4())


@trial.get("/refus")
def refused():
    raise Missing("iban")


@trial.get("/panne")
def broken():
    raise ZeroDivisionError("the secret of the house")


@trial.get("/liste")
def listed():
    listing = Listing(("statut",), sorts=("nom", "ville"), default="-nom", size=10)
    return {
        "filters": listing.filters, "sort": listing.sort, "offset": listing.offset, "next": listing.url_with(page=2),
        "by_nom": listing.sorted_url("nom"), "by_ville": listing.sorted_url("ville"), "aria": listing.direction("nom"),
        "csv": listing.csv_url("/essai/liste.csv"), "last": listing.last(25),
    }  # fmt: skip


@pytest.fixture(scope="module")
def app(settings, read_tables):
    app = create_app(settings)
    app.register_blueprint(trial)
    yield app
    app.extensions["pool"].close()


@pytest.fixture
def member(person, new_shop):
    """`member(role)`: somebody of a company of her own, signed in."""

    def come_in(role="owner"):
        member = person((new_shop.id, role))
        member.sign_in()
        return member

    return come_in


def hidden(page):
    return dict(re.findall(r'name="(csrf_token|command_id)" value="([^"]+)"', page.text.split("<main")[1]))


def test_a_page_says_which_company_is_open(member):
    page = member().get("/essai/").text
    assert "Atelier Mercier" in page
    assert "FACTICES" not in page


def test_a_page_of_a_training_company_says_that_nothing_there_is_real(person, settings, job_pool):
    training = uuid4()
    Books(job_pool, MAPPER, settings.secret("commands")).do(
        open_ledger, training, uuid4(), "system", origin=f"probant.test/{training}", signer="test", software=SOFTWARE,
        identity=MERCIER, natural_person=False, mode="training", configuration=Configuration(),
        fiscal_year=(date(2026, 1, 1), date(2026, 12, 31)),
    )  # fmt: skip
    pupil = person((training, "owner"))
    pupil.sign_in()
    assert "École — documents FACTICES" in pupil.get("/essai/").text


def test_a_form_counts_once_however_often_it_is_sent(member):
    claire = member()
    form = hidden(claire.get("/essai/")) | {"name": "Hôtel du Parc"}
    answers = [claire.http.post("/essai/", data=form) for _ in range(3)]
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1
    assert answers[0].status_code == 303


def test_a_form_that_was_used_is_refused_with_other_facts(member):
    claire = member()
    form = hidden(claire.get("/essai/"))
    assert claire.http.post("/essai/", data=form | {"name": "Hôtel du Parc"}).status_code == 303
    answer = claire.http.post("/essai/", data=form | {"name": "Hôtel du Lac"})
    assert answer.status_code == 409
    assert "Ce formulaire a déjà servi" in answer.text


def test_a_refused_form_comes_back_as_typed_and_can_be_sent_again(member):
    claire = member()
    form = hidden(claire.get("/essai/"))
    empty = claire.http.post("/essai/", data=form | {"siren": "404833048"})
    assert empty.status_code == 422
    assert 'value="404833048"' in empty.text
    assert 'id="name-erreur">À remplir.' in empty.text
    wrong = claire.http.post("/essai/", data=hidden(empty) | {"name": "Hôtel <i>", "siren": "123456789"})
    assert wrong.status_code == 409
    assert "Hôtel &lt;i&gt;" in wrong.text
    assert "« 123456789 » n’est pas valable." in wrong.text
    assert hidden(wrong)["command_id"] == form["command_id"]
    good = claire.http.post("/essai/", data=hidden(wrong) | {"name": "Hôtel", "siren": "404833048"})
    assert good.status_code == 303


def test_an_inspector_reads_and_commands_nothing(member):
    inspector = member("inspector")
    form = hidden(inspector.get("/essai/")) | {"name": "Hôtel du Parc"}
    assert inspector.http.post("/essai/", data=form).status_code == 403


def test_without_a_company_a_person_is_led_to_her_list(person):
    nobody = person()
    nobody.sign_in()
    form = hidden(nobody.get("/essai/")) | {"name": "Hôtel du Parc"}
    assert nobody.http.post("/essai/", data=form).location == "/societes/"


def test_a_refusal_is_a_page_that_says_why(member):
    claire = member()
    lost, refused = claire.get("/essai/perdu"), claire.get("/essai/refus")
    assert (lost.status_code, refused.status_code) == (404, 409)
    assert "Probant ne trouve pas ce client dans cette société." in lost.text
    assert "Il manque : IBAN." in refused.text
    assert "Rien n’a été enregistré" in refused.text


def test_a_fault_of_ours_is_told_without_its_secrets(member, caplog):
    answer = member().get("/essai/panne")
    assert answer.status_code == 500
    assert "Panne" in answer.text
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_list_is_what_its_address_says(member):
    listing = member().get("/essai/liste?q= h\u00f4tel&statut=retard&tri=ville&page=2&autre=x").json
    assert listing == {
        "filters": {"q": "hôtel", "statut": "retard"}, "sort": "ville", "offset": 10, "last": 20, "aria": "",
        "next": "/essai/liste?q=h%C3%B4tel&statut=retard&tri=ville&page=2",
        "by_nom": "/essai/liste?q=h%C3%B4tel&statut=retard&tri=nom",
        "by_ville": "/essai/liste?q=h%C3%B4tel&statut=retard&tri=-ville",
        "csv": "/essai/liste.csv?q=h%C3%B4tel&statut=retard&tri=ville",
    }  # fmt: skip


@pytest.mark.parametrize(
    "asked", ["page=-3", "page=abc", "page=999999999999999999999", "tri=;DROP", "q=%00", "tri=-autre"]
)
def test_a_list_ignores_an_address_that_means_nothing(member, asked):
    listing = member().get(f"/essai/liste?{asked}").json
    assert (listing["filters"]["q"], listing["sort"], listing["aria"]) == ("", "-nom", "descending")
    assert 0 <= listing["offset"] < 10**7


def test_every_refusal_can_be_said(member):
    def made(kind):
        names = {"id": uuid4(), "fields": ("seller.siren", "lines.2.label"), "characters": ("☃ U+2603",)}
        return kind(*(names.get(name, 0 if name.endswith(("_cents", "_bp")) else name) for name in kind.__match_args__))

    def kinds(base):
        return [base, *(k for sub in base.__subclasses__() for k in kinds(sub))]

    for kind in kinds(DomainError)[1:]:
        if not kind.__module__.startswith("tests"):
            assert "{" not in texts.sentence(made(kind)), kind


def test_a_field_is_named_whatever_it_belongs_to():
    assert labels.field("lines.2.label") == "Désignation, ligne 2"
    assert labels.field("seller.siren") == "SIREN de votre société"
    assert labels.field("buyer.address") == "Adresse du client"


@pytest.mark.parametrize(
    ("last", "state", "text"),
    [
        (None, "old", "Registre jamais vérifié · 12 431 écritures"),
        (timedelta(minutes=28), "ok", "Registre vérifié à 14:02 · 12 431 écritures"),
        (timedelta(hours=26), "old", "Registre vérifié le 23 nov. 2026 · 12 431 écritures"),
    ],
)
def test_the_badge_tells_the_age_of_the_last_verification(last, state, text):
    done = last and Verification(pos=9, at=NOW - last, to_pos=8, ok=True, findings=0)
    said = badge(Integrity(done, 12_431), "Europe/Paris", NOW)
    assert (said.state, said.text.replace("\u00a0", " ")) == (state, text)


@pytest.mark.parametrize(("frozen", "said"), [(True, "Registre altéré"), (False, "Registre à revoir")])
def test_the_badge_of_a_ledger_with_defects_is_red_however_fresh(frozen, said):
    last = Verification(pos=9, at=NOW, to_pos=8, ok=False, findings=2)
    shown = badge(Integrity(last, 9, frozen=frozen), "Europe/Paris", NOW)
    assert (shown.state, shown.text) == ("bad", f"{said} : 2\u00a0défauts, voir le rapport")
