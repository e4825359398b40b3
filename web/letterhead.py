"""What stands at the head of a paper about the company itself, and whether it is FACTICE."""

from flask import abort

from documents.paper import Seller
from documents.parties import thousands
from projections import companies
from projections.tx import Tx


def named(file: str, stamps: tuple[str, ...]) -> str:
    """The name of a file, which says what it is too.

    >>> named("recu-42.pdf", ("FACTICE",))
    'FACTICE-recu-42.pdf'
    """
    return "-".join((*stamps, file))


def letterhead(tx: Tx) -> tuple[Seller, tuple[str, ...]]:
    """The seller as such a paper names it, and the stamps of the paper."""
    found = companies.current(tx)
    if found is None:
        abort(404)
    legal = (found.name, f"SIREN {thousands(found.siren)}") if found.siren else (found.name,)
    seller = Seller(name=found.name, address=(found.city,), legal=legal)
    return seller, ("FACTICE",) if found.training else ()
