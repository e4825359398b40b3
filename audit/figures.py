"""Do the figures of a ledger add up? Its documents, postings and closings, by the very checks that archives carry.

This reads the fiscal entries once more and computes all of them again, which costs more than the rest of a
verification: it belongs to the weekly one and to what an attestation rests on. It speaks of a ledger in which nothing
else was found: where a line is damaged, what does not add up is put down to that.
"""

import json
import re
from collections.abc import Iterator
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit.finding import Finding
from audit.verifier.clients import Clients
from audit.verifier.closings import FISCAL, Closings
from audit.verifier.figures import document
from audit.verifier.lines import Entry
from audit.verifier.main import MALFORMED
from audit.verifier.report import Report

TYPES = [*FISCAL, "period.closed", "fiscal_year.defined", "clock.declared"]
LINES = """
    SELECT pos, textsend(line), hash FROM ledger.entry WHERE company_id = %s AND type = ANY (%s) ORDER BY pos
    """
BATCH = 500
PLACE = re.compile(r"écriture (\d+) : (.+)")


def figures(conn: Connection[TupleRow], company_id: UUID) -> Iterator[Finding]:
    """What does not add up, by position."""
    report = Report()
    closings, clients = Closings(report, {}, 0), Clients(report)
    for pos, line, hash_ in conn.cursor(binary=True).stream(LINES, (company_id, TYPES), size=BATCH):
        entry = _entry(pos, line, hash_)
        try:
            closings.see(entry)
            clients.see(entry)
            for wrong in document(entry) if entry.type == "invoice.issued" else ():
                report.bad(8, f"écriture {pos} : {wrong}")
        except MALFORMED:
            report.bad(8, f"écriture {pos} : ses données ne sont pas celles de « {entry.type} »")
    told = [PLACE.fullmatch(text) for number in (8, 9, 10) for text in report.defects[number]]
    for place in sorted((one for one in told if one), key=lambda one: int(one[1])):
        yield Finding(int(place[1]), "figures", {"wrong": place[2]})


def _entry(pos: int, line: bytes, hash_: bytes) -> Entry:
    told = json.loads(line)
    return Entry(
        pos, hash_, line.decode(), told["at"], told["by"], told["stream"], told["type"], told["version"], told["data"]
    )
