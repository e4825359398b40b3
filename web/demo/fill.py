"""Opens the three ledgers of the demo and tells their stories."""

from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from domain.company import Configuration, Identity
from domain.registry import AGGREGATES
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.commands import companies
from ledger.postgres import Pool
from ledger.settings import Settings
from web.demo import bindery_catalogue, renovation, trader
from web.demo.bindery import Bindery
from web.demo.renovation import Renovation
from web.demo.story import Story
from web.opening import open_company

Teller = Callable[[Story, date], None]

STORIES: Final[tuple[tuple[Identity, Configuration, bool, Teller], ...]] = (
    (
        bindery_catalogue.IDENTITY,
        bindery_catalogue.CONFIGURATION,
        False,
        lambda story, today: Bindery(story).tell(today),
    ),
    (renovation.IDENTITY, renovation.CONFIGURATION, False, lambda story, today: Renovation(story).tell(today)),
    (trader.IDENTITY, trader.CONFIGURATION, True, trader.tell),
)


def fill(
    settings: Settings, web: Pool, job: Pool, user_id: UUID, today: date, told: Callable[[str], None]
) -> list[UUID]:
    """Eighteen months of each company, up to `today`, as the person `user_id`: their ids. `told` hears each name."""
    mapper, key, first_day = EventMapper(*AGGREGATES), settings.secret("commands"), _months_before(today, 18)
    ids = []
    for rank, (identity, configuration, natural_person, tell) in enumerate(STORIES):
        company_id = open_company(
            settings, job, identity, configuration, natural_person=natural_person, mode="training", first_day=first_day
        )
        story = Story(Books(web, mapper, key), company_id, f"user:{user_id}", rank, first_day)
        for year in range(first_day.year + 1, today.year + 1):
            story.do(companies.define_fiscal_year, first_day=date(year, 1, 1), last_day=date(year, 12, 31))
        tell(story, today)
        told(identity.name)
        ids.append(company_id)
    return ids


def _months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many months before."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)
