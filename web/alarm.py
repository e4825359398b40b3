"""What follows when a verification finds something: those who answer for the ledger are told.

An altered one takes no more entries. One whose chain holds while its figures do not add up stays open: nothing in it
was rewritten, it may be Probant that computes wrongly, and nobody should be kept from invoicing by that.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from audit.finding import Finding
from audit.texts import sentences
from ledger import checkpoints
from projections import companies
from web.filters import plural
from web.jobs.workshop import Workshop
from web.mail import notices

TOLD = 5  # findings that a mail names
PEOPLE = """
    SELECT u.email FROM accounts.memberships m JOIN accounts.users u ON u.id = m.user_id
     WHERE m.company_id = %s AND m.role = ANY (%s) AND u.active
       AND m.from_at <= now() AND (m.until_at IS NULL OR m.until_at > now())
     ORDER BY u.id
    """


def sound(shop: Workshop, company_id: UUID, id: UUID, found: tuple[Finding, ...]) -> None:
    """`id`: of the verification. A ledger that takes no more entries already is told of no more."""
    with shop.pool.connection() as conn, conn.transaction():
        checkpoints.see(conn, company_id)
        if checkpoints.head(conn, company_id).frozen:
            return
        altered = any(finding.code != "figures" for finding in found)
        frozen = altered and not _declared(conn, company_id, found)
        if frozen:
            conn.execute("SELECT ledger.freeze(%s)", (company_id,))
        facts = _facts(shop, company_id, found)
        for to in [*addresses(conn, company_id, "owner"), *filter(None, [shop.settings.operator_mail])]:
            notices.send(
                conn, to, "ledger_altered" if altered else "ledger_figures", key=f"altered {id} {to}", frozen=frozen,
                link=link(shop, "Voir le registre", "/registre/"), **facts,
            )  # fmt: skip


def addresses(conn: Connection[TupleRow], company_id: UUID, *roles: str) -> Iterator[str]:
    """Of the members who are one of these by now."""
    yield from (email for (email,) in conn.execute(PEOPLE, (company_id, list(roles))))


def link(shop: Workshop, label: str, path: str) -> tuple[str, str]:
    """A button of a mail that no request asked for; none when the address of this installation is not known."""
    url = shop.settings.public_url.rstrip("/")
    return (label, f"{url}{path}") if url else ("", "")


def _declared(conn: Connection[TupleRow], company_id: UUID, found: tuple[Finding, ...]) -> bool:
    """Whether somebody answered for all of it already: it stands before a restore that the ledger declares."""
    restored = checkpoints.restored(conn, company_id)
    return bool(restored) and all(finding.position <= restored[-1].kept_pos for finding in found)


def _facts(shop: Workshop, company_id: UUID, found: tuple[Finding, ...]) -> dict[str, Any]:
    company = None
    with suppress(Exception), shop.read(company_id) as tx:  # read models of a damaged ledger may be broken
        company = companies.current(tx)
    return {
        "company": company.name if company else str(company_id),
        "school": "[FACTICE] " if company and company.training else "",
        "found": plural(len(found), "défaut"), "sentences": [*sentences(found[:TOLD])],
    }  # fmt: skip
