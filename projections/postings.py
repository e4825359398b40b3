"""The accounting entries, line by line: the table and its handlers. What screens ask is in `journals.py`,
`statements.py` and `trial_balance.py`.
"""

from typing import Any
from uuid import UUID

from domain.debt import Debt
from domain.invoice import Invoice
from domain.payment import Payment, Refund
from domain.transfer import Transfer
from projections.projection import Projection
from projections.tx import Tx

projection = Projection(
    "postings",
    1,
    """
    CREATE TABLE read.postings (
        company_id   uuid NOT NULL,
        pos          bigint NOT NULL,                     -- the entry of the ledger that holds it
        posting      integer NOT NULL,                    -- rank of the accounting entry in it
        rank         integer NOT NULL,                    -- rank of the line in the accounting entry
        type         text NOT NULL,
        about        uuid NOT NULL,                       -- the document, or the payment, refund or allocation
        journal      text NOT NULL,
        day          date NOT NULL,
        operation_on date,                                -- the real day, when its period was closed
        account      text NOT NULL,
        aux          text NOT NULL,                       -- a client's code: names are in `read.clients` alone
        piece        text NOT NULL,
        piece_on     date NOT NULL,
        label        text NOT NULL,                       -- a number, never a name
        debit_cents  bigint NOT NULL,
        credit_cents bigint NOT NULL,
        PRIMARY KEY (company_id, pos, posting, rank)
    );
    CREATE INDEX ON read.postings (company_id, day, pos);
    CREATE INDEX ON read.postings (company_id, account, day, pos);
    CREATE INDEX ON read.postings (company_id, day, journal, pos, posting) WHERE rank = 0;
    """,
)

LINES = """
    INSERT INTO read.postings (company_id, pos, posting, rank, type, about, journal, day, operation_on, account, aux,
                               piece, piece_on, label, debit_cents, credit_cents)
    SELECT %(company)s, r.* FROM unnest(%(pos)b::bigint[], %(posting)b::integer[], %(rank)b::integer[],
        %(type)b::text[], %(about)b::uuid[], %(journal)b::text[], %(day)b::date[], %(operation_on)b::date[],
        %(account)b::text[], %(aux)b::text[], %(piece)b::text[], %(piece_on)b::date[], %(label)b::text[],
        %(debit_cents)b::bigint[], %(credit_cents)b::bigint[]) AS r
    """


@projection.after_all
def _(tx: Tx) -> None:
    tx.write(LINES)


@projection.on(Invoice.Issued, Payment.Created, Payment.Reversed, Refund.Created, Transfer.Created, Transfer.Reversed)
def _(tx: Tx, event: Any) -> None:
    _gather(tx, event, event.originator_id)


@projection.on(Debt.Created, Debt.WrittenOff, Debt.Recovered)
def _(tx: Tx, event: Any) -> None:
    _gather(tx, event, event.invoice_id)


def _gather(tx: Tx, event: Any, about: UUID) -> None:
    for posting, entry in enumerate(event.postings):
        for rank, line in enumerate(entry.lines):
            tx.gather(
                LINES, pos=tx.line.pos, posting=posting, rank=rank, type=tx.line.type, about=about,
                journal=entry.journal, day=entry.date, operation_on=entry.operation_on, account=line.account,
                aux=line.aux, piece=entry.piece, piece_on=entry.piece_on, label=entry.label,
                debit_cents=line.debit_cents, credit_cents=line.credit_cents,
            )  # fmt: skip
