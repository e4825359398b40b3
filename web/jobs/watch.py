"""What nobody does, and happens all the same: a clock that went back, sessions that ended by themselves."""

import logging
from uuid import UUID, uuid5

from psycopg import Error

from ledger.commands.security import note_session_expired
from ledger.errors import LedgerReadOnly
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

log = logging.getLogger(__name__)


@task("suspect_clocks", cron="*/10 * * * *")
def suspect_clocks(shop: Workshop) -> None:
    """Each ledger whose last instant is ahead of the clock says so, once a day."""
    for company_id in shop.companies():
        try:
            with shop.pool.connection() as conn:
                conn.execute("SELECT ledger.suspect_clock(%s)", (company_id,))
        except Error:  # a ledger that takes no entry stops no other
            log.warning("the clock is not the ledger's of %s, which takes no entry", company_id, exc_info=True)


@task("end_sessions", cron="4-59/10 * * * *")
def end_sessions(shop: Workshop) -> None:
    """Sessions that nobody used for so long, or that are too old, in the ledger of the company that was open."""
    with shop.pool.connection() as conn:
        ended = conn.execute("SELECT user_id, company_id, ended_at FROM accounts.end_sessions()").fetchall()
    known = set(shop.companies())
    for user_id, company_id, ended_at in ended:
        if company_id not in known:  # none was open, or it has no ledger
            continue
        access_id = uuid5(company_id, f"expired {user_id} {ended_at.isoformat()}")
        try:
            _record(shop, company_id, access_id, user_id, ended_at)
        except LedgerReadOnly:
            log.warning("the ledger %s is read-only: an expired session is not in it", company_id)


def _record(shop: Workshop, company_id: UUID, access_id: UUID, user_id: UUID, ended_at: object) -> None:
    shop.do(note_session_expired, company_id, access_id, access_id=access_id, subject_id=user_id, happened_at=ended_at)
