"""The catalogue: products created, changed, archived, brought back."""

from uuid import UUID

from domain.content import check_version
from domain.product import Article, Product
from ledger.entry import Entry


def create_product(entry: Entry, *, product_id: UUID, article: Article) -> None:
    entry.save(Product.create(product_id, article))


def change_product(entry: Entry, *, product_id: UUID, article: Article, base_version: int) -> None:
    product = entry.get(Product, product_id)
    check_version(product_id, product.version, base_version)
    product.change(article)
    entry.save(product)


def archive_product(entry: Entry, *, product_id: UUID) -> None:
    product = entry.get(Product, product_id)
    product.archive()
    entry.save(product)


def restore_product(entry: Entry, *, product_id: UUID) -> None:
    product = entry.get(Product, product_id)
    product.restore()
    entry.save(product)
