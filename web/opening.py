"""A new company: its ledger, under this installation's name and key."""

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from domain.company import Configuration, Identity
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
) -> UUID:
    """Opens a ledger whose first fiscal year is the civil year of `first_day`: its id. `job` = pool of the job role.

    Errors: `Malformed` for an identity that is not one.
    """
    company_id = uuid4()
    origin = f"{settings.host}/{company_id}"
    Books(job, EventMapper(*AGGREGATES), settings.secret("commands")).do(
        companies.open_ledger,
        company_id,
        uuid4(),
        "system",
        origin=origin,
        signer=str(Signer(settings).key(origin)),
        software=SOFTWARE,
        identity=identity,
        natural_person=natural_person,
        mode=mode,
        configuration=configuration,
        fiscal_year=(date(first_day.year, 1, 1), date(first_day.year, 12, 31)),
    )
    return company_id
