"""A real browser on a real server: each test is also a test of the CSP, since any message of the console fails it.

`page` is one window; its theme and width come by `LOOKS` (indirect parameter). `sign_in(page, *companies)` makes a
user, member of those companies, and signs her in by the form.
"""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from waitress.server import create_server

from ledger.postgres import Pool, Server
from ledger.settings import Settings
from tests.web.postman import deliver, workshop_of
from tests.web.shop import Shop, open_shop
from tests.web.working import at_work
from web.accounts import store
from web.app import create_app, read_models
from web.rendering import render_document
from web.verification import verify_ledger

PASSWORD = "un mot de passe assez long"
INSIDE = re.compile(r"^(?!.*/connexion)")  # the form of the sign-in was answered
LOOKS = [(theme, width) for theme in ("light", "dark") for width in (360, 1280)]
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")  # without windows first: half the CPU
AXE = Axe()
COLOURS = ("color-contrast", "link-in-text-block")
LOOK = """async (options) => {
  const { violations } = await axe.run(document, options)
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => [id, node.target, node.failureSummary]))
  return document.documentElement.scrollWidth <= innerWidth ? found : [...found, "sideways"]
}"""
LEFT = "DELETE FROM jobs.procrastinate_jobs WHERE status = 'todo' AND args ->> 'company_id' IS DISTINCT FROM %s"


@pytest.fixture(scope="session")
def app(settings: Settings, server: Server) -> Iterator[Flask]:
    app = create_app(settings)
    with psycopg.connect(server.uri("postgres")) as admin:
        read_models(app.extensions["pool"]).install(admin)
    yield app
    app.extensions["pool"].close()


@pytest.fixture(scope="session")
def shop(app: Flask, settings: Settings, web_pool: Pool, job_pool: Pool) -> Shop:
    """A company with some of everything, for screens that are looked at."""
    return open_shop(web_pool, job_pool, settings.secret("commands")).fill()


@pytest.fixture
def new_shop(app: Flask, settings: Settings, web_pool: Pool, job_pool: Pool) -> Shop:
    """A company of one's own, empty, for walks that change things."""
    return open_shop(web_pool, job_pool, settings.secret("commands"))


@pytest.fixture(scope="module", autouse=True)
def worker(app: Flask, settings: Settings, server: Server, shop: Shop, job_pool: Pool) -> Iterator[None]:
    """What a person waits for is done as in the house; it ends with its module, lest it print all that tests issue.

    What other tests of this process left in the queue goes: nobody waits for it.
    """
    with job_pool.connection() as conn:
        conn.execute(LEFT, [str(shop.id)])
    with at_work(settings, server, verify_ledger, render_document):
        yield


@pytest.fixture
def posted(app: Flask, settings: Settings, server: Server, job_pool: Pool) -> Callable[[str], list[EmailMessage]]:
    """`posted(address)`: what the service has for that recipient, sent to a real mail server."""
    return lambda address: deliver(workshop_of(settings, server, job_pool), address)


@pytest.fixture(scope="session")
def base_url(app: Flask) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    system = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        if not Path(system or playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium here: `make browser` installs one")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=system, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """`window(theme, width, **options)`: a page of its own; whatever its console said fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(theme: str = "light", width: int = 1280, **options) -> Page:
        context = chromium.new_context(
            base_url=base_url, color_scheme=theme, viewport={"width": width, "height": 800}, locale="fr-FR", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.extend(complaint(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def complaint(message: ConsoleMessage) -> list[str]:
    """What a console complained of; not that an answer was 4xx: browsers and htmx say so even when we wanted it."""
    wanted = re.search(r"responded with a status of 4\d\d|Response Status Error Code 4\d\d", message.text)
    return [message.text] if message.type in ("error", "warning") and not wanted else []


@pytest.fixture(autouse=True)
def unhurried(web_pool: Pool) -> None:
    """All windows here are of one address, which may try to sign in five times a minute only."""
    with web_pool.connection() as conn:
        conn.execute("DELETE FROM accounts.limits")


@pytest.fixture
def page(window: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    return window(*getattr(request, "param", ("light", 1280)))


@pytest.fixture
def sign_in(web_pool: Pool) -> Callable[..., str]:
    """`sign_in(page, (company_id, role), …)`: by the form; returns the name of the user."""

    def come_in(page: Page, *companies: tuple[UUID, str]) -> str:
        name = f"u-{uuid4().hex[:12]}"
        user_id = store.create_user(web_pool, name, f"{name}@exemple.fr", PASSWORD)
        for company_id, role in companies:
            store.grant(web_pool, user_id, company_id, role)
        page.goto("/connexion")
        page.get_by_label("Nom d’utilisateur ou adresse e-mail").fill(name)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        return name

    return come_in


@pytest.fixture
def come_as_operator(server: Server, sign_in: Callable[..., str]) -> Callable[..., str]:
    """`sign_in`, as somebody who may enter the console, too."""

    def come_in(page: Page, *companies: tuple[UUID, str]) -> str:
        name = sign_in(page, *companies)
        page.wait_for_url(INSIDE)
        with psycopg.connect(server.uri("postgres")) as conn:
            conn.execute("UPDATE accounts.users SET operator = true WHERE username = %s", [name])
        return name

    return come_in


def faults(page: Page, *rules: str) -> list[object]:
    """What axe finds, and whether the page scrolls sideways: empty when a screen is as it must be. By all its rules
    that are about violations, or by those given.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found: list[object] = page.evaluate(LOOK, {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})})
    return found


def faults_in_all_looks(page: Page) -> list[object]:
    """`faults` of the page as it stands, in each theme and width, without loading it again.

    Dark differs from light in colours alone (`test_every_page.py` holds it), so it is judged by the rules on colours.
    """
    found: list[object] = []
    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # a colour under way has no contrast
        page.set_viewport_size({"width": width, "height": 800})
        found += [(theme, width, fault) for fault in faults(page, *(COLOURS if theme == "dark" else ()))]
    return found
