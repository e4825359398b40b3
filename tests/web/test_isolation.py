"""Two companies on one server: whatever the address, the form, the list or the file, none reads or moves the other."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from lxml import html
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.documents.reading import text as printed
from tests.web.canaries import Canaries
from tests.web.conftest import Person
from tests.web.shop import open_shop
from web.accounts.sign_in import OPEN_TO_ALL

SHARED = "Zirkonium"  # both companies' canaries begin with it: a search finds its own only
PAGES = 400  # looked at, at most
PAPERS = 4
BESIDE_BOOKS = {"appearance.choose", "companies.choose", "security.logout", "editor.forget"}  # an inspector may post it
STATIC = {"static", "security.static"}
READING = {"clients.vat_number", "editor.totals", "editor.lines", "editor.articles", "editor.client", "editor.preview",
           "receiving.preview"}  # fmt: skip


@pytest.fixture(scope="module")
def twins(settings, web_pool, job_pool, read_tables) -> tuple[Canaries, Canaries]:
    """Ours, and the others'."""
    shops = [open_shop(web_pool, job_pool, settings.secret("commands")) for _ in range(2)]
    return tuple(Canaries(shop, f"{SHARED}{who}{uuid4().hex[:6]}") for shop, who in zip(shops, ("Un", "Deux"), strict=True))


@pytest.fixture(scope="module")
def ours(twins) -> Canaries:
    return twins[0]


@pytest.fixture(scope="module")
def theirs(twins) -> Canaries:
    return twins[1]


@pytest.fixture
def insider(keeper, ours) -> Person:
    return keeper(ours.shop)


@pytest.fixture
def head(connect):
    """`head(canaries)`: the position and hash of a ledger."""
    return lambda one: connect("probant_audit", one.shop.id).execute("SELECT pos, hash FROM ledger.head").fetchone()


def rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint not in STATIC]


def addresses(rule: Rule, ids: list[UUID]) -> Iterator[str]:
    """The addresses of a rule with each id in its place, and every other part as one of its own."""
    plain = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    plain = re.sub(r"<int:\w+>", "3", plain)
    for id in ids if "<uuid" in plain else ids[:1]:
        yield re.sub(r"<uuid:\w+>", str(id), plain)


def takes_an_id(rule: Rule) -> bool:
    return "<uuid" in rule.rule


def said_by(answer: TestResponse) -> str:
    """All that an answer tells: its headers, its text, the text of a PDF."""
    body = printed(answer.data) if answer.mimetype == "application/pdf" else answer.get_data(as_text=True)
    return f"{answer.headers}\n{body}".lower()


def tells(answer: TestResponse, canaries: Canaries) -> bool:
    return canaries.word.lower() in said_by(answer)


def crawl(person: Person) -> Iterator[tuple[str, TestResponse]]:
    """Every page that is reached by links from the first one, and a few papers."""
    waiting, seen, papers = ["/", f"/recherche?q={SHARED}", f"/clients?q={SHARED}"], set(), 0
    while waiting and len(seen) < PAGES:
        path = waiting.pop(0)
        papers += path.endswith(".pdf")
        if path in seen or (path.endswith(".pdf") and papers > PAPERS):
            continue
        seen.add(path)
        answer = person.get(path)
        yield path, answer
        if answer.mimetype == "text/html" and answer.status_code == 200:
            links = [link for link in html.fromstring(answer.text).xpath("//a/@href") if link.startswith("/")]
            waiting += [link.partition("#")[0] for link in links if not link.startswith("/static")]


def forms_of(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each form of a page goes, and what it sends as it stands."""
    for form in html.fromstring(page).forms:
        if (form.method or "").upper() == "POST":
            yield form.action or "", {name: value or "" for name, value in form.form_values()}


def test_a_company_finds_its_own_words_everywhere(insider, ours):
    """The canaries sing: else the tests below would prove nothing."""
    told = {path: said_by(answer) for path, answer in crawl(insider)}
    silent = [word for word in ours.said if not any(word.lower() in page for page in told.values())]
    assert silent == []
    assert sum(ours.word.lower() in page for page in told.values()) > 50
    assert {path.rpartition(".")[2] for path in told if "." in path} >= {"csv", "pdf"}


def test_no_page_of_a_company_shows_a_word_of_another(insider, theirs):
    seen = 0
    for path, answer in crawl(insider):
        seen += 1
        assert not tells(answer, theirs), path
    assert seen > 60


def test_no_address_with_an_id_of_another_company_opens(app, insider, theirs):
    for rule in filter(takes_an_id, rules(app, "GET")):
        for path in addresses(rule, theirs.everything()):
            for headers in ({}, {"HX-Request": "true"}):
                answer = insider.get(path, headers=headers)
                assert answer.status_code in (403, 404), path
                assert not tells(answer, theirs), path


def test_no_list_can_be_asked_for_things_of_another_company(app, insider, theirs):
    for rule in rules(app, "GET"):
        if takes_an_id(rule) or rule.endpoint in ("security.logout", "security.login"):
            continue
        path = next(addresses(rule, theirs.everything()))
        for ids in theirs.ids.values():
            for name in ("client", "objet", "reprise", "retour", "nom", "company_id"):
                answer = insider.get(path, query_string={name: str(ids[0]), "q": SHARED})
                assert answer.status_code < 500, (path, name)
                assert not tells(answer, theirs), (path, name)


def test_no_form_sent_to_an_address_of_another_company_changes_it(app, insider, theirs, head):
    before, token = head(theirs), insider.token("/societes/")
    today = theirs.shop.today.isoformat()
    form = {
        "csrf_token": token, "base_version": "1", "version": "1", "on": today, "issued_on": today, "sent_on": today,
        "accepted_on": today, "declined_on": today, "method": "transfer", "amount": "1,00", "cause": "error",
        "reason": "error", "ground": "Perte", "stage": "loss", "share": "30", "left": "1,00", "name": "Nom",
        "kind": "business", "label": "Article", "unit_price": "1", "nature": "services", "unit": "C62", "vat": "S.2000",
    }  # fmt: skip
    for rule in filter(takes_an_id, rules(app, "POST")):
        for path in addresses(rule, theirs.everything()):
            answer = insider.http.post(path, data=form | {"command_id": str(uuid4())})
            print(rule.endpoint, answer.status_code)
            assert answer.status_code in (403, 404, 409, 422), path
            assert not tells(answer, theirs), path
    assert head(theirs) == before


def test_no_form_filled_with_ids_of_another_company_reaches_them(insider, ours, theirs, head, connect):
    before = head(theirs)
    stranger = {str(mine): str(ids[0]) for family, ids in theirs.ids.items() for mine in ours.ids[family]}
    swap = re.compile("|".join(stranger)).sub
    sent = 0
    for path, page in list(crawl(insider)):
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        for action, fields in forms_of(page.text):
            if action.startswith(("/apparence", "/deconnexion")):
                continue
            forged = {
                swap(lambda found: stranger[found[0]], name): swap(lambda found: stranger[found[0]], value)
                for name, value in fields.items()
            }
            forged = {name: str(theirs.ids["clients"][0]) if name == "client_id" else value for name, value in forged.items()}
            answer = insider.http.post(action or path, data=forged)
            sent += forged != fields
            assert answer.status_code < 500, (path, action)
            assert not tells(answer, theirs), (path, action)
    assert sent > 5
    assert head(theirs) == before
    written = connect("probant_audit", ours.shop.id).execute("SELECT string_agg(line, '') FROM ledger.entry").fetchone()[0]
    assert [id for id in theirs.everything() if str(id) in written] == []


def test_nobody_opens_a_company_without_being_its_member(insider, theirs):
    assert insider.post("/societes/ouvrir", company_id=str(theirs.shop.id)).status_code == 404
    assert not tells(insider.get("/"), theirs)


def test_keystrokes_are_kept_for_their_company_and_their_person(keeper, ours, theirs):
    document = str(uuid4())
    form = {"document_id": document, "subject": theirs.text("frappe"), "base_version": "0"}
    assert keeper(theirs.shop).post("/saisie/invoice/brouillon", **form).status_code == 200
    for person in (keeper(ours.shop), keeper(theirs.shop)):
        assert form["subject"] not in person.get("/factures/nouvelle", query_string={"reprise": document}).text


def test_a_form_without_its_token_is_refused_wherever_it_goes(app, insider, ours, head):
    before = head(ours)
    for rule in rules(app, "POST"):
        for path in addresses(rule, ours.everything()):
            assert insider.http.post(path, data={"command_id": str(uuid4())}).status_code == 400, path
    assert head(ours) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_shown_to_nobody(app, ours, method):
    nobody = app.test_client()
    for rule in rules(app, method):
        if rule.endpoint in OPEN_TO_ALL:
            continue
        path = next(addresses(rule, ours.everything()))
        answer = nobody.open(path, method=method)
        refused = answer.status_code == 400 if method == "POST" else answer.status_code == 302
        assert refused, path
        assert method == "POST" or answer.location.startswith("/connexion"), path
        assert not tells(answer, ours), path


def test_an_inspector_reads_and_writes_nothing(app, person, ours, head):
    inspector = person((ours.shop.id, "inspector"))
    inspector.sign_in()
    before, token = head(ours), inspector.token("/societes/")
    for rule in rules(app, "POST"):
        if rule.endpoint in BESIDE_BOOKS | {"security.login"}:
            continue
        form = {"csrf_token": token, "command_id": str(uuid4()), "document_id": str(uuid4())}
        for path in addresses(rule, ours.everything()):
            answer = inspector.http.post(path, data=form)
            assert answer.status_code < 500, path
            assert answer.status_code != 303, path
            assert rule.endpoint in READING or answer.status_code >= 400, path
    assert head(ours) == before
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
