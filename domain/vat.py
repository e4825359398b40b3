"""French VAT as dated data: territories and their rates, categories, exemptions with the words that an invoice prints.

Source: CGI 278 to 281 nonies (mainland), 296 and 297 (overseas, Corsica), 294-1 (Guyane, Mayotte); code list VATEX of
EN 16931. The words cite the CGI, which stays usable on invoices until 30 June 2028 (ordonnance 2026-671).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from domain.errors import DomainError
from domain.lines import Category, DraftLine, Nature, VatDue, VatKey, facts
from domain.parties import Fact

VAT_TABLE_VERSION: Final = "fr-2026.1"  # `rules.vat_table` of every fiscal event

_SINCE: Final = date(2014, 1, 1)
_CGI_UNTIL: Final = date(2028, 6, 30)

# Which buyer, nature and destination a reason is for (`exempting`); empty = for all.
Need = Literal[
    "", "franchise", "disbursement", "union_goods", "export", "union_services", "world_services", "world_consumer",
    "french_trader", "trader", "no_vat_land", "overseas",
]  # fmt: skip


@dataclass(eq=False)
class VatRateUnknown(DomainError):
    """This rate does not exist in this territory on that day."""

    territory: str
    rate_bp: int
    on: date


@dataclass(eq=False)
class VatReasonMissing(DomainError):
    """A line without VAT says why: a VATEX code of its category and the words of the law, of a list."""

    line_id: str
    category: Category
    code: str


@dataclass(eq=False)
class VatNotSupported(DomainError):
    """VAT of another country (OSS) or on the margin: not in this version, so refused rather than posted wrongly."""

    country: str
    code: str


class Territory(Fact):
    """A part of France with its own VAT. `rates` = (first day, rates in basis points, highest first); none = no VAT."""

    code: str
    name: str
    rates: tuple[tuple[date, tuple[int, ...]], ...] = ()


class Exemption(Fact):
    """A reason to bill without VAT: `text` is printed, `use` explains it to who chooses."""

    code: str
    category: Category
    text: str
    use: str
    needs: Need = ""
    until_on: date = _CGI_UNTIL


_OVERSEAS: Final = ((_SINCE, (850, 210, 175, 105)),)

TERRITORIES: Final = tuple(
    Territory(code=code, name=name, rates=rates)
    for code, name, rates in (
        ("FR", "France métropolitaine", ((_SINCE, (2000, 1000, 550, 210)),)),
        ("FR-20R", "Corse", ((_SINCE, (2000, 1300, 1000, 550, 210, 90)),)),
        ("GP", "Guadeloupe", _OVERSEAS),
        ("MQ", "Martinique", _OVERSEAS),
        ("RE", "La Réunion", _OVERSEAS),
        ("GF", "Guyane", ()),
        ("YT", "Mayotte", ()),
    )
)

FRANCHISE: Final = Exemption(
    code="VATEX-FR-FRANCHISE", category="E", text="TVA non applicable, art. 293 B du CGI",
    use="Franchise en base de TVA", needs="franchise",
)  # fmt: skip
DISBURSEMENT: Final = Exemption(
    code="VATEX-EU-79-C", category="E", text="Débours, art. 267, II, 2° du CGI",
    use="Somme avancée au nom et pour le compte du client", needs="disbursement",
)  # fmt: skip
OUTSIDE: Final = Exemption(
    code="VATEX-EU-O", category="O", text="Hors du champ d’application de la TVA",
    use="Pénalité, indemnité ou autre somme qui ne paie ni un bien ni un service",
)  # fmt: skip

_OTHERS: Final[tuple[tuple[Category, str, str, str, Need], ...]] = (
    ("O", "EU-O", "TVA non applicable, art. 259-1 du CGI", "Service à une entreprise établie hors de l’UE",
     "world_services"),
    ("O", "EU-O", "TVA non applicable, art. 259 B du CGI", "Service immatériel à un particulier établi hors de l’UE",
     "world_consumer"),
    ("O", "EU-O", "TVA non applicable, art. 294, 1 du CGI", "Vente en Guyane ou à Mayotte", "no_vat_land"),
    ("AE", "EU-AE", "Autoliquidation, art. 283-2 du CGI", "Service à une entreprise d’un autre État de l’UE",
     "union_services"),
    ("AE", "FR-AE", "Autoliquidation, art. 283, 2 nonies du CGI", "Sous-traitance de travaux immobiliers",
     "french_trader"),
    ("K", "EU-IC", "Exonération de TVA, art. 262 ter, I du CGI", "Livraison à une entreprise d’un autre État de l’UE",
     "union_goods"),
    ("G", "EU-G", "Exonération de TVA, art. 262, I du CGI", "Exportation hors de l’UE", "export"),
    ("E", "FR-CGI261-2", "Exonération de TVA, art. 261, 2 du CGI", "Agriculture et pêche", ""),
    ("E", "FR-CGI261-3", "Exonération de TVA, art. 261, 3 du CGI", "Biens usagés", ""),
    ("E", "FR-CGI261-4", "Exonération de TVA, art. 261, 4 du CGI", "Santé, enseignement, formation", ""),
    ("E", "FR-CGI261-5", "Exonération de TVA, art. 261, 5 du CGI", "Opérations immobilières", ""),
    ("E", "FR-CGI261-7", "Exonération de TVA, art. 261, 7 du CGI", "Organismes sans but lucratif", ""),
    ("E", "FR-CGI261C-1", "Exonération de TVA, art. 261 C, 1° du CGI", "Banque et finance", ""),
    ("E", "FR-CGI261C-2", "Exonération de TVA, art. 261 C, 2° du CGI", "Assurance et courtage", ""),
    ("E", "FR-CGI261D-1", "Exonération de TVA, art. 261 D, 1° du CGI", "Location de biens agricoles", ""),
    ("E", "FR-CGI261D-2", "Exonération de TVA, art. 261 D, 2° du CGI", "Location d’immeubles nus", ""),
    ("E", "FR-CGI261D-4", "Exonération de TVA, art. 261 D, 4° du CGI", "Location de logements meublés", ""),
    ("E", "FR-CGI275", "Exonération de TVA, art. 275 du CGI", "Vente en franchise à un exportateur", "trader"),
    ("E", "FR-CGI277A", "Suspension de TVA, art. 277 A du CGI", "Régime suspensif", ""),
    ("E", "FR-CGI295", "Exonération de TVA, art. 295 du CGI", "Opérations exonérées outre-mer", "overseas"),
)  # fmt: skip

EXEMPTIONS: Final = (
    FRANCHISE,
    DISBURSEMENT,
    OUTSIDE,
    *(
        Exemption(code=f"VATEX-{code}", category=category, text=text, use=use, needs=needs)
        for category, code, text, use, needs in _OTHERS
    ),
)

_MARGIN: Final = frozenset({"VATEX-EU-D", "VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J"})


def rates_on(territory: str, day: date) -> tuple[int, ...]:
    """The rates of a territory on a day, in basis points, highest first; empty where VAT does not apply.

    Errors: `KeyError` for an unknown territory.

    >>> rates_on("MQ", date(2026, 11, 24))
    (850, 210, 175, 105)
    """
    periods = {known.code: known.rates for known in TERRITORIES}[territory]
    return next((rates for first, rates in reversed(periods) if first <= day), ())


def exemptions_on(day: date, category: Category | None = None) -> tuple[Exemption, ...]:
    """The exemptions that may be printed on that day, of one category or of all."""
    return tuple(known for known in EXEMPTIONS if day <= known.until_on and category in (None, known.category))


def text_of(key: VatKey, lines: Iterable[DraftLine] = ()) -> str:
    """The words of a group without VAT: those of its first line here, else of the first exemption with its code."""
    told = (line.vat_text for line in lines if line.vat_text and facts(VatKey, line.vat_key) == facts(VatKey, key))
    known = (known.text for known in EXEMPTIONS if (known.code, known.category) == (key.code, key.category))
    return next(told, next(known, ""))


def reason_of(line: DraftLine, day: date) -> Exemption | None:
    """The exemption that a line states, by its code and its very words; none when it is not one of that day."""
    told = (line.vat_code, line.vat_text)
    return next((each for each in exemptions_on(day, line.vat_category) if (each.code, each.text) == told), None)


def check(line: DraftLine, day: date) -> None:
    """Refuses a line whose VAT cannot be that of a French invoice supplied on that day. One that takes a deposit off
    repeats what was right when that was invoiced.

    Errors: `VatNotSupported`, `VatRateUnknown`, `VatReasonMissing`.
    """
    if line.deducts:
        return
    if line.vat_country != "FR" or line.vat_code in _MARGIN or line.territory not in {t.code for t in TERRITORIES}:
        raise VatNotSupported(line.vat_country, line.vat_code)
    if line.vat_category == "S":
        if line.vat_bp not in rates_on(line.territory, day) or line.nature in ("disbursement", "penalty"):
            raise VatRateUnknown(line.territory, line.vat_bp, day)
    elif line.vat_bp != 0:
        raise VatRateUnknown(line.territory, line.vat_bp, day)
    elif reason_of(line, day) is None:  # France has no rate of zero: category Z has no reason, so it never passes
        raise VatReasonMissing(line.id, line.vat_category, line.vat_code)


def check_repeated(line: DraftLine, corrected: Iterable[DraftLine]) -> None:
    """Refuses a line of a credit note that says another reason than the invoice did. Errors: `VatReasonMissing`."""
    said = {(each.vat_category, each.vat_code, each.vat_text) for each in corrected}
    if line.vat_category != "S" and (line.vat_category, line.vat_code, line.vat_text) not in said:
        raise VatReasonMissing(line.id, line.vat_category, line.vat_code)


def vat_due(nature: Nature, key: VatKey, *, on_debits: bool = False, deposit: bool = False) -> VatDue:
    """When the VAT of a part falls due: goods at delivery, services with the money, a deposit always with the money.

    Source: CGI art. 269, 1 and 2 (deposits on goods since 1 January 2023); option for débits: 269, 2 c.

    >>> vat_due("services", VatKey(rate_bp=2000, category="S"))
    'cash'
    """
    if key.category != "S":
        return "none"
    if deposit:
        return "cash"
    if nature == "goods":
        return "delivery"
    return "debit" if on_debits else "cash"
