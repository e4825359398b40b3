"""The proof reads one company at one moment, with the rights of an auditor."""

from uuid import uuid4

import psycopg
import pytest

from audit import reading, verify
from audit.companies import known_companies
from audit.cores import processes
from audit.verify import verify_companies, verify_company
from ledger.books import Books
from tests.audit import forge
from tests.audit.forge import Ledger
from tests.ledger.example import KEY, USER, ExampleMapper, draft, issue, new_ledger


@pytest.fixture
def company(job_pool, web_pool):
    """A ledger written as the application writes it, with a sealed name in each invoice."""
    company, books = new_ledger(job_pool), Books(web_pool, ExampleMapper(), KEY)
    for _ in range(5):
        ticket_id = uuid4()
        books.do(draft, company, uuid4(), USER, ticket_id=ticket_id, client_id=uuid4(), name="Zoé Lefèvre")
        books.do(issue, company, uuid4(), USER, ticket_id=ticket_id)
    return company


def test_what_the_application_appends_is_whole(server, company):
    told = []
    result = verify_company(server, company, told.append)
    assert (result.findings, result.notices, sum(told), result.count) == ((), (), 17, 17)


def test_an_erased_person_is_told_and_is_no_defect(server, company, job_pool):
    with job_pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(company),))
        (subject,) = conn.execute("SELECT subject_id FROM ledger.sealed WHERE kept_until IS NULL LIMIT 1").fetchone()
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'demande')", (company, subject))
    result = verify_company(server, company)
    assert result.findings == ()
    assert [notice.code for notice in result.notices] == ["erased"]


def test_what_is_appended_meanwhile_is_no_finding(server, company, web_pool):
    books = Books(web_pool, ExampleMapper(), KEY)
    uri = server.uri("probant_audit")
    with reading.snapshot(uri, company) as conn:
        head = reading.head(conn, company)
        books.do(draft, company, uuid4(), USER, ticket_id=uuid4(), client_id=uuid4())
        last = reading.last_position(conn, company, head)
        rows = list(reading.rows(conn, company, 0, last))
        assert list(verify.check(str(company), rows, head, reading.openings(conn, company))) == []
    assert verify_company(server, company).count == last + 2


def test_the_auditor_sees_one_company_and_writes_nothing(server, company):
    with reading.snapshot(server.uri("probant_audit"), company) as conn:
        assert conn.execute("SELECT DISTINCT company_id FROM ledger.entry").fetchall() == [(company,)]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            conn.execute("UPDATE ledger.head SET pos = 0")


def test_all_cores_find_what_one_process_finds(server, monkeypatch):
    monkeypatch.setattr(verify, "RANGE", 40)
    ledgers = [Ledger(30, uuid4().int), Ledger(3, uuid4().int)]
    with psycopg.connect(server.uri("postgres")) as conn:
        for ledger in ledgers:
            rows = [list(row) for row in ledger.rows]
            rows[8][5] = rows[8][5].replace(b"user:8", b"user:9")
            forge.store(conn, ledger.id, map(tuple, rows), ledger.vault, **ledger.last)
    known = [one for one in known_companies(server.uri("probant_audit")) if one.id in {ledger.id for ledger in ledgers}]
    told = []
    with processes() as pool:
        results = list(verify_companies(server, known, told.append, pool))
    assert results == [verify_company(server, one.id) for one in known]
    assert [(f.position, f.code) for result in results for f in result.findings] == [(9, "altered")] * 2
    assert sum(told) == sum(len(ledger.rows) for ledger in ledgers)


def test_an_error_in_the_middle_of_a_stream_is_told_and_waits_for_nothing(server, company):
    """psycopg's rollback would wait for the stream, and the stream for nobody: an archive that failed hung."""

    def half_read():
        with reading.snapshot(server.uri("probant_audit"), company) as conn:
            lines = reading.lines(conn, company)
            raise KeyError(next(lines))

    with pytest.raises(KeyError):
        half_read()
