"""People who ask, and the operator who answers."""

from collections.abc import Iterator
from email.message import EmailMessage
from uuid import uuid4

import pytest

from tests.web.conftest import Person

SUPPORT = "aide@probant.example"


@pytest.fixture
def operator(person, connect) -> Person:
    operator = person()
    connect("postgres").execute("UPDATE accounts.users SET operator = true WHERE id = %s", [operator.id])
    assert operator.sign_in().status_code == 302
    return operator


@pytest.fixture
def silence(connect) -> Iterator[None]:
    """No announcement stays: all pages of all tests would show it."""
    yield
    connect("postgres").execute("DELETE FROM support.announcement")


@pytest.fixture
def asker(person) -> Person:
    asker = person()
    assert asker.sign_in().status_code == 302
    return asker


@pytest.fixture
def stranger(app) -> Person:
    return Person(app, uuid4(), "personne", f"10.{uuid4().int % 256}.{uuid4().int % 256}.9")


def ask(person: Person, **typed: str) -> str:
    """Sends the form; the address of the request."""
    typed = {"subject": "Mon logo est flou", "body": "Bonjour,\nque faire ?", **typed}
    answer = person.submit("/aide/contact/", **typed)
    assert answer.status_code == 303, answer.text
    return answer.location


def letter(sender: str, body: str = "Bonjour", **headers: str) -> EmailMessage:
    """A mail of a person to the support, with headers in place of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SUPPORT, f"Question {uuid4().hex[:6]}"
    mail["Message-ID"] = f"<{uuid4()}@exemple.fr>"
    mail.set_content(body)
    for name, value in headers.items():
        field = name.replace("_", "-")
        del mail[field]
        mail[field] = value
    return mail
