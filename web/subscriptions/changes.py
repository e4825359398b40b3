"""A subscription begun, changed, given up, taken up again, renewed by itself.

Periods follow each other. A change counts at once when the new price is at least what is left of the paid period, which
is then deducted from it, day by day; else it counts when the paid period is over. So nothing is ever given back, and
nothing is paid twice.
"""

import calendar
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from psycopg import Connection

from web.filters import day as written
from web.subscriptions import rows, standing
from web.subscriptions.plans import PLANS, whole
from web.subscriptions.refusals import PlanTooSmall, SubscriptionUnpaid
from web.subscriptions.rows import Subscription

ONE_DAY = timedelta(days=1)
NOTICE = timedelta(days=30)  # before a subscription that is not paid ends: general terms, 4


def begin(conn: Connection[Any], user_id: UUID, billed_id: UUID, plan: str, rhythm: str, day: date) -> UUID:
    """The subscription of a person who has none: its id."""
    subscription_id = uuid4()
    conn.execute(
        "INSERT INTO accounts.subscriptions (id, user_id, billed_id) VALUES (%s, %s, %s)",
        [subscription_id, user_id, billed_id],
    )
    _open(conn, subscription_id, plan, rhythm, day, day.day)
    return subscription_id


class Effect(NamedTuple):
    """What a change means: the day from which on it counts, the price of the whole period, what is deducted from it."""

    from_on: date
    net_cents: int
    deducted_cents: int


def effect(conn: Connection[Any], subscription: Subscription, plan: str, rhythm: str, day: date) -> Effect:
    """Nothing is due for the offer that one has."""
    last, net_cents = rows.current(conn, subscription.id), PLANS[plan].net_cents(rhythm)
    if subscription.ended(day):
        return Effect(day, net_cents, 0)
    if (plan, rhythm) == (last.plan, last.rhythm):
        return Effect(day, 0, 0)
    left_cents = last.rest_cents(day)
    return Effect(day, net_cents, left_cents) if left_cents <= net_cents else Effect(last.to_on + ONE_DAY, net_cents, 0)


def change(conn: Connection[Any], subscription: Subscription, plan: str, rhythm: str, day: date) -> date:
    """The day from which on it counts. Errors: `PlanTooSmall`; `SubscriptionUnpaid`."""
    _check_paid(subscription)
    _check_fits(conn, subscription, plan)
    renew(conn, subscription, day)
    last, means = rows.current(conn, subscription.id), effect(conn, subscription, plan, rhythm, day)
    if means.from_on > day:
        return _settle(conn, subscription, means.from_on, plan, rhythm)
    if means.net_cents or (plan, rhythm) != (last.plan, last.rhythm):
        conn.execute(CUT_SHORT, {"day": day - ONE_DAY, "id": last.id})
        rest = f"Reste de l’offre {whole(last.plan, last.rhythm)}, du {written(day)} au {written(last.paid_to_on)}"
        said = rest if means.deducted_cents else ""
        _open(conn, subscription.id, plan, rhythm, day, day.day, means.deducted_cents, said)
    return _settle(conn, subscription, day)


def give_up(conn: Connection[Any], subscription: Subscription) -> date:
    """Its last day: that of the period that is paid."""
    ends_on = min(rows.current(conn, subscription.id).to_on, subscription.ends_on or date.max)
    return _settle(conn, subscription, ends_on, ends_on=ends_on)


def end_unpaid(conn: Connection[Any], subscription: Subscription, day: date) -> date:
    """By the operator, who says so a month before: its last day, or an earlier one that was chosen already."""
    ends_on = min(subscription.ends_on or date.max, day + NOTICE)
    _settle(conn, subscription, day, ends_on=ends_on)
    conn.execute("UPDATE accounts.subscriptions SET unpaid = true WHERE id = %s", [subscription.id])
    return ends_on


def lift_unpaid(conn: Connection[Any], subscription: Subscription, day: date) -> None:
    """It was paid: it goes on, or may be taken up again when it is over."""
    if not subscription.ended(day):
        _settle(conn, subscription, day)
    conn.execute("UPDATE accounts.subscriptions SET unpaid = false WHERE id = %s", [subscription.id])


def leave(conn: Connection[Any], user_id: UUID) -> None:
    """Her account is deleted: what she pays for ends with the period that is paid."""
    found = rows.of_user(conn, user_id)
    if found and found.ends_on is None:
        give_up(conn, found)


def take_over(conn: Connection[Any], user_id: UUID, company_id: UUID, plan: str, rhythm: str, day: date) -> None:
    """A company whose subscription was given up comes under one of its owner's, who has none. Errors:
    `SubscriptionUnpaid`.
    """
    before = rows.of_company(conn, company_id)
    if before:
        _check_paid(before)
    subscription_id = begin(conn, user_id, company_id, plan, rhythm, day)
    conn.execute(
        "UPDATE accounts.companies SET subscription_id = %s WHERE company_id = %s", [subscription_id, company_id]
    )


def renew(conn: Connection[Any], subscription: Subscription, day: date) -> None:
    """The periods that began by themselves up to `day`; none after the end."""
    last, plan, rhythm = rows.current(conn, subscription.id), subscription.next_plan, subscription.next_rhythm
    while last.to_on < day and (subscription.ends_on is None or last.to_on < subscription.ends_on):
        _open(
            conn, subscription.id, plan or last.plan, rhythm or last.rhythm, last.to_on + ONE_DAY, last.anchor
        )  # fmt: skip
        _settle(conn, subscription, day, ends_on=subscription.ends_on)
        last, plan, rhythm = rows.current(conn, subscription.id), "", ""


def end_of(from_on: date, rhythm: str, anchor: int) -> date:
    """The last day of a period; the next begins on the day `anchor` of a month, or on that month's last one.

    >>> end_of(date(2027, 1, 31), "month", 31), end_of(date(2027, 2, 28), "month", 31)
    (datetime.date(2027, 2, 27), datetime.date(2027, 3, 30))
    """
    months = from_on.year * 12 + from_on.month - 1 + (12 if rhythm == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(anchor, calendar.monthrange(year, month)[1])) - ONE_DAY


def _open(
    conn: Connection[Any], subscription_id: UUID, plan: str, rhythm: str, day: date, anchor: int,
    deducted_cents: int = 0, deducted: str = "",
) -> None:  # fmt: skip
    to_on = end_of(day, rhythm, anchor)
    conn.execute(
        """
        INSERT INTO accounts.subscription_periods
               (subscription_id, from_on, to_on, paid_to_on, anchor, plan, rhythm, net_cents, deducted_cents, deducted)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            subscription_id,
            day,
            to_on,
            to_on,
            anchor,
            plan,
            rhythm,
            PLANS[plan].net_cents(rhythm),
            deducted_cents,
            deducted,
        ],
    )


def _settle(
    conn: Connection[Any], subscription: Subscription, day: date, plan: str = "", rhythm: str = "",
    ends_on: date | None = None,
) -> date:  # fmt: skip
    """What is to come: another plan, the end, or nothing else; `day` goes back as it came."""
    conn.execute(
        "UPDATE accounts.subscriptions SET next_plan = %s, next_rhythm = %s, ends_on = %s WHERE id = %s",
        [plan, rhythm, ends_on, subscription.id],
    )
    return day


def _check_paid(subscription: Subscription) -> None:
    if subscription.unpaid:
        raise SubscriptionUnpaid


def _check_fits(conn: Connection[Any], subscription: Subscription, plan: str) -> None:
    """A plan that is too small for the companies and people of today is refused; documents count anew each month."""
    mine = rows.companies(conn, subscription.id)
    users = max((standing.users(conn, company_id) for company_id in mine), default=0)
    if len(mine) > PLANS[plan].companies or users > PLANS[plan].users:
        raise PlanTooSmall(PLANS[plan].name, len(mine), users)


CUT_SHORT = "UPDATE accounts.subscription_periods SET to_on = least(to_on, %(day)s) WHERE id = %(id)s"
