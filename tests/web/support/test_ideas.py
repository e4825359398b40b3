"""The board of ideas: one vote a person, a status and an answer by the operator only, hidden ones for nobody else."""

import re
from uuid import uuid4

import pytest
from psycopg.errors import InsufficientPrivilege


def propose(person, title: str = "", **typed: str) -> str:
    """Proposes an idea; its title, of its own."""
    title = title or f"Idée {uuid4().hex[:10]}"
    assert person.submit("/idees/nouvelle", title=title, **typed).status_code == 303
    return title


def board(person, title: str) -> str:
    return person.get("/idees/", query_string={"q": title}).text


def voting(person, title: str) -> tuple[str, str]:
    """Where her vote on that idea goes, and what the button would do."""
    page = board(person, title)
    found = re.search(r'action="(/idees/[^"]+/voix)".*?name="wanted" value="(1?)"', page, re.DOTALL)
    assert found, page
    return found[1], found[2]


def votes(person, title: str) -> int:
    return int(re.search(r'<strong class="num">(\d+)</strong>', board(person, title))[1])


def test_an_idea_is_wanted_by_as_many_as_voted(asker, person):
    title = propose(asker, body="Plusieurs\nlignes & <b>")
    assert votes(asker, title) == 1  # who proposes wants it
    other = person()
    other.sign_in()
    path, wanted = voting(other, title)
    assert wanted == "1"
    assert [other.post(path, wanted="1").status_code for _ in range(2)] == [303, 303]
    assert votes(other, title) == 2
    path, wanted = voting(other, title)
    assert wanted == ""
    other.post(path, wanted="")
    assert votes(other, title) == 1
    page = board(other, title)
    assert "&lt;b&gt;" in page
    assert asker.name not in page.partition("<main")[2].partition("</main>")[0]


def test_the_operator_decides_and_answers(asker, operator, person):
    title = propose(asker)
    path = re.search(
        r'href="(/operateur/idees/[^"]+)">', operator.get("/operateur/idees/", query_string={"q": title}).text
    )[1]
    assert operator.submit(path, status="planned", answer="Au printemps.").status_code == 303
    page = board(asker, title)
    assert "Prévue" in page
    assert "Au printemps." in page
    assert operator.submit(path, status="wished").status_code == 422
    assert operator.submit(path, status="hidden", answer="Hors sujet").status_code == 303
    assert "Aucune idée ici." in board(asker, title)
    other = person()
    other.sign_in()
    assert other.post(f"/idees/{path.rpartition('/')[2]}/voix", wanted="1").status_code == 404
    assert title in operator.get("/operateur/idees/?etat=hidden").text
    assert asker.get(path).status_code == 404


def test_nobody_proposes_in_the_name_of_another_or_decides(asker, operator, web_pool, connect):
    propose(asker)
    with web_pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.person', %s, true)", [str(asker.id)])
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(
                "INSERT INTO support.idea (id, user_id, title, body) VALUES (%s, %s, 'x', '')", [uuid4(), operator.id]
            )
        assert conn.execute("UPDATE support.idea SET status = 'done'").rowcount == 0


def test_an_idea_without_a_title_is_refused(asker):
    answer = asker.submit("/idees/nouvelle", title=" ", body="x")
    assert answer.status_code == 422
    assert 'id="title-erreur"' in answer.text
