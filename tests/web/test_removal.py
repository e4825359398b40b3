"""A client or an article that no document needs is deleted: gone from every list, the ledger says that it was."""

from uuid import UUID, uuid4

import pytest

from domain.client import Profile
from domain.parties import Card, Contact, ContactCard
from ledger.commands import clients, quotes
from tests.web.shop import RENNES
from tests.web.sweep import crawl
from web.privacy.erasing import erase_person


@pytest.fixture
def owner(new_shop, keeper):
    return keeper(new_shop)


@pytest.fixture
def prospect(new_shop) -> UUID:
    contact = Contact(id=uuid4(), card=ContactCard(name="Gwenola Kerbrat"))
    client_id = uuid4()
    profile = Profile(
        kind="person", natural_person=True, prospect=True, contacts=(contact,),
        card=Card(name="Ysaline Quéméneur", address=RENNES, email="ysaline@exemple.fr"),
    )  # fmt: skip
    new_shop.do(clients.create_client, client_id=client_id, profile=profile)
    return client_id


def remove(owner, client_id: UUID):
    return owner.submit(f"/clients/{client_id}", f"/clients/{client_id}/supprimer")


def test_a_client_without_documents_is_deleted_with_what_is_personal(owner, new_shop, prospect, workshop, connect):
    assert remove(owner, prospect).status_code == 303
    database = connect("postgres")
    (args,) = database.execute(
        "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = 'erase_person' AND args ->> 'company_id' = %s",
        (str(new_shop.id),),
    ).fetchone()
    erase_person(workshop, **args)
    left = database.execute(
        "SELECT count(*) FROM ledger.sealed WHERE company_id = %s AND value ILIKE ANY ('{%%Ysaline%%,%%Gwenola%%}')",
        (new_shop.id,),
    ).fetchone()
    assert left == (0,)
    for path in ("/clients", "/clients?etat=archives", "/recherche?q=Quéméneur", "/registre/"):
        assert "Ysaline" not in owner.get(path).text
    assert owner.get(f"/clients/{prospect}/modifier").status_code == 404
    left = owner.get(f"/clients/{prospect}")
    assert left.location == f"/registre/?objet={prospect}"
    assert "Client supprimé" in owner.get(left.location).text


def test_no_page_breaks_after_a_deletion(owner, new_shop, prospect):
    product = new_shop.product("Étagère", "96")
    remove(owner, prospect)
    owner.submit(f"/catalogue/{product}", f"/catalogue/{product}/supprimer")
    assert [path for path, answer in crawl(owner) if answer.status_code >= 400] == []


@pytest.mark.parametrize("trace", ["draft", "discarded"])
def test_a_client_whom_a_document_names_is_not_deleted(owner, new_shop, prospect, trace):
    form = owner.form(f"/clients/{prospect}", f"/clients/{prospect}/supprimer")
    quote_id = new_shop.quote(prospect)
    if trace == "discarded":
        new_shop.do(quotes.discard_quote, quote_id=quote_id)
    answer = owner.http.post(f"/clients/{prospect}/supprimer", data=form)
    assert answer.status_code == 409
    assert "Un document nomme ce client" in answer.text
    card = owner.get(f"/clients/{prospect}").text
    assert "Ysaline" in card
    if trace == "draft":
        assert "Supprimer ce client" not in card
        assert "un document le nomme" in card


def test_a_deleted_client_does_not_come_back(owner, new_shop, prospect):
    remove(owner, prospect)
    owner.post(f"/clients/{prospect}/reactiver", command_id=str(uuid4()))
    assert owner.get(f"/clients/{prospect}").status_code == 303
    assert "Ysaline" not in owner.get("/clients").text


def test_a_deleted_article_leaves_its_copies(owner, new_shop):
    product = new_shop.product("Étagère de frêne", "96")
    assert owner.submit(f"/catalogue/{product}", f"/catalogue/{product}/supprimer").status_code == 303
    for path in ("/catalogue", "/catalogue?etat=archives"):
        assert "Étagère de frêne" not in owner.get(path).text
    assert owner.get(f"/catalogue/{product}").status_code == 303
