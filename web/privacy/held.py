"""What is held of a person: where, what for, until when, by which article; what can go now and what the law keeps.

Sources: RGPD art. 5, 6, 17 and 18; Code de commerce, art. L110-4 and L123-22; LPF art. L102 B.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from projections.tx import Row, Tx

BOOKS = "Code de commerce, art. L123-22 : dix ans après l’exercice"
CLAIMS = "Code de commerce, art. L110-4 : cinq ans, pour la preuve d’une offre"

CONTRACT = "contrat, art. 6, 1, b"
LEGAL = "obligation légale, art. 6, 1, c"
INTEREST = "intérêt légitime, art. 6, 1, f"


class Use(NamedTuple):
    """A family of entries: its name, what for, on which ground (RGPD art. 6, 1), the article that keeps it."""

    label: str
    purpose: str
    ground: str
    kept_by: str = ""


CARD = Use("Fiche : nom, adresse, contacts", "tenir la relation commerciale", CONTRACT)
USES = {
    "client": CARD,
    "quote": Use("Devis : textes, références, signature", "proposer un prix, prouver l’accord", CONTRACT),
    "invoice": Use("Brouillons de facture", "préparer une facture", CONTRACT),
    "issued": Use("Factures et avoirs émis", "obligation de facturer", LEGAL, BOOKS),
    "payment": Use("Règlements et remboursements", "tenir la comptabilité", LEGAL, BOOKS),
    "debt": Use("Créances douteuses ou perdues", "tenir la comptabilité", LEGAL, BOOKS),
    "document": Use("Adresses d’envoi des documents", "prouver qu’un document est parti", INTEREST),
    "reminder": Use("Relances", "recouvrer ce qui est dû", INTEREST),
    "recurring": Use("Factures récurrentes", "préparer les factures à venir", CONTRACT),
}  # fmt: skip
KIN = {"refund": "payment", "allocation": "payment"}
FILES = Use("Fichiers figés (PDF)", "prouver ce qui a été remis", LEGAL, f"{BOOKS} ; {CLAIMS}")
MAILS = Use("Messages de la page « Envois »", "savoir ce qui est parti", INTEREST)
TYPED = Use("Saisies non enregistrées", "ne pas perdre ce qui est tapé", INTEREST)


class Value(Row, frozen=True):
    """A sealed value that is still there: the entry that it stands in, and until when the law keeps it."""

    pos: int
    at: datetime
    type: str
    subject_id: UUID
    value: str
    kept_until: date | None

    @property
    def clear(self) -> Any:
        return json.loads(self.value)


class Held(NamedTuple):
    """A family: `size` in values; `until` the law keeps the last of them, None when all may go now."""

    use: Use
    size: int
    until: date | None


class File(Row, frozen=True):
    """A frozen file of a document of the client."""

    number: str
    sha256: str
    kept_until: date


FAMILY = """
    WITH family AS (SELECT id FROM read.clients WHERE company_id = %(company)s AND %(client)s IN (id, survivor_id))
    """  # the client and those that were merged into it
VALUES = """
    SELECT e.pos, e.recorded_at AS at, e.type, v.subject_id, v.value, v.kept_until
      FROM ledger.sealed v
      JOIN ledger.seal s USING (company_id, digest)
      JOIN ledger.entry e ON e.company_id = s.company_id AND e.pos = s.pos
     WHERE v.company_id = %(company)s AND v.subject_id = ANY (%(subjects)s)
     ORDER BY e.pos, v.digest
    """
SUBJECTS = """
    SELECT v.subject_id
      FROM ledger.seal s JOIN ledger.sealed v USING (company_id, digest)
     WHERE s.company_id = %(company)s AND s.stream_id IN (SELECT id FROM family)
     UNION
    SELECT subject_id FROM ledger.sealed WHERE company_id = %(company)s AND subject_id IN (SELECT id FROM family)
    """
DOCUMENTS = """
    SELECT d.number, encode(b.sha256, 'hex') AS sha256, b.kept_until
      FROM (SELECT i.id, number FROM read.invoices i JOIN family f ON f.id = i.client_id WHERE company_id = %(company)s
             UNION ALL
            SELECT q.id, number FROM read.quotes q JOIN family f ON f.id = q.client_id WHERE company_id = %(company)s) d
      JOIN read.files f ON f.company_id = %(company)s AND f.document_id = d.id
      JOIN ledger.blob b ON b.company_id = %(company)s AND b.sha256 = decode(f.sha256, 'hex')
     UNION ALL
    SELECT 'Mise en demeure', encode(b.sha256, 'hex'), b.kept_until
      FROM ledger.entry n
      JOIN family f ON f.id = (n.line::jsonb #>> '{data,client_id}')::uuid
      JOIN ledger.blob b ON b.company_id = %(company)s AND b.sha256 = decode(n.line::jsonb #>> '{data,sha256}', 'hex')
     WHERE n.company_id = %(company)s AND n.type = 'reminder.notice_made'
     ORDER BY kept_until, number
    """
WAITING = """
    SELECT count(*) FROM jobs.mail
     WHERE company_id = %(company)s AND recipients <> '{}' AND client_id IN (SELECT id FROM family)
    """
UNSAVED = """
    SELECT count(*) FROM scratch.drafts
     WHERE company_id = %(company)s AND strpos(content::text, %(client)s::text) > 0
    """


def subjects(tx: Tx, client_id: UUID) -> set[UUID]:
    """The persons of a card of whom something is left: the client if it is one, every contact that it had."""
    return set(tx.values(FAMILY + SUBJECTS, client=client_id))


def values(tx: Tx, persons: Iterable[UUID]) -> list[Value]:
    """All that is sealed under these persons and still there, in the order of the ledger."""
    return tx.rows(Value, VALUES, subjects=list(persons))


def files(tx: Tx, client_id: UUID) -> list[File]:
    return tx.rows(File, FAMILY + DOCUMENTS, client=client_id)


def families(tx: Tx, client_id: UUID, persons: Iterable[UUID]) -> list[Held]:
    """The same by family, with what stands beside the ledger."""
    told: dict[Use, list[date | None]] = {}
    for value in values(tx, persons):
        told.setdefault(_use(value.type), []).append(value.kept_until)
    held = [Held(use, len(terms), max(filter(None, terms), default=None)) for use, terms in told.items()]
    frozen = files(tx, client_id)
    if frozen:
        held.append(Held(FILES, len(frozen), frozen[-1].kept_until))
    for use, sql in ((MAILS, FAMILY + WAITING), (TYPED, UNSAVED)):
        if count := tx.value(sql, client=client_id):
            held.append(Held(use, count, None))
    return held


def _use(type: str) -> Use:
    family = "issued" if type == "invoice.issued" else type.partition(".")[0]
    return USES.get(KIN.get(family, family), CARD)
