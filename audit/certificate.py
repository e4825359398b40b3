"""The individual attestation, in the words of the model: what stands in it, by the day on which it is given.

Source: BOI-LETTRE-000242 of 2026-03-25, its two parts and all their fields; BOI-TVA-DECLA-30-10-30 §§ 270 to 380. The
words of an edition are data with its days; a new model is another edition, never another program.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from audit.publisher import Publisher
from domain.errors import DomainError
from ledger.version import MAJOR_ROOT, VERSION


@dataclass(eq=False)
class OtherMajorVersion(DomainError):
    """The publisher answers for another major version than the one that runs here."""

    answers_for: str
    runs: str


@dataclass(eq=False)
class OwnSoftware(DomainError):
    """The company made the program for its own use: the law wants a certificate by an accredited body."""


class Edition(NamedTuple):
    """A wording, from a day on. `law`: the article that the four conditions stand in; `note`: what is not settled."""

    name: str
    from_on: date
    law: str
    doctrine: str
    note: str


EDITIONS = (
    Edition(
        "BOI-LETTRE-000242/2026-03-25", date(2018, 1, 1), "au 3° bis du I de l’article 286 du code général des impôts",
        "BOI-TVA-DECLA-30-10-30 et BOI-LETTRE-000242, versions du 25 mars 2026", "",
    ),
    Edition(
        "CIBS-L216-40/2027-01-01", date(2027, 1, 1),
        "à l’article L. 216-40 du code des impositions sur les biens et services, qui reprend depuis le 1er janvier"
        " 2027 le 3° bis du I de l’article 286 du code général des impôts",
        "Ordonnance n° 2026-671 du 27 juillet 2026",
        "L’article L. 216-40 renvoie à un décret le soin de dire comment se prouve le respect de ces conditions. Ce"
        " décret n’était pas publié quand cette rédaction a été arrêtée : vérifiez que l’attestation est encore une"
        " preuve admise.",
    ),
)  # fmt: skip
ACCREDITED = "un certificat délivré par un organisme accrédité"

COVERED = (
    "Établissement, émission et numérotation des factures, factures d’acompte, de situation et de solde, et des avoirs",
    "Enregistrement, annulation et remboursement des règlements de toute nature ; affectation des crédits",
    "Enchaînement de chaque écriture par empreinte SHA-256, vérification du registre, points de contrôle signés",
    "Fichiers figés des documents émis et duplicata numérotés",
    "Clôtures du jour, du mois et de l’exercice ; cumuls de la période et totaux perpétuels",
    "Archives scellées et datées, avec leur notice et leur programme de vérification",
    "Journal des événements techniques ; mode école, dont tout est marqué FACTICE",
)
EXCLUDED = (
    "Brouillons, devis, catalogue et fichier des clients, qui n’enregistrent aucun règlement",
    "Envoi de messages et relances",
    "Tenue de la comptabilité elle-même : écritures manuelles, balance, déclarations",
    "Sauvegarde de l’installation, système d’exploitation, base de données et matériel, à la charge de l’exploitant",
)


class User(NamedTuple):
    """What the second part says: the company, its representative, and since when and from whom it has the program."""

    company: str
    siren: str
    representative: str
    capacity: str
    city: str
    acquired_on: date
    used_since: date
    distributor: str


class Proof(NamedTuple):
    """What the attestation rests on: a clean verification and the checkpoint that counts it. Hashes in hex."""

    entries: int
    head: str
    checkpoint_size: int
    checkpoint_root: str
    checkpoint_key: str
    perimeter: str
    verified_at: str


class Attestation(NamedTuple):
    """All that is printed."""

    edition: Edition
    on: date
    publisher: Publisher
    user: User
    proof: Proof
    version: str = VERSION
    major_root: str = MAJOR_ROOT
    covered: tuple[str, ...] = COVERED
    excluded: tuple[str, ...] = EXCLUDED


def edition(on: date) -> Edition:
    """The wording of that day.

    >>> edition(date(2026, 12, 31)).name, edition(date(2027, 1, 1)).name
    ('BOI-LETTRE-000242/2026-03-25', 'CIBS-L216-40/2027-01-01')
    """
    return [one for one in EDITIONS if one.from_on <= on][-1]


def check(publisher: Publisher, siren: str) -> None:
    """Whether this publisher may attest this program to the company of that SIREN.

    Errors: `OtherMajorVersion`, `OwnSoftware`.
    """
    if publisher.major_root != MAJOR_ROOT:
        raise OtherMajorVersion(publisher.major_root, MAJOR_ROOT)
    if publisher.siren == siren and not publisher.sells:
        raise OwnSoftware


def needless(vat_regime: str, to_consumers: bool) -> str:
    """Why the law asks this company for no attestation; empty when it does. Source: §§ 1, 25 and 40.

    >>> needless("cash", True)
    ''
    """
    if vat_regime == "franchise":
        return "franchise"
    return "" if to_consumers else "business"
