"""A job is asked for in the transaction of its command: both or neither, with identifiers only."""

from datetime import date, timedelta
from importlib.metadata import version
from importlib.resources import files
from uuid import uuid4

import psycopg
import pytest

from ledger import migrate
from tests.ledger.example import USER, draft, issue
from tests.ledger.raw import sqlstate

DEFER = "SELECT jobs.defer(%s, %s, %s::jsonb[], current_date)"
NO_PRIVILEGE = "42501"


def issue_and_render(entry, *, ticket_id):
    number = issue(entry, ticket_id=ticket_id)
    entry.defer("render_ticket", ticket_id=ticket_id)
    return number


def drafted(books, company):
    ticket_id = uuid4()
    books.do(draft, company, uuid4(), USER, ticket_id=ticket_id, client_id=uuid4())
    return ticket_id


@pytest.fixture
def jobs(connect, company):
    """`jobs()`: (task, args, priority) of the jobs of the company."""
    worker = connect("probant_job")
    query = "SELECT task_name, args, priority FROM jobs.procrastinate_jobs WHERE args ->> 'company_id' = %s ORDER BY id"
    return lambda of=company: worker.execute(query, (str(of),)).fetchall()


def test_a_job_is_asked_for_with_its_entry(books, company, jobs):
    ticket_id, command = drafted(books, company), uuid4()
    for _ in range(2):  # the second time, the command is known
        books.do(issue_and_render, company, command, USER, ticket_id=ticket_id)
    assert jobs() == [("render_ticket", {"ticket_id": str(ticket_id), "company_id": str(company)}, 0)]


def test_a_refused_command_leaves_no_job(books, company, jobs):
    def twice(entry, *, ticket_id):
        issue_and_render(entry, ticket_id=ticket_id)
        entry.events.append(entry.events[-1])  # the same version again

    ticket_id = drafted(books, company)
    with pytest.raises(psycopg.Error) as refused:
        books.do(twice, company, uuid4(), USER, ticket_id=ticket_id)
    assert refused.value.sqlstate == "PB004"
    assert jobs() == []


def test_asking_costs_no_exchange(exchanges, books, company, jobs):
    ticket_id = drafted(books, company)
    assert exchanges(lambda books: books.do(issue_and_render, company, uuid4(), USER, ticket_id=ticket_id)) == 2
    assert len(jobs()) == 1


def test_what_is_done_on_a_past_day_comes_after_today_and_the_newest_of_it_first(books, ledger, jobs):
    training = ledger(mode="training")
    first, second = drafted(books, training), drafted(books, training)
    day = date.fromisoformat(books.do(lambda entry: entry.day, training, uuid4(), USER))
    books.on(day - timedelta(days=300)).do(issue_and_render, training, uuid4(), USER, ticket_id=first)
    books.on(day - timedelta(days=20)).do(issue_and_render, training, uuid4(), USER, ticket_id=second)
    long_ago, lately = (priority for _, _, priority in jobs(training))
    assert long_ago < lately < 0


@pytest.mark.parametrize(
    "ids",
    ['{"to": "zoe@exemple.fr"}', '{"name": "Zoé"}', '{"cents": 1}', '{"a": {"b": "c"}}', f'{{"a": "{"b" * 65}"}}'],
)
def test_a_job_holds_identifiers_and_nothing_else(connect, company, jobs, ids):
    assert sqlstate(connect("probant_web").execute, DEFER, (company, ["render"], [ids])) == "22023"
    assert jobs() == []


@pytest.mark.parametrize("table", ["jobs", "workers", "events", "periodic_defers"])
@pytest.mark.parametrize("role", ["probant_web", "probant_audit"])
def test_the_web_neither_reads_nor_changes_the_queue(connect, role, table):
    conn = connect(role)
    for query in ("SELECT FROM jobs.procrastinate_{}", "DELETE FROM jobs.procrastinate_{}"):
        assert sqlstate(conn.execute, query.format(table)) == NO_PRIVILEGE


def test_the_web_may_call_none_of_the_queues_own_functions(connect):
    may = connect("postgres").execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace"
        " AND has_function_privilege('probant_web', oid, 'EXECUTE')"
    )
    assert may.fetchall() == [("defer",)]


def test_the_schema_is_that_of_the_locked_version():
    """A newer procrastinate brings changes of its schema: they go into a new migration, then this version follows."""
    ours = (migrate.FOLDER / "005_jobs.sql").read_text()
    assert files("procrastinate").joinpath("sql/schema.sql").read_text() in ours
    assert version("procrastinate") == "3.10.0"


def test_no_commit_waits_for_a_notification(connect):
    triggers = connect("postgres").execute(
        "SELECT tgname, tgenabled FROM pg_trigger"
        " WHERE tgname ~ 'notify' AND tgrelid = 'jobs.procrastinate_jobs'::regclass"
    )
    assert {enabled for _, enabled in triggers.fetchall()} == {"D"}
