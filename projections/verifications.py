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
    """The last verification, if there was one, and how many entries the ledger has by now.

    `frozen`: it takes no entry until a restore is declared. `ahead`: nor does it while its last instant is more than an
    hour ahead of the clock. `broken`: the last attempt to verify it came to no result.
    """

    last: Verification | None
    entries: int
    frozen: bool = False
    ahead: bool = False
    broken: bool = False


class _State(Row, frozen=True):
    pos: int
    frozen: bool
    ahead: bool
    broken: bool


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
    state = tx.row(
        _State,
        """
        SELECT pos, frozen, at > clock_timestamp() + interval '1 hour' AS ahead, coalesce((
                   SELECT failed FROM jobs.verification
                    WHERE company_id = %(company)s AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1
               ), false) AS broken
          FROM ledger.head
         WHERE company_id = %(company)s
        """,
    )
    return Integrity(last, state.pos, state.frozen, state.ahead, state.broken) if state else Integrity(last, 0)


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
