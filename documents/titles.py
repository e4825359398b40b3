"""What a paper is called, and the words across one that binds nobody."""

from documents.paper import Paper
from documents.words import NBSP, tongue

TITLES = {
    "quote": "Devis",
    "invoice": "Facture",
    "deposit": "Facture d’acompte",
    "progress": "Facture de situation",
    "final": "Facture de solde",
    "credit_note": "Avoir",
    "debit_note": "Note de débit",
    "proforma": "Facture pro forma",
}


def title(paper: Paper) -> str:
    """`Facture F2026-0042`, or `Facture, brouillon`."""
    say = tongue(paper.language).say
    if paper.kind == "proforma":
        return say(TITLES[paper.kind])
    return (
        f"{say(TITLES[paper.kind])}{NBSP}{paper.number}"
        if paper.number
        else f"{say(TITLES[paper.kind])}, {say('brouillon')}"
    )


def stamps(paper: Paper) -> tuple[str, ...]:
    """French on every paper: whoever finds one must not take it for an invoice."""
    binding = () if paper.number else ("PRO FORMA",) if paper.kind == "proforma" else ("BROUILLON",)
    return (*binding, *(("FACTICE",) if paper.training else ()))
