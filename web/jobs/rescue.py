"""Gives back the jobs of workers that were killed: without it, they would stay « under way » for ever."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

OFTEN = 10  # seconds between two looks
DEAD = 30  # seconds without a sign of life
ENOUGH = 50  # times that a job was taken: it may be what kills its workers
log = logging.getLogger(__name__)


@asynccontextmanager
async def rescuing(app: App) -> AsyncIterator[None]:
    """Looks again and again, as long as the block lasts."""
    ended = asyncio.get_running_loop().create_future()
    looking = asyncio.create_task(_look_until(ended, app))
    try:
        yield
    finally:
        ended.set_result(None)
        await looking


async def _look_until(ended: "asyncio.Future[None]", app: App) -> None:
    while not ended.done():
        try:
            await _look(app)
        except ConnectorException:  # the database is away: the worker itself will say so; or another rescued it first
            log.debug("no rescue this time", exc_info=True)
        await asyncio.wait([ended], timeout=OFTEN)


async def _look(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
        if job.attempts >= ENOUGH:
            log.error("%s ended without an answer %s times: given up", job.call_string, job.attempts)
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            log.warning("%s was under way in a worker that is gone: it is given back", job.call_string)
            await app.job_manager.retry_job(job)
