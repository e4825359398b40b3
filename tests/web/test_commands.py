"""The daily round that forgets commands done long ago."""

from web.jobs.commands import forget_commands
from web.jobs.worker import TASKS


def test_each_day_commands_of_more_than_90_days_are_forgotten_and_no_others(new_shop, workshop, connect):
    with connect("postgres") as conn:
        conn.execute(
            "INSERT INTO ledger.command SELECT %s, gen_random_uuid(), 'x', 1, NULL, now() - n * interval '1 day'"
            "  FROM generate_series(0, 99) n",
            (new_shop.id,),
        )
    kept = "SELECT count(*), min(done_at) > now() - interval '91 days' FROM ledger.command WHERE company_id = %s"
    with connect("postgres") as conn:
        before = conn.execute(kept, (new_shop.id,)).fetchone()[0]
    assert forget_commands in TASKS
    assert forget_commands.cron
    forget_commands(workshop)
    with connect("postgres") as conn:
        assert conn.execute(kept, (new_shop.id,)).fetchone() == (before - 10, True)
