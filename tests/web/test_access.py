"""Forms have their token, strangers see nothing, an inspector writes nothing, rows are seen by their company."""

from uuid import UUID, uuid4

import psycopg
import pytest

from tests.web.shop import Shop
from tests.web.sweep import addresses, crawl, rules
from web import roles
from web.accounts.sign_in import OPEN_TO_ALL


def everything(shop: Shop) -> list[UUID]:
    return list(shop.ids.values())


@pytest.fixture
def head(connect):
    """`head(shop)`: the last entry of its ledger that somebody made."""
    last = "SELECT max(pos) FROM ledger.entry WHERE type <> 'chain.verified'"
    return lambda shop: connect("probant_audit", shop.id).execute(last).fetchone()


def test_a_form_without_its_token_is_refused_wherever_it_goes(app, shop, owner, head):
    before = head(shop)
    for rule in rules(app, "POST"):
        for path in addresses(rule, everything(shop)):
            assert owner.http.post(path, data={"command_id": str(uuid4())}).status_code == 400, path
    assert head(shop) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_shown_to_nobody(app, shop, method):
    nobody = app.test_client()
    for rule in rules(app, method):
        if rule.endpoint in OPEN_TO_ALL:
            continue
        path = next(addresses(rule, everything(shop)))
        answer = nobody.open(path, method=method)
        refused = answer.status_code == 400 if method == "POST" else answer.status_code == 303
        assert refused, path
        assert method == "POST" or answer.location.startswith("/connexion"), path


def test_an_inspector_reads_and_writes_nothing(app, person, shop, head):
    inspector = person((shop.id, "inspector"))
    inspector.sign_in()
    before, token = head(shop), inspector.token("/societes/")
    for rule in rules(app, "POST"):
        need = roles.need_of(rule.endpoint, "POST")
        if rule.endpoint in OPEN_TO_ALL or need == roles.SELF:
            continue
        form = {"csrf_token": token, "command_id": str(uuid4()), "document_id": str(uuid4())}
        for path in addresses(rule, everything(shop)):
            refused = inspector.http.post(path, data=form).status_code == 403
            assert refused == (need != roles.LOOK), path  # what reads may be posted: it makes no entry
    assert head(shop) == before
    assert all(answer.status_code < 400 for _, answer in crawl(inspector))


def test_every_table_that_knows_companies_shows_one_at_a_time(server):
    with psycopg.connect(server.uri("postgres")) as conn:
        tables = conn.execute(
            """
            SELECT n.nspname || '.' || c.relname,
                   EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id'),
                   c.relrowsecurity AND c.relforcerowsecurity,
                   EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname IN ('ledger', 'read', 'scratch') AND c.relkind IN ('r', 'p')
            """
        ).fetchall()
        roles = conn.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'probant%' AND (rolsuper OR rolbypassrls)"
        ).fetchall()
    assert [name for name, of_companies, forced, policy in tables if of_companies and not (forced and policy)] == []
    assert {name for name, of_companies, *_ in tables if not of_companies} == {"ledger.migration", "read.model"}
    assert sum(of_companies for _, of_companies, *_ in tables) > 15
    assert roles == []
