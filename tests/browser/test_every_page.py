"""Every page there is, with axe in four looks: each rule of the house that answers GET is walked here, or says why not.

The pages come from `app.url_map`: a page that somebody adds fails a test here until it is walked. Other tests look at
pages in states of their own: filtered, refused, under way.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.content import Content
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.commands import recurring
from tests.browser.conftest import PASSWORD, faults_in_all_looks
from tests.web.mail.conftest import ask
from tests.web.shop import LINE, open_shop
from web.accounts import steps, store
from web.notifications import stopping

PARTS = 8
FILE = re.compile(r"\.(asice|csv|pdf|tst|txt)$")
NO_PAGE = {
    "health.show": "JSON for a supervisor",
    "logo.show": "a picture",
    "inspection.fec.download": "a file",
    "letters.index": "leads to the first letter",
    "files.place": "leads to the document's page",
    "files.state": "a part of the document's page",
    "operator.index": "leads to the requests",
    "outbox.read_html": "a mail as its reader has it, shown in a frame",
    "proofs.inclusion": "a file",
    "security.static": "files",
    "static": "files",
}
ELSEWHERE = {  # pages that need a state: the file whose test makes it and looks
    "closings.closing": "test_closings",
    "confirming.show": "test_sign_up",
    "fingerprints.ask": "test_public",
    "first_run.wait": "test_sign_up",
    "formal_notices.show": "test_reminders",
    "imports.show_": "test_recurring",
    "invitations.show_": "test_account",
    "ledger.job": "test_register",
    "operator.ideas.show_": "test_support",
    "operator.inbox.show_": "test_support",
    "public.proof": "test_public",
    "public.show": "test_public",
    "reset.show": "test_sign_up",
    "security.login": "test_frame",
    "second.ask": "test_account",
    "tickets.show_": "test_support",
}


@pytest.fixture(scope="module")
def things(app, settings, server, web_pool, job_pool) -> dict[str, str]:
    """A company with all that has a page, and the addresses of the pages that need something, by endpoint."""
    shop = open_shop(web_pool, job_pool, settings.secret("commands")).fill()
    ids = shop.ids
    plan = Plan(content=Content(client_id=ids["hotel"], lines=(LINE,)), schedule=Schedule(first_on=shop.today))
    shop.do(recurring.define_recurring, recurring_id=(recurring_id := uuid4()), plan=plan)
    with psycopg.connect(server.uri("postgres")) as conn:
        conn.execute("INSERT INTO jobs.certificate (company_id, id, asked) VALUES (%s, %s, '{}')", [shop.id] * 2)
        conn.execute(
            "INSERT INTO jobs.archive (company_id, id, first_on, last_on, total) VALUES (%s, %s, %s, %s, 9)",
            [shop.id, shop.id, shop.today, shop.today],
        )
        user = store.create_user(web_pool, f"u-{uuid4().hex[:12]}", f"{uuid4()}@exemple.fr", PASSWORD)
        email, revert = (steps.begin(conn, kind, user, "ancienne@exemple.fr") for kind in ("email", "revert"))
    left, mail = shop.pay(ids["hotel"], 5_000), ask(shop, ids["late"], attached=False)
    return {
        "company": str(shop.id),
        "operator.companies.show_": f"/operateur/societes/{shop.id}",
        "account.email.show_": f"/compte/adresse/{email}",
        "account.email.revert_": f"/compte/adresse/retablir/{revert}",
        "archives.show_": f"/archives/{shop.id}",
        "certificates.show_": f"/attestation/{shop.id}",
        "clients.show": f"/clients/{ids['hotel']}",
        "clients.edit": f"/clients/{ids['hotel']}/modifier",
        "privacy.show": f"/clients/{ids['person']}/donnees-personnelles/",
        "merging.choose": f"/clients/{ids['hotel']}/fusionner?avec={ids['bakery']}",
        "products.edit": f"/catalogue/{ids['door']}",
        "quotes.show": f"/devis/{ids['quote_accepted']}",
        "quotes.edit": f"/devis/{ids['quote_draft']}/modifier",
        "quotes.send_form": f"/devis/{ids['quote_draft']}/envoyer",
        "sending.quote_form": f"/devis/{ids['quote_sent']}/courrier",
        "situations.index": f"/devis/{ids['quote_accepted']}/situation",
        "trail.quote": f"/devis/{ids['quote_accepted']}/piste",
        "invoices.show": f"/factures/{ids['late']}",
        "invoices.edit": f"/factures/{ids['draft']}/modifier",
        "invoice_actions.discard_form": f"/factures/{ids['draft']}/abandonner",
        "invoice_actions.issue_form": f"/factures/{ids['draft']}/emettre",
        "sending.invoice_form": f"/factures/{ids['late']}/envoyer",
        "trail.index": f"/factures/{ids['late']}/piste",
        "corrections.index": f"/factures/{ids['late']}/corriger",
        "receiving.new": f"/factures/{ids['late']}/encaisser",
        "formal_notices.new": f"/factures/{ids['late']}/mise-en-demeure",
        "penalties.index": f"/factures/{ids['late']}/penalites",
        "debts.index": f"/factures/{ids['late']}/perte",
        "reminding.form": f"/factures/{ids['late']}/relancer",
        "reminder_stops.stop_form": f"/factures/{ids['late']}/relances/suspendre",
        "leftovers.allocate": f"/reglements/{left}/affecter",
        "leftovers.refund": f"/reglements/{left}/rembourser",
        "payments.show": f"/reglements/{ids['payment']}",
        "recurring.show": f"/recurrences/{recurring_id}",
        "recurring.edit": f"/recurrences/{recurring_id}/modifier",
        "outbox.show": f"/envois/{mail}",
        "letters.edit": "/reglages/messages/quote/en",
        "imports.new": "/clients/importer",
        "ledger.entry": "/registre/3",
        "help.page": "/aide/clients",
        "stopping.ask": stopping.path(settings, user, "payment"),
        "plans.terms": "/conditions-generales",
    }


def pages(app) -> dict[str, str]:
    """Endpoints that answer GET by a page, and the address of those that need nothing."""
    return {
        rule.endpoint: "" if rule.arguments else rule.rule
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, -len(rule.rule)))
        if "GET" in rule.methods and not FILE.search(rule.rule) and rule.endpoint not in {**NO_PAGE, **ELSEWHERE}
    }


def test_every_excuse_is_one(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {*NO_PAGE, *ELSEWHERE} <= endpoints
    assert [name for name in ELSEWHERE.values() if not Path(__file__).with_name(f"{name}.py").exists()] == []


def test_themes_differ_in_colours_alone(app):
    """So that what axe finds in a light page, it would find in the dark one, but for colours."""
    sheets = "".join(sheet.read_text("utf-8") for sheet in Path(app.static_folder).glob("*.css"))
    assert "prefers-color-scheme" not in sheets
    told = re.findall(r"[^{}]*data-theme[^{}]*{([^}]*)}", sheets)
    assert [rule.strip() for rule in told] == ["color-scheme: light;", "color-scheme: dark;"]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_in_every_look(page, come_as_operator, app, things, part):
    come_as_operator(page, (UUID(things["company"]), "owner"))
    for endpoint, address in [*pages(app).items()][part::PARTS]:
        path = things.get(endpoint, address)
        answer = page.goto(path)
        assert (answer.status, urlsplit(page.url).path) == (200, urlsplit(path).path), endpoint
        assert faults_in_all_looks(page) == [], path
