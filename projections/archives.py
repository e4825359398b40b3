"""Archives that were made, and where they are kept."""

from datetime import date, datetime
from uuid import UUID

from domain.archive import Archive
from projections.projection import Projection
from projections.tx import Row, Tx

projection = Projection(
    "archives",
    1,
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
        PRIMARY KEY (company_id, id)
    );
    """,
)


class ArchiveMade(Row, frozen=True):
    """An archive: days of recording and positions, both included; `kept_where` empty until its owner said it."""

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


ARCHIVES = """
    SELECT id, pos, at, first_on, last_on, from_pos, to_pos, size, sha256, kept_where, kept_on
      FROM read.archives
     WHERE company_id = %(company)s
    """


def every(tx: Tx) -> list[ArchiveMade]:
    """Newest first."""
    return tx.rows(ArchiveMade, ARCHIVES + "ORDER BY pos DESC")


def one(tx: Tx, id: UUID) -> ArchiveMade | None:
    return tx.row(ArchiveMade, ARCHIVES + "AND id = %(id)s", id=id)


def last_day_kept(tx: Tx) -> date | None:
    """The last day of recording that an archive holds which its owner put away."""
    found: date | None = tx.value(
        "SELECT max(last_on) FROM read.archives WHERE company_id = %(company)s AND kept_where <> ''"
    )
    return found


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
