"""The mail server of the mail tests, and two people who keep a shop."""

from dataclasses import replace

import pytest

from ledger.books import Books
from tests.web.mail.conftest import mail_settings, posting, postman, workshop
from tests.web.reminders.conftest import client, late

__all__ = ["client", "late", "mail_settings", "posting", "postman", "workshop"]


@pytest.fixture
def boss(new_shop, keeper):
    return keeper(new_shop)


@pytest.fixture
def by_boss(new_shop, boss):
    """The shop as the boss keeps it: what she does is hers in the ledger."""
    assert isinstance(new_shop.books, Books)
    return replace(new_shop, actor=f"user:{boss.id}")
