"""Mails to a real server in this process, whose temper a test chooses, from a shop whose documents have their file."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from ledger.commands.documents import keeping
from ledger.commands.sendings import Mail, mail_invoice
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from tests.web.postman import Postman, post_office, workshop_of
from tests.web.shop import Shop
from web.jobs.workshop import Workshop
from web.mail import rows
from web.mail.rows import MailRow

PDF = b"%PDF-1.7 the frozen file"


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def mail_settings(settings: Settings, postman: Postman) -> Iterator[Settings]:
    with post_office(settings, postman) as posting:
        yield posting


@pytest.fixture
def workshop(settings: Settings, server: Server, job_pool: Pool, read_tables: None) -> Workshop:
    """Without a mail server."""
    return workshop_of(settings, server, job_pool).of("send_mail")


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
