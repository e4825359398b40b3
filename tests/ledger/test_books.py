"""The unit of work: once, whole or not at all, in three exchanges."""

from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest

from domain.errors import NotFound
from ledger.errors import CommandReused, TrainingOnly
from tests.ledger.example import ITEMS, USER, Book, Ticket, TicketNotDraft, draft, issue


def drafted(books, company, **facts):
    ticket_id = uuid4()
    books.do(draft, company, uuid4(), USER, ticket_id=ticket_id, client_id=uuid4(), **facts)
    return ticket_id


def count(connect, company):
    return connect("probant_audit", company).execute("SELECT count(*) FROM ledger.entry").fetchone()[0]


def test_the_same_command_is_done_once_and_answers_the_same(books, company, connect):
    ticket_id, command = drafted(books, company), uuid4()
    first = books.do(issue, company, command, USER, ticket_id=ticket_id)
    again = books.do(issue, company, command, USER, ticket_id=ticket_id)
    assert first == again == "F2026-0001"
    assert count(connect, company) == 5


@pytest.mark.parametrize("other", ["request", "actor", "use case"])
def test_a_command_id_used_for_another_request_is_refused(books, company, other):
    ticket_id, command = drafted(books, company), uuid4()
    books.do(issue, company, command, USER, ticket_id=ticket_id)
    use_case = draft if other == "use case" else issue
    actor = f"user:{uuid4()}" if other == "actor" else USER
    with pytest.raises(CommandReused):
        books.do(use_case, company, command, actor, ticket_id=uuid4() if other == "request" else ticket_id)


def test_a_refusal_records_nothing_and_gives_its_number_back(books, company, connect):
    first, second = drafted(books, company), drafted(books, company)
    books.do(issue, company, uuid4(), USER, ticket_id=first)
    command = uuid4()
    with pytest.raises(TicketNotDraft):
        books.do(issue, company, command, USER, ticket_id=first)
    assert books.do(issue, company, command, USER, ticket_id=second) == "F2026-0002"
    assert count(connect, company) == 8


def test_what_was_saved_comes_back(books, company):
    def look(entry, *, ticket_id):
        ticket = entry.get(Ticket, ticket_id)
        assert ticket is entry.get(Ticket, ticket_id)
        return [ticket.items == ITEMS, ticket.version, entry.pos, entry.actor, entry.training]

    ticket_id = drafted(books, company)
    assert books.do(look, company, uuid4(), USER, ticket_id=ticket_id) == [True, 2, 4, USER, False]


def test_none_and_absent_are_the_same_request(books, company):
    ticket_id, command = drafted(books, company), uuid4()
    books.do(issue, company, command, USER, ticket_id=ticket_id, issued_on=None)
    assert books.do(issue, company, command, USER, ticket_id=ticket_id) == "F2026-0001"


def test_a_stream_that_does_not_exist_or_is_of_another_kind_is_not_found(books, company):
    ticket_id = drafted(books, company)
    for kind, other in ((Ticket, uuid4()), (Book, ticket_id), (Ticket, company)):
        with pytest.raises(NotFound) as refused:
            books.do(lambda entry, kind=kind, other=other: entry.get(kind, other), company, uuid4(), USER)
        assert (refused.value.kind, refused.value.id) == (kind.TOPIC, other)


def test_another_companys_stream_is_not_found(books, company, ledger):
    ticket_id = drafted(books, company)
    with pytest.raises(NotFound):
        books.do(issue, ledger(), uuid4(), USER, ticket_id=ticket_id)


def test_a_sealed_name_is_opened_and_sealed_afresh(books, company, connect):
    ticket_id = drafted(books, company, name="Zoé Lefèvre")
    books.do(issue, company, uuid4(), USER, ticket_id=ticket_id)
    conn = connect("probant_audit", company)
    values = conn.execute("SELECT value, kept_until FROM ledger.sealed ORDER BY kept_until NULLS FIRST").fetchall()
    assert [value for value, _ in values] == ['{"name":"Zoé Lefèvre"}'] * 2
    assert [kept is None for _, kept in values] == [True, False]
    lines = [line for (line,) in conn.execute("SELECT line FROM ledger.entry")]
    assert len(lines) == 5
    assert not any("Lefèvre" in line for line in lines)


def test_a_training_ledger_is_kept_on_any_day_and_a_live_one_is_not(books, company, ledger):
    training, day = ledger(mode="training"), date(2025, 2, 28)
    ticket_id = drafted(books, training)
    books.on(day).do(issue, training, uuid4(), USER, ticket_id=ticket_id)
    with pytest.raises(TrainingOnly):
        books.on(day).do(issue, company, uuid4(), USER, ticket_id=drafted(books, company))


def test_a_command_that_midnight_overtook_is_tried_again_with_the_new_day(books, company):
    tries = []

    def issue_yesterday_first(entry, *, ticket_id):
        tries.append(entry.day)
        entry.day -= timedelta(days=2 - len(tries))
        return issue(entry, ticket_id=ticket_id)

    ticket_id = drafted(books, company)
    assert books.do(issue_yesterday_first, company, uuid4(), USER, ticket_id=ticket_id) == "F2026-0001"
    assert len(tries) == 2


def test_a_ledger_is_opened_once_by_the_same_command(job_books, connect):
    from tests.ledger.example import open_book

    company, command = uuid4(), uuid4()
    for _ in range(2):
        job_books.do(open_book, company, command, "system", mode="live", time_zone="Europe/Paris", series=("F2026",))
    assert count(connect, company) == 2
    with pytest.raises(psycopg.Error) as refused:
        job_books.do(open_book, company, uuid4(), "system", mode="live", time_zone="Europe/Paris", series=("F2026",))
    assert refused.value.sqlstate == "PB004"


def test_a_command_is_two_exchanges_with_the_streams_of_its_request(exchanges, books, company):
    ticket_id = drafted(books, company, name="Zoé")
    assert exchanges(lambda books: books.do(issue, company, uuid4(), USER, ticket_id=ticket_id)) == 2


def test_a_command_that_fetches_more_is_three_exchanges(exchanges, books, company):
    first, second = drafted(books, company), drafted(books, company)

    def issue_both(entry, *, ticket_id):
        entry.fetch(second, company)
        assert entry.get(Ticket, second).items == ITEMS
        return [issue(entry, ticket_id=ticket_id), issue(entry, ticket_id=second)]

    assert exchanges(lambda books: books.do(issue_both, company, uuid4(), USER, ticket_id=first)) == 3
