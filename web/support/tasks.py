"""What is forgotten of requests by itself."""

from web.jobs.tasks import task
from web.jobs.workshop import Workshop


@task("forget_tickets", cron="41 3 * * *")
def forget_tickets(shop: Workshop) -> None:
    """Requests that have been over for three years."""
    with shop.pool.connection() as conn:
        conn.execute("SELECT support.forget_old()")
