"""Erasures asked for, copies of personal data handed out. The job erases: `web/privacy/erasing.py`."""

from uuid import UUID

from msgspec.structs import replace

from domain.client import Client, Profile
from domain.privacy import ErasureGround, NothingToErase, Privacy
from ledger.commands.archives import DROP
from ledger.commands.sealing import opened, seal_profile
from ledger.entry import Entry

SUBJECTS = """
    WITH RECURSIVE family (company_id, id) AS (
        SELECT %s::uuid, %s::uuid
         UNION
        SELECT m.company_id, m.stream_id
          FROM family f JOIN ledger.entry m ON m.company_id = f.company_id
         WHERE m.type = 'client.merged' AND (m.line::jsonb #>> '{data,into}')::uuid = f.id
           AND NOT EXISTS (SELECT FROM ledger.entry r
                            WHERE r.company_id = m.company_id AND r.stream_id = m.stream_id
                              AND r.version > m.version AND r.type = 'client.restored'))
    SELECT v.subject_id
      FROM family f
      JOIN ledger.seal s ON s.company_id = f.company_id AND s.stream_id = f.id
      JOIN ledger.sealed v ON v.company_id = s.company_id AND v.digest = s.digest
     UNION
    SELECT v.subject_id FROM family f JOIN ledger.sealed v ON v.company_id = f.company_id AND v.subject_id = f.id
     ORDER BY subject_id
    """  # of the card and of those that were merged into it: the clients that are persons, every contact they had

DUE = """
      WITH asked (company_id, client) AS (SELECT %s::uuid, %s::text),
           frozen (sha256) AS (
            SELECT n.line::jsonb #>> '{data,sha256}'
              FROM asked JOIN ledger.entry n USING (company_id)
             WHERE n.type = 'reminder.notice_made' AND n.line::jsonb #>> '{data,client_id}' = client
             UNION
            SELECT r.line::jsonb #>> '{data,sha256}'
              FROM asked JOIN ledger.entry d USING (company_id)
              JOIN ledger.entry r USING (company_id)
             WHERE d.type IN ('invoice.issued', 'quote.sent') AND d.line::jsonb #>> '{data,client_id}' = client
               AND r.type = 'document.rendered' AND r.line::jsonb #>> '{data,document_id}' = d.stream_id::text)
    SELECT f.sha256
      FROM frozen f, asked JOIN ledger.blob b USING (company_id)
     WHERE b.sha256 = decode(f.sha256, 'hex') AND b.kept_until < (now() AT TIME ZONE 'UTC')::date
     ORDER BY f.sha256
    """  # files of a client's documents and of its formal notices, past their term


def ask_erasure(
    entry: Entry, *, erasure_id: UUID, client_id: UUID, subject_id: UUID, ground: ErasureGround
) -> None:  # fmt: skip
    """`subject_id` is the client, erased with every contact that it ever had, or one of its contacts. A person or a
    prospect is archived; from the card of another client those who are erased disappear. Errors: `NothingToErase`.
    """
    client = entry.get(Client, client_id)
    known = tuple(subject for (subject,) in entry.rows(SUBJECTS, client_id))
    subjects = known if subject_id == client_id else tuple(one for one in known if one == subject_id)
    if not subjects:
        raise NothingToErase(subject_id)
    if subject_id == client_id and (client.profile.natural_person or client.profile.prospect):
        client.archive()
    elif not client.archived and any(contact.id in subjects for contact in client.profile.contacts):
        client.change(seal_profile(entry, client_id, _without(entry, client.profile, subjects)))
    entry.save(client, Privacy.erase(erasure_id, client_id=client_id, subjects=subjects, ground=ground))
    entry.defer("erase_person", erasure_id=erasure_id)


def ask_erasures(entry: Entry, *, erasures: tuple[tuple[UUID, UUID, UUID, ErasureGround], ...]) -> None:
    """Several at once: of each its id, the client, the subject as in `ask_erasure`, and why."""
    for erasure_id, client_id, subject_id, ground in erasures:
        ask_erasure(entry, erasure_id=erasure_id, client_id=client_id, subject_id=subject_id, ground=ground)


def erase_files(entry: Entry, *, erased_id: UUID, subject_id: UUID) -> None:
    """Of a client who was erased: the files whose term is over go, and later archives can say why they lack them."""
    files = tuple(sha256 for (sha256,) in entry.rows(DUE, str(subject_id)))
    if files:
        entry.save(Privacy.erase_files(erased_id, subject_id, files))
        entry.beside(DROP, files=[bytes.fromhex(sha256) for sha256 in files])


def note_given(entry: Entry, *, access_id: UUID, subject_id: UUID) -> None:
    """A copy of all that is held about the subject was handed out."""
    entry.save(Privacy.give(access_id, subject_id))


def _without(entry: Entry, profile: Profile, persons: tuple[UUID, ...]) -> Profile:
    """The profile in clear, to be sealed afresh, without these contacts."""
    left = tuple(
        replace(contact, card=opened(entry, contact.card)) for contact in profile.contacts if contact.id not in persons
    )
    return replace(
        profile, card=opened(entry, profile.card), delivery=opened(entry, profile.delivery), contacts=left
    )  # fmt: skip
