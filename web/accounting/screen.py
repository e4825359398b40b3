"""What the screens of the accounts share: words, names, and links from one to another that keep its days."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from audit.archive.fec import JOURNALS
from domain import accounts
from web.accounting.period import DAYS, Period
from web.accounting.words import made_by, nature
from web.lists import Listing
from web.pages import show
from web.typography import spaced


def screen(template: str, listing: Listing, days: Period, **values: Any) -> str:
    """The page, or its block `results`."""
    return show(
        f"accounting/{template}.html", "results", listing=listing, period=days, there=_there(listing), nature=nature,
        made_by=made_by, account_name=account_name, journals=JOURNALS, **values,
    )  # fmt: skip


def account_name(account: str) -> str:
    """The name of an account, as a page writes it."""
    return spaced(accounts.name(account))


def _there(listing: Listing) -> Callable[..., str]:
    """`there("journal.index", q=…)`: another of these screens, of the days that this one is asked for."""
    days: dict[str, Any] = {name: listing[name] or None for name in DAYS}
    return lambda endpoint, **facts: url_for(f"accounting.{endpoint}", **facts, **days)
