"""At each monthly closing, the receipt of the checkpoint that covers it goes to whom the company chose."""

from uuid import UUID

from ledger import checkpoints
from projections import closings, companies
from web import alarm, checkpoint_receipt
from web.books_closing import receivers
from web.filters import month, plural
from web.jobs.tasks import task
from web.jobs.workshop import Workshop
from web.mail import notices
from web.mail.message import Attached


@task("mail_receipt")
def mail_receipt(shop: Workshop, company_id: UUID, size: str) -> None:
    """Of the checkpoint of that size, if a month was closed since the one before it. Once to each person."""
    with shop.pool.connection() as conn, conn.transaction():
        checkpoints.see(conn, company_id)
        note = checkpoints.note(conn, company_id, int(size))
    with shop.read(company_id) as tx:
        to, company = receivers(tx), companies.current(tx)
        months = [month(first) for first in closings.months_of(tx, int(size))]
        if not (to and months and note and company):
            return
        name, content = checkpoint_receipt.receipt(tx, note)
    with shop.pool.connection() as conn, conn.transaction():
        for address in alarm.addresses(conn, company_id, *to):
            notices.send(
                conn, address, "receipt", key=f"receipt {company_id} {size} {address}",
                file=Attached(name, content), company=company.name, months=" et ".join(months),
                school="[FACTICE] " if company.training else "", entries=plural(int(size), "écriture"),
            )  # fmt: skip
