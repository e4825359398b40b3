"""Every address × every role × her company and another's: what the table says is what happens."""

from uuid import uuid4

import pytest

from tests.web.conftest import PASSWORD, Person
from tests.web.shop import open_shop
from tests.web.sweep import addresses, rules, takes_an_id
from web import roles
from web.accounts import store
from web.accounts.sign_in import OPEN_TO_ALL

MAY = {  # written down once more: a change of the product's table is a decision
    "owner": {"look", "trade", "books", "decide", "own"},
    "accountant": {"look", "trade", "books", "decide"},
    "collaborator": {"look", "trade"},
    "reader": {"look"},
    "inspector": {"look"},
}
WHO = {  # who may send these forms
    "invoice_actions.issue": {"owner", "accountant", "collaborator"},
    "clients.create": {"owner", "accountant", "collaborator"},
    "debts.record": {"owner", "accountant"},
    "archives.ask": {"owner", "accountant"},
    "settings.change_identity": {"owner", "accountant"},
    "letters.change": {"owner", "accountant"},
    "team.invite": {"owner"},
    "team.change_role": {"owner"},
    "inspection.inspectors.invite": {"owner"},
    "ledger.verify": set(MAY),
}


@pytest.fixture(scope="module")
def house(settings, web_pool, job_pool, read_tables):
    """A company full of things, for all roles to knock at."""
    return open_shop(web_pool, job_pool, settings.secret("commands")).fill()


@pytest.fixture(scope="module")
def elsewhere(settings, web_pool, job_pool, read_tables):
    return open_shop(web_pool, job_pool, settings.secret("commands"))


@pytest.fixture(scope="module")
def enter(app, web_pool):
    """`enter(shop, role)`: somebody signed in there as that."""

    def come_in(shop, role: str) -> Person:
        name = f"u-{uuid4().hex[:12]}"
        person = Person(
            app, store.create_user(web_pool, name, f"{name}@exemple.fr", PASSWORD), name, f"10.88.{len(role)}.1"
        )
        store.grant(web_pool, person.id, shop.id, role)
        assert person.sign_in().status_code == 302
        return person

    return come_in


@pytest.mark.parametrize("role", MAY)
def test_a_role_may_what_is_written_here_and_nothing_else(role):
    assert roles.ROLES[role].may == MAY[role]
    assert {endpoint for endpoint, who in WHO.items() if role in who} == {
        endpoint for endpoint in WHO if roles.may(role, roles.need_of(endpoint, "POST"))
    }


def test_every_form_has_its_need_in_the_table(app):
    """A new family of screens is declared in `web/roles.py`, else an owner alone sends its forms."""
    known = {rule.endpoint for rule in rules(app, "POST")} - OPEN_TO_ALL
    declared = {e for e in known if e in roles.FORMS or e.partition(".")[0] in roles.FORMS}
    assert sorted(known - declared) == []


def test_no_line_of_the_table_is_about_nothing(app):
    families = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()}
    known = families | {rule.endpoint for rule in app.url_map.iter_rules()}
    assert sorted(name for name in {**roles.FORMS, **roles.PAGES} if name not in known) == []


@pytest.mark.parametrize("role", MAY)
def test_what_a_role_may_not_is_refused_before_anything_is_read(app, house, enter, role):
    person = enter(house, role)
    token = person.token("/societes/")
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            need = roles.need_of(rule.endpoint, method)
            if rule.endpoint in OPEN_TO_ALL or need == "self":
                continue
            refused = need not in MAY[role]
            if not refused and method == "POST" and role == "owner":
                continue  # what an owner may is tried by every other test
            path = next(addresses(rule, [*house.ids.values()]))
            form = {"csrf_token": token, "command_id": str(uuid4())}
            answer = person.http.open(path, method=method, data=form if method == "POST" else None)
            assert (answer.status_code == 403) == refused, (method, path, need, answer.status_code)
            assert answer.status_code < 500, (method, path)


@pytest.mark.parametrize("role", MAY)
def test_no_role_elsewhere_opens_a_thing_of_this_company(app, house, elsewhere, enter, role):
    person = enter(elsewhere, role)
    token = person.token("/societes/")
    for method in ("GET", "POST"):
        for rule in filter(takes_an_id, rules(app, method)):
            if rule.endpoint in OPEN_TO_ALL:
                continue
            path = next(addresses(rule, [*house.ids.values()]))
            form = {"csrf_token": token, "command_id": str(uuid4())}
            answer = person.http.open(path, method=method, data=form if method == "POST" else None)
            assert answer.status_code in (403, 404, 409, 422), (method, path, answer.status_code)


def test_without_a_company_no_form_of_one_is_taken(app, person):
    alone = person()
    alone.sign_in()
    token = alone.token("/societes/")
    for rule in rules(app, "POST"):
        if rule.endpoint in OPEN_TO_ALL or roles.need_of(rule.endpoint, "POST") in ("self", "look"):
            continue
        path = next(addresses(rule, [uuid4()]))
        answer = alone.http.post(path, data={"csrf_token": token, "command_id": str(uuid4())})
        assert (answer.status_code, answer.location) == (303, "/societes/"), path


def test_a_reader_is_offered_no_button_that_would_be_refused(person, shop):
    reader = person((shop.id, "reader"))
    reader.sign_in()
    for path in ("/clients", "/factures", f"/factures/{shop['late']}", "/archives/", "/attestation/", "/reglages"):
        page = reader.get(path).text
        assert "Nouvelle facture" not in page, path
        assert "btn-go" not in page, path


def test_a_collaborator_is_not_offered_accounting_nor_members(person, shop, owner):
    helper = person((shop.id, "collaborator"))
    helper.sign_in()
    page = helper.get(f"/factures/{shop['late']}").text
    assert "Encaisser" in page or "Payée" in page
    assert "Créance douteuse" in owner.get(f"/factures/{shop['late']}").text
    assert "Créance douteuse" not in page
    assert "Produire une archive" not in helper.get("/archives/").text
    assert "Équipe" not in helper.get("/reglages").text
