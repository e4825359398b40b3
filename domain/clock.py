"""The clock of the database went back, or was ahead: what the ledger says of it. The database records both by itself.

While the last instant of the ledger is ahead of the clock, time stands still in it: suspected, once a day. Once a
person declares that the clock is right, time starts afresh. Source: `ledger/README.md` § 1.
"""

from datetime import datetime

from domain.aggregate import Aggregate


class Clock(Aggregate):
    """One event, a stream of its own: what the `clock` showed, and the `last` instant of the ledger then."""

    TOPIC = "clock"

    class Created(Aggregate.Created):
        TOPIC = "clock.suspected"
        clock: datetime
        last: datetime

    class Declared(Aggregate.Created):
        TOPIC = "clock.declared"
        clock: datetime
        last: datetime
