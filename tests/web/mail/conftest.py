"""Mails to a real server in this process, whose temper a test chooses, from a shop whose documents have their file."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller

from ledger.books import Books
from ledger.commands.documents import keeping
from ledger.commands.sendings import Mail, mail_invoice
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from tests.web.shop import Shop
from web.app import MAPPER, read_models
from web.jobs.workshop import Workshop
from web.mail import rows
from web.mail.rows import MailRow

PDF = b"%PDF-1.7 the frozen file"


@dataclass
class Postman:
    """What the server answers, and what it took. `at_data` runs when a mail was read, before the answer."""

    sender: str = "250 OK"
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    at_data: Callable[[], None] = lambda: None
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        if self.data.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.at_data()
        if self.data == "silence":
            server.transport.abort()
        return self.data


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def mail_settings(settings: Settings, postman: Postman) -> Iterator[Settings]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    yield replace(
        settings, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="factures@probant.example"
    )
    controller.stop()


@pytest.fixture
def workshop(settings: Settings, server: Server, job_pool: Pool, read_tables: None) -> Workshop:
    """Without a mail server."""
    books = Books(job_pool, MAPPER, settings.secret("commands"))
    return Workshop(settings, server, job_pool, books, read_models(job_pool), threading.Event(), "job:send-mail")


@pytest.fixture
def posting(workshop: Workshop, mail_settings: Settings) -> Workshop:
    return replace(workshop, settings=mail_settings)


def freeze(workshop: Workshop, shop: Shop, document_id: UUID, revision: int = 1) -> None:
    workshop.do(keeping(PDF, "test"), shop.id, uuid4(), document_id=document_id, revision=revision)


@pytest.fixture
def frozen(shop: Shop, workshop: Workshop) -> UUID:
    """An invoice of the hotel with its file."""
    invoice_id = shop.invoice(shop["hotel"], "Vestiaires", issued_on=shop.today)
    freeze(workshop, shop, invoice_id)
    return invoice_id


@pytest.fixture
def asked(shop: Shop, frozen: UUID) -> UUID:
    """A mail to the hotel that waits."""
    return ask(shop, frozen)


def ask(shop: Shop, invoice_id: UUID, **facts) -> UUID:
    sending_id = uuid4()
    mail = Mail(**{"to": (shop["hotel"],), "subject": "Votre facture", "body": "Bonjour,\n\nLa voici.", **facts})
    shop.do(mail_invoice, sending_id=sending_id, invoice_id=invoice_id, mail=mail)
    return sending_id


def look(workshop: Workshop, shop: Shop, sending_id: UUID) -> MailRow:
    with workshop.read(shop.id) as tx:
        found = rows.one(tx, sending_id)
    assert found
    return found
