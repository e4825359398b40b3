"""Archives that were made, and where they are kept."""

from datetime import date, datetime
from uuid import UUID

from domain.archive import Archive
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "archives",
    2,
    """
    CREATE TABLE read.archives (
        company_id uuid NOT NULL,
        id         uuid NOT NULL,
        pos        bigint NOT NULL,
        at         timestamptz NOT NULL,
        first_on   date NOT NULL,
        last_on    date NOT NULL,
        from_pos   bigint NOT NULL,
        to_pos     bigint NOT NULL,
        size       bigint NOT NULL,
        sha256     text NOT NULL,
        kept_where text NOT NULL DEFAULT '',
        kept_on    date,
        purged_on  date,
        purged     integer NOT NULL DEFAULT 0,
        PRIMARY KEY (company_id, id)
    );
    """,
)


class ArchiveMade(Row, frozen=True):
    """An archive: days of recording and positions, both included; `kept_where` empty until its owner said it.

    `provisional`: made before its last day was over, so that it does not hold the whole of it. `purged`: files that
    only this archive holds from then on.
    """

    id: UUID
    pos: int
    at: datetime
    first_on: date
    last_on: date
    from_pos: int
    to_pos: int
    size: int
    sha256: str
    kept_where: str
    kept_on: date | None
    purged_on: date | None
    purged: int
    provisional: bool


class Years(Row, frozen=True):
    """A fiscal year, both days included."""

    first: date
    last: date


class Reopened(Row, frozen=True):
    """This ledger was opened from archives, of these days of recording, both included."""

    first_on: date
    last_on: date
    opened_at: datetime


class SealRow(Row, frozen=True):
    """The seal of archives from now on: whose (`installation`, `company`), its last day, SHA-256 of its certificate."""

    owner: str
    expires_on: date
    sha256: str


ARCHIVES = """
    SELECT id, a.pos, a.at, first_on, last_on, from_pos, to_pos, size, sha256, kept_where, kept_on, purged_on, purged,
           (a.at AT TIME ZONE time_zone)::date <= last_on AS provisional
      FROM read.archives a JOIN ledger.head USING (company_id)
     WHERE company_id = %(company)s
    """


def every(tx: Tx) -> list[ArchiveMade]:
    """Newest first."""
    return tx.rows(ArchiveMade, ARCHIVES + "ORDER BY a.pos DESC")


def one(tx: Tx, id: UUID) -> ArchiveMade | None:
    return tx.row(ArchiveMade, ARCHIVES + "AND id = %(id)s", id=id)


def reopened(tx: Tx) -> Reopened | None:
    """None for a ledger that lives here."""
    return tx.row(Reopened, "SELECT first_on, last_on, opened_at FROM ledger.reopened WHERE company_id = %(company)s")


def seal(tx: Tx) -> SealRow | None:
    """The one that was declared last; None where it never changed."""
    return tx.row(
        SealRow,
        """
        SELECT line::json #>> '{data,owner}' AS owner, (line::json #>> '{data,expires_on}')::date AS expires_on,
               line::json #>> '{data,sha256}' AS sha256
          FROM read.entries r JOIN ledger.entry e USING (company_id, pos)
         WHERE r.company_id = %(company)s AND r.type = 'seal.declared' ORDER BY pos DESC LIMIT 1
        """,
    )


def last_day_kept(tx: Tx) -> date | None:
    """The last day of recording that an archive holds which its owner put away."""
    found: date | None = tx.value(
        "SELECT max(last_on) FROM read.archives WHERE company_id = %(company)s AND kept_where <> ''"
    )
    return found


def are_put_away(tx: Tx, from_pos: int, to_pos: int) -> bool:
    """Whether archives that their owner put away hold all entries between two positions, both included."""
    found: bool = tx.value(
        """
        SELECT int8range(%(from)s, %(to)s, '[]')
               <@ coalesce(range_agg(int8range(from_pos, to_pos, '[]')), '{}'::int8multirange)
          FROM read.archives
         WHERE company_id = %(company)s AND kept_where <> ''
        """,
        **{"from": from_pos, "to": to_pos},
    )
    return found


def first_day(tx: Tx) -> date:
    """The day of entry 1, in the ledger's time zone."""
    found: date = tx.value(
        """
        SELECT (e.at AT TIME ZONE h.time_zone)::date FROM read.entries e JOIN ledger.head h USING (company_id)
         WHERE e.company_id = %(company)s AND e.pos = 1
        """
    )
    return found


def fiscal_years(tx: Tx) -> list[Years]:
    """Those that were defined, each as it was the last time."""
    return tx.rows(
        Years,
        """
        SELECT DISTINCT ON (1) (line::json #>> '{data,from}')::date AS first, (line::json #>> '{data,to}')::date AS last
          FROM read.entries r JOIN ledger.entry e USING (company_id, pos)
         WHERE r.company_id = %(company)s AND r.type = 'fiscal_year.defined' ORDER BY 1, pos DESC
        """,
    )


@projection.on(Archive.Created)
def _(tx: Tx, event: Archive.Created) -> None:
    tx.execute(
        """
        INSERT INTO read.archives
        VALUES (%(company)s, %(id)s, %(pos)s, %(at)s, %(first)s, %(last)s, %(from_pos)s, %(to_pos)s, %(size)s,
                %(sha256)s)
        """,
        id=event.originator_id,
        first=event.from_,
        last=event.to,
        from_pos=event.from_pos,
        to_pos=event.to_pos,
        size=event.size,
        sha256=event.sha256,
    )


@projection.on(Archive.Kept)
def _(tx: Tx, event: Archive.Kept) -> None:
    tx.execute(
        """
        UPDATE read.archives SET kept_where = %(place)s, kept_on = %(on)s
         WHERE company_id = %(company)s AND id = %(id)s
        """,
        id=event.originator_id,
        place=event.where,
        on=event.kept_on,
    )


@projection.on(Archive.Purged)
def _(tx: Tx, event: Archive.Purged) -> None:
    tx.execute(
        """
        UPDATE read.archives SET purged = purged + %(count)s, purged_on = (%(at)s AT TIME ZONE h.time_zone)::date
          FROM ledger.head h
         WHERE h.company_id = %(company)s AND archives.company_id = %(company)s AND archives.id = %(id)s
        """,
        id=event.originator_id,
        count=len(event.files),
    )
