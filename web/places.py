"""Where people find what an entry of the register speaks of."""

from collections.abc import Callable
from typing import NamedTuple

from flask import url_for

from projections.register import Entry
from projections.subjects import Subject

STREAMS = {  # pages of a stream, by the first word of its types
    "invoice": "/factures/", "quote": "/devis/", "client": "/clients/", "product": "/catalogue/",
    "payment": "/reglements/", "refund": "/reglements/", "allocation": "/reglements/", "recurring": "/recurrences/",
    "period": "/clotures/", "archive": "/archives/", "certificate": "/attestation/",
}  # fmt: skip


def _letter(entry: Entry) -> str:
    return url_for("letters.edit", kind=entry.facts.kind, language=entry.facts.language or "fr")


SETTINGS: dict[str, Callable[[Entry], str]] = {  # pages of what a company chose
    "company.changed": lambda _: url_for("settings.index"),
    "company.configured": lambda _: url_for("settings.index"),
    "series.opened": lambda _: url_for("fiscal.index"),
    "fiscal_year.defined": lambda _: url_for("fiscal.index"),
    "books.configured": lambda _: url_for("fiscal.index"),
    "books.closed": lambda _: url_for("books.index"),
    "parameter.letter_written": _letter,
    "parameter.letter_changed": _letter,
    "parameter.reminders_set": lambda _: url_for("reminder_policy.index"),
    "parameter.reminders_changed": lambda _: url_for("reminder_policy.index"),
    "parameter.receipts_asked": lambda _: url_for("books.index"),
    "parameter.receipts_changed": lambda _: url_for("books.index"),
}
FAMILIES = {"invoice": "/factures/", "quote": "/devis/", "client": "/clients/"}  # pages of what an entry only names
NAMING = (  # types whose sentence leaves the documents to the links beside it
    "payment.", "refund.", "allocation.", "reminder.sent", "reminder.notice_", "quote.invoiced", "recurring.invoiced",
)  # fmt: skip


class Link(NamedTuple):
    label: str
    href: str


def place(entry: Entry) -> str:
    """The page of the thing; of what it concerns, when it has none of its own: a document, else a client; or empty."""
    family = entry.type.partition(".")[0]
    if entry.type in SETTINGS:
        return SETTINGS[entry.type](entry)
    if entry.type.startswith("reminder.notice_"):
        return url_for("formal_notices.show", notice_id=entry.stream_id)
    if family in STREAMS:
        return f"{STREAMS[family]}{entry.stream_id}"
    named = [_page(one) for one in entry.about if one.family in FAMILIES]
    papers = [_page(one) for one in documents(entry)]
    return papers[0] if len(papers) == 1 else next((href for href in named if href.startswith("/clients/")), "")


def beside(entry: Entry) -> tuple[Link, ...]:
    """The documents, or the card of a client, that the sentence speaks of without a name."""
    if entry.type == "client.merged":
        return tuple(Link(one.title, _page(one)) for one in entry.about if one.family == "client" and one != entry.own)
    if entry.type.startswith(NAMING) or entry.facts.kind == "credit_note":
        return tuple(Link(one.title, _page(one)) for one in documents(entry) if one.title and one != entry.own)
    return ()


def documents(entry: Entry) -> list[Subject]:
    """Invoices and quotes that it concerns."""
    return [one for one in entry.about if one.family in ("invoice", "quote")]


def _page(subject: Subject) -> str:
    return f"{FAMILIES[subject.family]}{subject.id}"
