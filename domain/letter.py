"""The texts of mails that a company writes once: one for each kind of document and language.

`{name}` stands for a fact of the document, known only when a mail is made. The names are fixed, and nothing else is
computed: a text is never a program.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID, uuid5

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.parties import Text

DocumentLetter = Literal["quote", "invoice", "deposit", "credit_note"]
ReminderLetter = Literal["reminder_before", "reminder_first", "reminder_second", "reminder_last", "formal_notice"]
LetterKind = DocumentLetter | ReminderLetter
LetterLanguage = Literal["fr", "en"]

COMMON = ("client", "numero", "objet", "date", "total", "societe")
ASKED = ("client", "numero", "factures", "total", "echeance", "retard", "penalites", "societe")
PLACEHOLDERS: dict[LetterKind, tuple[str, ...]] = {  # their names are those that a person types
    "quote": (*COMMON, "validite"),
    "invoice": (*COMMON, "net_a_payer", "echeance", "reglement"),
    "deposit": (*COMMON, "net_a_payer", "echeance", "reglement"),
    "credit_note": COMMON,
    "reminder_before": ASKED,
    "reminder_first": ASKED,
    "reminder_second": ASKED,
    "reminder_last": ASKED,
    "formal_notice": ASKED,
}
PLACE = re.compile(r"\{([^{}\n]*)\}")


@dataclass(eq=False)
class PlaceholderUnknown(DomainError):
    """The text asks for a fact that a mail about this kind of document does not have; `places` as they were typed."""

    places: tuple[str, ...]
    known: tuple[str, ...]


class Letter(Aggregate):
    """A text of mails, as the company wants it. It may be signed by somebody: it is always sealed."""

    TOPIC = "letter"

    class Created(Aggregate.Created):
        TOPIC = "parameter.letter_written"
        kind: LetterKind
        language: LetterLanguage
        subject: Text
        body: Text

        def apply(self, aggregate: "Letter") -> None:
            aggregate.subject, aggregate.body = self.subject, self.body

    class Changed(Aggregate.Event):
        TOPIC = "parameter.letter_changed"
        kind: LetterKind
        language: LetterLanguage
        subject: Text
        body: Text

        def apply(self, aggregate: "Letter") -> None:
            aggregate.subject, aggregate.body = self.subject, self.body

    def __init__(self) -> None:
        self.subject: Text = ""
        self.body: Text = ""

    @classmethod
    def write(cls, id: UUID, kind: LetterKind, language: LetterLanguage, *, subject: Text, body: Text) -> Self:
        return cls._begin(id, kind=kind, language=language, subject=subject, body=body)

    def change(self, kind: LetterKind, language: LetterLanguage, *, subject: Text, body: Text) -> None:
        self.trigger_event(self.Changed, kind=kind, language=language, subject=subject, body=body)


def letter_id(company_id: UUID, kind: LetterKind, language: LetterLanguage) -> UUID:
    """The stream of a letter."""
    return uuid5(company_id, f"letter.{kind}.{language}")


def letter_kind(document: str) -> DocumentLetter:
    """Which letter goes with a kind of document: progress and final invoices, debit notes have that of invoices."""
    kinds: dict[str, DocumentLetter] = {"quote": "quote", "deposit": "deposit", "credit_note": "credit_note"}
    return kinds.get(document, "invoice")


def check_placeholders(kind: LetterKind, texts: Iterable[str]) -> None:
    """Errors: `PlaceholderUnknown`."""
    asked = [place for text in texts for place in PLACE.finditer(text)]
    unknown = tuple(dict.fromkeys(place[0] for place in asked if place[1] not in PLACEHOLDERS[kind]))
    if unknown:
        raise PlaceholderUnknown(unknown, tuple(f"{{{name}}}" for name in PLACEHOLDERS[kind]))


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts, put in once: a fact that looks like a placeholder stays as it is.

    >>> filled("Devis {numero} pour {client}", {"numero": "D1", "client": "{numero}"})
    'Devis D1 pour {numero}'
    """
    return PLACE.sub(lambda place: facts.get(place[1], place[0]), text)
