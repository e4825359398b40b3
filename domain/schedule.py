"""Dates that come back: every so many months from a first one on, to an end or for ever."""

from calendar import monthrange
from datetime import MAXYEAR, date
from itertools import count, takewhile

from domain.errors import Malformed
from domain.parties import Fact

MOST_MONTHS = 120
MOST_TIMES = 1200


class Schedule(Fact):
    """`first_on`, then every `every_months` months on the same day, or the last one of a shorter month: 31 January,
    28 February, 31 March. `end_of_month`: always the last day of the month, whatever the first date's.

    It ends with `last_on`, included, or after `times` dates, those passed over counted too; neither = never.
    """

    first_on: date
    every_months: int = 1
    end_of_month: bool = False
    last_on: date | None = None
    times: int = 0

    @property
    def rhythm(self) -> tuple[date, int, bool]:
        """What decides the dates, but for their end."""
        return self.first_on, self.every_months, self.end_of_month

    def date_of(self, rank: int) -> date | None:
        """The date of that rank, 1 the first; None past the end.

        >>> [Schedule(first_on=date(2027, 1, 31)).date_of(rank) for rank in (2, 3)]
        [datetime.date(2027, 2, 28), datetime.date(2027, 3, 31)]
        """
        on = self.beyond(rank)
        over = (self.times and rank > self.times) or on is None or (self.last_on and on > self.last_on)
        return None if over else on

    def beyond(self, rank: int) -> date | None:
        """The date of that rank, even past the end; 0 = the one before the first; None: beyond all calendars."""
        months = self.first_on.year * 12 + self.first_on.month - 1 + (rank - 1) * self.every_months
        year, month = months // 12, months % 12 + 1
        if not 1 <= year <= MAXYEAR:
            return None
        last = monthrange(year, month)[1]
        return date(year, month, last if self.end_of_month else min(self.first_on.day, last))

    def rank_from(self, day: date) -> int:
        """The first rank whose date is that day or later, be it past the end."""
        months = (day.year - self.first_on.year) * 12 + day.month - self.first_on.month
        rank = max(1, months // self.every_months)
        return next(r for r in count(rank) if (on := self.beyond(r)) is None or on >= day)

    def before(self, day: date, rank: int) -> tuple[date, ...]:
        """The dates from that rank on that lie before that day."""
        dates = (self.date_of(r) for r in count(rank))
        return tuple(takewhile(lambda on: on < day, (on for on in takewhile(bool, dates) if on)))

    def check(self) -> None:
        """Errors: `Malformed`."""
        if not 1 <= self.every_months <= MOST_MONTHS:
            raise Malformed("every_months", str(self.every_months))
        if not 0 <= self.times <= MOST_TIMES:
            raise Malformed("times", str(self.times))
        if self.last_on and self.last_on < self.first_on:
            raise Malformed("last_on", self.last_on.isoformat())
