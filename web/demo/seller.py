"""The company that runs the demo's installation: it invoices what « Mes adhésions » shows."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from domain.company import Configuration, Identity
from domain.parties import Address, french_vat_number
from ledger.postgres import Pool
from ledger.settings import Settings
from web.demo.parties import siren, siret
from web.jobs.workshop import Workshop
from web.opening import open_company
from web.subscriptions import changes, rows
from web.subscriptions.billing import bill

IDENTITY: Final = Identity(
    name="Exploitation de la démonstration", legal_form="SAS", siren=siren(9), siret=siret(9),
    vat_number=french_vat_number(siren(9)), rcs_city="Besançon", capital_cents=1_000_000,
    email="exploitation@probant.invalid", iban="FR7630006000011234567890189",
    address=Address(street="1, quai de Strasbourg", postcode="25000", city="Besançon", country="FR"),
)  # fmt: skip
BEGUN: Final = timedelta(days=35)  # so that two months have been invoiced
COMPANY = "INSERT INTO accounts.companies (company_id, subscription_id) VALUES (%s, %s)"


def company_of(settings: Settings) -> UUID:
    """Its id, the same for a data folder."""
    return uuid5(UUID(bytes=settings.secret("demo")[:16]), "operator")


def sell(shop: Workshop, web: Pool, user_id: UUID, ids: list[UUID], today: date) -> UUID:
    """Opens it under the id of the settings, and bills the offer for several companies that the demo's person has had
    for a month: its id.
    """
    first_day = (today - BEGUN).replace(day=1)
    company_id = open_company(
        shop.settings, shop.pool, IDENTITY, Configuration(), natural_person=False, mode="training", first_day=first_day,
        company_id=shop.settings.operator_company,
    )  # fmt: skip
    with web.connection() as conn, conn.transaction():
        known = rows.of_user(conn, user_id)  # of a demo that was interrupted
        subscription_id = known.id if known else changes.begin(conn, user_id, ids[0], "cabinet", "month", today - BEGUN)
        for each in ids:
            conn.execute(COMPANY, [each, subscription_id])
    bill(shop, subscription_id)
    return company_id
