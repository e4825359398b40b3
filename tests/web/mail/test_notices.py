"""Mails of the service: asked for with what they tell of, sent by the worker, emptied when they have left."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from jinja2 import DictLoader
from psycopg.errors import InsufficientPrivilege

from tests.web.postman import Postman, post_office
from web.mail import notices
from web.mail.message import Attached

LINK = ("Confirmer", "https://probant.example/lien/secret")


@pytest.fixture
def to():
    return f"{uuid4().hex[:12]}@exemple.fr"


def ask(web_pool, to, **facts) -> UUID:
    with web_pool.connection() as conn:
        return notices.send(conn, to, "trial", **{"link": LINK, "name": "Zoé", **facts})


def row(job_pool, notice_id):
    with job_pool.connection() as conn:
        query = "SELECT state, told, recipient, subject, body, link, file FROM jobs.notice WHERE id = %s"
        return conn.execute(query, (notice_id,)).fetchone()


@pytest.fixture(autouse=True)
def trial(monkeypatch):
    monkeypatch.setattr(
        notices._texts, "loader", DictLoader({"trial.txt": "Bienvenue {{ name }}\n\nBonjour,\n\nVoici <tout>."})
    )


def test_it_arrives_in_text_and_html_with_its_link_and_file(web_pool, posted, to):
    notice_id = ask(
        web_pool, to, file=Attached("reçu.pdf", b"%PDF"), reply_to="aide+1@probant.example", in_reply_to="<a@b>"
    )
    (mail,) = posted(to)
    assert (mail["Subject"], mail["To"], mail["Reply-To"]) == ("Bienvenue Zoé", to, "aide+1@probant.example")
    assert (mail["Message-ID"], mail["References"]) == (f"<{notice_id}@probant.example>", "<a@b>")
    text, page = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert ["Voici <tout>.", "", LINK[1]] == text.splitlines()[2:]
    assert "Voici &lt;tout&gt;." in page
    assert f'href="{LINK[1]}"' in page
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("reçu.pdf", b"%PDF")


def test_nothing_of_it_is_kept_when_it_has_left(web_pool, job_pool, posted, to):
    notice_id = ask(web_pool, to)
    assert row(job_pool, notice_id)[2] == to
    posted(to)
    assert row(job_pool, notice_id) == ("sent", "", "", "", "", "", None)
    assert posted(to) == []


def test_of_mails_with_the_same_key_only_the_first_leaves(web_pool, posted, to):
    for _ in range(2):
        ask(web_pool, to, key=f"welcome {to}")
    assert len(posted(to)) == 1


def test_what_is_rolled_back_is_not_sent(web_pool, posted, to):
    with web_pool.connection() as conn, conn.transaction(force_rollback=True):
        notices.send(conn, to, "trial", name="Zoé")
    assert posted(to) == []


@pytest.mark.parametrize(("answers", "state"), [
    ({"data": "451 plus tard"}, "waiting"), ({"data": "silence"}, "waiting"), ({"data": "550 non"}, "refused"),
])  # fmt: skip
def test_it_is_tried_again_until_the_server_refuses_for_good(web_pool, job_pool, workshop, to, answers, state):
    notice_id = ask(web_pool, to)
    postman = Postman(**answers)
    with post_office(workshop.settings, postman) as settings:
        shop = replace(workshop, settings=settings)
        try:
            notices.send_notice(shop, company_id=str(notices.NOBODY), notice_id=str(notice_id))
        except notices.NotYet:
            assert state == "waiting"
        assert row(job_pool, notice_id)[0] == state
        postman.data = "250 OK"
        notices.send_notice(shop, company_id=str(notices.NOBODY), notice_id=str(notice_id))
    assert len(postman.taken) == (state == "waiting")


def test_without_a_mail_server_nothing_is_kept_either(web_pool, job_pool, workshop, to):
    notice_id = ask(web_pool, to)
    notices.send_notice(workshop, company_id=str(notices.NOBODY), notice_id=str(notice_id))
    assert row(job_pool, notice_id)[:3] == ("held", "", "")


def test_the_web_cannot_read_whom_a_mail_is_for(connect):
    with pytest.raises(InsufficientPrivilege):
        connect("probant_web").execute("SELECT recipient FROM jobs.notice")
