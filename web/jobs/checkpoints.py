"""Makes the checkpoints that are due, and shows each to the witnesses and the time-stamp authority."""

import logging
from uuid import UUID

from psycopg.types.json import Jsonb

from audit import time_stamp
from audit.witnesses import clients
from ledger import checkpoints
from ledger.checkpoint import Checkpoint
from ledger.checkpoints import Conn
from ledger.errors import NotAnExtension
from ledger.signer import Signer
from ledger.tree import tree
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

DUE = """
    SELECT h.pos > coalesce(c.size, 0) AND NOT h.frozen
           AND (c.size IS NULL
                OR (c.made_at AT TIME ZONE h.time_zone)::date < (clock_timestamp() AT TIME ZONE h.time_zone)::date
                OR EXISTS (SELECT FROM ledger.entry e
                            WHERE e.company_id = h.company_id AND e.type = 'period.closed' AND e.pos > c.size))
      FROM ledger.head h
      LEFT JOIN LATERAL (SELECT size, made_at FROM ledger.checkpoint k WHERE k.company_id = h.company_id
                          ORDER BY size DESC LIMIT 1) c ON true
     WHERE h.company_id = %s
    """
STAMPED = """
    INSERT INTO ledger.time_stamp (company_id, size, authority, token, stamped_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
    """
LINES = "SELECT count(*) FROM ledger.cosignature WHERE company_id = %s AND size = %s AND witness = %s"
TOKENS = "SELECT count(*) FROM ledger.time_stamp WHERE company_id = %s AND size = %s AND authority = %s"
DEFER = "SELECT jobs.defer(%b, %b, %b, (clock_timestamp() AT TIME ZONE 'UTC')::date)"
log = logging.getLogger(__name__)


@task("make_checkpoints", cron="2-59/5 * * * *")
def make_checkpoints(shop: Workshop) -> None:
    """In every ledger: one on each day with entries, one after each closing. One that fails stops no other."""
    signer = Signer(shop.settings)
    for company_id in shop.companies():
        try:
            make_if_due(shop, signer, company_id)
        except NotAnExtension:
            log.error("the history of %s is not the one that was signed: no checkpoint", company_id)  # noqa: TRY400
        except Exception:
            log.exception("no checkpoint of %s could be made", company_id)


def make_if_due(shop: Workshop, signer: Signer, company_id: UUID) -> int:
    """The size of the checkpoint that was made, 0 when none is due. Its stamps and cosignatures follow as jobs."""
    with shop.pool.connection() as conn, conn.transaction():
        checkpoints.see(conn, company_id)
        row = conn.execute(DUE, (company_id,)).fetchone()
        if not row or not row[0]:
            return 0
        size = Checkpoint.read(checkpoints.make(conn, signer, company_id).text).size
        asked = [name for name, wanted in _after(shop) if wanted]
        if asked:
            conn.execute(DEFER, (company_id, asked, [Jsonb({"size": str(size)}) for _ in asked]))
    return size


@task("cosign_checkpoint", tries=200)
def cosign_checkpoint(shop: Workshop, company_id: UUID, size: str) -> None:
    """Shows a checkpoint to each witness that has not seen it; one that is silent is asked again later."""
    silent: list[Exception] = []
    for client in clients(shop.settings):
        with shop.pool.connection() as conn, conn.transaction():
            checkpoints.see(conn, company_id)
            note = checkpoints.note(conn, company_id, int(size))
            if note is None or _superseded(conn, company_id, int(size)):
                return
            if _there(conn, LINES, company_id, size, client.key.name):
                continue
            try:
                line = client.cosign(note, tree(conn, company_id))
                checkpoints.add_cosignature(conn, company_id, int(size), line)
            except Exception as error:
                log.exception("the witness %s did not cosign %s of %s", client.url, size, company_id)
                silent.append(error)
    if silent:
        raise silent[0]


@task("stamp_checkpoint", tries=200)
def stamp_checkpoint(shop: Workshop, company_id: UUID, size: str) -> None:
    """Has the time of a checkpoint stamped: of its note as it was signed. Tried for a day and a half."""
    url, stamping = shop.settings.tsa_url, time_stamp.of(shop.settings)
    with shop.pool.connection() as conn, conn.transaction():
        checkpoints.see(conn, company_id)
        signed = checkpoints.signed(conn, company_id, int(size))
        if stamping is None or signed is None or _there(conn, TOKENS, company_id, size, url):
            return
        found = stamping(signed.bytes)
        conn.execute(STAMPED, (company_id, int(size), url, found.token, found.at))


def _after(shop: Workshop) -> tuple[tuple[str, bool], ...]:
    settings = shop.settings
    return (
        ("cosign_checkpoint", bool(settings.witness_url)), ("stamp_checkpoint", bool(settings.tsa_url)),
        ("mail_receipt", True),
    )  # fmt: skip


def _superseded(conn: Conn, company_id: UUID, size: int) -> bool:
    """A witness takes the newest only: an older one has nothing to ask it any more."""
    row = conn.execute("SELECT max(size) FROM ledger.checkpoint WHERE company_id = %s", (company_id,)).fetchone()
    return row is not None and row[0] > size


def _there(conn: Conn, query: str, company_id: UUID, size: str, name: str) -> bool:
    row = conn.execute(query.encode(), (company_id, int(size), name)).fetchone()
    return bool(row and row[0])
