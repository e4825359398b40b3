"""Two companies on one server: whatever the address, the form, the list or the file, none reads or moves the other."""

import re
from uuid import uuid4

import pytest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from tests.web.canaries import Canaries
from tests.web.conftest import PASSWORD, Person
from tests.web.shop import open_shop
from tests.web.sweep import addresses, crawl, forms_of, rules, said_by, takes_an_id
from web.accounts import store

SHARED = "Zirkonium"  # both companies' canaries begin with it: a search finds its own only


@pytest.fixture(scope="module")
def twins(settings, web_pool, job_pool, read_tables) -> tuple[Canaries, Canaries]:
    """Ours, and the others'."""
    shops = [open_shop(web_pool, job_pool, settings.secret("commands")) for _ in range(2)]
    return tuple(
        Canaries(shop, f"{SHARED}{who}{uuid4().hex[:6]}") for shop, who in zip(shops, ("Un", "Deux"), strict=True)
    )


@pytest.fixture(scope="module")
def ours(twins) -> Canaries:
    return twins[0]


@pytest.fixture(scope="module")
def theirs(twins) -> Canaries:
    return twins[1]


@pytest.fixture(scope="module")
def insider(app, web_pool, ours) -> Person:
    """Somebody of our company."""
    name = f"u-{uuid4().hex[:12]}"
    person = Person(app, store.create_user(web_pool, name, f"{name}@exemple.fr", PASSWORD), name, "10.77.0.1")
    store.grant(web_pool, person.id, ours.shop.id, "owner")
    person.sign_in()
    return person


@pytest.fixture(scope="module")
def walked(insider) -> dict[str, TestResponse]:
    """Every page that she reaches."""
    return dict(crawl(insider, f"/recherche?q={SHARED}", f"/clients?q={SHARED}"))


@pytest.fixture
def head(connect):
    """`head(canaries)`: the position and hash of a ledger."""
    return lambda one: connect("probant_audit", one.shop.id).execute("SELECT pos, hash FROM ledger.head").fetchone()


def tells(answer: TestResponse, canaries: Canaries) -> bool:
    return canaries.word.lower() in said_by(answer)


def test_a_company_finds_its_own_words_everywhere(walked, ours):
    """The canaries sing: else the tests below would prove nothing."""
    told = {path: said_by(answer) for path, answer in walked.items()}
    silent = [word for word in ours.said if not any(word.lower() in page for page in told.values())]
    assert silent == []
    assert sum(ours.word.lower() in page for page in told.values()) > 50
    assert {path.rpartition(".")[2] for path in told if "." in path} >= {"csv", "pdf"}


def test_no_page_of_a_company_shows_a_word_of_another(walked, theirs):
    assert len(walked) > 60
    assert [path for path, answer in walked.items() if tells(answer, theirs)] == []


def test_no_address_with_an_id_of_another_company_opens(app, insider, theirs):
    for rule in filter(takes_an_id, rules(app, "GET")):
        for path in addresses(rule, theirs.some()):
            for headers in ({}, {"HX-Request": "true"}):
                answer = insider.get(path, headers=headers)
                assert answer.status_code == 404, path
                assert not tells(answer, theirs), path


@pytest.fixture
def asked(app, monkeypatch) -> set[str]:
    """The names that views looked for in the address, whether it had them or not."""
    names: set[str] = set()

    class Recorded(ImmutableMultiDict):
        def __getitem__(self, name):  # `get` and `in` ask for it, too
            names.add(name)
            return super().__getitem__(name)

        def getlist(self, name, *how):
            names.add(name)
            return super().getlist(name, *how)

        def __contains__(self, name):
            names.add(name)
            return super().__contains__(name)

    monkeypatch.setattr(app.request_class, "parameter_storage_class", Recorded)
    return names


def test_no_list_can_be_asked_for_things_of_another_company(app, insider, theirs, asked):
    """Each page is asked with each foreign id under each name that it reads; what it reads then is tried as well."""
    tried = set()
    for rule in rules(app, "GET"):
        if takes_an_id(rule) or rule.endpoint in ("security.logout", "security.login"):
            continue
        path = next(addresses(rule, theirs.some()))
        asked.clear()
        insider.get(path, query_string={"q": SHARED})
        while names := {name for name in asked if (path, name) not in tried}:
            tried |= {(path, name) for name in names}
            for name in names:
                for ids in theirs.ids.values():
                    answer = insider.get(path, query_string={"q": SHARED, name: str(ids[0])})
                    assert answer.status_code < 500, (path, name)
                    assert not tells(answer, theirs), (path, name)
    assert {"client", "objet", "reprise", "retour", "q"} <= {name for _, name in tried}


def test_no_form_sent_to_an_address_of_another_company_changes_it(app, insider, theirs, head):
    before, token = head(theirs), insider.token("/societes/")
    today = theirs.shop.today.isoformat()
    form = {
        "csrf_token": token, "base_version": "1", "version": "1", "on": today, "issued_on": today, "sent_on": today,
        "accepted_on": today, "declined_on": today, "method": "transfer", "amount": "1,00", "cause": "error",
        "reason": "error", "ground": "Perte", "stage": "loss", "share": "30", "left": "1,00", "name": "Nom",
        "kind": "business", "label": "Article", "unit_price": "1", "nature": "services", "unit": "C62", "vat": "S.2000",
        "copy_reason": "lost", "role": "reader",
    }  # fmt: skip
    for rule in filter(takes_an_id, rules(app, "POST")):
        for path in addresses(rule, theirs.some()):
            answer = insider.http.post(path, data=form | {"command_id": str(uuid4())})
            assert answer.status_code == 404, path
            assert not tells(answer, theirs), path
    assert head(theirs) == before


def test_no_form_filled_with_ids_of_another_company_reaches_them(insider, walked, ours, theirs, head, connect):
    before = head(theirs)
    stranger = {str(mine): str(ids[0]) for family, ids in theirs.ids.items() for mine in ours.ids[family]}
    swap = re.compile("|".join(stranger)).sub
    sent = 0
    for path, page in walked.items():
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        for action, fields in forms_of(page.text):
            if action.startswith(("/apparence", "/deconnexion", "/registre/verifier")):
                continue
            forged = {
                swap(lambda found: stranger[found[0]], name): swap(lambda found: stranger[found[0]], value)
                for name, value in fields.items()
            }
            forged = {
                name: str(theirs.ids["clients"][0]) if name == "client_id" else value for name, value in forged.items()
            }
            answer = insider.http.post(action or path, data=forged)
            sent += forged != fields
            assert answer.status_code < 500, (path, action)
            assert not tells(answer, theirs), (path, action)
    assert sent > 5
    assert head(theirs) == before
    written = (
        connect("probant_audit", ours.shop.id).execute("SELECT string_agg(line, '') FROM ledger.entry").fetchone()[0]
    )
    assert [one for one in theirs.everything() if str(one) in written] == []


def test_nobody_opens_a_company_without_being_its_member(insider, theirs):
    assert insider.post("/societes/ouvrir", company_id=str(theirs.shop.id)).status_code == 404
    assert not tells(insider.get("/"), theirs)


def test_a_verification_is_told_to_its_company(keeper, insider, theirs):
    asked = keeper(theirs.shop).post("/registre/verifier", page="/registre/", command_id=str(uuid4()))
    assert (asked.status_code, insider.get(asked.location).status_code) == (303, 404)


def test_keystrokes_are_kept_for_their_company_and_their_person(keeper, ours, theirs):
    document = str(uuid4())
    form = {"document_id": document, "subject": theirs.text("frappe"), "base_version": "0"}
    assert keeper(theirs.shop).post("/saisie/invoice/brouillon", **form).status_code == 200
    for person in (keeper(ours.shop), keeper(theirs.shop)):
        assert form["subject"] not in person.get("/factures/nouvelle", query_string={"reprise": document}).text
