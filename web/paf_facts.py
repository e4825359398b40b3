"""What the documentation of the audit trail says of one company: read in its ledger, its settings and this program."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from flask import current_app

from audit.event_names import FAMILIES
from domain import accounts, vat
from domain.document import KEPT_YEARS
from domain.mentions import RULES
from domain.mentions import VERSION as MENTIONS_VERSION
from ledger import series
from ledger.settings import Settings
from ledger.version import MAJOR_ROOT, SOFTWARE
from projections import archives, checkpoints, closings, register, verifications
from projections.tx import Tx
from projections.verifications import Verification
from web.days import today

Members = list[tuple[str, str]]  # name and role


class Numbers(NamedTuple):
    """A series of numbers: its pattern, the last number given."""

    name: str
    kinds: tuple[str, ...]
    pattern: str
    last: int


@dataclass(frozen=True)
class Facts:
    """`tally`: entries by type; `series` in the order of their names."""

    on: date
    members: Members
    settings: Settings
    series: tuple[Numbers, ...]
    tally: list[tuple[str, str, int]]
    entries: int
    verified: Verification | None
    closed_to: date | None
    archived_to: date | None
    checkpoint_size: int

    software: str = SOFTWARE
    major_root: str = MAJOR_ROOT
    vat_table: str = vat.VAT_TABLE_VERSION
    chart: str = accounts.CHART_VERSION
    mentions: str = MENTIONS_VERSION
    rules: int = len(RULES)
    kept_years: int = KEPT_YEARS

    @classmethod
    def of(cls, tx: Tx) -> Self:
        last, closing, points = verifications.integrity(tx).last, closings.newest(tx), checkpoints.newest(tx)
        tally = [(each.name, _said(each.name), each.entries) for each in register.types(tx)]
        return cls(
            on=today(tx), members=_members(tx), settings=current_app.extensions["settings"], series=_series(tx),
            tally=tally, entries=sum(count for *_, count in tally), verified=last,
            closed_to=closing.to_on if closing else None,
            archived_to=archives.last_day_kept(tx), checkpoint_size=points[0].size if points else 0,
        )  # fmt: skip

    @property
    def host(self) -> str:
        """Where the books are: the program's own server of data, or another."""
        return "serveur PostgreSQL distinct" if self.settings.database_url else "PostgreSQL fourni avec le programme"

    @property
    def witnesses(self) -> int:
        return len(self.settings.witness_url.split())


def _said(type: str) -> str:
    """What the register calls a type; empty for one that this program does not know yet."""
    return next((types[type] for types in FAMILIES.values() if type in types), "")


def _series(tx: Tx) -> tuple[Numbers, ...]:
    head: dict[str, Any] | None = tx.value("SELECT series FROM ledger.head WHERE company_id = %(company)s")
    found = series.from_head(head).values()
    return tuple(Numbers(one.series, tuple(one.kinds), one.pattern, one.last) for one in found)


def _members(tx: Tx) -> Members:
    with current_app.extensions["pool"].connection() as conn:
        found: Members = conn.execute(
            "SELECT u.username, m.role FROM accounts.memberships m JOIN accounts.users u ON u.id = m.user_id"
            " WHERE m.company_id = %s AND (m.until_at IS NULL OR m.until_at > now()) ORDER BY m.role, u.username",
            [tx.company],
        ).fetchall()
    return found
