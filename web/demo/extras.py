"""What the stories do not tell of themselves: a prospect, a duplicate that was merged, a person who was erased, a
paused recurrence, a formal notice, a file that was imported.
"""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from msgspec.structs import replace

from domain.content import Content
from domain.recurring import Plan
from domain.schedule import Schedule
from ledger.books import Books
from ledger.commands import clients, privacy, quotes, recurring
from ledger.commands.formal_notices import keeping_notice, post_notice
from projections import reminder_lists
from web.demo.articles import service
from web.demo.parties import business, person
from web.demo.story import line
from web.imports import columns, jobs, rows
from web.jobs.workshop import Workshop
from web.privacy.erasing import erase
from web.reminders import notice, plan
from web.reminders.plan import Wanted

PROSPECT: Final = replace(
    business(151, "Fromagerie des Hauts-Prés", "6, rue de la Fruitière", "39150", "Les Rousses"), prospect=True
)
STAYS: Final = business(152, "Atelier Bourdin", "4, rue du Lycée", "25000", "Besançon")
TWICE: Final = replace(STAYS, card=replace(STAYS.card, name="Bourdin (ancienne fiche)"))
GONE: Final = person("Odile Perrenoud", "17, rue Battant", "25000", "Besançon")
VISIT: Final = service("VIS", "Visite de conservation", "180", vat_bp=2000)
HEADS: Final = ["Raison sociale", "Code postal", "Ville", "E-mail"]
FILE: Final = [
    ["Papiers du Doubs", "25000", "Besançon", "contact@papiers-doubs.exemple.fr"],
    ["Ébénisterie Vuillaume", "25290", "Ornans", "atelier@vuillaume.exemple.fr"],
    ["Reliures Cartier", "39100", "Dole", "pas une adresse"],
]


class Extras:
    """`books` of the web's role, as the person `user_id`; `shop` of the worker, for what it would have done."""

    def __init__(self, books: Books, shop: Workshop, company_id: UUID, user_id: UUID, today: date) -> None:
        self._books, self._shop, self._company_id = books, shop, company_id
        self._user_id, self._today = user_id, today

    def tell(self) -> None:
        prospect, stays, twice, gone = (self._client(one) for one in (PROSPECT, STAYS, TWICE, GONE))
        content = Content(client_id=prospect, subject="Coffrets à fromage", lines=(line(VISIT, 2),))
        self._do(quotes.draft_quote, quote_id=uuid4(), content=content)
        self._do(clients.merge_client, client_id=twice, into=stays)
        self._pause(stays)
        self._erase(gone)
        self._give_notice()
        self._import()

    def _pause(self, client_id: UUID) -> None:
        content = Content(client_id=client_id, subject="Visite de conservation", lines=(line(VISIT),))
        recurring_id, schedule = uuid4(), Schedule(first_on=self._today + timedelta(days=20))
        self._do(recurring.define_recurring, recurring_id=recurring_id, plan=Plan(content=content, schedule=schedule))
        self._do(recurring.pause_recurring, recurring_id=recurring_id)

    def _erase(self, client_id: UUID) -> None:
        facts = {"client_id": client_id, "subject_id": client_id, "ground": "asked"}
        self._do(privacy.ask_erasure, erasure_id=uuid4(), **facts)
        with self._shop.pool.connection() as conn:
            erase(conn, self._company_id, client_id, "demande de la personne")

    def _give_notice(self) -> None:
        """Of the invoice that is late for longest; it went by registered letter."""
        with self._shop.read(self._company_id) as tx:
            late = [row for row in reminder_lists.unpaid(tx, self._today) if row.days > 0 and not row.doubtful]
            late = [row for row in late if not row.cause]
            if not late:
                return
            row = max(late, key=lambda row: row.days)
            ask = plan.ask(tx, [Wanted(row, "last")], self._today, "formal_notice")
            pay_by = notice.usual_day(self._today)
            content = notice.printed(
                tx, ask.call, row.client_id, pay_by=pay_by, by="post", reminded_before=bool(row.sent)
            )
        notice_id, facts = uuid4(), {"client_id": row.client_id, "reminded": ask.reminded, "pay_by": pay_by}
        self._do(keeping_notice(content), notice_id=notice_id, **facts)
        self._do(post_notice, notice_id=notice_id, posted_on=self._today, reference="1A 000 000 0000 0")

    def _import(self) -> None:
        import_id, ids = uuid4(), (self._company_id,)
        heads = columns.guessed("clients", HEADS)
        with self._shop.pool.connection() as conn:
            rows.add(conn, *ids, import_id, self._user_id, "clients", "anciens-clients.csv", HEADS, heads, FILE)
        jobs.judge_import(self._shop, company_id=str(self._company_id), import_id=str(import_id))
        with self._shop.pool.connection() as conn:
            rows.go(conn, *ids, import_id, self._user_id, "shown", "running", doubles=False)
        jobs.run_import(self._shop, company_id=str(self._company_id), import_id=str(import_id))

    def _client(self, profile: Any) -> UUID:
        client_id = uuid4()
        self._do(clients.create_client, client_id=client_id, profile=profile)
        return client_id

    def _do(self, use_case: Any, **facts: Any) -> Any:
        return self._books.do(use_case, self._company_id, uuid4(), f"user:{self._user_id}", **facts)
