"""The file of an issued document: made by the worker after the entry that issued it, checked, kept, never made again.

An invoice whose XML breaks a rule gets no file: the page says so, the log says which rule. What fails for want of
memory, disk or program is tried again.
"""

import logging
import os
from typing import Any
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb

from documents import facturx
from documents.facturx import Failure
from documents.from_domain import invoice_paper, quote_paper
from documents.frozen import freeze
from documents.paper import Paper
from documents.pdf import NotPrintable, PaperTooLong
from domain.document import Rules, document_stream
from domain.invoice import Invoice
from domain.quote import Quote
from ledger.commands.documents import keeping
from projections import files, logos
from projections.files import File
from projections.tx import Row, Tx
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

TEMPLATE = "paper-1"  # raised when the look of documents changes
log = logging.getLogger(__name__)


class Refused(Exception):
    """This document cannot have a file as it stands: another try would come to the same. `told`: what was found."""

    def __init__(self, problem: str, told: list[dict[str, Any]]) -> None:
        super().__init__(problem, told)
        self.problem, self.told = problem, told


class Issue(Row, frozen=True):
    """The entry that issued a document; `hash` in hex."""

    line: str
    hash: str


@task("render_document")
def render_document(shop: Workshop, company_id: UUID, document_id: UUID) -> None:
    """Makes every file that the document still lacks: one, or one for each offer of a quote."""
    with shop.read(company_id) as tx:
        missing = files.missing_of(tx, document_id)
    for file in missing:
        try:
            _keep(shop, company_id, file)
        except Refused as refused:
            log.exception("document %s of %s has no file", document_id, company_id)
            _note(shop, company_id, document_id, refused.problem, refused.told)
        except Exception:
            _note(shop, company_id, document_id, "failed", [])
            raise


@task("render_missing", cron="17 * * * *")
def render_missing(shop: Workshop) -> None:
    """Asks again, each hour, for the files that are missing and that no job is after: given up, or older than we."""
    for company_id in shop.companies():
        with shop.read(company_id) as tx:
            missing = {file.document_id for file in files.missing(tx)}
        with shop.pool.connection() as conn:
            conn.execute(ASK_AGAIN, {"company": company_id, "ids": list(missing)})


ASK_AGAIN = """
    SELECT jobs.defer(%(company)s, '{render_document}', ARRAY[jsonb_build_object('document_id', missing)], current_date)
      FROM unnest(%(ids)s::uuid[]) AS missing
     WHERE NOT EXISTS (SELECT FROM jobs.procrastinate_jobs
                        WHERE queue_name = 'render_document' AND status IN ('todo', 'doing')
                          AND args ->> 'document_id' = missing::text)
    """


def _keep(shop: Workshop, company_id: UUID, file: File) -> None:
    with shop.read(company_id) as tx:
        paper, xml = _contents(tx, file, _proof_url(shop, company_id))
    _check(xml)
    pdf = _frozen(paper, xml)
    command_id = uuid5(document_stream(file.document_id, file.revision), "rendered")
    rules = tuple(Rules(name=one.name, version=one.version, digest=one.sha256) for one in facturx.RULES if xml)
    shop.do(keeping(pdf, TEMPLATE, rules), company_id, command_id, document_id=file.document_id, revision=file.revision)
    _settle(shop, company_id, file.document_id)


def _contents(tx: Tx, file: File, proof_url: str) -> tuple[Paper, bytes | None]:
    """What is printed and, of an invoice or a credit note, its XML."""
    issues = tx.rows(Issue, ISSUES, id=file.document_id, types=[Invoice.Issued.TOPIC, Quote.Sent.TOPIC])
    issue = issues[file.revision - 1]
    tx.open_seals([issue.line])
    event = tx.mapper.decode(issue.line)
    facts: Any = {"training": _training(tx), "fingerprint": issue.hash, "opening": tx.opened}
    facts |= {"logo": logos.of(tx, event.seller.identity), "proof_url": proof_url}
    if isinstance(event, Quote.Sent):
        return quote_paper(event, **facts), None
    return invoice_paper(event, **facts), _xml(event, tx)


ISSUES = """
    SELECT line, encode(hash, 'hex') AS hash FROM ledger.entry
     WHERE company_id = %(company)s AND stream_id = %(id)s AND type = ANY (%(types)s) ORDER BY version
    """


def _proof_url(shop: Workshop, company_id: UUID) -> str:
    """Where the QR code of a paper leads, with its fingerprint behind `#`; nowhere without an address for browsers."""
    public_url = shop.settings.public_url.rstrip("/")
    return f"{public_url}/preuve/{company_id}" if public_url else ""


def _training(tx: Tx) -> bool:
    return bool(tx.value("SELECT training FROM ledger.head WHERE company_id = %(company)s"))


def _xml(event: Invoice.Issued, tx: Tx) -> bytes:
    try:
        return facturx.xml(event, tx.opened, training=_training(tx))
    except ValueError as error:  # a character that XML cannot hold
        raise Refused("xml", [{"message": str(error)}]) from error


def _check(xml: bytes | None) -> None:
    """Errors: `Refused`, `ValidatorUnavailable`."""
    if xml and (failures := facturx.check(xml)):
        raise Refused("rules", [_told(failure) for failure in failures])


def _told(failure: Failure) -> dict[str, Any]:
    return {"source": failure.source, "rule": failure.rule, "message": failure.message}


def _frozen(paper: Paper, xml: bytes | None) -> bytes:
    try:
        return freeze(paper, xml, identity=os.urandom(16))
    except NotPrintable as error:
        raise Refused("characters", [{"message": each} for each in error.characters]) from error
    except PaperTooLong as error:
        raise Refused("too_long", [{"message": str(error.lines)}]) from error


def _note(shop: Workshop, company_id: UUID, document_id: UUID, problem: str, told: list[dict[str, Any]]) -> None:
    facts = {"company": company_id, "id": document_id, "problem": problem, "told": Jsonb(told)}
    _tell(
        shop,
        """
        INSERT INTO jobs.rendering (company_id, document_id, problem, told)
        VALUES (%(company)s, %(id)s, %(problem)s, %(told)s)
        ON CONFLICT (company_id, document_id)
        DO UPDATE SET problem = EXCLUDED.problem, told = EXCLUDED.told, failed_at = now()
        """,
        facts,
    )


def _settle(shop: Workshop, company_id: UUID, document_id: UUID) -> None:
    query = "DELETE FROM jobs.rendering WHERE company_id = %(company)s AND document_id = %(id)s"
    _tell(shop, query, {"company": company_id, "id": document_id})


def _tell(shop: Workshop, query: Any, facts: dict[str, Any]) -> None:
    with shop.pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %(company)s::text, true)", facts)
        conn.execute(query, facts)
