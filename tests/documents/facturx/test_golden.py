"""The XML of an issued invoice lies in blobs for ever: a change of the writer is made on purpose.

The events lie in golden files too, as lines of a ledger, so that what the domain decides today changes nothing here.
`GOLDEN=1 pytest tests/documents/facturx` writes the XML anew, and events that are not there yet; read the difference.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from documents.facturx import check, xml
from domain.invoice import Invoice
from ledger.codec import EventMapper
from tests.documents.facturx.cases import CASES

GOLDEN = Path(__file__).parents[2] / "golden" / "facturx"
MAPPER = EventMapper(Invoice)
SAMPLES = {
    "invoice": "invoice of goods and services",
    "gross": "invoice in prices with VAT",
    "final": "final invoice less its deposit",
    "paid": "already paid",
    "progress": "progress with a guarantee",
    "credit-note": "credit note with its reason",
    "union": "delivery in the Union",
    "person": "person",
}


class Sample(msgspec.Struct):
    """A line of a ledger and the openings of its seals."""

    line: msgspec.Raw
    openings: dict[str, object]


def keep(name: str) -> None:
    books, invoice = CASES[SAMPLES[name]]()
    type_, data = MAPPER.encode(invoice.issued)
    line = {
        "at": datetime(2026, 11, 24, 12, tzinfo=UTC), "by": "user:1", "data": msgspec.Raw(data.encode()),
        "ledger": books.company.id, "pos": 2, "stream": invoice.id, "type": type_, "version": 2,
    }  # fmt: skip
    kept = msgspec.json.encode({"line": line, "openings": books.vault})
    (GOLDEN / f"{name}.json").write_bytes(msgspec.json.format(kept, indent=1) + b"\n")


def written(name: str) -> bytes:
    sample = msgspec.json.decode((GOLDEN / f"{name}.json").read_bytes(), type=Sample)
    return xml(MAPPER.decode(bytes(sample.line)), sample.openings.get)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_xml_of_an_old_event_is_what_it_was(name):
    if os.environ.get("GOLDEN"):
        if not (GOLDEN / f"{name}.json").exists():
            keep(name)
        (GOLDEN / f"{name}.xml").write_bytes(written(name))
    assert written(name) == (GOLDEN / f"{name}.xml").read_bytes()
    assert check(written(name)) == ()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_another_process_in_another_zone_writes_the_same_bytes(zone):
    program = "import sys; from tests.documents.facturx.test_golden import written; "
    program += "sys.stdout.buffer.write(written('invoice'))"
    environment = os.environ | {"TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
    assert done.stdout == (GOLDEN / "invoice.xml").read_bytes()
