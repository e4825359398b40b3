"""Tables for people, out of the lines, against which they are verified: UTF-8 with its mark, `;`, decimal comma."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple, Self

from audit.event_names import LABELS
from audit.spreadsheet import harmless
from audit.verifier.lines import Entry
from audit.verifier.tables import HEADERS, euros

SPOOLED = 1 << 20
Name = Callable[[dict[str, Any]], str]
KINDS = {
    "invoice": "Facture", "deposit": "Facture d’acompte", "progress": "Facture de situation",
    "final": "Facture de solde", "credit_note": "Avoir", "debit_note": "Note de débit",
}  # fmt: skip
METHODS = {
    "transfer": "Virement", "card": "Carte bancaire", "cheque": "Chèque", "cash": "Espèces",
    "direct_debit": "Prélèvement", "bill": "Effet de commerce", "other": "Autre",
}  # fmt: skip
PARTIES = {
    "business": "Entreprise", "person": "Particulier", "association": "Association", "public": "Organisme public",
}  # fmt: skip
PERIODS = {"day": "Jour", "month": "Mois", "year": "Exercice"}
ACTORS = {"user": "utilisateur", "client": "client par lien public", "job": "tâche", "system": "système"}


class Known(NamedTuple):
    """What things are called: `name` gives the name on a card; `codes` of clients, by their stream; `called` = numbers
    of documents and names of clients, by their stream.
    """

    name: Name
    codes: Mapping[str, str]
    called: Mapping[str, str]

    def of(self, stream: str) -> str:
        """Its own id when it is called nothing."""
        return self.called.get(stream, stream)


class Table(NamedTuple):
    """A file: its header, and the row that an entry gives, if it gives one."""

    name: str
    header: tuple[str, ...]
    row: Callable[[Entry, Known], tuple[str, ...] | None]


def _invoice(entry: Entry, known: Known) -> tuple[str, ...] | None:
    if entry.type != "invoice.issued":
        return None
    data = entry.data
    corrected = ", ".join(one["number"] for one in data.get("refers_to", ()))
    return (data["number"], _word(KINDS, data["kind"]), data["issued_on"], known.name(data["buyer"]["card"]),
            euros(data["net_cents"]), euros(data["vat_cents"]), euros(data["gross_cents"]), corrected, entry.at,
            str(entry.pos))  # fmt: skip


def _payment(entry: Entry, known: Known) -> tuple[str, ...] | None:
    kinds = {"payment.recorded": 1, "payment.reversed": -1, "refund.recorded": -1}
    if entry.type not in kinds:
        return None
    data = entry.data
    on = data.get("received_on") or data.get("reversed_on") or data.get("paid_on")
    settled = ", ".join(known.of(one["invoice_id"]) for one in data.get("allocations", ()))
    cents = kinds[entry.type] * data["amount_cents"]
    return (LABELS[entry.type], on, _word(METHODS, data["method"]), euros(cents), settled, known.of(data["client_id"]),
            entry.at, str(entry.pos))  # fmt: skip


def _closing(entry: Entry, _: Known) -> tuple[str, ...] | None:
    if entry.type != "period.closed":
        return None
    data = entry.data
    documents, payments = data.get("documents", {}), data.get("payments", {})
    cents = (documents.get("net_cents", 0), documents.get("gross_cents", 0), payments.get("received_cents", 0),
             data["perpetual_documents_cents"], data["perpetual_documents_absolute_cents"],
             data["perpetual_payments_cents"])  # fmt: skip
    return (_word(PERIODS, data["period"]), data["from"], data["to"], *map(euros, cents), entry.at, str(entry.pos))


def _quote(entry: Entry, known: Known) -> tuple[str, ...] | None:
    if entry.type != "quote.sent":
        return None
    data = entry.data
    return (data["number"], str(data["revision"]), data["sent_on"], data["valid_until"],
            known.name(data["buyer"]["card"]), euros(data["net_cents"]), euros(data["gross_cents"]), entry.at,
            str(entry.pos))  # fmt: skip


def _client(entry: Entry, known: Known) -> tuple[str, ...] | None:
    if entry.type not in ("client.created", "client.changed"):
        return None
    profile = entry.data["profile"]
    return (LABELS[entry.type], known.codes.get(entry.stream, ""), _word(PARTIES, profile["kind"]),
            known.name(profile["card"]), entry.at, str(entry.pos))  # fmt: skip


def _journal(entry: Entry, known: Known) -> tuple[str, ...]:
    who, _, id_ = entry.by.partition(":")
    return (str(entry.pos), entry.at, f"{_word(ACTORS, who)} {id_}".rstrip(), _word(LABELS, entry.type),
            known.called.get(entry.stream, ""), entry.type, entry.stream, str(entry.version))  # fmt: skip


def _word(words: Mapping[str, str], code: str) -> str:
    """A code that nobody named yet stands for itself."""
    return words.get(code, code)


TABLES = tuple(
    Table(name, HEADERS[name], row)
    for name, row in (
        ("clients", _client), ("clotures", _closing), ("devis", _quote), ("factures", _invoice),
        ("journal-technique", _journal), ("reglements", _payment),
    )
)  # fmt: skip


class Files:
    """All tables under way, filled in one reading; what does not fit in memory goes to the disk until it is read."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.open = [(table, self._file()) for table in TABLES]

    def __enter__(self) -> Self:
        for table, file in self.open:
            file.write(b"\xef\xbb\xbf" + _line(table.header))
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def _file(self) -> IO[bytes]:
        return self.stack.enter_context(SpooledTemporaryFile(SPOOLED))

    def see(self, entry: Entry, known: Known) -> None:
        for table, file in self.open:
            if row := table.row(entry, known):
                file.write(_line(row))

    def __iter__(self) -> Iterator[tuple[Table, Iterator[bytes]]]:
        for table, file in self.open:
            file.seek(0)
            yield table, iter(partial(file.read, SPOOLED), b"")


def naming(openings: Iterable[dict[str, str]]) -> Name:
    """What gives the name on a card, sealed or not."""
    known = {opening["digest"]: opening["value"] for opening in openings}

    def name(card: dict[str, Any]) -> str:
        if "sealed" in card:
            value = json.loads(known.get(card["sealed"], "{}"))
            return str(value.get("name", "Tiers effacé")) if isinstance(value, dict) else ""
        return str(card.get("name", ""))

    return name


def mentioned(entries: Iterable[Entry]) -> set[str]:
    """The streams that the tables name for these entries."""
    found = set()
    for entry in entries:
        found.add(entry.stream)
        if entry.type == "payment.recorded":
            found.update(one["invoice_id"] for one in entry.data.get("allocations", ()))
    return found


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(map(harmless, cells))
    return written.getvalue().encode()
