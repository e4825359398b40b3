"""What a ledger recorded from one day to another: documents and payments, out of its lines."""

from datetime import date
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from domain.period_totals import COUNTED, Totals
from domain.registry import AGGREGATES
from ledger.codec import EventMapper


def totals(conn: Connection[TupleRow], company_id: UUID, first: date, last: date) -> Totals:
    """Both days included, by the day of recording (`day`), as closings count.

    Source: BOI-TVA-DECLA-30-10-30 § 170: turnover, and payments, of any period on request.
    """
    mapper = EventMapper(*AGGREGATES)
    query = "SELECT line FROM ledger.entry WHERE company_id = %s AND type = ANY (%s) ORDER BY pos"
    rows = conn.cursor().stream(query, (company_id, list(COUNTED)), size=500)
    events = (mapper.decode(line) for (line,) in rows)
    return Totals.of(event for event in events if first <= event.day <= last)
