"""Makes the attestation that a page asked for: the ledger is verified first, and a damaged one gets none."""

import logging
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from audit import certificate as attestations
from audit import perimeter
from audit.certificate import Attestation, Proof, User
from audit.publisher import publisher_of
from audit.verify import Result, verify_company
from documents.page import document
from documents.paper import Seller
from documents.parties import thousands
from documents.pdf import print_page
from domain.errors import DomainError
from ledger import checkpoints
from ledger.checkpoint import Checkpoint
from ledger.commands.certificates import keeping_certificate
from ledger.commands.verifications import record_verification
from ledger.errors import CommandReused
from ledger.signer import Signer
from projections import companies
from web import alarm
from web import certificate_rows as rows
from web.days import today, zone
from web.filters import moment
from web.jobs.tasks import task
from web.jobs.workshop import Workshop

log = logging.getLogger(__name__)


@task("issue_certificate", tries=3)
def issue_certificate(shop: Workshop, company_id: UUID, certificate_id: UUID) -> None:
    """Recorded once, under its own id; done again from the start when the worker is killed."""
    with shop.pool.connection() as conn:
        asked = rows.asked(conn, company_id, certificate_id)
    if asked is None:
        return
    problem, found = "failed", 0
    try:
        result = verify_company(shop.server, company_id, adding_up=True)
        problem, found = ("altered", len(result.findings)) if result.findings else ("", 0)
        _tell(shop, company_id, certificate_id, result)
        if found:
            alarm.sound(shop, company_id, uuid5(certificate_id, "verified"), result.findings)
        else:
            _issue(shop, company_id, certificate_id, msgspec.convert(asked, User), result)
    except CommandReused:  # by a worker that was killed just after
        problem = ""
    except DomainError:
        log.exception("the attestation %s is refused", certificate_id)
        problem = "refused"
    except Exception:
        with shop.pool.connection() as conn:
            rows.finish(conn, company_id, certificate_id, "failed")
        raise
    with shop.pool.connection() as conn:
        rows.finish(conn, company_id, certificate_id, problem, found)


def _tell(shop: Workshop, company_id: UUID, id: UUID, result: Result) -> None:
    """The verification that it rests on is an entry of its own."""
    verification = uuid5(id, "verified")
    shop.do(
        record_verification, company_id, verification, verification_id=verification, to_pos=result.count,
        findings=len(result.findings),
    )  # fmt: skip


def _issue(shop: Workshop, company_id: UUID, id: UUID, user: User, result: Result) -> None:
    with shop.read(company_id) as tx:
        company, on, here = companies.current(tx), today(tx), zone(tx)
    publisher = publisher_of(shop.settings)
    attestations.check(publisher, company.siren if company else "")
    proof = _proof(shop, company_id, result, here)
    made = Attestation(attestations.edition(on), on, publisher, user, proof)
    content = printed(made, training=bool(company and company.training))
    shop.do(
        keeping_certificate(content), company_id, id, certificate_id=id, edition=made.edition.name,
        version=made.version, major_root=made.major_root, checkpoint_size=proof.checkpoint_size, to_pos=result.count,
    )  # fmt: skip


def _proof(shop: Workshop, company_id: UUID, result: Result, here: str) -> Proof:
    signer = Signer(shop.settings)
    with shop.pool.connection() as conn:
        point = Checkpoint.read(checkpoints.make(conn, signer, company_id).text)
    return Proof(
        entries=result.count, head=result.head, checkpoint_size=point.size, checkpoint_root=point.root.hex(),
        checkpoint_key=str(signer.key(point.origin)), perimeter=perimeter.digest(),
        verified_at=moment(datetime.fromisoformat(point.at), here),
    )  # fmt: skip


def printed(made: Attestation, *, training: bool) -> bytes:
    """Both parts as a PDF."""
    publisher = made.publisher
    letterhead = Seller(
        name=publisher.name, address=(publisher.address, publisher.city),
        legal=(publisher.name, f"SIREN {thousands(publisher.siren)}"),
    )  # fmt: skip
    page = document(
        "certificate.html.j2", letterhead, "Attestation individuelle", stamps=("FACTICE",) if training else (), a=made
    )  # fmt: skip
    return print_page(page, made.on)
