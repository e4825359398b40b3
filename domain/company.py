"""The company that keeps its books here: identity, settings, series, fiscal years.

Its stream is the ledger's own: the id of the company is the id of the ledger, and its first event,
`ledger.opened`, is entry 1.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self
from uuid import UUID

from domain import fiscal_years, numbering
from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.half_years import HalfYear
from domain.numbering import Numbering
from domain.parties import Address, Card, Fact
from domain.terms import PaymentTerms

VatRegime = Literal["cash", "debit", "franchise"]
Keeping = Literal["sales", "full"]
Size = Literal["small", "large"]
Sector = Literal["general", "building", "transport", "perishable"]


@dataclass(eq=False)
class PeriodClosed(DomainError):
    """The accounting period of this date is closed."""

    on: date
    closed_through: date


class Identity(Fact):
    """The company as the law prints it. Sealed whole when its owner is a natural person (sole trader).

    `register` = another register than the RCS, as printed (RNE, RSAC, an order). `member_of` = the assujetti unique
    (CGI 256 C) that it belongs to: name, address and VAT number, all of them or none.
    """

    sealed: str = ""
    name: str = ""
    legal_form: str = ""
    capital_cents: int = 0
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    rcs_city: str = ""
    register: str = ""
    address: Address = Address()
    email: str = ""
    phone: str = ""
    iban: str = ""
    bic: str = ""
    logo: str = ""  # SHA-256 of the picture, a blob
    member_of: Card = Card()


class Configuration(Fact):
    """What the company decides for its documents; each change is an entry and counts for later documents only.

    `late_rate_bp` a year, 0 = the law's; `half_years`: rates that the program does not know; `quote_days` = validity of
    a quote; `size` (`large` = grande entreprise or ETI) decides the dates of mentions, `sector` the caps of payment
    and the insurance; the texts are printed as written, an empty `discount_text` as « néant ».
    """

    vat_regime: VatRegime = "cash"
    territory: str = "FR"
    price_mode: Literal["net", "gross"] = "net"
    terms: PaymentTerms = PaymentTerms()
    late_rate_bp: int = 0
    discount_text: str = ""
    quote_days: int = 30
    numbering: Numbering = Numbering()
    size: Size = "small"
    sector: Sector = "general"
    insurer: str = ""
    insurance_cover: str = ""
    mediator: str = ""
    quote_fee: str = ""
    travel: str = ""
    half_years: tuple[HalfYear, ...] = ()
    retention_base: Literal["net", "gross"] = "gross"  # what a guarantee kept back is a share of


class Company(Aggregate):
    """One company, one ledger."""

    TOPIC = "company"

    class Created(Aggregate.Created):
        """Entry 1; `signer` is the C2SP verifier key of the checkpoints, `company` the identity at that moment."""

        TOPIC = "ledger.opened"
        format: int
        origin: str
        signer: str
        software: str
        company: Identity
        mode: Literal["live", "training"]
        time_zone: str
        natural_person: bool = False

        def apply(self, aggregate: "Company") -> None:
            aggregate.identity = self.company
            aggregate.natural_person = self.natural_person
            aggregate.mode = self.mode

    class Changed(Aggregate.Event):
        TOPIC = "company.changed"
        identity: Identity
        natural_person: bool = False

        def apply(self, aggregate: "Company") -> None:
            aggregate.identity = self.identity
            aggregate.natural_person = self.natural_person

    class Configured(Aggregate.Event):
        TOPIC = "company.configured"
        configuration: Configuration

        def apply(self, aggregate: "Company") -> None:
            aggregate.configuration = self.configuration

    class SeriesOpened(Aggregate.Event):
        TOPIC = "series.opened"
        series: str
        kinds: tuple[str, ...]
        pattern: str
        first: int = 1
        reason: str = ""

        def apply(self, aggregate: "Company") -> None:
            aggregate.series[self.series] = self

    class FiscalYearDefined(Aggregate.Event):
        TOPIC = "fiscal_year.defined"
        from_: date
        to: date

        def apply(self, aggregate: "Company") -> None:
            others = (year for year in aggregate.fiscal_years if year[0] != self.from_)
            aggregate.fiscal_years = (*others, (self.from_, self.to))

    class BooksConfigured(Aggregate.Event):
        TOPIC = "books.configured"
        keeping: Keeping

        def apply(self, aggregate: "Company") -> None:
            aggregate.keeping = self.keeping

    class BooksClosed(Aggregate.Event):
        TOPIC = "books.closed"
        through: date
        kind: Literal["month", "fiscal_year"]

        def apply(self, aggregate: "Company") -> None:
            aggregate.closed_through = self.through

    def __init__(self) -> None:
        self.identity = Identity()
        self.natural_person = False
        self.mode: Literal["live", "training"] = "live"
        self.configuration = Configuration()
        self.series: dict[str, Company.SeriesOpened] = {}
        self.fiscal_years: tuple[tuple[date, date], ...] = ()
        self.keeping: Keeping = "full"
        self.closed_through = date.min

    @classmethod
    def open(
        cls,
        id: UUID,
        *,
        origin: str,
        signer: str,
        software: str,
        company: Identity,
        mode: Literal["live", "training"],
        natural_person: bool = False,
        time_zone: str = "Europe/Paris",
    ) -> Self:
        """A new ledger. `company` is sealed by the caller for a natural person, after `check_identity`."""
        return cls._begin(
            id,
            format=1,
            origin=origin,
            signer=signer,
            software=software,
            company=company,
            mode=mode,
            time_zone=time_zone,
            natural_person=natural_person,
        )

    def change(self, identity: Identity, natural_person: bool) -> None:
        if (identity, natural_person) != (self.identity, self.natural_person):
            self.trigger_event(self.Changed, identity=identity, natural_person=natural_person)

    def configure(self, configuration: Configuration, day: date) -> None:
        """Takes new settings; `day` decides which numbering patterns are in use."""
        if configuration.numbering != self.configuration.numbering:
            numbering.check_change(
                self.configuration.numbering, configuration.numbering, day, list(self.series.values())
            )
        if configuration != self.configuration:
            self.trigger_event(self.Configured, configuration=configuration)

    def open_series(self, kind: str, pattern: str, *, first: int = 1, reason: str = "") -> str:
        """Opens the series of a kind for good, and names it; `first` goes on after the numbers of another software.

        Errors: `PatternRefused`, `PatternTaken`.
        """
        numbering.check_pattern(pattern)
        numbering.check_apart(kind, pattern, self.series.values())
        series, kinds = numbering.free_name(pattern, self.series), numbering.kinds_sharing(kind)
        self.trigger_event(self.SeriesOpened, series=series, kinds=kinds, pattern=pattern, first=first, reason=reason)
        return series

    def define_fiscal_year(self, from_: date, to: date) -> None:
        """The next fiscal year; or the last one anew, as long as nothing was recorded in it. `FiscalYearRefused`."""
        fiscal_years.check(self.fiscal_years, from_, to)
        if (from_, to) not in self.fiscal_years:
            self.trigger_event(self.FiscalYearDefined, from_=from_, to=to)

    def keep(self, keeping: Keeping) -> None:
        self.trigger_event(self.BooksConfigured, keeping=keeping)

    def close_books(self, through: date, kind: Literal["month", "fiscal_year"]) -> None:
        """Accounting closing: nothing is posted on or before `through` any more."""
        if through <= self.closed_through:
            raise PeriodClosed(through, self.closed_through)
        self.trigger_event(self.BooksClosed, through=through, kind=kind)

    @property
    def first_open_day(self) -> date:
        """The first day on which something can still be posted."""
        return date.min if self.closed_through == date.min else self.closed_through + timedelta(days=1)

    def series_of(self, kind: str, pattern: str) -> str:
        """The series that numbers `kind` in this pattern; empty when there is none."""
        return numbering.newest(self.series.values(), kind, pattern)
