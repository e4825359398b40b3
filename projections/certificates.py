"""Attestations that were given."""

from datetime import datetime
from uuid import UUID

from domain.certificate import Certificate
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "certificates",
    1,
    """
    CREATE TABLE read.certificates (
        company_id uuid NOT NULL,
        id         uuid NOT NULL,
        pos        bigint NOT NULL,
        at         timestamptz NOT NULL,
        edition    text NOT NULL,
        version    text NOT NULL,
        major_root text NOT NULL,
        checkpoint_size bigint NOT NULL,
        to_pos     bigint NOT NULL,
        sha256     text NOT NULL,
        size       bigint NOT NULL,
        PRIMARY KEY (company_id, id)
    );
    """,
)


class CertificateRow(Row, frozen=True):
    """An attestation: its wording, the version that it names, the entries verified before, its file."""

    id: UUID
    pos: int
    at: datetime
    edition: str
    version: str
    major_root: str
    checkpoint_size: int
    to_pos: int
    sha256: str
    size: int


ROWS = """
    SELECT id, pos, at, edition, version, major_root, checkpoint_size, to_pos, sha256, size
      FROM read.certificates
     WHERE company_id = %(company)s
    """


def every(tx: Tx) -> list[CertificateRow]:
    """Newest first."""
    return tx.rows(CertificateRow, ROWS + "ORDER BY pos DESC")


def one(tx: Tx, id: UUID) -> CertificateRow | None:
    return tx.row(CertificateRow, ROWS + "AND id = %(id)s", id=id)


def content(tx: Tx, made: CertificateRow) -> bytes | None:
    """The file; None when its term is over."""
    found: bytes | None = tx.value(
        "SELECT bytes FROM ledger.blob WHERE company_id = %(company)s AND sha256 = decode(%(sha256)s, 'hex')",
        sha256=made.sha256,
    )
    return found


def to_consumers(tx: Tx) -> bool:
    """Whether something was ever issued to a private person: the law then asks for the attestation."""
    found: bool = tx.value(
        """
        SELECT EXISTS (SELECT FROM read.invoices i
                         JOIN read.clients c ON c.company_id = i.company_id AND c.id = i.client_id
                        WHERE i.company_id = %(company)s AND i.number <> '' AND c.kind = 'person')
        """
    )
    return found


@projection.on(Certificate.Created)
def _(tx: Tx, event: Certificate.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.certificates
        VALUES (%(company)s, %(id)s, %(pos)s, %(at)s, %(edition)s, %(version)s, %(major_root)s, %(checkpoint_size)s,
                %(to_pos)s, %(sha256)s, %(size)s)
        """,
        id=event.originator_id,
        edition=event.edition,
        version=event.version,
        major_root=event.major_root,
        checkpoint_size=event.checkpoint_size,
        to_pos=event.to_pos,
        sha256=event.sha256,
        size=event.size,
    )
