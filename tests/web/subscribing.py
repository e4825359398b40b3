"""A subscriber: who signed up, confirmed, and opened a company through the assistant, as a browser and a worker do."""

import re
from dataclasses import replace
from random import Random
from uuid import UUID, uuid4

from stdnum import luhn

from ledger.postgres import Pool
from tests.web.conftest import PASSWORD, Person
from web.first_run.opening import open_company
from web.jobs.workshop import Workshop

DICE = Random(uuid4().int)


def new_siren() -> str:
    """A SIREN with a right key, of nobody: they begin with 0."""
    body = f"0{DICE.randrange(10**7):07}"
    return body + luhn.calc_check_digit(body)


def asking(**typed: str) -> dict[str, str]:
    """What is typed into the assistant."""
    return {
        "siren": new_siren(), "name": "Atelier Vasseur", "legal_form": "SARL", "capital": "8000", "rcs_city": "Rennes",
        "street": "2, rue Hoche", "postcode": "35000", "city": "Rennes", "reminders": "manual",
    } | typed  # fmt: skip


def newcomer(person: Person, pool: Pool, plan: str = "essentiel", rhythm: str = "month") -> Person:
    """Signed up with an offer, confirmed and signed in."""
    with pool.connection() as conn:
        conn.execute("UPDATE accounts.users SET plan = %s, rhythm = %s WHERE id = %s", (plan, rhythm, person.id))
    assert person.sign_in(password=PASSWORD).status_code == 302
    return person


def open_one(person: Person, workshop: Workshop, **typed: str) -> UUID:
    """Through the assistant to the open company: its id."""
    answer = person.submit("/demarrage", **asking(**typed))
    assert answer.status_code == 303, answer.text
    company_id = UUID(re.fullmatch(r"/demarrage/(\S+)", answer.location)[1])
    open_company(workshop, company_id=str(company_id))
    answer = person.submit(f"/demarrage/{company_id}", action=f"/demarrage/{company_id}/entrer")
    assert answer.location == "/demarrage/logo", answer.text
    return company_id


def sold_by(workshop: Workshop, operator: UUID) -> Workshop:
    """The same, with a company that invoices subscriptions."""
    return replace(workshop, settings=replace(workshop.settings, operator_company=operator))
