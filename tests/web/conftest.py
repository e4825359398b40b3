"""Screens against the real thing: `app` on the session's server, and `Person`, who uses it as a browser would.

`shop` is a live company with some of everything, shared by the whole run: look at it, add to it, count nothing in it
that others may add. `new_shop` is one of your own, empty. `owner` is the person who keeps `shop`, signed in;
`keeper(shop)` makes such a person for any shop.
"""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from ledger.postgres import Pool, Server
from ledger.settings import Settings
from ledger.signer import Signer
from tests.web.postman import deliver, workshop_of
from tests.web.shop import Shop, open_shop
from web.accounts import store
from web.app import create_app, read_models
from web.jobs.workshop import Workshop
from web.rendering import render_document

PASSWORD = "un mot de passe assez long"


def fields_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form of a page that goes to `action`, with their values."""
    forms = [form for form in html.fromstring(page).forms if form.action == action]
    assert forms, f"no form goes to {action}"
    return dict(forms[0].form_values())


class Person:
    """Somebody at a browser: keeps cookies, and sends with a form what its page had hidden in it."""

    def __init__(self, app: Flask, user_id: UUID, name: str, address: str = "127.0.0.1") -> None:
        self.http = app.test_client()
        self.http.environ_base["REMOTE_ADDR"] = address
        self.id, self.name = user_id, name

    def get(self, path: str, **options) -> TestResponse:
        return self.http.get(path, **options)

    def token(self, page: str = "/connexion") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, page
        return found[1]

    def post(self, path: str, page: str = "/societes/", **fields: str) -> TestResponse:
        return self.http.post(path, data={"csrf_token": self.token(page), **fields})

    def form(self, page: str, action: str = "") -> dict[str, str]:
        """What the form of that page that goes to `action` (else back to the page) would send as it stands."""
        answer = self.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        return fields_of(answer.text, action or page)

    def submit(self, page: str, action: str = "", **typed: str) -> TestResponse:
        """Opens the page, types into its form, and sends it."""
        return self.http.post(action or page, data=self.form(page, action) | typed)

    def sign_in(self, name: str = "", password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.post("/connexion", page="/connexion", email=name or self.name, password=password, **fields)


@pytest.fixture(scope="session")
def read_tables(server: Server, job_pool: Pool) -> None:
    with psycopg.connect(server.uri("postgres")) as conn:
        read_models(job_pool).install(conn)


@pytest.fixture(scope="session")
def app(settings: Settings, server: Server, read_tables: None) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["pool"].close()


@pytest.fixture(scope="session")
def workshop(settings: Settings, server: Server, job_pool: Pool, read_tables: None) -> Workshop:
    """What a task works with, for a test that does it itself."""
    return workshop_of(settings, server, job_pool)


@pytest.fixture
def posted(workshop: Workshop) -> Callable[[str], list[EmailMessage]]:
    """`posted(address)`: what the service has for that recipient, sent to a real mail server."""
    return lambda address: deliver(workshop, address)


@pytest.fixture
def render(workshop: Workshop) -> Callable[[Shop, UUID], None]:
    """`render(shop, document_id)`: as the worker would."""
    return lambda shop, document_id: render_document(workshop, company_id=str(shop.id), document_id=str(document_id))


@pytest.fixture
def person(app: Flask, web_pool: Pool) -> Iterator[Callable[..., Person]]:
    """`person(company=role, …)`: a new user, member of those companies, each from an address of her own."""

    def make(*companies: tuple[UUID, str]) -> Person:
        name = f"u-{uuid4().hex[:12]}"
        user_id = store.create_user(web_pool, name, f"{name}@exemple.fr", PASSWORD)
        for company_id, role in companies:
            store.grant(web_pool, user_id, company_id, role)
        return Person(app, user_id, name, f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}")

    return make


@pytest.fixture
def claire(person: Callable[..., Person]) -> Person:
    """The owner of a company, signed in."""
    claire = person((uuid4(), "owner"))
    assert claire.sign_in().status_code == 302
    return claire


@pytest.fixture(scope="session")
def shop(settings: Settings, web_pool: Pool, job_pool: Pool, read_tables: None) -> Shop:
    return open_shop(web_pool, job_pool, settings.secret("commands")).fill()


@pytest.fixture
def new_shop(settings: Settings, web_pool: Pool, job_pool: Pool, read_tables: None) -> Shop:
    return open_shop(web_pool, job_pool, settings.secret("commands"), signer=Signer(settings).key)


@pytest.fixture
def keeper(person: Callable[..., Person]) -> Callable[[Shop], Person]:
    def make(shop: Shop) -> Person:
        keeper = person((shop.id, "owner"))
        assert keeper.sign_in().status_code == 302
        return keeper

    return make


@pytest.fixture
def owner(shop: Shop, keeper: Callable[[Shop], Person]) -> Person:
    return keeper(shop)


@pytest.fixture
def see(app: Flask, new_shop: Shop) -> Callable[..., Any]:
    """`see(question, …)`: what a question to the read models of `new_shop` answers."""

    def ask(question: Callable[..., Any], *facts: Any) -> Any:
        with app.extensions["engine"].read(new_shop.id) as tx:
            return question(tx, *facts)

    return ask
