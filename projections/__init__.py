"""Read models: tables that are filled from the ledger, for the screens. All of it can be thrown away and made again."""

from projections import (
    clients,
    companies,
    invoices,
    payments,
    postings,
    products,
    quotes,
    recurring,
    reminders,
    timeline,
    turnover,
    verifications,
)

PROJECTIONS = tuple(
    module.projection
    for module in (
        companies,
        clients,
        products,
        quotes,
        invoices,
        payments,
        turnover,
        postings,
        verifications,
        timeline,
        recurring,
        reminders,
    )
)
