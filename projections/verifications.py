"""The results of verifications: what the integrity badge says."""

from datetime import datetime

from domain.verification import Verification as Verified
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "verifications",
    1,
    """
    CREATE TABLE read.verifications (
        company_id uuid NOT NULL,
        pos        bigint NOT NULL,
        at         timestamptz NOT NULL,
        to_pos     bigint NOT NULL,
        ok         boolean NOT NULL,
        findings   integer NOT NULL,
        PRIMARY KEY (company_id, pos)
    );
    """,
)


class Verification(Row, frozen=True):
    """The verification recorded at `pos`: all entries up to `to_pos` were read; `findings` = how many defects."""

    pos: int
    at: datetime
    to_pos: int
    ok: bool
    findings: int


class Integrity(Row, frozen=True):
    """The last verification, if there was one, and how many entries the ledger has by now."""

    last: Verification | None
    entries: int


def integrity(tx: Tx) -> Integrity:
    last = tx.row(
        Verification,
        """
        SELECT pos, at, to_pos, ok, findings
          FROM read.verifications
         WHERE company_id = %(company)s
         ORDER BY pos DESC
         LIMIT 1
        """,
    )
    return Integrity(last, tx.value("SELECT pos FROM ledger.head WHERE company_id = %(company)s") or 0)


@projection.on(Verified.Created)
def _(tx: Tx, event: Verified.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.verifications (company_id, pos, at, to_pos, ok, findings)
        VALUES (%(company)s, %(pos)s, %(at)s, %(to_pos)s, %(ok)s, %(findings)s)
        """,
        to_pos=event.to_pos,
        ok=event.ok,
        findings=event.findings,
    )
