"""A client at her page: she has a link, a browser, and no account."""

import re
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from ledger.commands.links import open_link
from ledger.settings import Settings
from tests.web.conftest import fields_of
from tests.web.shop import Shop
from web.public import tokens


def link(shop: Shop, settings: Settings, document_id: UUID, days: int = 30, link_id: UUID | None = None) -> str:
    """Opens a link as the company does; its path."""
    link_id = link_id or uuid4()
    hashed = tokens.token_hash(settings, link_id)
    shop.do(open_link, link_id=link_id, document_id=document_id, token_hash=hashed, days=days)
    return tokens.path(settings, link_id)


class Visitor:
    """Each has an address of her own."""

    def __init__(self, app: Flask, address: str = "") -> None:
        self.http = app.test_client()
        self.http.environ_base["REMOTE_ADDR"] = address or f"10.9.{uuid4().int % 256}.{uuid4().int % 256}"

    def get(self, path: str) -> TestResponse:
        return self.http.get(path)

    def form(self, page: str, action: str) -> dict[str, str]:
        return {name: value or "" for name, value in fields_of(self.get(page).text, action).items()}

    def submit(self, page: str, action: str, **typed: str) -> TestResponse:
        return self.http.post(action, data=self.form(page, action) | typed)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found
        return found[1]
