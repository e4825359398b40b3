"""The QR code with which a banking app prepares a transfer.

Source: EPC069-12 v3.1 (Quick Response Code: guidelines to enable data capture for the initiation of a SEPA transfer).
"""

from documents.paper import Paper

LARGEST_CENTS = 999_999_999_99
NAME_LENGTH, BYTES = 70, 331


def amount_cents(paper: Paper) -> int:
    """What is to be transferred next: the first instalment, else all; 0 when nothing is."""
    if not paper.number or not paper.bank or paper.training or paper.kind in ("quote", "credit_note"):
        return 0
    cents = paper.instalments[0].amount_cents if paper.instalments else paper.payable_cents
    return cents if 0 < cents <= LARGEST_CENTS else 0


def code(paper: Paper) -> str:
    """The text of the code (version 002, UTF-8, remittance = the number), empty when there is nothing to transfer."""
    cents = amount_cents(paper)
    if not cents:
        return ""
    account, name = paper.bank[0], paper.seller.name[:NAME_LENGTH]
    amount = f"EUR{cents // 100}.{cents % 100:02}"
    lines = ("BCD", "002", "1", "SCT", account.bic, name, account.iban, amount, "", "", paper.number)
    text = "\n".join(lines)
    return text if len(text.encode()) <= BYTES else ""
