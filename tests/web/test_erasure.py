"""T26, I8: a person is erased: no word of her is left but where the law keeps it, and after its term nowhere."""

from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from audit.verify import verify_company
from ledger.erased import lost
from tests.documents.reading import text as printed
from tests.web.conftest import Person
from tests.web.natural import Natural
from tests.web.shop import open_shop
from tests.web.sweep import crawl, said_by
from web.privacy.erasing import erase_due, erase_person

LONG_AGO = date(2014, 3, 3)  # no fiscal year is known: two years, then ten
TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
     ORDER BY 1, 2
    """


def places(conn: psycopg.Connection, word: str) -> set[str]:
    """Every table of the database in which a row holds that word, as text, as JSON, or in the bytes of a column."""
    found = set()
    for schema, table in conn.execute(TABLES).fetchall():
        ask = SQL("SELECT count(*) FROM {}.{} t WHERE t::text ILIKE %s OR t::text ILIKE %s")
        count = conn.execute(
            ask.format(Identifier(schema), Identifier(table)), (f"%{word}%", f"%{word.encode().hex()}%")
        ).fetchone()
        if count[0]:
            found.add(f"{schema}.{table}")
    return found


def files(conn: psycopg.Connection, company_id: UUID, word: str) -> list[date]:
    """Until when the frozen files are kept that print that word."""
    rows = conn.execute("SELECT bytes, kept_until FROM ledger.blob WHERE company_id = %s", (company_id,)).fetchall()
    return [until for content, until in rows if word.lower() in printed(content).lower()]


@pytest.fixture
def database(connect):
    return connect("postgres")


@pytest.fixture
def natural(new_shop, workshop, database, person):
    """A person with documents of every kind, a mail that waits and one that went, words that somebody typed."""
    natural = Natural(new_shop, f"Zirk{uuid4().hex[:10]}", workshop)
    natural.mail(natural.sent(), uuid4())
    natural.type_in(database, person((new_shop.id, "owner")).id)
    return natural


def erase(natural: Natural, person: Person, subject: UUID | None = None) -> None:
    """As its owner does, then as the worker does."""
    page = f"/clients/{natural.client}/donnees-personnelles/"
    answer = person.submit(page, f"{page}effacer", understood="1", subject=str(subject or ""))
    assert answer.status_code == 303, answer.text
    erase_person(natural.workshop, company_id=str(natural.shop.id), erasure_id=erasure_of(natural))


def erasure_of(natural: Natural) -> str:
    with natural.workshop.read(natural.shop.id) as tx:
        return str(
            tx.value(
                "SELECT stream_id FROM ledger.entry WHERE company_id = %(company)s"
                " AND type = 'security.erasure_asked' ORDER BY pos DESC LIMIT 1"
            )
        )


def test_no_word_of_an_erased_person_is_left_but_what_the_law_keeps(natural, keeper, database):
    canaries = {
        "ledger.sealed", "read.clients", "read.contacts", "read.invoices", "read.quotes", "read.payments",
        "read.suspensions", "jobs.mail", "scratch.drafts", "scratch.import_line",
    }  # fmt: skip
    owner = keeper(natural.shop)
    owner.get("/")
    assert places(database, natural.word) == canaries
    assert files(database, natural.shop.id, natural.word)

    erase(natural, owner)

    assert places(database, natural.word) == {"ledger.sealed"}
    kept = database.execute(
        "SELECT min(kept_until), count(*) FILTER (WHERE kept_until IS NULL) FROM ledger.sealed"
        " WHERE company_id = %s AND value ILIKE %s", (natural.shop.id, f"%{natural.word}%"),
    ).fetchone()  # fmt: skip
    today = natural.shop.today
    assert kept == (date(today.year + 10, 12, 31), 0)
    assert min(files(database, natural.shop.id, natural.word)) >= date(today.year + 5, 1, 1)


def test_the_ledger_of_an_erased_person_is_intact(natural, keeper, server):
    erase(natural, keeper(natural.shop))
    result = verify_company(server, natural.shop.id)
    assert result.findings == ()
    assert "erased" in {notice.code for notice in result.notices}


def test_after_the_term_no_word_is_left_at_all(settings, web_pool, job_pool, workshop, database, server, keeper):
    """Kept on days of twelve years ago, as a training ledger may be: the law's ten years are over."""
    shop = open_shop(web_pool, job_pool, settings.secret("commands"), mode="training")
    shop.today = LONG_AGO
    shop.books = shop.books.on(LONG_AGO)
    natural = Natural(shop, f"Zirk{uuid4().hex[:10]}", workshop)
    natural.sent()
    erase(natural, keeper(shop))
    assert places(database, natural.word) == set()
    assert files(database, shop.id, natural.word) == []
    assert verify_company(server, shop.id).findings == ()


def test_no_page_breaks_or_names_her_after_an_erasure(natural, keeper):
    """Lists, cards, documents, exports, the register: she is « Tiers effacé »; the frozen file alone is as it was."""
    owner = keeper(natural.shop)
    erase(natural, owner)
    told = {
        path: answer
        for path, answer in crawl(
            owner, f"/recherche?q={natural.word}", f"/clients?q={natural.word}", "/clients?etat=archives"
        )
        if answer.mimetype != "application/pdf"
    }
    assert {path: answer.status_code for path, answer in told.items() if answer.status_code >= 400} == {}
    naming = [path for path, answer in told.items() if natural.word.lower() in said_by(answer)]
    assert {path for path in naming if natural.word not in path} == set()
    assert sum("Tiers effacé" in answer.get_data(as_text=True) for answer in told.values()) > 20


def test_what_the_law_kept_goes_when_its_term_has_come(natural, keeper, database, workshop):
    erase(natural, keeper(natural.shop))
    with database.transaction():  # the clock cannot be moved: the terms are
        for table in ("sealed", "blob"):
            database.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER term")
            database.execute(
                f"UPDATE ledger.{table} SET kept_until = current_date - 2 WHERE company_id = %s", (natural.shop.id,)
            )
            database.execute(f"ALTER TABLE ledger.{table} ENABLE ALWAYS TRIGGER term")
    erase_due(workshop)
    assert places(database, natural.word) == set()
    assert files(database, natural.shop.id, natural.word) == []
    told = database.execute(
        "SELECT line::jsonb #>> '{data,reason}' FROM ledger.entry WHERE company_id = %s AND type = 'subject.erased'"
        " ORDER BY pos", (natural.shop.id,),
    ).fetchall()  # fmt: skip
    assert told[-1][0] == "terme de la conservation légale"
    erase_due(workshop)  # and nothing more is said
    assert len(told) == database.execute(
        "SELECT count(*) FROM ledger.entry WHERE company_id = %s AND type = 'subject.erased'", (natural.shop.id,)
    ).fetchone()[0]  # fmt: skip


def test_an_erasure_done_twice_is_one_entry_for_each_person(natural, keeper, database):
    erase(natural, keeper(natural.shop))
    erase_person(natural.workshop, company_id=str(natural.shop.id), erasure_id=erasure_of(natural))
    found = database.execute(
        "SELECT line::jsonb #>> '{data,subject_id}' FROM ledger.entry"
        " WHERE company_id = %s AND type = 'subject.erased'",
        (natural.shop.id,),
    ).fetchall()
    assert sorted(subject for (subject,) in found) == sorted(map(str, (natural.client, natural.contact)))


def test_the_data_folder_remembers_who_was_erased(natural, keeper, workshop, connect):
    erase(natural, keeper(natural.shop))
    file = workshop.settings.data / "erased" / str(natural.shop.id)
    assert set(file.read_text().split()) == {str(natural.client), str(natural.contact)}
    assert lost(connect("probant_job", natural.shop.id), workshop.settings, natural.shop.id) == []


def test_read_models_made_anew_are_the_same(natural, keeper, app, database):
    erase(natural, keeper(natural.shop))
    tables = ("clients", "contacts", "invoices", "quotes", "payments")
    kept = {table: rows(database, table, natural.shop.id) for table in tables}
    for table in ("clients", "invoices", "quotes", "payments"):
        app.extensions["engine"].rebuild(natural.shop.id, table)
    with app.extensions["engine"].read(natural.shop.id):
        pass
    assert {table: rows(database, table, natural.shop.id) for table in tables} == kept


def rows(conn: psycopg.Connection, table: str, company_id: UUID) -> list[str]:
    ask = SQL("SELECT t::text FROM read.{} t WHERE company_id = %s ORDER BY 1").format(Identifier(table))
    return [row for (row,) in conn.execute(ask, (company_id,))]
