"""What the plan of a company lets it do now: the one question that `books.do` and the jobs ask."""

from datetime import date, datetime
from typing import Any, Final, LiteralString, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection

from web.days import PARIS
from web.filters import plural
from web.subscriptions import rows
from web.subscriptions.plans import NEARLY, PLANS, Plan
from web.subscriptions.refusals import CompaniesUsed, DocumentsUsed, SubscriptionEnded, UsersUsed

COUNTED = frozenset(("issue_invoice", "issue_and_mail", "send_quote", "offer_and_mail"))
STILL = frozenset((  # after the end: what law and people's rights ask for, who may read, where things are
    "copy_document", "keep_archive", "note_bounce", "withdraw", "open_link", "revoke_link",
    "invite_inspector", "invite_member", "withdraw_invitation", "withdraw_rights", "withdraw_member", "change_role",
    "leave_for_good", "ask_erasure", "ask_erasures", "note_given",
))  # fmt: skip
INVITING = "invite_member"


class Standing(NamedTuple):
    """Of one company: its plan, the last day of its subscription once there is one."""

    plan: Plan
    ends_on: date | None

    def ended(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day


def check(
    conn: Connection[Any], company_id: UUID, command_id: UUID, use_case: str, document_id: UUID | None = None
) -> None:
    """Refuses what the plan does not hold; `document_id`: of what is to be issued. A command that was done already
    passes: its answer is the same again.

    Errors: `SubscriptionEnded`, `DocumentsUsed`, `UsersUsed`.
    """
    found = of(conn, company_id)
    refusal = found and _refusal(conn, company_id, found, use_case)
    if refusal is None or _seen(conn, DONE, company_id, command_id):
        return
    if not isinstance(refusal, DocumentsUsed) or not _seen(conn, CREDIT_NOTE, company_id, document_id):
        raise refusal


def warning(conn: Connection[Any], company_id: UUID, use_case: str) -> str:
    """After a document: how many are left, when few are; empty otherwise."""
    found = of(conn, company_id) if use_case in COUNTED else None
    if found is None:
        return ""
    used = documents(conn, company_id)
    if used * 100 < found.plan.documents * NEARLY:
        return ""
    left = max(0, found.plan.documents - used)
    few = plural(left, "document")
    return f"Offre {found.plan.name} : encore {few} ce mois-ci. « Mes adhésions » permet d’en changer."


def may_write(conn: Connection[Any], company_id: UUID) -> bool:
    """Whether jobs do by themselves what a person would do by hand (reminders, recurring invoices)."""
    found = of(conn, company_id)
    return found is None or not found.ended(rows.today())


def of(conn: Connection[Any], company_id: UUID) -> Standing | None:
    """None: the operator opened the company, nothing limits it."""
    row = conn.execute(STANDING, [company_id]).fetchone()
    return Standing(PLANS[row[0]], row[1]) if row else None


def documents(conn: Connection[Any], company_id: UUID) -> int:
    """Invoices issued and quotes sent this month; credit notes, which the law asks for, do not count."""
    first = rows.today().replace(day=1)
    since = datetime(first.year, first.month, 1, tzinfo=ZoneInfo(PARIS))
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", [str(company_id)])
        row = conn.execute(DOCUMENTS, {"company": company_id, "since": since, "first": first.isoformat()}).fetchone()
    return int(row[0]) if row else 0


def users(conn: Connection[Any], company_id: UUID) -> int:
    """People who may come in today or were invited to, inspectors aside."""
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", [str(company_id)])
        row = conn.execute(USERS, {"company": company_id}).fetchone()
    return int(row[0]) if row else 0


def check_companies(conn: Connection[Any], subscription_id: UUID) -> None:
    """Before a company is opened. Errors: `CompaniesUsed`."""
    plan = rows.plan_of(conn, subscription_id)
    if len(rows.companies(conn, subscription_id)) >= plan.companies:
        raise CompaniesUsed(plan.name, plan.companies)


def _refusal(
    conn: Connection[Any], company_id: UUID, found: Standing, use_case: str
) -> SubscriptionEnded | DocumentsUsed | UsersUsed | None:
    if found.ends_on and found.ended(rows.today()):
        return None if use_case in STILL else SubscriptionEnded(found.ends_on)
    if use_case in COUNTED and documents(conn, company_id) >= found.plan.documents:
        return DocumentsUsed(found.plan.name, found.plan.documents)
    if use_case == INVITING and users(conn, company_id) >= found.plan.users:
        return UsersUsed(found.plan.name, found.plan.users)
    return None


def _seen(conn: Connection[Any], question: LiteralString, company_id: UUID, id: UUID | None) -> bool:
    """Whether the company's ledger holds it."""
    with conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", [str(company_id)])
        return conn.execute(question, [company_id, id]).fetchone() is not None


DONE: Final = "SELECT FROM ledger.command WHERE company_id = %s AND command_id = %s"
CREDIT_NOTE: Final = """
    SELECT FROM ledger.entry
     WHERE company_id = %s AND stream_id = %s AND version = 1 AND line::jsonb #>> '{data,kind}' = 'credit_note'
    """
STANDING = """
    SELECT p.plan, s.ends_on
      FROM accounts.companies c
      JOIN accounts.subscriptions s ON s.id = c.subscription_id
     CROSS JOIN LATERAL (SELECT plan FROM accounts.subscription_periods WHERE subscription_id = s.id
                          ORDER BY from_on DESC, to_on DESC LIMIT 1) p
     WHERE c.company_id = %s
    """
DOCUMENTS = r"""
    SELECT count(DISTINCT stream_id) FROM ledger.entry
     WHERE company_id = %(company)s AND type IN ('invoice.issued', 'quote.sent') AND recorded_at >= %(since)s
       AND substring(line FROM '"(?:day|sent_on)":"([0-9]{4}-[0-9]{2}-[0-9]{2})"') >= %(first)s
       AND line NOT LIKE '%%"kind":"credit_note"%%'
    """  # by the letters of the line, whose quotes are escaped in texts: a parser takes ten times as long
USERS = """
    SELECT (SELECT count(*) FROM accounts.memberships
             WHERE company_id = %(company)s AND role <> 'inspector' AND (until_at IS NULL OR until_at > now()))
         + (SELECT count(*) FROM accounts.invitations
             WHERE company_id = %(company)s AND role <> 'inspector' AND accepted_at IS NULL AND withdrawn_at IS NULL
               AND expires_at > now())
    """
