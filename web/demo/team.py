"""Who else works in the three companies, under the same password; and somebody who has not answered yet."""

from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands.members import invite_member
from ledger.commands.security import grant_rights
from ledger.postgres import Pool
from ledger.settings import Settings
from web.accounts import invitations, store

CREW = (("marion", "collaborator", 1), ("cabinet", "accountant", 3), ("lecture", "reader", 1))  # of how many companies


def crew(settings: Settings, web: Pool, owner_id: UUID, ids: Sequence[UUID], password: str) -> None:
    books, owner = Books(web, EventMapper(*AGGREGATES), settings.secret("commands")), f"user:{owner_id}"
    for name, role, companies in CREW:
        known = store.Store(web).identify(name)
        user_id = known.id if known else store.create_user(web, name, f"{name}@probant.invalid", password)
        for company_id in ids[:companies]:
            facts = {"access_id": uuid4(), "subject_id": user_id, "role": role}
            books.do(grant_rights, company_id, uuid4(), owner, **facts)
    invited_id = uuid5(ids[0], "invited")
    books.do(
        invite_member, ids[0], invited_id, owner, invitation_id=invited_id, days=invitations.DAYS, role="collaborator",
        email="theo@probant.invalid", token_hash=invitations.token_hash(settings, invited_id),
    )  # fmt: skip
