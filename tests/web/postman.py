"""A real mail server in this process, and what the service's own mails become when they reach it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from ledger.books import Books
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from web.app import MAPPER, read_models
from web.jobs.workshop import Workshop
from web.mail.notices import NOBODY, send_notice


@dataclass
class Postman:
    """What the server answers, and what it took. `at_data` runs when a mail was read, before the answer."""

    sender: str = "250 OK"
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    at_data: Callable[[], None] = lambda: None
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    def taken_for(self, address: str) -> list[EmailMessage]:
        """The mails to that recipient alone: a worker of a whole process also sends what other tests left."""
        return [mail for mail, (_, to) in zip(self.taken, self.envelopes, strict=True) if to == [address]]

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


@contextmanager
def post_office(settings: Settings, postman: Postman) -> Iterator[Settings]:
    """The settings with this server in them, as long as it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield replace(
            settings, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="factures@probant.example"
        )
    finally:
        controller.stop()


def workshop_of(settings: Settings, server: Server, job_pool: Pool) -> Workshop:
    """What a task works with."""
    books = Books(job_pool, MAPPER, settings.secret("commands"))
    return Workshop(settings, server, job_pool, books, read_models(job_pool), threading.Event())


def deliver(workshop: Workshop, recipient: str) -> list[EmailMessage]:
    """Sends the service's mails that wait for this recipient: as they arrived, the oldest first."""
    postman = Postman()
    with post_office(workshop.settings, postman) as settings, workshop.pool.connection() as conn:
        waiting = conn.execute(
            "SELECT id FROM jobs.notice WHERE recipient = %s AND state = 'waiting' ORDER BY asked_at", (recipient,)
        ).fetchall()
        for (notice_id,) in waiting:
            send_notice(replace(workshop, settings=settings), company_id=str(NOBODY), notice_id=str(notice_id))
    return postman.taken
