"""A new company: its ledger, under this installation's name and key."""

import hmac
from datetime import date
from typing import Literal
from uuid import UUID, uuid4, uuid5

from domain.company import Configuration, Identity
from domain.fiscal_years import Year, of_day
from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import companies
from ledger.postgres import Pool
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.version import SOFTWARE


def open_company(
    settings: Settings,
    job: Pool,
    identity: Identity,
    configuration: Configuration,
    *,
    natural_person: bool,
    mode: Literal["live", "training"],
    first_day: date,
    company_id: UUID | None = None,
    fiscal_year: Year | None = None,
) -> UUID:
    """Opens a ledger, its first fiscal year the one told, else the civil year of `first_day`: its id. `job` = pool of
    the job role. Done twice with the same `company_id`, it is done once.

    Errors: `Malformed` for an identity that is not one.
    """
    company_id = company_id or uuid4()
    origin = f"{settings.host}/{company_id}"
    Books(job, EventMapper(*AGGREGATES), settings.secret("commands")).do(
        companies.open_ledger,
        company_id,
        uuid5(company_id, "open"),
        "system",
        origin=origin,
        signer=str(Signer(settings).key(origin)),
        software=SOFTWARE,
        identity=identity,
        natural_person=natural_person,
        mode=mode,
        configuration=configuration,
        fiscal_year=fiscal_year or of_day((), first_day),
    )
    return company_id


def siren_hash(settings: Settings, siren: str) -> bytes:
    """Stands for a SIREN, which may be a person's: found again by us, read by nobody."""
    return hmac.digest(settings.secret("company numbers"), siren.encode(), "sha256")
