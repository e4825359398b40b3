"""A subscription and its periods, as the database keeps them (`015_sign_up.sql`)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from projections.tx import Row
from web.days import PARIS
from web.subscriptions.plans import PLANS, Plan


class Period(Row, frozen=True):
    """What was in force from one day to another, both included, and what was due for it."""

    id: UUID
    subscription_id: UUID
    from_on: date
    to_on: date
    paid_to_on: date
    anchor: int
    plan: str
    rhythm: str
    net_cents: int
    deducted_cents: int
    deducted: str
    document_id: UUID | None
    number: str
    gross_cents: int | None

    @property
    def due_cents(self) -> int:
        """Without VAT."""
        return self.net_cents - self.deducted_cents

    def rest_cents(self, day: date) -> int:
        """What was paid for the days from `day` on, to the nearest cent."""
        days, left = (self.paid_to_on - self.from_on).days + 1, (self.paid_to_on - max(day, self.from_on)).days + 1
        return (2 * self.net_cents * max(0, left) + days) // (2 * days)


class Subscription(Row, frozen=True):
    """Of one person; `ends_on`: its last day, once it was given up, or ended by the operator since it was not paid
    (`unpaid`). `mandate_on`: since when the operator holds the signed mandate.
    """

    id: UUID
    user_id: UUID | None
    billed_id: UUID
    next_plan: str
    next_rhythm: str
    ends_on: date | None
    payment: str
    mandate: str
    mandate_on: date | None
    unpaid: bool

    def ended(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day


def of_user(conn: Connection[Any], user_id: UUID) -> Subscription | None:
    """Held until the end of the transaction: one change at a time."""
    with conn.cursor(row_factory=class_row(Subscription)) as cursor:
        return cursor.execute(f"{SUBSCRIPTION} WHERE user_id = %s FOR UPDATE", [user_id]).fetchone()


def of_company(conn: Connection[Any], company_id: UUID) -> Subscription | None:
    """None: the operator opened the company, nothing limits it."""
    with conn.cursor(row_factory=class_row(Subscription)) as cursor:
        return cursor.execute(f"{SUBSCRIPTION} WHERE id = ({OF_COMPANY})", [company_id]).fetchone()


def by_id(conn: Connection[Any], subscription_id: UUID) -> Subscription | None:
    """Held until the end of the transaction, as `of_user`."""
    with conn.cursor(row_factory=class_row(Subscription)) as cursor:
        return cursor.execute(f"{SUBSCRIPTION} WHERE id = %s FOR UPDATE", [subscription_id]).fetchone()


def email_of(conn: Connection[Any], subscription: Subscription) -> str:
    """Where its invoices go; empty when the person is gone."""
    row = conn.execute("SELECT email FROM accounts.users WHERE id = %s", [subscription.user_id]).fetchone()
    return str(row[0]) if row else ""


def periods(conn: Connection[Any], subscription_id: UUID) -> list[Period]:
    """The newest first."""
    with conn.cursor(row_factory=class_row(Period)) as cursor:
        return cursor.execute(
            "SELECT * FROM accounts.subscription_periods WHERE subscription_id = %s ORDER BY from_on DESC, to_on DESC",
            [subscription_id],
        ).fetchall()


def current(conn: Connection[Any], subscription_id: UUID) -> Period:
    """The last period: in force, or the one before the end."""
    return periods(conn, subscription_id)[0]


def plan_of(conn: Connection[Any], subscription_id: UUID) -> Plan:
    return PLANS[current(conn, subscription_id).plan]


def companies(conn: Connection[Any], subscription_id: UUID) -> list[UUID]:
    """The companies that share a subscription."""
    rows = conn.execute(
        "SELECT company_id FROM accounts.companies WHERE subscription_id = %s ORDER BY company_id", [subscription_id]
    )
    return [company_id for (company_id,) in rows]


def today() -> date:
    """The civil day that subscriptions are counted in."""
    return datetime.now(ZoneInfo(PARIS)).date()


SUBSCRIPTION = """
    SELECT id, user_id, billed_id, next_plan, next_rhythm, ends_on, payment, mandate, mandate_on, unpaid
      FROM accounts.subscriptions
    """
OF_COMPANY = "SELECT subscription_id FROM accounts.companies WHERE company_id = %s"
