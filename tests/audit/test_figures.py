"""A ledger whose chain holds, written by whoever holds the database: its figures are computed again."""

import json

import psycopg
import pytest

from audit import texts
from audit.figures import figures
from audit.verifier.figures import document
from audit.verifier.lines import Entry
from audit.verify import verify_company
from domain.registry import AGGREGATES
from ledger.codec import EventMapper
from tests.audit.archiving import ground
from tests.documents.facturx.cases import CASES


@pytest.fixture(scope="module")
def world(settings, server, web_pool, job_pool):
    return ground(settings, server, web_pool, job_pool)


def test_what_the_program_recorded_adds_up(world, server):
    assert verify_company(server, world.shop.id, adding_up=True).findings == ()


@pytest.mark.parametrize("case", CASES)
def test_no_figure_of_a_lawful_document_is_found_wrong(case):
    _, invoice = CASES[case]()
    _, data = EventMapper(*AGGREGATES).encode(invoice.issued)
    assert [*document(Entry(1, b"", "", "", "", "", "invoice.issued", 2, json.loads(data)))] == []


def more(data):
    data["gross_cents"] += 1


def unbalanced(data):
    data["postings"][0]["lines"][0]["debit_cents"] += 1


def boasting(data):
    data["perpetual_documents_cents"] += 1


@pytest.mark.parametrize(
    ("type_", "change", "said"),
    [
        ("invoice.issued", more, "les totaux ne sont pas ceux de la TVA"),
        ("invoice.issued", unbalanced, "son écriture comptable n’est pas équilibrée"),
        ("period.closed", boasting, "les totaux perpétuels ne suivent pas ceux de la clôture précédente"),
    ],
    ids=["document", "posting", "closing"],
)
def test_what_does_not_is_told_where_it_stands(world, server, type_, change, said):
    """The change is rolled back."""
    with psycopg.connect(server.uri("postgres")) as conn:
        query = "SELECT pos, line FROM ledger.entry WHERE company_id = %s AND type = %s ORDER BY pos LIMIT 1"
        pos, line = conn.execute(query, (world.shop.id, type_)).fetchone()
        told = json.loads(line)
        change(told["data"])
        conn.execute("ALTER TABLE ledger.entry DISABLE TRIGGER ALL")
        conn.execute(
            "UPDATE ledger.entry SET line = %s WHERE company_id = %s AND pos = %s",
            (json.dumps(told, ensure_ascii=False), world.shop.id, pos),
        )
        found = [*figures(conn, world.shop.id)]
        conn.rollback()
    assert (pos, said) in [(finding.position, texts.sentence(finding)) for finding in found]
