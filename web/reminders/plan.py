"""Who is reminded, of what, in which words: from the read models to what `ask_reminder` is given."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from typing import Any, NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from documents.parties import seller
from domain import late
from domain.account import issued, receivable
from domain.client import Client
from domain.company import Company
from domain.half_years import HalfYear
from domain.invoice import Invoice
from domain.letter import LetterKind, filled
from domain.reminder import Reminded, due_cents, open_parts
from domain.reminder_policy import LEVELS, Level, Policy, step
from ledger.commands.sendings import Mail
from ledger.settings import Settings
from projections import persons, reminder_lists, streams
from projections.reminder_lists import OpenRow
from projections.tx import Tx
from web.mail import letters
from web.mail.compose import recipients
from web.public import tokens
from web.reminders.call import Call, Item, facts, tidy

QUIET = timedelta(days=3)  # after a reminder nobody is reminded by the program, whatever the steps say
LINK_DAYS = 90


class Wanted(NamedTuple):
    """An invoice and the step in which it is reminded of."""

    row: OpenRow
    level: Level


class Ask(NamedTuple):
    """A reminder before anybody decided on it: to whom, of what, in our words."""

    client_id: UUID
    call: Call
    reminded: tuple[Reminded, ...]
    to: tuple[UUID, ...]
    subject: str
    body: str

    @property
    def level(self) -> Level:
        return highest(one.level for one in self.reminded)


def free(row: OpenRow, today: date) -> bool:
    """Whether the invoice may be reminded of at all."""
    return not (row.doubtful or row.under_way or row.stopped(today) or (row.retained and row.days <= 0))


def row_of(tx: Tx, invoice_id: UUID, today: date) -> OpenRow | None:
    """None when nothing is due of it. Errors: `NotFound` when there is no such invoice."""
    row = reminder_lists.one(tx, invoice_id, today)
    if row is None:
        streams.load(tx, Invoice, invoice_id)
    return row


def due(rows: Iterable[OpenRow], policy: Policy, today: date) -> list[Wanted]:
    """The invoices that have come to a step of the policy today."""
    found = ((row, step(policy.levels, row.days, row.reached)) for row in rows if row.wanted and free(row, today))
    return [Wanted(row, level) for row, level in found if level]


def automatic(tx: Tx, policy: Policy, today: date, now: datetime) -> list[list[Wanted]]:
    """What the program sends by itself, one list a mail; nobody is written to twice within some days."""
    wanted = due(reminder_lists.unpaid(tx, today), policy, today)
    calm = [one for one in wanted if one.row.sent_at is None or now - one.row.sent_at > QUIET]
    return grouped(calm, policy)


def grouped(wanted: Iterable[Wanted], policy: Policy) -> list[list[Wanted]]:
    """One list a mail: of an invoice, or of all those of a client, what is late apart from what will be due."""

    def key(one: Wanted) -> tuple[str, ...]:
        alone = () if policy.grouped else (str(one.row.id),)
        return (str(one.row.client_id), str(one.row.days >= 0), *alone)

    return [list(group) for _, group in groupby(sorted(wanted, key=key), key)]


def ask(tx: Tx, wanted: Sequence[Wanted], today: date, kind: LetterKind | None = None) -> Ask:
    """In the words of the highest step, or of the letter `kind`; to those whom the invoices name, else to all."""
    company = streams.load(tx, Company, tx.company)
    client_id = wanted[0].row.client_id
    client = streams.load(tx, Client, client_id)
    invoices = [streams.load(tx, Invoice, one.row.id) for one in wanted]
    told = company.configuration.half_years
    parts = [_item(tx, one.row, invoice, today, told) for one, invoice in zip(wanted, invoices, strict=True)]
    identity = persons.opened(tx, company.identity)
    call = Call(
        company=identity.name, client=wanted[0].row.client, items=tuple(parts), on=today,
        language=client.profile.language, training=company.mode == "training",
        public=issued(invoices[0]).scope == "b2g", legal=seller(identity).legal,
    )  # fmt: skip
    which = kind or _letter(highest(one.level for one in wanted))
    words = letters.of_company(tx, which, letters.language_of(client.profile.language))
    if "{penalites}" not in words.body:
        call = call._replace(items=tuple(item._replace(periods=(), fee_cents=0) for item in call.items))
    filling = facts(call)
    return Ask(
        client_id, call, tuple(_reminded(one, item) for one, item in zip(wanted, call.items, strict=True)),
        _recipients(tx, client_id, {who for invoice in invoices for who in invoice.content.contact_ids}),
        filled(words.subject, filling), tidy(filled(words.body, filling)),
    )  # fmt: skip


def request(one: Ask, policy: Policy, settings: Settings, sending_id: UUID) -> dict[str, Any]:
    """What `ask_reminder` is given for it."""
    mail = Mail(to=one.to, subject=one.subject, body=one.body, attached=policy.statement, number=one.call.label)
    return {
        "sending_id": sending_id, "client_id": one.client_id, "reminded": one.reminded, "asked_on": one.call.on,
        "mail": linked(mail, one, settings, sending_id) if policy.link else mail,
    }  # fmt: skip


def linked(mail: Mail, one: Ask, settings: Settings, sending_id: UUID) -> Mail:
    """With a link to the page of the invoice, when there is just one and browsers have an address to go to."""
    if len(one.reminded) != 1 or not settings.public_url:
        return mail
    link = uuid5(sending_id, "link")
    facts: dict[str, Any] = {"link": link, "token_hash": tokens.token_hash(settings, link), "link_days": LINK_DAYS}
    return Mail(**{name: getattr(mail, name) for name in mail.__struct_fields__} | facts)


def day_of(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def highest(levels: Iterable[Level]) -> Level:
    return max(levels, key=LEVELS.index)


def _recipients(tx: Tx, client_id: UUID, wanted: set[UUID]) -> tuple[UUID, ...]:
    """Those whom the invoices name; all, when they are no longer the client's."""
    people = recipients(tx, client_id, wanted)
    return tuple(who.id for who in people if who.chosen) or tuple(who.id for who in people)


def _letter(level: Level) -> LetterKind:
    kinds: dict[Level, LetterKind] = {
        "before": "reminder_before", "first": "reminder_first", "second": "reminder_second", "last": "reminder_last",
    }  # fmt: skip
    return kinds[level]


def _item(tx: Tx, row: OpenRow, invoice: Invoice, today: date, told: tuple[HalfYear, ...]) -> Item:
    """What is due of an invoice, and what its lateness costs a professional."""
    document = issued(invoice)
    parts = open_parts(document, receivable(invoice, streams.mentions(tx, row.id)).outstanding_cents)
    owes = not row.person and row.kind != "debit_note" and row.days > 0
    terms = late.terms_of(document, told)
    periods = (late.periods(part.cents, part.due_on, today, terms) for part in parts) if owes else ()
    return Item(
        row.kind, row.number, row.issued_on, row.due_on, due_cents(parts, today), tuple(chain(*periods)),
        late.INDEMNITY_CENTS if owes else 0,
    )  # fmt: skip


def _reminded(one: Wanted, item: Item) -> Reminded:
    return Reminded(
        invoice_id=one.row.id, level=one.level, due_on=item.due_on, due_cents=item.due_cents,
        interest_cents=item.interest_cents, fee_cents=item.fee_cents,
    )  # fmt: skip
