"""Every address of the application, and every page that a person reaches by its links."""

import re
from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from lxml import html
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.documents.reading import text as printed
from tests.web.conftest import Person

PAGES = 400  # looked at, at most
PAPERS = 4
STATIC = {"static", "security.static"}


def rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint not in STATIC]


def addresses(rule: Rule, ids: list[UUID]) -> Iterator[str]:
    """The addresses of a rule with each id in its place, and every other part as one of its own."""
    plain = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    plain = re.sub(r"<int:\w+>", "3", plain)
    for one in ids if "<uuid" in plain else ids[:1]:
        yield re.sub(r"<uuid:\w+>", str(one), plain)


def takes_an_id(rule: Rule) -> bool:
    return "<uuid" in rule.rule


def said_by(answer: TestResponse) -> str:
    """All that an answer tells: its headers, its text, the text of a PDF."""
    body = printed(answer.data) if answer.mimetype == "application/pdf" else answer.get_data(as_text=True)
    return f"{answer.headers}\n{body}".lower()


def crawl(person: Person, *beside: str) -> Iterator[tuple[str, TestResponse]]:
    """Every page that is reached by links from the first one, and a few papers."""
    waiting, seen, papers = ["/", *beside], set(), 0
    while waiting and len(seen) < PAGES:
        path = waiting.pop(0)
        papers += path.endswith(".pdf")
        if path in seen or (path.endswith(".pdf") and papers > PAPERS):
            continue
        seen.add(path)
        answer = person.get(path, buffered=True)
        yield path, answer
        if answer.mimetype == "text/html" and answer.status_code == 200:
            links = [link for link in html.fromstring(answer.text).xpath("//a/@href") if link.startswith("/")]
            waiting += [link.partition("#")[0] for link in links if not link.startswith("/static")]


def forms_of(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each form of a page goes, and what it sends as it stands."""
    for form in html.fromstring(page).forms:
        if (form.method or "").upper() == "POST":
            yield form.action or "", {name: value or "" for name, value in form.form_values()}
