"""Records the events of security that pages noted, as the person who was there; when the program began and ended."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg

from audit import perimeter
from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import security
from ledger.commands.privacy import note_given
from ledger.errors import LedgerReadOnly
from ledger.postgres import Server
from ledger.settings import Settings
from ledger.version import MAJOR_ROOT, SOFTWARE
from web.access import NOBODY
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

NO_LEDGER = "PB002"
MEMBERS = """
    SELECT company_id FROM accounts.memberships
     WHERE user_id = %s AND from_at <= now() AND (until_at IS NULL OR until_at > now())
    """
log = logging.getLogger(__name__)


@task("note_access")
def note_access(
    shop: Workshop, company_id: UUID, what: str, user_id: UUID, access_id: UUID, at: str, **ids: str
) -> None:
    """`ids`: `role` of a sign-in; `place` and `thing` of a download."""
    happened_at, actor = datetime.fromisoformat(at), f"user:{user_id}"
    if what == "sign_in_failed":
        _failed(shop, user_id, happened_at.replace(second=0))
    elif what == "signed_in":
        _record(shop, security.note_signed_in, company_id, access_id, actor, role=ids["role"], happened_at=happened_at)
    elif what == "signed_out":
        _record(shop, security.note_signed_out, company_id, access_id, actor, happened_at=happened_at)
    elif what == "list_exported":
        _record(
            shop, security.note_list_exported, company_id, access_id, actor, happened_at=happened_at,
            place=ids["place"].replace(":", "."), what=ids["thing"],
        )  # fmt: skip
    elif what == "file_taken":
        _record(
            shop, security.note_file_taken, company_id, access_id, actor, happened_at=happened_at,
            place=ids["place"].replace(":", "."), what=ids.get("thing", ""),
        )  # fmt: skip
    elif what == "personal_data_given":
        for member_of in _companies(shop, user_id):
            _record(shop, note_given, member_of, access_id, actor, subject_id=user_id)
    elif what in security.CHANGES:
        for member_of in _companies(shop, user_id):
            _record(
                shop, security.note_account_changed, member_of, access_id, actor, what=what, happened_at=happened_at
            )


def _companies(shop: Workshop, user_id: UUID) -> list[UUID]:
    with shop.pool.connection() as conn:
        return [company_id for (company_id,) in conn.execute(MEMBERS, (user_id,))]


def _failed(shop: Workshop, user_id: UUID, minute: datetime) -> None:
    """In each company of the user, once a minute: the same minute is the same command."""
    if user_id == NOBODY:
        return
    access_id = uuid5(user_id, f"failed {minute.isoformat()}")
    for company_id in _companies(shop, user_id):
        _record(
            shop,
            security.note_sign_in_failed,
            company_id,
            access_id,
            shop.actor,
            subject_id=user_id,
            happened_at=minute,
        )


def _record(
    shop: Workshop, use_case: Callable[..., None], company_id: UUID, access_id: UUID, actor: str, **facts: Any
) -> None:
    try:
        shop.books.do(use_case, company_id, access_id, actor, access_id=access_id, **facts)
    except LedgerReadOnly:
        log.warning("the ledger %s is read-only: %s is not in it", company_id, use_case.__name__)
    except psycopg.Error as error:
        if error.sqlstate != NO_LEDGER:
            raise


@contextmanager
def running(settings: Settings, server: Server) -> Iterator[None]:
    """Each ledger says when the program that works on it began and ended, and whether it is another one by now. One
    that was killed does not say its end: its next beginning tells.
    """
    _every(
        settings, server, security.note_started, software=SOFTWARE, major_root=MAJOR_ROOT, perimeter=perimeter.digest()
    )
    try:
        yield
    finally:
        _every(settings, server, security.note_stopped)


def _every(settings: Settings, server: Server, use_case: Callable[..., None], **facts: Any) -> None:
    now = datetime.now(UTC)
    with postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool:
        books = Books(pool, EventMapper(*AGGREGATES), settings.secret("commands"))
        with pool.connection() as conn:
            companies = [company_id for (company_id,) in conn.execute("SELECT company_id FROM ledger.living()")]
        for company_id in companies:
            try:
                books.do(use_case, company_id, uuid4(), "job:program", happened_at=now, **facts)
            except Exception:  # a ledger that takes no entry, or is damaged, stops neither the others nor the program
                log.exception("%s is not in the ledger %s", use_case.__name__, company_id)
