"""The file of an issued document: printed once, kept for ever, handed out again as a numbered copy."""

from datetime import date

from documents import titles
from documents.paper import Paper
from documents.pdf import pressed, printed
from documents.wire import Archive, Copy
from documents.words import FRENCH, tongue
from domain.document import Unpaid

IDENTITY_BYTES = 16


def freeze(paper: Paper, xml: bytes | None, *, identity: bytes) -> bytes:
    """The PDF/A-3b of a paper, with `xml` inside as `factur-x.xml`: the file that is kept, and never made again.

    `identity`: 16 fresh random bytes kept nowhere else; they stand in the file, so that its SHA-256 tells nothing of
    the persons it names once it is erased (`ledger-format.md` § 4). The same bytes for the same paper and identity.
    Errors: `PaperTooLong`, `NotPrintable`, `RenderFailed`.
    """
    if len(identity) != IDENTITY_BYTES:
        raise ValueError(f"identity has {len(identity)} bytes, expected {IDENTITY_BYTES}")
    return printed(
        paper, Archive(titles.title(paper), paper.seller.name, tongue(paper.language).tag, identity, xml or b"")
    )


def duplicate(frozen: bytes, copy: int, on: date, unpaid: Unpaid | None = None) -> bytes:
    """The same file with « DUPLICATA n° 2 du 24 novembre 2026 » at the head of each page.

    The mark stands behind the file's bytes, which stay as they are: the first `len(frozen)` bytes of a duplicata have
    the SHA-256 of the ledger. `copy` counts from 1. `unpaid`: it says so too, in the words that a client needs who
    gives the VAT back (CGI, art. 272, 1; BOI-TVA-DECLA-30-20-20-20, §§ 300 to 330). Errors: `RenderFailed`.
    """
    return pressed(Copy(frozen, f"DUPLICATA n°\u00a0{copy} du {FRENCH.day(on)}", _unpaid(unpaid) if unpaid else ()))


def _unpaid(left: Unpaid) -> tuple[str, str]:
    net, vat = FRENCH.euros(left.net_cents), FRENCH.euros(left.vat_cents)
    return (
        f"Facture demeurée impayée pour la somme de {net} (prix net) et pour la somme de {vat} (TVA correspondante)",
        "qui ne peut faire l’objet d’une déduction (article 272 du CGI).",
    )
