"""SIREN and SIRET of an XML by their Luhn key, which no official schematron looks at."""

from collections.abc import Iterator
from typing import Any, Final

from stdnum.fr import siren, siret

from documents.facturx.failure import Failure
from documents.facturx.tree import NAMESPACES

_NUMBERS: Final = (
    ("//ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0002']", "SIREN", siren.is_valid),
    ("//ram:GlobalID[@schemeID='0009']", "SIRET", siret.is_valid),
    ("//ram:GlobalID[@schemeID='0231']", "SIREN", siren.is_valid),
)


def failures(tree: Any) -> Iterator[Failure]:
    """Every number with a wrong key, length or character."""
    for path, name, is_valid in _NUMBERS:
        for element in tree.xpath(path, namespaces=NAMESPACES):
            if not is_valid(element.text or ""):
                where = tree.getroottree().getpath(element)
                yield Failure(source="siren", rule=f"{name}-LUHN", message=f"{name} {element.text}", location=where)
