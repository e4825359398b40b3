"""The mail server of the mail tests, and a client whose invoice is late."""

import pytest

from tests.web.mail.conftest import mail_settings, posting, postman, workshop

__all__ = ["mail_settings", "posting", "postman", "workshop"]

ADDRESS = "compta@client.example"
GROSS_CENTS = 213_120  # of every invoice of a shop


@pytest.fixture
def client(new_shop):
    return new_shop.client("Hôtel des Voyageurs", card={"email": ADDRESS, "siren": "552100554"})


@pytest.fixture
def late(new_shop, client):
    """An invoice that was due nine days ago."""
    return new_shop.invoice(client, "Vestiaires", issued_on=new_shop.days_ago(9))
