"""The catalogue: what is sold, with its price, unit, VAT and account. Documents copy it, never refer to it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError, Malformed, Missing
from domain.parties import Fact


@dataclass(eq=False)
class ProductArchived(DomainError):
    """An archived product is brought back before it is changed."""

    id: UUID


class Article(Fact):
    """A catalogue card. `unit_price` in euros, in the price mode given; `unit` is a UNECE code (C62 = piece).

    `description` is printed under the label. `vat_text` parts the reasons of one `vat_code`; empty = the usual words.
    """

    label: str
    reference: str = ""
    nature: Literal["goods", "services"] = "services"
    unit: str = "C62"
    unit_price: Decimal = Decimal(0)
    price_mode: Literal["net", "gross"] = "net"
    vat_bp: int = 2000
    vat_category: str = "S"
    vat_code: str = ""
    account: str = ""
    description: str = ""
    vat_text: str = ""


class Product(Aggregate):
    """A good or a service of the catalogue."""

    TOPIC = "product"

    class Created(Aggregate.Created):
        TOPIC = "product.created"
        article: Article

        def apply(self, aggregate: "Product") -> None:
            aggregate.article = self.article

    class Changed(Aggregate.Event):
        TOPIC = "product.changed"
        article: Article

        def apply(self, aggregate: "Product") -> None:
            aggregate.article = self.article

    class Archived(Aggregate.Event):
        TOPIC = "product.archived"

        def apply(self, aggregate: "Product") -> None:
            aggregate.archived = True

    class Restored(Aggregate.Event):
        TOPIC = "product.restored"

        def apply(self, aggregate: "Product") -> None:
            aggregate.archived = False

    class Removed(Aggregate.Event):
        """In no list any more; documents keep the copy that they took of it."""

        TOPIC = "product.removed"

        def apply(self, aggregate: "Product") -> None:
            aggregate.archived = aggregate.removed = True

    def __init__(self) -> None:
        self.article = Article(label="")
        self.archived = self.removed = False

    @classmethod
    def create(cls, id: UUID, article: Article) -> Self:
        _check(article)
        return cls._begin(id, article=article)

    def change(self, article: Article) -> None:
        _check(article)
        if self.archived:
            raise ProductArchived(self.id)
        self.trigger_event(self.Changed, article=article)

    def archive(self) -> None:
        if not self.archived:
            self.trigger_event(self.Archived)

    def restore(self) -> None:
        if self.archived and not self.removed:
            self.trigger_event(self.Restored)

    def remove(self) -> None:
        if not self.removed:
            self.trigger_event(self.Removed)


def _check(article: Article) -> None:
    if not article.label:
        raise Missing("label")
    if article.unit_price < 0:
        raise Malformed("unit_price", f"{article.unit_price}")
