"""What ends by itself: requests that were answered and fall silent, and their memory."""

from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.support import letters, rows


@task("forget_tickets", cron="41 3 * * *")
def forget_tickets(shop: Workshop) -> None:
    """Closes requests that were answered a month ago, and says so; erases those whose last word is three years old."""
    with shop.pool.connection() as conn, conn.transaction():
        for ticket in rows.close_silent(conn):
            letters.closed(conn, shop.settings, ticket, rows.last_mail(conn, ticket.id))
        conn.execute("SELECT support.forget_old()")
