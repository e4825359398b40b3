"""Erases persons: at once what no term protects, later, when its term has come, what the law kept."""

import logging
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import TupleRow

from domain.privacy import Privacy
from ledger.commands.privacy import erase_files
from ledger.erased import remember
from projections import archives, register, streams
from projections.archives import ArchiveMade
from web.jobs.places import archive_file
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.privacy.grounds import GROUNDS

Connection = psycopg.Connection[TupleRow]

KNOWN = """
    SELECT FROM ledger.entry
     WHERE company_id = %s AND type = 'subject.erased' AND pos > %s
       AND line::jsonb -> 'data' ->> 'subject_id' = %s
    """
IMPORTED = """
    WITH named AS (
        SELECT DISTINCT value::jsonb ->> field AS word
          FROM ledger.sealed, unnest(ARRAY['name', 'email']) field
         WHERE company_id = %(company)s AND subject_id = %(subject)s AND starts_with(value, '{'))
    UPDATE scratch.import_line l
       SET cells = array_fill(''::text, ARRAY[cardinality(cells)]), keys = '{}', told = ''
     WHERE company_id = %(company)s
       AND (made_id = %(subject)s OR EXISTS (
             SELECT FROM named WHERE word = ANY (l.cells) OR (word <> '' AND strpos(l.told, word) > 0)))
    """
MEMBERS = """
    SELECT EXISTS (SELECT FROM accounts.memberships
                    WHERE company_id = %(company)s AND role <> 'inspector' AND (until_at IS NULL OR until_at > now()))
        OR EXISTS (SELECT FROM accounts.invitations
                    WHERE company_id = %(company)s AND role <> 'inspector' AND accepted_at IS NULL
                      AND withdrawn_at IS NULL AND expires_at > now())
    """
PERSONS = """
    SELECT DISTINCT v.subject_id
      FROM ledger.sealed v
      JOIN ledger.head h ON h.company_id = v.company_id
     WHERE v.company_id = %(company)s AND v.subject_id <> v.company_id
       AND (v.kept_until IS NULL OR v.kept_until < (now() AT TIME ZONE h.time_zone)::date)
     ORDER BY v.subject_id
    """  # all but the company itself, when it is a person
log = logging.getLogger(__name__)


@task("erase_person")
def erase_person(shop: Workshop, company_id: UUID, erasure_id: UUID) -> None:
    """What `security.erasure_asked` names, each once; then the read models are without it, and files that wait."""
    with shop.read(company_id) as tx:
        asked = streams.load(tx, Privacy, erasure_id).erasure
        pos = register.about(tx, erasure_id)[-1].pos
        handed_out = archives.every(tx)
    if asked is None:
        return
    reason = f"{GROUNDS[asked.ground].told} (écriture {pos}){_copies(handed_out)}"
    with shop.pool.connection() as conn:
        for subject in asked.subjects:
            erase(conn, company_id, subject, reason, after=pos)
            remember(shop.settings, company_id, subject)
    for subject in asked.subjects:
        shop.do(erase_files, company_id, uuid4(), erased_id=uuid4(), subject_id=subject)
    with shop.read(company_id):  # the read models follow at once, whether anybody looks or not
        pass
    _drop(shop, company_id, handed_out)


@task("erase_left")
def erase_left(shop: Workshop, company_id: UUID) -> None:
    """Every person of a company that its last member left with her account, unless somebody may come in again: at once
    what no term protects; the rest follows at its term as of anybody who was erased.
    """
    with shop.read(company_id) as tx:
        if tx.value(MEMBERS):
            return
        left: list[UUID] = tx.values(PERSONS)
        handed_out = archives.every(tx)
    for subject in left:
        with shop.pool.connection() as conn:
            erase(conn, company_id, subject, "société sans membre : son dernier titulaire a supprimé son compte")
            remember(shop.settings, company_id, subject)
        shop.do(erase_files, company_id, uuid4(), erased_id=uuid4(), subject_id=subject)
    with shop.read(company_id):
        pass
    _drop(shop, company_id, handed_out)


@task("erase_due", cron="40 4 * * *")
def erase_due(shop: Workshop) -> None:
    """What the law kept of erased persons until a term that has come; counters of attempts that are over. A ledger that
    cannot be written stops no other.
    """
    with shop.pool.connection() as conn:
        conn.execute("SELECT accounts.forget_limits()")
    for company_id in shop.companies():
        try:
            with shop.pool.connection() as conn:
                due = [subject for (subject,) in conn.execute("SELECT ledger.due_subjects(%s)", (company_id,))]
                for subject in due:
                    erase(conn, company_id, subject, "terme de la conservation légale")
                    remember(shop.settings, company_id, subject)
            for subject in due:
                shop.do(erase_files, company_id, uuid4(), erased_id=uuid4(), subject_id=subject)
            if due:
                with shop.read(company_id):
                    pass
        except Exception:
            log.exception("persons of %s whose term has come could not be erased", company_id)


def erase(conn: Connection, company_id: UUID, subject: UUID, reason: str, *, after: int | None = None) -> None:
    """One entry `subject.erased`; none if there is one `after` that position."""
    with conn.transaction():
        conn.execute("SELECT pos FROM ledger.open(%s, NULL)", (company_id,))  # nobody else writes meanwhile
        if after is not None and conn.execute(KNOWN, (company_id, after, str(subject))).rowcount:
            return
        forget_imported(conn, company_id, subject)
        conn.execute("SELECT ledger.erase_subject(%s, %s, %s)", (company_id, subject, reason))


def forget_imported(conn: Connection, company_id: UUID, subject: UUID) -> None:
    """Empties the lines of files on their way in that brought her, or that tell of her as a duplicate."""
    conn.execute(IMPORTED, {"company": company_id, "subject": subject})


def _drop(shop: Workshop, company_id: UUID, archives: list[ArchiveMade]) -> None:
    """Their files here: they name her."""
    for archive in archives:
        archive_file(shop.settings, company_id, archive.id).unlink(missing_ok=True)


def _copies(archives: list[ArchiveMade]) -> str:
    """Archives that were made before: who has one still reads there what is erased here."""
    if not archives:
        return ""
    told = ", ".join(f"{one.first_on:%d/%m/%Y}–{one.last_on:%d/%m/%Y} {one.sha256[:16]}" for one in archives)
    return f" ; archives remises avant : {told}"
