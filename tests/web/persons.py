"""A person in the books of a shop, and what its ledger says of her erasure."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from domain.client import Profile
from domain.parties import Card, Contact, ContactCard
from ledger.commands import clients
from tests.web.shop import RENNES, Shop
from web.jobs.workshop import Workshop
from web.privacy.erasing import erase_person


def invoiced(shop: Shop) -> UUID:
    """A person with one contact (`shop["contact"]`) and an issued invoice (`shop["invoice"]`)."""
    shop.ids["contact"], shop.ids["client"] = uuid4(), uuid4()
    profile = Profile(
        kind="person", natural_person=True, taxable=False,
        card=Card(name="Ysaline Quéméneur", address=RENNES, email="ysaline@exemple.fr"),
        contacts=(Contact(id=shop["contact"], card=ContactCard(name="Gwenola Kerbrat")),),
    )  # fmt: skip
    shop.do(clients.create_client, client_id=shop["client"], profile=profile)
    shop.ids["invoice"] = shop.invoice(shop["client"], "Étagère d’Ysaline", issued_on=shop.today)
    return shop["client"]


def events(connect: Callable[..., Any], shop: Shop, type: str) -> list[dict[str, Any]]:
    """The lines of that type, as JSON."""
    rows = connect("probant_audit", shop.id).execute(
        "SELECT line FROM ledger.entry WHERE type = %s ORDER BY pos", (type,)
    )
    return [json.loads(line) for (line,) in rows]


def erase_asked(workshop: Workshop, connect: Callable[..., Any], shop: Shop) -> None:
    """The worker does every erasure that was asked for."""
    for asked in events(connect, shop, "security.erasure_asked"):
        erase_person(workshop, company_id=str(shop.id), erasure_id=asked["stream"])
