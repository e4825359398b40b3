"""The client's page: what a link shows, to whom, for how long, and what its holder may answer."""

import hmac
import json
import re
from hashlib import sha256
from uuid import uuid4

import msgspec
import psycopg
import pytest

from domain.quote import Quote
from ledger.commands import quotes
from projections import streams
from tests.web.conftest import Person
from tests.web.public import Visitor, link
from tests.web.shop import LINE, open_shop
from web.accounts.sign_in import OPEN_TO_ALL
from web.public import tokens

DRAWN = "M10 20L30 40L50 45M60 70L80 90"


@pytest.fixture
def visitor(app) -> Visitor:
    return Visitor(app)


@pytest.fixture
def offered(new_shop, render, settings):
    """A company with a quote that was sent and frozen today: `offered["quote"]`, `offered.path`."""
    client_id = new_shop.client("Hôtel du Parc", card={"siren": "552100554"})
    new_shop.ids["quote"] = new_shop.quote(client_id, "Terrasse", sent_on=new_shop.today)
    new_shop.ids["client"] = client_id
    render(new_shop, new_shop["quote"])
    new_shop.path = link(new_shop, settings, new_shop["quote"])
    return new_shop


def accept(visitor, shop, **typed):
    return visitor.submit(shop.path, f"{shop.path}/accepter", **{"agreed": "1", "signer": "Jeanne Roux"} | typed)


def lines(connect, shop, type):
    query = "SELECT line FROM ledger.entry WHERE type = %s ORDER BY pos"
    return [json.loads(line) for (line,) in connect("probant_audit", shop.id).execute(query, [type]).fetchall()]


def row(connect, shop):
    query = "SELECT seen_at IS NOT NULL, downloads FROM accounts.links WHERE document_id = %s"
    return connect("probant_web", shop.id).execute(query, [shop["quote"]]).fetchone()


def pdf_of(connect, shop):
    return lines(connect, shop, "document.rendered")[-1]["data"]["sha256"]


def test_whoever_holds_the_link_sees_the_quote_and_downloads_its_frozen_file(visitor, offered, connect):
    page = visitor.get(offered.path)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert "Bibliothèque en chêne" in page.text
    assert "Tableau de bord" not in page.text  # nothing of the house
    assert row(connect, offered) == (False, 0)  # looking writes nothing
    file = visitor.submit(offered.path, f"{offered.path}/pdf")
    assert sha256(file.data).hexdigest() == pdf_of(connect, offered)
    assert "attachment" in file.headers["Content-Disposition"]
    assert row(connect, offered) == (True, 1)


def test_a_page_on_a_screen_says_that_it_was_seen(visitor, offered, connect):
    assert visitor.submit(offered.path, f"{offered.path}/vu").status_code == 204
    assert row(connect, offered) == (True, 0)


def test_a_quote_is_accepted_once_with_all_that_proves_it(visitor, offered, connect, settings, keeper):
    answer = accept(visitor, offered, order="BC-12", drawing=DRAWN)
    assert (answer.status_code, answer.location) == (303, offered.path)
    (entry,) = lines(connect, offered, "quote.accepted")
    signature = entry["data"]["signature"]
    assert entry["by"] == f"client:{offered['client']}"
    assert entry["data"]["order"] == "BC-12"
    assert (signature["sha256"], signature["revision"]) == (pdf_of(connect, offered), 1)
    address = visitor.http.environ_base["REMOTE_ADDR"].encode()
    assert signature["address_hash"] == hmac.digest(settings.secret("client addresses"), address, "sha256").hex()
    assert set(signature["signer"]) == set(signature["drawing"]) == {"sealed"}
    assert "Jeanne" not in json.dumps(entry)
    assert "Par Jeanne Roux" in visitor.get(offered.path).text
    page = keeper(offered).get(f"/devis/{offered['quote']}").text
    assert "Jeanne Roux" in page
    assert f'<path d="{DRAWN}"/>' in page
    assert "le fichier figé ci-dessous" in page
    assert "le client, par son lien" in page  # in « Vie du document »
    assert "commande" in page
    assert "BC-12" in page


def test_a_form_sent_twice_is_one_acceptance(visitor, offered, connect):
    form = visitor.form(offered.path, f"{offered.path}/accepter") | {"agreed": "1", "signer": "Jeanne Roux"}
    for _ in range(2):
        assert visitor.http.post(f"{offered.path}/accepter", data=form).status_code == 303
    other = form | {"command_id": str(uuid4()), "signer": "Paul Legrand"}
    refused = visitor.http.post(f"{offered.path}/accepter", data=other)
    assert refused.status_code == 409
    assert "Par Jeanne Roux" in refused.text
    assert len(lines(connect, offered, "quote.accepted")) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"agreed": ""}, "Cochez cette case"),
        ({"signer": " "}, "À remplir"),
        ({"drawing": 'M1 1"/><script>'}, "n’a pas pu être lue"),
        ({"drawing": "M1 1L2 2" * 5000}, "n’a pas pu être lue"),
        ({"signer": "x" * 201}, "caractères"),
    ],
)
def test_an_incomplete_acceptance_is_shown_again_as_typed(visitor, offered, connect, typed, words):
    answer = accept(visitor, offered, **{"order": "BC-99"} | typed)
    assert (answer.status_code, words in answer.text, "BC-99" in answer.text) == (422, True, True)
    assert lines(connect, offered, "quote.accepted") == []


def test_a_quote_is_declined_with_a_reason(visitor, offered, connect, keeper):
    answer = visitor.submit(offered.path, f"{offered.path}/refuser", reason="Trop cher")
    assert answer.status_code == 303
    (entry,) = lines(connect, offered, "quote.declined")
    assert entry["by"] == f"client:{offered['client']}"
    page = visitor.get(offered.path).text
    assert "Motif\u00a0: Trop cher" in page
    assert "/accepter" not in page
    assert "Trop cher" in keeper(offered).get(f"/devis/{offered['quote']}").text


def test_what_was_revised_can_be_neither_seen_nor_accepted(visitor, offered, workshop, render, settings):
    form = visitor.form(offered.path, f"{offered.path}/accepter") | {"agreed": "1", "signer": "Jeanne"}
    with workshop.read(offered.id) as tx:
        content = streams.load(tx, Quote, offered["quote"]).content
    secret = msgspec.structs.replace(content, lines=(msgspec.structs.replace(LINE, label="Brouillon secret"),))
    offered.do(quotes.revise_quote, quote_id=offered["quote"], content=secret, base_version=2)
    for page in (visitor.get(offered.path), visitor.http.post(f"{offered.path}/accepter", data=form)):
        assert "retirée ou remplacée" in page.text
        assert "Brouillon secret" not in page.text
    offered.do(quotes.send_quote, quote_id=offered["quote"], sent_on=offered.today, base_version=3)
    render(offered, offered["quote"])
    assert "Brouillon secret" not in visitor.get(offered.path).text  # the old link is to the old offer
    assert visitor.http.post(f"{offered.path}/pdf", data=form).status_code == 303
    offered.path = link(offered, settings, offered["quote"])
    assert "Brouillon secret" in visitor.get(offered.path).text
    assert accept(visitor, offered).status_code == 303


def test_an_offer_is_not_accepted_after_its_last_day(app, shop, settings, connect):
    path, visitor = link(shop, settings, shop["quote_expired"]), Visitor(app)
    page = visitor.get(path).text
    assert "Cette offre a expiré" in page
    assert "/accepter" not in page
    form = {"csrf_token": visitor.token(path), "command_id": str(uuid4()), "agreed": "1", "signer": "Jeanne"}
    assert visitor.http.post(f"{path}/accepter", data=form).status_code == 409


def test_nothing_is_accepted_but_the_file_that_was_shown(visitor, offered, connect):
    assert accept(visitor, offered, sha256="0" * 64).status_code == 409
    assert lines(connect, offered, "quote.accepted") == []


def test_an_offer_whose_file_is_not_made_cannot_be_answered_yet(visitor, new_shop, settings):
    quote_id = new_shop.quote(new_shop.client("Hôtel", card={"siren": "552100554"}), sent_on=new_shop.today)
    page = visitor.get(link(new_shop, settings, quote_id)).text
    assert "en cours de fabrication" in page
    assert "/accepter" not in page


@pytest.mark.parametrize("name", ["quote_sent", "quote_accepted", "quote_declined", "late", "paid", "credit_note"])
def test_every_issued_document_can_be_shown(app, shop, settings, name):
    path = link(shop, settings, shop[name])
    for page in (path, f"{path}/preuve", f"{path}/preuve/ecriture.txt"):
        assert Visitor(app).get(page).status_code == 200, page


@pytest.mark.parametrize("name", ["quote_draft", "draft", "hotel"])
def test_nothing_else_has_a_link(shop, owner, name):
    answer = owner.post(f"/documents/{shop[name]}/lien", command_id=str(uuid4()), days="30")
    assert answer.status_code in (404, 409)


def test_a_link_is_opened_copied_and_revoked_by_its_company(offered, keeper, visitor, app):
    person, page = keeper(offered), f"/devis/{offered['quote']}"
    before = person.get(page).text
    form = person.form(page, f"/documents/{offered['quote']}/lien") | {"days": "365"}
    for _ in range(2):  # one link
        assert person.http.post(f"/documents/{offered['quote']}/lien", data=form).status_code == 303
    after = person.get(page).text
    assert after.count("Révoquer") == before.count("Révoquer") + 1
    path = "/d/" + after.split("http://localhost/d/")[1][:43]
    assert path != offered.path
    assert visitor.get(path).status_code == 200
    revoke = after.split('action="/liens/')[1].split('"')[0]
    assert person.submit(page, f"/liens/{revoke}").status_code == 303
    assert visitor.get(path).status_code == 404
    assert visitor.get(offered.path).status_code == 200
    assert "Révoqué" in person.get(page).text


def test_an_inspector_sees_no_link_that_she_could_answer_by(offered, person):
    inspector = person((offered.id, "inspector"))
    inspector.sign_in()
    page = inspector.get(f"/devis/{offered['quote']}").text
    assert "Lien client" in page
    assert "/d/" not in page


def test_unknown_altered_expired_and_revoked_links_answer_alike(offered, visitor, connect, settings):
    token = offered.path.removeprefix("/d/")
    over, gone = (link(offered, settings, offered["quote"]) for _ in range(2))
    admin = connect("postgres")
    change = "UPDATE accounts.links SET {} WHERE token_hash = decode(%s, 'hex')"
    past = "created_at = now() - interval '2 days', expires_at = now() - interval '1 second'"
    admin.execute(change.format(past), [tokens.hashed(over[3:])])
    admin.execute(change.format("revoked_at = now()"), [tokens.hashed(gone[3:])])
    altered = ("A" if token[0] != "A" else "B") + token[1:]
    paths = ["/d/x", "/d/" + "A" * 43, f"/d/{altered}", f"/d/{token[:-1]}", over, gone]
    answers = [visitor.get(path + more) for path in paths for more in ("", "/preuve")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'"X-CSRFToken": "[^"]+"', "", answer.text) for answer in answers}) == 1
    assert "Hôtel" not in answers[0].text
    for path in (over, gone):
        form = {"csrf_token": visitor.token(offered.path), "command_id": str(uuid4())}
        assert visitor.http.post(f"{path}/accepter", data=form).status_code == 404


def test_tokens_cannot_be_tried_out(app, offered):
    stranger = Visitor(app)
    statuses = [stranger.get(f"/d/{tokens.token(app.extensions['settings'], uuid4())}").status_code for _ in range(61)]
    assert statuses == [404] * 60 + [429]
    assert stranger.get(offered.path).status_code == 429
    assert Visitor(app).get(offered.path).status_code == 200


def test_a_link_opens_one_document_of_one_company(offered, app, settings, web_pool, job_pool, render):
    other = open_shop(web_pool, job_pool, settings.secret("commands"))
    theirs = other.quote(other.client("Zirkonium", card={"siren": "552100554"}), "Zirkon", sent_on=other.today)
    render(other, theirs)
    path, visitor = link(other, settings, theirs), Visitor(app)
    for more in ("", "/preuve"):
        assert "Zirkon" not in visitor.get(offered.path + more).text
    page = visitor.get(path).text
    assert "Zirkon" in page
    assert "Terrasse" not in page
    typed = {"agreed": "1", "signer": "Jeanne", "quote_id": str(offered["quote"])}
    form = visitor.form(path, f"{path}/accepter") | typed
    assert visitor.http.post(f"{offered.path}/accepter", data=form).status_code == 409  # of another file
    assert visitor.http.post(f"{path}/accepter", data=form).status_code == 303
    assert "Répondre" in visitor.get(offered.path).text


def test_a_link_is_revoked_by_its_company_only(offered, shop, owner, visitor, connect):
    query = "SELECT id FROM accounts.links WHERE document_id = %s"
    link_id = connect("probant_web", offered.id).execute(query, [offered["quote"]]).fetchone()[0]
    assert owner.post(f"/liens/{link_id}/revoquer", command_id=str(uuid4())).status_code == 404
    assert owner.post(f"/documents/{offered['quote']}/lien", command_id=str(uuid4())).status_code == 404
    assert visitor.get(offered.path).status_code == 200


def test_the_database_tells_a_link_for_its_hash_and_nothing_else(offered, connect):
    web = connect("probant_web")
    assert web.execute("SELECT count(*) FROM accounts.links").fetchone() == (0,)  # no company, no row
    digest = bytes.fromhex(tokens.hashed(offered.path[3:]))
    found = web.execute("SELECT company_id, document_id FROM accounts.link(%s)", [digest]).fetchall()
    assert found == [(offered.id, offered["quote"])]
    assert web.execute("SELECT * FROM accounts.link(%s)", [digest[:31]]).fetchall() == []
    for role in ("probant_job", "probant_audit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connect(role).execute("SELECT * FROM accounts.link(%s)", [digest])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect("probant_web", offered.id).execute("UPDATE accounts.links SET expires_at = now() + interval '9 years'")


def test_no_token_is_kept_or_logged(offered, visitor, connect, caplog):
    token = offered.path[3:]
    visitor.get(offered.path)
    admin = connect("postgres")
    kept = admin.execute("SELECT string_agg(l::text, '') FROM accounts.links l").fetchone()[0]
    commands = admin.execute("SELECT string_agg(c::text, '') FROM ledger.command c").fetchone()[0]
    assert token not in kept + commands + caplog.text


def test_the_client_of_a_link_who_is_erased_is_shown_no_more(offered, visitor, connect, job_pool):
    with job_pool.connection() as conn:
        conn.execute("SELECT ledger.erase_subject(%s, %s, 'request')", [offered.id, offered["client"]])
    assert visitor.get(offered.path).status_code == 404


def test_strangers_reach_these_pages_and_no_others_of_ours(app):
    families = ("public.", "fingerprints.", "links.")
    ours = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith(families)}
    assert ours - OPEN_TO_ALL == {"links.create", "links.revoke"}
    assert ours & OPEN_TO_ALL == {
        "public.show", "public.seen", "public.download", "public.accept", "public.decline", "public.proof",
        "public.proof_file", "public.proof_entry", "fingerprints.ask", "fingerprints.look",
    }  # fmt: skip


def test_a_form_needs_its_token_and_its_own_site(visitor, offered, connect):
    form = visitor.form(offered.path, f"{offered.path}/accepter") | {"agreed": "1", "signer": "Jeanne"}
    without = form | {"csrf_token": ""}
    assert visitor.http.post(f"{offered.path}/accepter", data=without).status_code == 400
    foreign = visitor.http.post(f"{offered.path}/accepter", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert lines(connect, offered, "quote.accepted") == []


def test_somebody_of_the_house_at_the_clients_page_acts_as_the_client(offered, keeper, connect):
    person: Person = keeper(offered)
    form = person.form(offered.path, f"{offered.path}/accepter") | {"agreed": "1", "signer": "Jeanne"}
    assert person.http.post(f"{offered.path}/accepter", data=form).status_code == 303
    assert lines(connect, offered, "quote.accepted")[0]["by"] == f"client:{offered['client']}"


def test_a_natural_person_s_order_number_is_sealed(new_shop, app, settings, render, connect):
    client_id = new_shop.client("Claire Dumas", "person", natural_person=True, taxable=False)
    new_shop.ids |= {"quote": new_shop.quote(client_id, "Table", sent_on=new_shop.today), "client": client_id}
    render(new_shop, new_shop["quote"])
    new_shop.path = link(new_shop, settings, new_shop["quote"])
    assert accept(Visitor(app), new_shop, order="Commande de Claire").status_code == 303
    assert "Claire" not in json.dumps(lines(connect, new_shop, "quote.accepted"))
