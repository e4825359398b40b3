"""Elements of a Cross Industry Invoice (UN/CEFACT D22B): names, texts, amounts, dates, codes."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from lxml import etree

Element = Any  # lxml has no types

_UNECE: Final = "urn:un:unece:uncefact:data:standard"
NAMESPACES: Final = {
    "rsm": f"{_UNECE}:CrossIndustryInvoice:100",
    "ram": f"{_UNECE}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UNECE}:UnqualifiedDataType:100",
    "qdt": f"{_UNECE}:QualifiedDataType:100",
}
_BASIC_DATE: Final = "102"  # UNTDID 2379: CCYYMMDD


def root(tag: str) -> Element:
    """The outermost element; it declares all namespaces."""
    return etree.Element(_name(tag), nsmap=NAMESPACES)


def group(parent: Element, *tags: str) -> Element:
    """An element inside an element inside `parent`: the innermost."""
    for tag in tags:
        parent = etree.SubElement(parent, _name(tag))
    return parent


def add(parent: Element, tag: str, text: str, **attributes: str) -> None:
    """An element with a text; none at all where the text is empty, as EN 16931 wants no empty element."""
    if text.strip():
        etree.SubElement(parent, _name(tag), attributes).text = text.strip()


def add_day(parent: Element, tag: str, day: date, kind: str = "udt:DateTimeString") -> None:
    """A date."""
    add(group(parent, tag), kind, f"{day:%Y%m%d}", format=_BASIC_DATE)


def add_flag(parent: Element, tag: str, *, value: bool) -> None:
    """A yes or no."""
    add(group(parent, tag), "udt:Indicator", "true" if value else "false")


def amount(cents: int) -> str:
    """`1234` → `12.34`."""
    return format(Decimal(cents).scaleb(-2), "f")


def number(value: Decimal) -> str:
    """A quantity or a price, written as short as it goes."""
    return format(value.normalize() + Decimal(0), "f")


def percent(bp: int) -> str:
    """`550` → `5.5`."""
    return number(Decimal(bp).scaleb(-2))


def _name(tag: str) -> str:
    prefix, local = tag.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
