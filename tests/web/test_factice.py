"""A training company: every file that leaves it says FACTICE (BOI-TVA-DECLA-30-10-30 § 150)."""

from urllib.parse import unquote

import pytest

from domain.closing import closing_id
from ledger import checkpoints
from ledger.books import Books
from ledger.commands.closings import close_all
from ledger.commands.documents import copy_document
from ledger.signer import Signer
from tests.documents.reading import pages
from tests.web.conftest import Person
from tests.web.shop import open_shop
from web.app import MAPPER
from web.rendering import render_document

ELSEWHERE = {  # files that this walk does not make, and the test that looks at them
    "archives.download": "tests/audit/test_archive.py",
    "certificates.download": "tests/web/test_certificates.py",
    "formal_notices.pdf": "tests/web/test_formal_notices.py",
    "imports.rest": "the rows of a file that somebody sent, as `exports.csv_file` writes every list",
    "subscriptions.invoice": "an invoice of the operator's own company: invoices.pdf",
}


@pytest.fixture
def school(settings, web_pool, job_pool, read_tables, workshop, keeper):
    """A training company with one of everything of four days ago; its owner; the ids that addresses are made of."""
    key = settings.secret("commands")
    school = open_shop(web_pool, job_pool, key, mode="training", signer=Signer(settings).key)
    day, live = school.days_ago(4), school.books
    school.books = live.on(day)
    client = school.client("Hôtel du Parc", card={"siren": "552100554"})
    invoice = school.invoice(client, issued_on=day)
    quote = school.quote(client, "Terrasse", sent_on=day)
    school.product("Pose et réglages", "48")
    books = Books(job_pool, MAPPER, key)
    close_all(lambda do, *ids, **facts: books.do(do, *ids, "job:close-periods", **facts), school.id)
    for document in (invoice, quote):
        render_document(workshop, company_id=str(school.id), document_id=str(document))
    school.do(copy_document, document_id=invoice, reason="lost")
    with workshop.pool.connection() as conn:
        note = checkpoints.make(conn, Signer(settings), school.id)
    ids = {
        "invoice_id": invoice, "quote_id": quote, "client_id": client, "document_id": invoice, "number": 1,
        "closing_id": closing_id(school.id, "day", day), "size": int(note.text.split("\n")[1]),
    }  # fmt: skip
    ids["invoice_actions.proforma"] = {"invoice_id": school.invoice(client)}  # of a draft
    return keeper(school), ids


def downloads(app, kind):
    """Endpoints of pages that give a file of that kind."""
    rules = (rule for rule in app.url_map.iter_rules() if rule.rule.endswith(kind) and "GET" in rule.methods)
    return [rule for rule in rules if rule.endpoint not in ELSEWHERE and not rule.endpoint.startswith("public.")]


def taken(person: Person, app, rule, ids):
    known = ids | ids.get(rule.endpoint, {})
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
    answer = person.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def test_every_page_of_every_paper_is_marked(app, school):
    owner, ids = school
    rules = downloads(app, ".pdf")
    assert len(rules) >= 9
    for rule in rules:
        answer = taken(owner, app, rule, ids)
        assert answer.mimetype == "application/pdf", rule
        assert [n for n, page in enumerate(pages(answer.data)) if "FACTICE" not in page] == [], rule


def test_every_row_and_the_name_of_every_list_is_marked(app, school):
    owner, ids = school
    rules = downloads(app, ".csv")
    assert len(rules) >= 7
    for rule in rules:
        answer = taken(owner, app, rule, ids)
        assert "FACTICE-" in unquote(answer.headers["Content-Disposition"]), rule
        header, *rows = answer.text.strip().split("\r\n")
        assert header.endswith(";École"), rule
        assert [row for row in rows if not row.endswith(";FACTICE")] == [], rule


def test_a_real_company_marks_nothing(new_shop, keeper):
    new_shop.client("Hôtel du Parc")
    owner = keeper(new_shop)
    answer = owner.get("/clients.csv")
    assert ("FACTICE" in answer.text, "FACTICE" in answer.headers["Content-Disposition"]) == (False, False)
    paf = owner.get("/registre/piste-audit.pdf")
    assert all("FACTICE" not in page for page in pages(paf.data))
