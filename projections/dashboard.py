"""What the owner sees first."""

from datetime import date

from projections import invoice_lists, receivables, register, turnover, verifications
from projections.invoice_lists import InvoiceRow
from projections.receivables import Aged, Overdue, Sum
from projections.register import Entry
from projections.turnover import Month
from projections.tx import Row, Tx
from projections.verifications import Integrity


class Summary(Row, frozen=True):
    """The dashboard. `last_year` = the same month a year before; `drafts` of invoices, `quotes_waiting` sent and still
    valid: with VAT; `to_collect`: the longest due first; `entries`: the newest first.
    """

    this_month: Month
    last_year: Month
    outstanding: Sum
    overdue: Overdue
    aged: Aged
    to_collect: list[InvoiceRow]
    drafts: Sum
    quotes_waiting: Sum
    entries: list[Entry]
    integrity: Integrity


def summary(tx: Tx, today: date) -> Summary:
    return Summary(
        this_month=turnover.month(tx, today),
        last_year=turnover.month(tx, today.replace(year=today.year - 1, day=1)),
        outstanding=receivables.outstanding(tx),
        overdue=receivables.overdue(tx, today),
        aged=receivables.aged(tx, today),
        to_collect=invoice_lists.to_collect(tx, today, limit=8),
        drafts=drafts(tx),
        quotes_waiting=quotes_waiting(tx, today),
        entries=register.page(tx, register.Filter(), limit=8),
        integrity=verifications.integrity(tx),
    )


def drafts(tx: Tx) -> Sum:
    """Drafts of invoices and credit notes, with VAT."""
    return tx.rows(
        Sum,
        """
        SELECT count(*) AS count, coalesce(sum(gross_cents), 0)::bigint AS cents
          FROM read.invoices
         WHERE company_id = %(company)s AND state = 'draft'
        """,
    )[0]


def quotes_waiting(tx: Tx, today: date) -> Sum:
    """Quotes sent, still valid, not answered."""
    return tx.rows(
        Sum,
        """
        SELECT count(*) AS count, coalesce(sum(gross_cents), 0)::bigint AS cents
          FROM read.quotes
         WHERE company_id = %(company)s AND state = 'sent' AND valid_until >= %(today)s
        """,
        today=today,
    )[0]


class Started(Row, frozen=True):
    """How far a new company has come."""

    clients: bool
    documents: bool
    issued: bool


def started(tx: Tx) -> Started:
    """Whether there is a client, a quote or a draft of an invoice, an invoice that was issued."""
    return tx.rows(
        Started,
        """
        SELECT EXISTS (SELECT FROM read.clients WHERE company_id = %(company)s) AS clients,
               EXISTS (SELECT FROM read.quotes WHERE company_id = %(company)s)
               OR EXISTS (SELECT FROM read.invoices WHERE company_id = %(company)s) AS documents,
               EXISTS (SELECT FROM read.invoices
                        WHERE company_id = %(company)s AND state <> 'draft' AND number <> '') AS issued
        """,
    )[0]
