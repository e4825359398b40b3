"""The vault and the blobs, from Python."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ledger import blobs, chain, vault
from tests.ledger.raw import append, one


@pytest.fixture
def web(connect, company):
    return connect("probant_web", company)


def test_a_value_is_sealed_afresh_each_time_and_opened(web, company):
    openings = [vault.seal(company, uuid4(), {"name": "Zoé", "city": "Besançon"}) for _ in range(2)]
    vault.keep(web, company, openings)
    first, second = openings
    assert first.digest != second.digest
    assert first.value == '{"city":"Besançon","name":"Zoé"}'
    assert first.digest == chain.seal(str(company), str(first.subject), first.salt, first.value)
    assert vault.opened(web, company, first.digest) == {"name": "Zoé", "city": "Besançon"}
    append(web, company, one("client.created", {"card": {"sealed": first.digest}}))


def test_an_erased_value_opens_to_nothing(web, job_pool, company):
    opening = vault.seal(company, uuid4(), "Zoé")
    vault.keep(web, company, [opening])
    with job_pool.connection() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'asked')", (company, opening.subject))
    assert vault.opened(web, company, opening.digest) is None


def test_there_is_no_seal_inside_a_sealed_value(company):
    with pytest.raises(ValueError, match="no seal"):
        vault.seal(company, uuid4(), {"card": {"sealed": "0" * 64}})


def test_a_blob_is_kept_once_by_its_content(web, company):
    day = web.execute("SELECT current_date + 10").fetchone()[0]
    content = bytes(range(256)) * 10
    digest = blobs.put(web, company, content, day)
    assert blobs.put(web, company, content, day) == digest
    assert blobs.get(web, company, digest) == content
    assert blobs.get(web, company, "0" * 64) is None
    assert web.execute("SELECT count(*) FROM ledger.blob").fetchone()[0] == 1


def test_the_term_of_a_blob_only_grows_and_its_end_removes_it(web, job_pool, company):
    day = web.execute("SELECT (now() AT TIME ZONE 'UTC')::date").fetchone()[0]
    kept, due = (blobs.put(web, company, content, day - timedelta(days=1)) for content in (b"kept", b"due"))
    blobs.put(web, company, b"kept", day)
    blobs.put(web, company, b"kept", day - timedelta(days=5))
    with job_pool.connection() as conn:
        assert conn.execute("SELECT ledger.drop_blobs(%s)", (company,)).fetchone()[0] == 1
    assert [blobs.get(web, company, digest) for digest in (kept, due)] == [b"kept", None]


def test_a_blob_is_not_seen_from_another_company(web, company, connect, ledger):
    digest = blobs.put(web, company, b"x", web.execute("SELECT current_date").fetchone()[0])
    other = ledger()
    assert blobs.get(connect("probant_web", other), company, digest) is None
