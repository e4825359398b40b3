"""Numbers without a gap, and the arithmetic of each document (checks 7 and 8)."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Iterator

from audit.verifier.lines import Entry
from audit.verifier.report import Report

DECIMAL = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
KEY = ("country", "territory", "vat_bp", "vat_category", "vat_code")
GROUP = ("country", "territory", "rate_bp", "category", "code")


def half_up(value: Fraction) -> int:
    """Rounded once, half away from zero.

    >>> half_up(Fraction(-5, 2))
    -3
    """
    whole = int(abs(value) + Fraction(1, 2))
    return -whole if value < 0 else whole


class Series:
    """Numbers of each series, resumed from where the archive before stopped."""

    def __init__(self, report: Report, state: dict[str, Any]) -> None:
        self.report = report
        self.known = {name: dict(told) for name, told in (state.get("series") or {}).items()}

    def see(self, entry: Entry) -> None:
        data = entry.data
        if entry.type == "series.opened":
            name = data["series"]
            if name in self.known:
                self.report.bad(7, f"écriture {entry.pos} : la série {name} est déjà ouverte")
            self.known[name] = {"pattern": data["pattern"], "last": data.get("first", 1) - 1, "on": ""}
        elif entry.type == "ledger.restored":
            for series in self.known.values():
                series["closed"] = True
        elif entry.type == "invoice.issued":
            self._number(entry.pos, data, data["issued_on"])
        elif entry.type == "quote.sent" and data["revision"] == 1:
            self._number(entry.pos, data, data["sent_on"])

    def _number(self, pos: int, data: dict[str, Any], on: str) -> None:
        series, told = self.known.get(data["series"]), data["number"]
        if series is None:
            self.report.bad(7, f"écriture {pos} : {told} est d’une série qui n’est pas ouverte")
            return
        if series.get("closed"):
            self.report.bad(7, f"écriture {pos} : {told} est d’une série fermée par une restauration")
        run = re.search("#+", series["pattern"])
        number = series["pattern"].replace(run[0], str(data["seq"]).zfill(len(run[0]))) if run else ""
        if data["seq"] != series["last"] + 1 or number != told:
            self.report.bad(7, f"écriture {pos} : {told} ne suit pas le numéro précédent de sa série")
        if on < series["on"]:
            self.report.bad(7, f"écriture {pos} : {told} est daté avant le précédent")
        series["last"], series["on"] = data["seq"], on

    def state(self) -> dict[str, Any]:
        return self.known


def document(entry: Entry) -> Iterator[str]:
    """What is wrong with the figures of an issued document."""
    data = entry.data
    for rank, line in enumerate(data["lines"], 1):
        told = line.get("gross_cents", 0) if data["price_mode"] == "gross" else line["net_cents"]  # 0 is not written
        if _line(line, data["price_mode"]) != told:
            yield f"le montant de la ligne {rank} n’est pas quantité × prix"
    bases = _bases(data)
    for group in data["vat"]:
        key = tuple(group.get(name, "") for name in GROUP)
        if bases.pop(key, None) != group["base_cents"]:
            yield "la base de TVA à {} n’est pas la somme des lignes".format(_percent(group["rate_bp"]))
        if not _vat_holds(group, data):
            yield "la TVA à {} n’est pas celle de sa base".format(_percent(group["rate_bp"]))
        parts = [(part["base_cents"], part["vat_cents"]) for part in group["parts"]]
        if tuple(map(sum, zip(*parts))) != (group["base_cents"], group["vat_cents"]):
            yield "les parts de la TVA à {} ne font pas son total".format(_percent(group["rate_bp"]))
    if any(bases.values()):
        yield "une base de TVA manque"
    yield from _totals(data)


def _totals(data: dict[str, Any]) -> Iterator[str]:
    net, vat = sum(g["base_cents"] for g in data["vat"]), sum(g["vat_cents"] for g in data["vat"])
    if (data["net_cents"], data["vat_cents"], data["gross_cents"]) != (net, vat, net + vat):
        yield "les totaux ne sont pas ceux de la TVA"
    prepaid = sum(one["amount_cents"] for one in data.get("paid", ()))
    payable = data["gross_cents"] - prepaid + data.get("rounding_cents", 0)
    if data.get("prepaid_cents", 0) != prepaid or data["payable_cents"] != payable:
        yield "le net à payer n’est pas le total moins ce qui est payé"
    instalments = data.get("instalments", ())
    if instalments and sum(one["amount_cents"] for one in instalments) != payable:
        yield "les échéances ne font pas le net à payer"


def _line(line: dict[str, Any], price_mode: str) -> int:
    less = sum(one.get("amount_cents", 0) for one in line.get("allowances", ()))  # type: int
    if "progress" in line:
        works = line["progress"]
        done = half_up(Fraction(works["contract_net_cents"] * works["done_bp"], 10_000))
        before = works.get("before_cents", 0)  # type: int
        return done - before - less
    quantity, price = line.get("quantity", "0"), line.get("unit_price", "0")
    if not DECIMAL.fullmatch(quantity) or not DECIMAL.fullmatch(price):
        return -1
    return half_up(Fraction(quantity) * Fraction(price) * 100) - less


def _bases(data: dict[str, Any]) -> dict[tuple[Any, ...], int]:
    """Net of lines, less discounts, plus charges, by VAT group."""
    found = {}  # type: dict[tuple[Any, ...], int]
    for line in data["lines"]:
        key = (line.get("vat_country", "FR"), *(line.get(name, "") for name in KEY[1:2]), line["vat_bp"],
               line["vat_category"], line.get("vat_code", ""))  # fmt: skip
        found[key] = found.get(key, 0) + line["net_cents"]
    for name, sign in (("allowances", -1), ("charges", 1)):
        for change in data.get(name, ()):
            key = tuple(change.get(field, 0 if field == "rate_bp" else "") for field in GROUP)
            found[key] = found.get(key, 0) + sign * change["amount_cents"]
    return found


def _vat_holds(group: dict[str, Any], data: dict[str, Any]) -> bool:
    """A credit note takes the rest of its invoice's VAT with the rest of its base: a cent or two more or less."""
    base, vat, rate = group["base_cents"], group["vat_cents"], group["rate_bp"]
    expected = half_up(Fraction(base * rate, 10_000))
    if data["price_mode"] == "gross":
        expected = base + vat - half_up(Fraction((base + vat) * 10_000, 10_000 + rate))
    return bool(abs(vat - expected) <= (2 if data["kind"] == "credit_note" else 0))


def _percent(rate_bp: int) -> str:
    return ("%g %%" % (rate_bp / 100)).replace(".", ",")
