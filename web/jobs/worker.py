"""The worker: takes jobs out of the queue and does them, two at a time, until it is told to stop.

`probant worker` runs one in front, `probant serve` one in a thread beside the pages. Several may run, on several
machines. One that is killed loses nothing: its jobs are given back half a minute after its last sign of life.
"""

import asyncio
import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.worker import Worker as Taking

from ledger import postgres
from ledger.books import Books
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from web.accounts.newcomers import forget_newcomers
from web.app import MAPPER, read_models
from web.first_run.opening import open_company
from web.imports.jobs import forget_imports, judge_import, run_import, undo_import
from web.jobs.access import note_access
from web.jobs.archives import make_archive
from web.jobs.certificates import issue_certificate
from web.jobs.checkpoints import cosign_checkpoint, make_checkpoints, stamp_checkpoint
from web.jobs.closings import close_periods
from web.jobs.commands import forget_commands
from web.jobs.quotes import expire_quotes
from web.jobs.receipts import mail_receipt
from web.jobs.recurring import bill_recurring
from web.jobs.rescue import rescuing
from web.jobs.tasks import Patience, Task
from web.jobs.watch import end_sessions, suspect_clocks
from web.jobs.workshop import Workshop
from web.mail.notices import send_notice
from web.mail.task import blank_mails, send_mail
from web.notifications.digest import send_digests
from web.notifications.follower import follow_news, forget_news
from web.privacy.erasing import erase_due, erase_left, erase_person
from web.reminders.task import send_reminders
from web.rendering import render_document, render_missing
from web.subscriptions.billing import bill_company, bill_subscriptions
from web.subscriptions.terms import announce_terms
from web.support.tasks import forget_tickets
from web.verification import verify_ledger, verify_ledgers

TASKS: tuple[Task, ...] = (  # a task enters the worker by being here
    verify_ledger,
    verify_ledgers,
    render_document,
    render_missing,
    close_periods,
    expire_quotes,
    bill_recurring,
    judge_import,
    run_import,
    undo_import,
    forget_imports,
    make_checkpoints,
    cosign_checkpoint,
    stamp_checkpoint,
    mail_receipt,
    make_archive,
    note_access,
    suspect_clocks,
    end_sessions,
    issue_certificate,
    send_mail,
    blank_mails,
    send_reminders,
    follow_news,
    forget_news,
    send_digests,
    erase_person,
    erase_due,
    erase_left,
    send_notice,
    forget_tickets,
    forget_newcomers,
    forget_commands,
    open_company,
    bill_company,
    announce_terms,
    bill_subscriptions,
)
AT_ONCE = 2
AGAIN = 2  # seconds before it begins again, when the database went away
OPTIONS: Any = {
    "concurrency": AT_ONCE,
    "fetch_job_polling_interval": 1.0,
    "abort_job_polling_interval": 3600.0,  # nobody aborts jobs
    "listen_notify": False,
    "delete_jobs": "successful",
    "install_signal_handlers": False,
    "update_heartbeat_interval": 5.0,
}
log = logging.getLogger(__name__)


class Worker:
    """Does the jobs of `tasks`; a job of another task waits for a worker that knows it."""

    def __init__(self, settings: Settings, server: Server, tasks: Iterable[Task] = TASKS) -> None:
        self.settings, self.server, self.tasks = settings, server, tuple(tasks)
        self.stopping = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.taking: Any = None  # the `Taking` at work, whose methods are without types

    def run(self) -> None:
        """Works until `stop`."""
        with postgres.pool(self.server, "probant_job", min_size=1, max_size=2 * AT_ONCE + 1) as pool:
            asyncio.run(self._until_stopped(self._workshop(pool)))

    def stop(self) -> None:
        """From any thread or signal: jobs under way are finished, or put back, and `run` returns."""
        self.stopping.set()
        if self.loop:
            with suppress(RuntimeError):  # the loop has ended by itself
                self.loop.call_soon_threadsafe(self._take_no_more)

    def _take_no_more(self) -> None:
        if self.taking:
            self.taking.stop()

    def _workshop(self, pool: Pool) -> Workshop:
        books = Books(pool, MAPPER, self.settings.secret("commands"))
        return Workshop(self.settings, self.server, pool, books, read_models(pool), self.stopping)

    async def _until_stopped(self, workshop: Workshop) -> None:
        self.loop = asyncio.get_running_loop()
        while not self.stopping.is_set():
            try:
                await self._work(workshop)
            except Exception:
                log.exception("the worker broke down and begins again")
            await asyncio.to_thread(self.stopping.wait, AGAIN)

    async def _work(self, workshop: Workshop) -> None:
        """Ends when it is to stop, or when the database cannot be reached.

        Nothing is cancelled: before Python 3.12 a cancellation is lost when what was waited for comes at that moment.
        """
        app = App(connector=self._connector())
        for task in self.tasks:
            _register(app, task, workshop)
        async with app.open_async(), rescuing(app):
            await self._take(app)

    async def _take(self, app: App) -> None:
        """A stop that came before is seen here; a later one finds what to stop, as `run` has begun when it arrives."""
        self.taking = Taking(app, [task.name for task in self.tasks], **OPTIONS)
        if not self.stopping.is_set():
            await self.taking.run()

    def _connector(self) -> PsycopgConnector:
        uri = self.server.uri("probant_job")
        return PsycopgConnector(
            conninfo=uri, kwargs={"options": "-c search_path=jobs"}, min_size=1, max_size=3, timeout=10
        )


def _register(app: App, task: Task, workshop: Workshop) -> None:
    def run(**ids: Any) -> None:
        ids.pop("timestamp", None)  # of a periodic task: when it was due
        task(workshop, **ids)

    known: Any = app.task(name=task.name, queue=task.name, retry=Patience(task.tries))(run)
    if task.cron:
        app.periodic(cron=task.cron, periodic_id=task.name)(known)
