"""Tables for people, row by row against the entries that they tell (check 1): numbers, dates, amounts, names, order.

Not compared: words, which are translations, and the names of persons, which lines do not hold. The position of the
entry stands in each row for whoever doubts one.
"""

from __future__ import annotations

import csv
from typing import Dict, Iterator, Optional

from audit.verifier.container import LINE_MAX, Container, Unreadable
from audit.verifier.lines import Entry
from audit.verifier.report import Report

Cells = Dict[int, Optional[str]]  # cells of a row by their column, from the left or the right; None: not compared
RECORDED = ("Enregistrée le (UTC)", "Écriture")
PAID = {"payment.recorded": "received_on", "payment.reversed": "reversed_on", "refund.recorded": "paid_on"}


def euros(cents: int) -> str:
    """An amount as the tables write it.

    >>> euros(-1205)
    '-12,05'
    """
    return "{}{},{:02d}".format("-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100)


def _client(entry: Entry) -> Cells:
    return {3: entry.data["profile"]["card"].get("name")}


def _closing(entry: Entry) -> Cells:
    data = entry.data
    documents, payments = data.get("documents", {}), data.get("payments", {})
    cents = [documents.get("net_cents", 0), documents.get("gross_cents", 0), payments.get("received_cents", 0)]
    cents += [data["perpetual_documents_cents"], data["perpetual_documents_absolute_cents"]]
    return dict(enumerate([data["from"], data["to"], *map(euros, [*cents, data["perpetual_payments_cents"]])], 1))


def _quote(entry: Entry) -> Cells:
    data = entry.data
    texts = [data["number"], str(data["revision"]), data["sent_on"], data["valid_until"]]
    amounts = [euros(data["net_cents"]), euros(data["gross_cents"])]
    return dict(enumerate([*texts, data["buyer"]["card"].get("name"), *amounts]))


def _invoice(entry: Entry) -> Cells:
    data = entry.data
    amounts = [euros(data[name]) for name in ("net_cents", "vat_cents", "gross_cents")]
    corrected = ", ".join(one["number"] for one in data.get("refers_to", ()))
    told = [data["number"], None, data["issued_on"], data["buyer"]["card"].get("name"), *amounts, corrected]
    return dict(enumerate(told))


def _payment(entry: Entry) -> Cells:
    sign = 1 if entry.type == "payment.recorded" else -1
    return {1: entry.data[PAID[entry.type]], 3: euros(sign * entry.data["amount_cents"])}


def _any(entry: Entry) -> Cells:
    return {0: str(entry.pos), 1: entry.at, -3: entry.type, -2: entry.stream, -1: str(entry.version)}


JOURNAL = "journal-technique"
HEADERS = {
    "clients": ("Fait", "Code", "Nature", "Nom", *RECORDED),
    "clotures": ("Période", "Du", "Au", "Facturé HT", "Facturé TTC", "Encaissé", "Total perpétuel TTC",
                 "Total perpétuel absolu", "Total perpétuel encaissé", *RECORDED),
    "devis": ("Numéro", "Révision", "Envoyé le", "Valable jusqu’au", "Client", "HT", "TTC", *RECORDED),
    "factures": ("Numéro", "Nature", "Date", "Client", "HT", "TVA", "TTC", "Facture corrigée", *RECORDED),
    JOURNAL: ("Écriture", "Enregistrée le (UTC)", "Par", "Fait", "Numéro ou nom", "Type", "Objet", "Version"),
    "reglements": ("Fait", "Date", "Moyen", "Montant", "Factures", "Client", *RECORDED),
}  # type: dict[str, tuple[str, ...]]  # fmt: skip
EARLIER = {  # of the first archives
    "clients": ("Objet", *HEADERS["clients"][1:]),
    JOURNAL: (*HEADERS[JOURNAL][:3], *HEADERS[JOURNAL][5:]),
    "reglements": ("Type", *HEADERS["reglements"][1:]),
}
TOLD = {
    "client.created": ("clients", _client),
    "client.changed": ("clients", _client),
    "period.closed": ("clotures", _closing),
    "quote.sent": ("devis", _quote),
    "invoice.issued": ("factures", _invoice),
    **dict.fromkeys(PAID, ("reglements", _payment)),
}


class Tables:
    """Every table, fed entry by entry."""

    def __init__(self, archive: Container, report: Report) -> None:
        self.report = report
        self.tables = {name: _Table(archive, report, name) for name in HEADERS}

    def see(self, entry: Entry) -> None:
        self.tables[JOURNAL].follow(entry, _any(entry))
        if entry.type in TOLD:
            name, cells = TOLD[entry.type]
            self.tables[name].follow(entry, {**cells(entry), -2: entry.at, -1: str(entry.pos)})

    def close(self) -> None:
        for table in self.tables.values():
            table.close()
        self.report.say(1, "tableaux confrontés au registre, sauf libellés et noms de personnes")


class _Table:
    """The rows of one table, as long as it can be read."""

    def __init__(self, archive: Container, report: Report, name: str) -> None:
        self.name, self.report, self.line = f"tableaux/{name}.csv", report, 1
        self.rows = _rows(archive, self.name, report)
        header = ";".join(next(self.rows, ()))
        if header not in ["\ufeff" + ";".join(known[name]) for known in (HEADERS, EARLIER) if name in known]:
            report.bad(1, f"{self.name} n’a pas l’en-tête attendu")
        self.width = header.count(";") + 1

    def follow(self, entry: Entry, cells: Cells) -> None:
        """The next row tells this entry."""
        row, self.line = next(self.rows, None), self.line + 1
        if row is None:
            self.report.bad(1, f"{self.name} ne dit pas l’écriture {entry.pos}")
        elif len(row) != self.width or not all(_says(row[at], text) for at, text in cells.items()):
            self.report.bad(1, f"{self.name}, ligne {self.line} : elle ne dit pas l’écriture {entry.pos}")

    def close(self) -> None:
        if next(self.rows, None) is not None:
            self.report.bad(1, f"{self.name} a plus de lignes que le registre n’a d’écritures à y dire")


def _rows(archive: Container, name: str, report: Report) -> Iterator[list[str]]:
    rows = csv.reader((raw.decode() + "\n" for raw in archive.lines(name)), delimiter=";", strict=True)
    try:
        while True:
            yield _next(rows)
    except StopIteration:
        return
    except (Unreadable, UnicodeDecodeError, csv.Error) as error:
        report.bad(1, f"{name} : {error}")


def _next(rows: Iterator[list[str]]) -> list[str]:
    """A cell may be as long as a line: a payment may settle more invoices than the usual 128 KiB can tell."""
    usual = csv.field_size_limit(LINE_MAX)
    try:
        return next(rows)
    finally:
        csv.field_size_limit(usual)


def _says(cell: str, text: str | None) -> bool:
    """An apostrophe may stand before what a spreadsheet would take for a formula."""
    return text is None or cell in (text, "'" + text)
