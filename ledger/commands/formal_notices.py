"""Formal notices: the PDF that was made, kept with its entry; how it left by post."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from domain.document import quote_kept_until
from domain.formal_notice import FormalNotice
from domain.receipts import check_not_future
from domain.reminder import NotReminded, Reminded
from ledger.commands.reminders import fetch_reminded, hindrance
from ledger.entry import Entry


def keeping_notice(content: bytes) -> Callable[..., str]:
    """The use case that keeps this PDF and records it: its SHA-256, in hex."""

    def make_notice(
        entry: Entry, *, notice_id: UUID, client_id: UUID, reminded: tuple[Reminded, ...], pay_by: date
    ) -> str:
        """Errors: `NotReminded`, `Missing`."""
        fetch_reminded(entry, reminded)
        for one in reminded:
            why = hindrance(entry, one, entry.day)
            if why:
                raise NotReminded(one.invoice_id, why)
        sha256 = entry.keep(content, quote_kept_until(entry.day))
        entry.save(
            FormalNotice.make(
                notice_id, client_id, reminded, made_on=entry.day, pay_by=pay_by, sha256=sha256, bytes=len(content)
            )
        )
        return sha256

    return make_notice


def post_notice(entry: Entry, *, notice_id: UUID, posted_on: date, reference: str = "") -> None:
    """It went by post. Errors: `NotFound`, `DateInFuture`."""
    check_not_future(posted_on, entry.day)
    notice = entry.get(FormalNotice, notice_id)
    notice.post(posted_on, reference)
    entry.save(notice)
