"""Reminders: the company's choice, a mail that is asked for, looked at again as it leaves, recorded when it was taken.

Whether an invoice may be reminded of is decided under the ledger's lock, twice: when the mail is asked for, and in the
transaction in which it is handed to the mail server. A payment comes before it, and stops it, or after it.
"""

from datetime import date
from uuid import UUID

from domain.account import receivable
from domain.client import Client
from domain.errors import Missing, NotFound
from domain.invoice import Invoice
from domain.parties import Fact, Sealed
from domain.reminder import (
    Cause,
    Hindrance,
    NotReminded,
    NotSuspended,
    OpenPart,
    Reminded,
    Reminder,
    Suspension,
    due_cents,
    open_parts,
    suspension_id,
)
from domain.reminder_policy import Policy, ReminderPolicy, policy_id
from ledger.commands.sealing import seal_text
from ledger.commands.sendings import Mail, enqueue, note_sent
from ledger.entry import Entry

UNDER_WAY = ("waiting", "held", "sending")


class Asked(Fact):
    """A reminder that a person asks for among others; see `ask_reminder`."""

    sending_id: UUID
    client_id: UUID
    reminded: tuple[Reminded, ...]
    asked_on: date
    mail: Mail


def set_policy(entry: Entry, *, policy: Policy) -> None:
    """Errors: `Malformed`."""
    try:
        chosen = entry.get(ReminderPolicy, policy_id(entry.company_id))
        chosen.change(policy)
    except NotFound:
        chosen = ReminderPolicy.choose(entry.company_id, policy)
    entry.save(chosen)


def suspend(entry: Entry, *, invoice_id: UUID, cause: Cause, until_on: date | None = None, note: str = "") -> None:
    """Stops the reminders of an invoice, until a day or until they are resumed. Errors: `Missing`, `Malformed`."""
    entry.fetch(suspension_id(invoice_id))
    said = seal_text(entry, entry.get(Invoice, invoice_id).content.client_id, note)
    try:
        suspension = entry.get(Suspension, suspension_id(invoice_id))
        suspension.again(cause, until_on, said)
    except NotFound:
        suspension = Suspension.begin(invoice_id, cause, until_on, said)
    entry.save(suspension)


def resume(entry: Entry, *, invoice_id: UUID) -> None:
    """Errors: `NotFound`, `NotSuspended`."""
    entry.get(Invoice, invoice_id)
    suspension = _suspension(entry, invoice_id)
    if suspension is None:
        raise NotSuspended(invoice_id)
    suspension.resume()
    entry.save(suspension)


def ask_reminder(
    entry: Entry, *, sending_id: UUID, client_id: UUID, reminded: tuple[Reminded, ...], asked_on: date, mail: Mail,
    automatic: bool = False, notice_id: UUID | None = None,
) -> None:  # fmt: skip
    """Puts a reminder on its way. `automatic`: a step that was asked for before is not asked for again.

    Errors: `NotReminded`, `Missing`, `RecipientGone`.
    """
    if not reminded:
        raise Missing("documents")
    fetch_reminded(entry, reminded, client_id)
    for one in reminded:
        why = hindrance(entry, one, asked_on) or _asked_before(entry, one, automatic)
        if why:
            raise NotReminded(one.invoice_id, why)
    enqueue(
        entry, sending_id, entry.get(Client, client_id), mail, kind="reminder", document_id=reminded[0].invoice_id,
        notice_id=notice_id,
    )  # fmt: skip
    for one in reminded:
        _keep(entry, sending_id, one, asked_on)


def ask_reminders(entry: Entry, *, asks: tuple[Asked, ...]) -> int:
    """Several at once, each by itself: how many are on their way; an invoice that may not be reminded of is left out.

    Errors: `RecipientGone`.
    """
    return sum(_asked(entry, one) for one in asks)


def leave_reminder(entry: Entry, *, sending_id: UUID) -> bool:
    """Notes that the server gets the mail now, unless something came in between: then it is withdrawn, and says why.

    Run by the job only, in the transaction after which the mail is handed over.
    """
    rows = entry.rows(
        "SELECT state FROM jobs.mail WHERE company_id = %s AND id = %s AND state = 'waiting' FOR UPDATE", sending_id
    )
    if not rows:
        return False
    reminded, asked_on = reminded_in(entry, sending_id)
    fetch_reminded(entry, reminded)
    why = next((why for one in reminded if (why := hindrance(entry, one, asked_on))), "")
    entry.beside(
        """
        UPDATE jobs.mail
           SET state = CASE %(why)s WHEN '' THEN 'sending' ELSE 'withdrawn' END,
               told = CASE %(why)s WHEN '' THEN '' ELSE '#' || %(why)s END,
               settled_at = CASE %(why)s WHEN '' THEN NULL ELSE now() END
         WHERE company_id = %(company)s AND id = %(id)s AND state = 'waiting'
        """,
        id=sending_id,
        why=why,
    )
    return not why


def record_reminder(
    entry: Entry, *, sending_id: UUID, client_id: UUID, message_id: str, subjects: tuple[UUID, ...],
    addresses: tuple[str, ...], refusals: tuple[tuple[str, str], ...], notice_id: UUID | None = None,
) -> None:  # fmt: skip
    """A mail server has taken the reminder for these addresses. Run by the job only."""
    reminded, _ = reminded_in(entry, sending_id)
    to = tuple(Sealed(sealed=entry.seal(who, address)) for who, address in zip(subjects, addresses, strict=True))
    entry.save(Reminder.send(sending_id, client_id, reminded, to, message_id, notice_id))
    note_sent(entry, sending_id, refusals)


def hindrance(entry: Entry, one: Reminded, asked_on: date) -> Hindrance | None:
    """Why this invoice is not reminded of; None: it may be."""
    document = entry.get(Invoice, one.invoice_id).issued
    if document is None or document.kind == "credit_note":
        return "not_issued"
    account = receivable(entry.get(Invoice, one.invoice_id), entry.mentions(one.invoice_id))
    suspension = _suspension(entry, one.invoice_id)
    if account.doubtful:
        return "doubtful"
    if suspension and suspension.holds(entry.day):
        return "suspended"
    return _not_due(entry, one, asked_on, open_parts(document, account.outstanding_cents))


def _not_due(entry: Entry, one: Reminded, asked_on: date, parts: tuple[OpenPart, ...]) -> Hindrance | None:
    """Whether what the reminder asks for is what is due."""
    if not parts:
        return "settled"
    if parts[0].retention and entry.day <= parts[0].due_on:
        return "retention"
    if (parts[0].due_on, due_cents(parts, asked_on)) != (one.due_on, one.due_cents):
        return "changed"
    return None


def reminded_in(entry: Entry, sending_id: UUID) -> tuple[tuple[Reminded, ...], date]:
    """What a mail that was asked for reminds of, and the day that it speaks of."""
    rows = entry.rows(
        "SELECT asked_on, invoice_id, level, due_on, due_cents, interest_cents, fee_cents FROM jobs.reminder"
        " WHERE company_id = %s AND mail_id = %s ORDER BY due_on, invoice_id",
        sending_id,
    )
    names = ("invoice_id", "level", "due_on", "due_cents", "interest_cents", "fee_cents")
    return tuple(Reminded(**dict(zip(names, row[1:], strict=True))) for row in rows), rows[0][0]


def fetch_reminded(entry: Entry, reminded: tuple[Reminded, ...], *more: UUID) -> None:
    """All that `hindrance` looks at, in one exchange."""
    entry.fetch(*more, *(of for one in reminded for of in (one.invoice_id, suspension_id(one.invoice_id))))


def _asked(entry: Entry, one: Asked) -> bool:
    try:
        ask_reminder(
            entry, sending_id=one.sending_id, client_id=one.client_id, reminded=one.reminded, asked_on=one.asked_on,
            mail=one.mail,
        )  # fmt: skip
    except NotReminded:
        return False
    return True


def _suspension(entry: Entry, invoice_id: UUID) -> Suspension | None:
    try:
        return entry.get(Suspension, suspension_id(invoice_id))
    except NotFound:
        return None


def _asked_before(entry: Entry, one: Reminded, automatic: bool) -> Hindrance | None:
    """Whether a reminder of this invoice waits to leave, or, automatic, was ever asked for at this step."""
    rows = entry.rows(
        "SELECT m.state, r.due_on, r.level FROM jobs.reminder r JOIN jobs.mail m"
        " ON m.company_id = r.company_id AND m.id = r.mail_id WHERE r.company_id = %s AND r.invoice_id = %s",
        one.invoice_id,
    )
    if any(state in UNDER_WAY for state, *_ in rows):
        return "under_way"
    if automatic and any(state != "withdrawn" and step == [one.due_on, one.level] for state, *step in rows):
        return "repeated"
    return None


def _keep(entry: Entry, sending_id: UUID, one: Reminded, asked_on: date) -> None:
    entry.beside(
        """
        INSERT INTO jobs.reminder VALUES (%(company)s, %(mail)s, %(invoice)s, %(level)s, %(due_on)s, %(due_cents)s,
                                          %(interest_cents)s, %(fee_cents)s, %(asked_on)s)
        """,
        mail=sending_id,
        invoice=one.invoice_id,
        level=one.level,
        due_on=one.due_on,
        due_cents=one.due_cents,
        interest_cents=one.interest_cents,
        fee_cents=one.fee_cents,
        asked_on=asked_on,
    )
