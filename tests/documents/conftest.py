"""A company that invoices a hotel."""

import pytest

from domain.client import Profile
from tests.documents.books import CARD, Books


@pytest.fixture
def books() -> Books:
    return Books(Profile(kind="business", card=CARD))
