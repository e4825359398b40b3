"""The files of issued documents: which there are, which are still to be made, which copies were handed out."""

from datetime import date, datetime
from uuid import UUID

from domain.document import Document
from domain.invoice import Invoice
from domain.quote import Quote
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "files",
    1,
    """
    CREATE TABLE read.files (
        company_id  uuid    NOT NULL,
        document_id uuid    NOT NULL,
        revision    integer NOT NULL,                     -- of a quote: each offer that was sent has its file
        kind        text    NOT NULL,
        number      text    NOT NULL,
        issued_on   date    NOT NULL,
        sha256      text    NOT NULL DEFAULT '',          -- empty: not made yet
        media_type  text    NOT NULL DEFAULT '',
        bytes       bigint  NOT NULL DEFAULT 0,
        template    text    NOT NULL DEFAULT '',
        software    text    NOT NULL DEFAULT '',
        rendered_at timestamptz,
        PRIMARY KEY (company_id, document_id, revision)
    );
    CREATE INDEX ON read.files (company_id) WHERE sha256 = '';
    CREATE TABLE read.copies (
        company_id  uuid    NOT NULL,
        document_id uuid    NOT NULL,
        copy        integer NOT NULL,
        reason      text    NOT NULL,
        at          timestamptz NOT NULL,
        pos         bigint  NOT NULL,
        PRIMARY KEY (company_id, document_id, copy)
    );
    """,
)


class File(Row, frozen=True):
    """The file of an issued document; `sha256` in hex, empty with all that follows while it is not made."""

    document_id: UUID
    revision: int
    kind: str
    number: str
    issued_on: date
    sha256: str
    media_type: str
    bytes: int
    template: str
    software: str
    rendered_at: datetime | None


class Copy(Row, frozen=True):
    """A « duplicata »; `pos` = its entry."""

    copy: int
    reason: str
    at: datetime
    pos: int


FILES = """
    SELECT document_id, revision, kind, number, issued_on, sha256, media_type, bytes, template, software, rendered_at
      FROM read.files
     WHERE company_id = %(company)s
    """


def one(tx: Tx, document_id: UUID) -> File | None:
    """The last of a document; None when it was not issued."""
    return tx.row(File, FILES + " AND document_id = %(id)s ORDER BY revision DESC LIMIT 1", id=document_id)


def frozen(tx: Tx, document_id: UUID) -> File | None:
    """The last of a document, when it is made."""
    found = one(tx, document_id)
    return found if found and found.sha256 else None


def missing(tx: Tx) -> list[File]:
    """Those still to be made, the newest document first."""
    return tx.rows(File, FILES + " AND sha256 = '' ORDER BY issued_on DESC, number DESC, revision")


def missing_of(tx: Tx, document_id: UUID) -> list[File]:
    """Those of a document that are still to be made."""
    return tx.rows(File, FILES + " AND document_id = %(id)s AND sha256 = '' ORDER BY revision", id=document_id)


def every(tx: Tx) -> list[File]:
    """All that are made, in the order in which they were issued."""
    return tx.rows(File, FILES + " AND sha256 <> '' ORDER BY issued_on, number, revision")


def content(tx: Tx, file: File) -> bytes | None:
    """The file itself; None when its term is over and it was removed."""
    found = tx.value(
        "SELECT bytes FROM ledger.blob WHERE company_id = %(company)s AND sha256 = decode(%(sha256)s, 'hex')",
        sha256=file.sha256,
    )
    return None if found is None else bytes(found)


def copies(tx: Tx, document_id: UUID) -> list[Copy]:
    """Those handed out, in their order."""
    return tx.rows(
        Copy,
        """
        SELECT copy, reason, at, pos FROM read.copies
         WHERE company_id = %(company)s AND document_id = %(id)s ORDER BY copy
        """,
        id=document_id,
    )


ISSUED = """
    INSERT INTO read.files (company_id, document_id, revision, kind, number, issued_on)
    VALUES (%(company)s, %(stream)s, %(revision)s, %(kind)s, %(number)s, %(issued_on)s)
    """


@projection.on(Invoice.Issued)
def _(tx: Tx, event: Invoice.Issued) -> None:
    tx.execute(ISSUED, revision=1, kind=event.kind, number=event.number, issued_on=event.issued_on)


@projection.on(Quote.Sent)
def _(tx: Tx, event: Quote.Sent) -> None:
    tx.execute(ISSUED, revision=event.revision, kind="quote", number=event.number, issued_on=event.sent_on)


@projection.on(Document.Created)
def _(tx: Tx, event: Document.Created) -> None:
    tx.execute(
        """
        UPDATE read.files
           SET sha256 = %(sha256)s, media_type = %(media_type)s, bytes = %(bytes)s, template = %(template)s,
               software = %(software)s, rendered_at = %(at)s
         WHERE company_id = %(company)s AND document_id = %(id)s AND revision = %(revision)s
        """,
        id=event.document_id, revision=event.revision, sha256=event.sha256, media_type=event.media_type,
        bytes=event.bytes, template=event.template, software=event.software,
    )  # fmt: skip


@projection.on(Document.Copied)
def _(tx: Tx, event: Document.Copied) -> None:
    tx.execute(
        "INSERT INTO read.copies (company_id, document_id, copy, reason, at, pos)"
        " VALUES (%(company)s, %(id)s, %(copy)s, %(reason)s, %(at)s, %(pos)s)",
        id=event.document_id, copy=event.copy, reason=event.reason,
    )  # fmt: skip
