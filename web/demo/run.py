"""The demo on a data folder: a person who may enter, three companies filled once, and the one that runs it all."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from audit.verify import verify_company
from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands.closings import close_all
from ledger.commands.verifications import record_verification
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from web.accounts import store
from web.app import read_models
from web.demo.extras import Extras
from web.demo.fill import fill
from web.demo.reminders import remind
from web.demo.seller import sell
from web.demo.support import talk
from web.demo.team import crew
from web.jobs.workshop import Workshop

USER = "demo"


class LiveLedgers(Exception):
    """The data folder holds books of real companies: the demo does not mix with them."""


def prepare(settings: Settings, server: Server, told: Callable[[str], None]) -> str:
    """Fills the three companies unless they are there; the password of the user `demo`, derived from the folder's key.

    Access is granted when all is told: a demo that was interrupted begins again beside what it left.
    """
    password = settings.secret("demo").hex()[:16]
    with (
        postgres.pool(server, "probant_web", min_size=1, max_size=2) as web,
        postgres.pool(server, "probant_job", min_size=1, max_size=2) as job,
    ):
        with job.connection() as conn:
            if conn.execute("SELECT 1 FROM ledger.companies() WHERE NOT training").fetchone():
                raise LiveLedgers
        known = store.Store(web).identify(USER)
        user_id = known.id if known else store.create_user(web, USER, "demo@probant.invalid", password)
        if not store.memberships(web, user_id):
            today = datetime.now(ZoneInfo("Europe/Paris")).date()
            ids = fill(settings, web, job, user_id, today, told)
            remind(settings, web, job, ids[0], f"user:{user_id}", today)
            books = Books(job, EventMapper(*AGGREGATES), settings.secret("commands"))
            shop = Workshop(settings, server, job, books, read_models(job), Event(), "job:demo")
            Extras(Books(web, EventMapper(*AGGREGATES), books.key), shop, ids[0], user_id, today).tell()
            operator_id = sell(shop, web, user_id, ids, today)
            for company_id in (*ids, operator_id):
                _close(settings, job, company_id)
                _verify(settings, server, job, company_id)
                store.grant(web, user_id, company_id, "owner")
            crew(settings, web, user_id, ids, password)
            talk(web, job, user_id, USER, ids[0])
    return password


def _close(settings: Settings, job: Pool, company_id: UUID) -> None:
    """The closings of eighteen months, as the worker would have made them."""
    books = Books(job, EventMapper(*AGGREGATES), settings.secret("commands"))
    close_all(partial(_as_job, books), company_id)


def _as_job(books: Books, use_case: Callable[..., Any], company_id: UUID, command_id: UUID, **facts: Any) -> Any:
    return books.do(use_case, company_id, command_id, "job:closings", **facts)


def _verify(settings: Settings, server: Server, job: Pool, company_id: UUID) -> None:
    """A first verification, so that the badge has something true to say."""
    result = verify_company(server, company_id)
    Books(job, EventMapper(*AGGREGATES), settings.secret("commands")).do(
        record_verification,
        company_id,
        uuid4(),
        "job:demo",
        verification_id=uuid4(),
        to_pos=result.count,
        findings=len(result.findings),
    )
