"""The accounting file of one fiscal year by itself, as an archive would hold it by now."""

from collections.abc import Iterator

from audit.archive import fec
from audit.archive.fec import Year
from audit.archive.source import Source
from audit.archive.survey import Survey
from audit.archive.tables import naming


def accounting(source: Source, year: Year) -> Iterator[bytes]:
    """The lines of the file; the ledger is read twice."""
    survey = Survey(source.told(1, source.last()), 1, [year])
    name = naming(source.openings(1, source.last()))
    names = {code: name(card) for code, card in survey.cards.items()}
    first, last = survey.posted.get(year, (1, 0))
    for row in fec.rows(source.told(first, last), year, source.time_zone(), names):
        yield row.encode()
