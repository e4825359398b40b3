"""The texts of a company's mails."""

from domain.errors import NotFound
from domain.letter import Letter, LetterKind, LetterLanguage, check_placeholders, letter_id
from ledger.commands.sealing import seal_text
from ledger.entry import Entry


def write_letter(entry: Entry, *, kind: LetterKind, language: LetterLanguage, subject: str, body: str) -> None:
    """Errors: `PlaceholderUnknown`."""
    check_placeholders(kind, (subject, body))
    company, stream = entry.company_id, letter_id(entry.company_id, kind, language)
    sealed = {"subject": seal_text(entry, company, subject), "body": seal_text(entry, company, body)}
    try:
        letter = entry.get(Letter, stream)
        letter.change(kind, language, **sealed)
    except NotFound:
        letter = Letter.write(stream, kind, language, **sealed)
    entry.save(letter)
