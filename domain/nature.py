"""Nature of the operations of a document, as it must say it (CGI, ann. II, art. 242 nonies A, I-8° bis)."""

from collections.abc import Iterable
from typing import Literal

from domain.lines import DraftLine

OperationNature = Literal["goods", "services", "mixed"]


def nature_of(lines: Iterable[DraftLine]) -> OperationNature:
    """Goods, services or both. Shipping follows the goods, disbursements and penalties are no operation of their own.

    Exports and supplies within the Union (G, K) are supplies of goods, whatever is shipped.
    """
    goods, services = False, False
    for line in lines:
        goods |= line.nature == "goods" or line.vat_category in ("G", "K")
        services |= line.nature == "services" and line.vat_category not in ("G", "K")
    return "mixed" if goods and services else "goods" if goods else "services"
