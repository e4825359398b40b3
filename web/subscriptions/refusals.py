"""What a plan refuses. Fields only; the sentences are in `web/texts.py`."""

from dataclasses import dataclass
from datetime import date

from domain.errors import DomainError


@dataclass(eq=False)
class SubscriptionEnded(DomainError):
    """The books are read, exported and archived for ever; nothing new is written."""

    ended_on: date


@dataclass(eq=False)
class SubscriptionUnpaid(DomainError):
    """Ended by the operator, since it was not paid: nothing is chosen before it is."""


@dataclass(eq=False)
class DocumentsUsed(DomainError):
    """The plan's documents of this month are used."""

    plan: str
    limit: int


@dataclass(eq=False)
class UsersUsed(DomainError):
    """The plan takes no more people in this company."""

    plan: str
    limit: int


@dataclass(eq=False)
class CompaniesUsed(DomainError):
    """The plan takes no more companies."""

    plan: str
    limit: int


@dataclass(eq=False)
class SirenTaken(DomainError):
    """A company with this SIREN keeps its books here."""

    siren: str


@dataclass(eq=False)
class PlanTooSmall(DomainError):
    """What is used today does not fit into that plan."""

    plan: str
    companies: int
    users: int
