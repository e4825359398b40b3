"""A line of either kind: what it says, what it would duplicate, the command that makes it and the one that undoes."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from ledger.commands import clients as client_commands
from ledger.commands import products as product_commands
from projections import companies, duplicates
from projections.tx import Tx
from web import choices, client_form, forms, labels
from web import products as product_form
from web.days import today
from web.filters import NBSP
from web.imports import clients, products
from web.imports.columns import labels as column_labels
from web.imports.rows import Import, Line
from web.imports.work_rows import Judged


class Ways(NamedTuple):
    """How one kind is read and made. `read(cells, line_id)` gives a profile or an article; `known`: by key, whom."""

    read: Callable[[Mapping[str, str], UUID], Any]
    keys_of: Callable[[Mapping[str, str], Any], list[str]]
    known: dict[str, str]
    create: Callable[..., Any]
    archive: Callable[..., Any]
    names: tuple[str, str]  # of the id and of the content in those commands

    @classmethod
    def of(cls, tx: Tx, kind: str) -> "Ways":
        if kind == "clients":
            return cls(
                clients.client_of, clients.keys_of, duplicates.known_clients(tx), client_commands.create_client,
                client_commands.archive_client, ("client_id", "profile"),
            )  # fmt: skip
        company = companies.current(tx)
        vats = choices.vat_choices(company.territory if company else "FR", today(tx))
        mode = company.price_mode if company else "net"
        return cls(
            lambda cells, _: products.article_of(cells, vats, mode), products.keys_of, duplicates.known_products(tx),
            product_commands.create_product, product_commands.archive_product, ("product_id", "article"),
        )  # fmt: skip

    def judged(self, found: Import, line: Line) -> Judged:
        """Whether it can be made, and what is in the way."""
        cells = cells_of(found, line)
        try:
            made = self.read(cells, id_of(found, line))
        except forms.Invalid as invalid:
            return Judged(line.line, "bad", said(found.kind, invalid.errors), [])
        keys = self.keys_of(cells, made)
        twins = [self.known[key] for key in keys if key in self.known]
        told = f"Existe déjà : {twins[0]}." if twins else ""
        return Judged(line.line, "duplicate" if twins else "good", told, keys)

    def request(self, found: Import, line: Line) -> dict[str, Any]:
        """The facts of the command that makes it. Errors: `forms.Invalid`."""
        id_name, content_name = self.names
        line_id = id_of(found, line)
        return {id_name: line_id, content_name: self.read(cells_of(found, line), line_id)}


def cells_of(found: Import, line: Line) -> dict[str, str]:
    """What the line says, by field."""
    return {field: cell for field, cell in zip(found.fields, line.cells, strict=False) if field}


def id_of(found: Import, line: Line) -> UUID:
    """The id of what the line becomes: the same however often it is made."""
    return uuid5(found.id, f"line {line.line}")


def said(kind: str, errors: Mapping[str, str]) -> str:
    """What is wrong with a line, in one piece."""
    known = column_labels(kind)
    own = client_form.label if kind == "clients" else lambda name: product_form.LABELS.get(name) or labels.field(name)
    return " ".join(f"{known.get(name) or own(name)}{NBSP}: {why}" for name, why in errors.items())
