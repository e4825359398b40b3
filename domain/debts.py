"""The decision on a debt that may not be paid: doubtful, lost, recovered after all."""

from datetime import date
from typing import Any

from domain import postings
from domain.parties import Text
from domain.postings import Piece
from domain.settlement import Receivable


def doubted(piece: Piece, day: date, receivable: Receivable, *, on: date, ground: Text) -> dict[str, Any]:
    """Facts of `debt.doubted`: the whole of what is still due moves to 416.

    Errors: `SettlesTooMuch` when nothing is due; `AlreadyDoubtful`.
    """
    receivable.check_doubt()
    unpaid = receivable.unpaid
    return _common(day, receivable, on, ground) | {
        "net_cents": receivable.outstanding_cents - sum(share.vat_cents for share in unpaid),
        "vat": unpaid,
        "postings": postings.doubted(piece, receivable, on=on),
    }


def written_off(
    piece: Piece, day: date, receivable: Receivable, *, on: date, ground: Text, recover_due: bool
) -> dict[str, Any]:
    """Facts of `debt.written_off`. VAT already due is given back once the marked duplicate was sent (`recover_due`).

    Source: CGI art. 272, 1; BOI-TVA-DECLA-30-20-20-20 §§ 300–330.
    """
    loss = receivable.write_off(receivable.outstanding_cents, recover_due=recover_due)
    vat_cents = sum(share.vat_cents for share in loss.cancelled)
    return _common(day, receivable, on, ground) | {
        "net_cents": loss.settled_cents - vat_cents,
        "vat": loss.cancelled,
        "allocations": (loss,),
        "tax_due": postings.tax_due((loss,), on),
        "postings": postings.written_off(piece, (receivable, loss), on=on),
    }


def recovered(
    piece: Piece, day: date, receivable: Receivable, *, on: date, ground: Text, amount_cents: int, account: str
) -> dict[str, Any]:
    """Facts of `debt.recovered`: the VAT of what comes in falls due again."""
    gain = receivable.recover(amount_cents)
    vat_cents = sum(share.vat_cents for share in gain.vat)
    return _common(day, receivable, on, ground) | {
        "net_cents": amount_cents - vat_cents,
        "vat": gain.vat,
        "allocations": (gain,),
        "tax_due": postings.tax_due((gain,), on),
        "postings": postings.recovered(piece, (receivable, gain), account=account, on=on),
    }


def _common(day: date, receivable: Receivable, on: date, ground: Text) -> dict[str, Any]:
    return {"day": day, "invoice_id": receivable.invoice_id, "on": on, "ground": ground}
