"""A list as its address says it: filters, order and page live in the URL, so that it can be kept, sent and reloaded.

    listing = Listing(filters=("statut", "client"), sorts=("number", "issued_on"), default="-number")
    rows = invoices.page(tx, **listing.filters, sort=listing.sort, limit=listing.size, offset=listing.offset)

What a person typed only chooses among the words given here; the SQL of an order is the query's own.
"""

from typing import Any
from urllib.parse import urlencode

from flask import request

from web import forms

SIZE = 50
LAST_PAGE = 100_000


class Listing:
    """`q` is always a filter; `sort` is one of `sorts`, with a `-` in front when it goes down."""

    def __init__(
        self, filters: tuple[str, ...] = (), sorts: tuple[str, ...] = (), default: str = "", size: int = SIZE
    ) -> None:
        self.path = request.path
        self.size = size
        self.filters = {name: _typed(name) for name in ("q", *filters)}
        asked = request.args.get("tri", "")
        self.default = default
        self.sort = asked if asked.removeprefix("-") in sorts else default
        self.page = min(max(request.args.get("page", 1, int), 1), LAST_PAGE)

    def __getattr__(self, name: str) -> str:
        """A filter, for the template: `listing.statut`, `listing["statut"]`."""
        try:
            return self.__dict__["filters"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    __getitem__ = __getattr__

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def first(self) -> int:
        return self.offset + 1

    def last(self, total: int) -> int:
        """The rank of the last row of this page among `total`."""
        return min(self.offset + self.size, total)

    @property
    def filtered(self) -> bool:
        return any(self.filters.values())

    @property
    def sorted_by_choice(self) -> bool:
        return self.sort != self.default

    def url_with(self, **changes: Any) -> str:
        """This list with other filters, order or page; from its first page unless `page` is given."""
        asked = {**self.filters, "tri": self.sort if self.sorted_by_choice else "", "page": 1, **changes}
        query = urlencode({name: value for name, value in asked.items() if value and (name, value) != ("page", 1)})
        return f"{self.path}?{query}" if query else self.path

    def csv_url(self, path: str) -> str:
        """The export of exactly what this list finds, on all its pages."""
        return path + self.url_with().removeprefix(self.path)

    def sorted_url(self, key: str) -> str:
        """The list by this column; the other way round when it already is."""
        return self.url_with(tri=f"-{key}" if self.sort == key else key)

    def direction(self, key: str) -> str:
        """`aria-sort` of a column: `ascending`, `descending` or nothing."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")


def _typed(name: str) -> str:
    try:
        return forms.plain(request.args.get(name, ""))
    except forms.Unreadable:
        return ""
