"""« Santé »: workers, queue, what failed, mails, disk, versions. A figure that worries is amber, with what to do."""

import platform
import shutil
from datetime import UTC, datetime, timedelta

from flask import Blueprint, current_app

from ledger.version import MAJOR_ROOT, VERSION
from web import late_rates
from web.mail.words import STATES
from web.operator import rows
from web.operator.rows import Ledger
from web.pages import show
from web.support.people import as_person

DEAD = timedelta(seconds=30)  # as `jobs.rescue`
OLD = timedelta(days=1, hours=1)  # checkpoints are made each day
FULL = 0.9

bp = Blueprint("health", __name__, url_prefix="/sante")


@bp.get("/")
def index() -> str:
    settings, now = current_app.extensions["settings"], datetime.now(UTC)
    with as_person() as conn:
        workers, queue, failures = rows.workers(conn), rows.queue(conn), rows.failures(conn)
        mails, notices, ledgers = rows.mails(conn), rows.notices(conn), rows.ledgers(conn)
        server, schema = rows.versions(conn)
    disk = shutil.disk_usage(settings.data)
    return show(
        "operator/health.html", workers=[(one, now - one.seen_at < DEAD) for one in workers], queue=queue,
        failures=failures, mails=mails, notices=notices, disk=disk, full=disk.used > FULL * disk.total,
        ledgers=len(ledgers), behind=[one for one in ledgers if behind(one, now)], smtp=settings.smtp_host,
        support_mail=settings.support_mail, version=VERSION, major_root=MAJOR_ROOT, server=server, schema=schema,
        python=platform.python_version(), mail_states=STATES, stale_rate=late_rates.sentence(now.date()),
    )  # fmt: skip


def behind(ledger: Ledger, now: datetime) -> bool:
    """Whether entries of more than a day ago are under no checkpoint."""
    covered = ledger.checkpoint_size or 0
    return covered < ledger.pos and now - ledger.at > OLD
