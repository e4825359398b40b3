"""Which positions a period holds. Days are those of the entries' instants; in a training ledger, its own."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from domain.closing import Closing, PeriodKind, Previous
from ledger.entry import Entry

FISCAL = [  # what posts; each carries its `day`
    "invoice.issued", "invoice.imported", "payment.recorded", "payment.reversed", "refund.recorded",
    "allocation.recorded", "allocation.reversed", "debt.doubted", "debt.written_off", "debt.recovered", "entry.posted",
]  # fmt: skip


def last_closing(entry: Entry, period: PeriodKind) -> tuple[Closing.Created, Previous] | None:
    """The newest closing of that kind, and where it stands."""
    rows = entry.rows(
        """
        SELECT line, pos, encode(hash, 'hex') FROM ledger.entry
         WHERE company_id = %b AND type = 'period.closed' AND line::jsonb #>> '{data,period}' = %b
         ORDER BY pos DESC LIMIT 1
        """,
        period,
    )
    return (entry.decode(rows[0][0]), Previous(pos=rows[0][1], hash=rows[0][2])) if rows else None


def first_day(entry: Entry) -> date:
    """The day of entry 1, or of the first fiscal event if that one is earlier, as it may be in a training ledger."""
    opened: date = entry.rows(
        """
        SELECT (recorded_at AT TIME ZONE time_zone)::date FROM ledger.entry JOIN ledger.head h USING (company_id)
         WHERE company_id = %b AND entry.pos = 1
        """
    )[0][0]
    return min(opened, fiscal_day(entry, 1) or opened)


def fiscal_day(entry: Entry, from_pos: int) -> date | None:
    """The day of the first fiscal event from a position on."""
    rows = entry.rows(
        """
        SELECT (line::jsonb #>> '{data,day}')::date FROM ledger.entry
         WHERE company_id = %b AND pos >= %b AND type = ANY (%b) ORDER BY pos LIMIT 1
        """,
        from_pos,
        FISCAL,
    )
    return rows[0][0] if rows else None


def last_position(entry: Entry, from_pos: int, to: date) -> int:
    """The last entry of that day or an earlier one, from a position on; the position before it if there is none."""
    if entry.training:
        after = entry.rows(FIRST_OF_LATER_DAYS, from_pos, FISCAL, to)[0][0]
        return int(after or entry.pos + 1) - 1
    return int(entry.rows(LAST_OF_THESE_DAYS, from_pos, to)[0][0] or from_pos - 1)


LAST_OF_THESE_DAYS = """
    SELECT max(e.pos) FROM ledger.entry e JOIN ledger.head h USING (company_id)
     WHERE company_id = %b AND e.pos >= %b AND recorded_at < (%b::date + 1)::timestamp AT TIME ZONE h.time_zone
    """
FIRST_OF_LATER_DAYS = """
    SELECT min(pos) FROM ledger.entry
     WHERE company_id = %b AND pos >= %b AND type = ANY (%b) AND (line::jsonb #>> '{data,day}')::date > %b
    """


def events(entry: Entry, from_pos: int, to_pos: int, types: Sequence[str]) -> Iterator[Any]:
    """The events of these types between two positions, both included, in the order of the ledger."""
    rows = entry.rows(
        """
        SELECT line FROM ledger.entry
         WHERE company_id = %b AND pos BETWEEN %b AND %b AND type = ANY (%b) ORDER BY pos
        """,
        from_pos,
        to_pos,
        list(types),
    )
    return (entry.decode(line) for (line,) in rows)
