"""The company: what stands around every page."""

from typing import Any

from domain.company import Company, Identity
from projections.persons import ERASED, opened, seal_of
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "companies",
    1,
    """
    CREATE TABLE read.companies (
        company_id     uuid PRIMARY KEY,
        name           text NOT NULL,
        siren          text NOT NULL,
        city           text NOT NULL,
        seal           text NOT NULL,                     -- the digest that name, siren and city were opened from
        natural_person boolean NOT NULL,
        training       boolean NOT NULL,
        time_zone      text NOT NULL,
        vat_regime     text NOT NULL DEFAULT 'cash',
        price_mode     text NOT NULL DEFAULT 'net',
        territory      text NOT NULL DEFAULT 'FR',
        keeping        text NOT NULL DEFAULT 'full',
        version        bigint NOT NULL
    );
    """,
)


class CompanyRow(Row, frozen=True):
    """The company; `version` of its stream, which is the ledger's own."""

    name: str
    siren: str
    city: str
    natural_person: bool
    training: bool
    time_zone: str
    vat_regime: str
    price_mode: str
    territory: str
    keeping: str
    version: int


def current(tx: Tx) -> CompanyRow | None:
    """The company of this transaction; None when it has no ledger."""
    return tx.row(
        CompanyRow,
        """
        SELECT name, siren, city, natural_person, training, time_zone, vat_regime, price_mode, territory, keeping,
               version
          FROM read.companies
         WHERE company_id = %(company)s
        """,
    )


def frame(tx: Tx) -> dict[str, Any]:
    """`company_name` and `training`, for the frame of every page."""
    company = current(tx)
    return {"company_name": company.name, "training": company.training} if company else {}


@projection.on(Company.Created)
def _(tx: Tx, event: Company.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.companies (company_id, name, siren, city, seal, natural_person, training, time_zone, version)
        VALUES (%(company)s, %(name)s, %(siren)s, %(city)s, %(seal)s, %(natural)s, %(training)s, %(zone)s, %(version)s)
        """,
        **_identity(tx, event.company),
        natural=event.natural_person,
        training=event.mode == "training",
        zone=event.time_zone,
    )


@projection.on(Company.Changed)
def _(tx: Tx, event: Company.Changed) -> None:
    tx.execute(
        """
        UPDATE read.companies
           SET name = %(name)s, siren = %(siren)s, city = %(city)s, seal = %(seal)s, natural_person = %(natural)s,
               version = %(version)s
         WHERE company_id = %(company)s
        """,
        **_identity(tx, event.identity),
        natural=event.natural_person,
    )


@projection.on(Company.Configured)
def _(tx: Tx, event: Company.Configured) -> None:
    tx.execute(
        """
        UPDATE read.companies
           SET vat_regime = %(regime)s, price_mode = %(mode)s, territory = %(territory)s, version = %(version)s
         WHERE company_id = %(company)s
        """,
        regime=event.configuration.vat_regime,
        mode=event.configuration.price_mode,
        territory=event.configuration.territory,
    )


@projection.on(Company.BooksConfigured)
def _(tx: Tx, event: Company.BooksConfigured) -> None:
    tx.execute(
        "UPDATE read.companies SET keeping = %(keeping)s, version = %(version)s WHERE company_id = %(company)s",
        keeping=event.keeping,
    )


@projection.on(Company.SeriesOpened, Company.FiscalYearDefined, Company.BooksClosed)
def _(tx: Tx, event: Any) -> None:
    tx.execute("UPDATE read.companies SET version = %(version)s WHERE company_id = %(company)s")


@projection.on("subject.erased")
def _(tx: Tx, facts: dict[str, Any]) -> None:
    tx.execute(
        """
        UPDATE read.companies SET name = %(erased)s, siren = '', city = ''
         WHERE company_id = %(company)s AND seal = ANY (%(digests)s)
        """,
        erased=ERASED,
        digests=facts["digests"],
    )


def _identity(tx: Tx, identity: Identity) -> dict[str, Any]:
    clear = opened(tx, identity)
    return {"name": clear.name, "siren": clear.siren, "city": clear.address.city, "seal": seal_of(identity)}
