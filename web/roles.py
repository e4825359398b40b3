"""What each role may do in a company, and what each address needs. One table each: nothing else decides.

An address that stands in neither table shows what its company holds, and takes forms of an owner only.
"""

from typing import NamedTuple

LOOK = "look"  # read the company's books
TRADE = "trade"  # clients, catalogue, quotes, invoices, payments, mails
BOOKS = "books"  # accounting: closings, losses, archives, attestation
DECIDE = "decide"  # settings
OWN = "own"  # members, access of inspectors
SELF = "self"  # the person's own things, whatever company is open, and none needed


class Role(NamedTuple):
    """`told`: what it may do, as an owner reads it who chooses."""

    label: str
    told: str
    may: frozenset[str]


ROLES = {
    "owner": Role("Titulaire", "Tout, membres et réglages compris", frozenset({LOOK, TRADE, BOOKS, DECIDE, OWN})),
    "accountant": Role(
        "Comptable", "Tout, réglages et comptabilité compris, sauf les membres", frozenset({LOOK, TRADE, BOOKS, DECIDE})
    ),
    "collaborator": Role(
        "Collaborateur", "Clients, devis, factures, règlements et envois ; ni réglages, ni membres, ni clôtures",
        frozenset({LOOK, TRADE}),
    ),
    "reader": Role("Lecteur", "Tout lire, ne rien changer", frozenset({LOOK})),
    "inspector": Role("Contrôleur", "Tout lire jusqu’à un jour ; ses téléchargements sont inscrits", frozenset({LOOK})),
}  # fmt: skip
INVITED = {name: role for name, role in ROLES.items() if name != "inspector"}  # whose access is opened in « Contrôle »

FORMS: dict[str, str] = {  # what sending a form needs, by family of screens, and by address where it differs
    "clients": TRADE,
    "products": TRADE,
    "merging": TRADE,
    "imports": TRADE,
    "recurring": TRADE,
    "editor": TRADE,
    "reminders": TRADE,
    "reminding": TRADE,
    "reminder_stops": TRADE,
    "formal_notices": TRADE,
    "reminder_policy": DECIDE,
    "notifications": LOOK,  # each only her own
    "quotes": TRADE,
    "quote_actions": TRADE,
    "situations": TRADE,
    "invoices": TRADE,
    "invoice_actions": TRADE,
    "corrections": TRADE,
    "penalties": TRADE,
    "payments": TRADE,
    "receiving": TRADE,
    "leftovers": TRADE,
    "files": TRADE,
    "links": TRADE,
    "outbox": TRADE,
    "sending": TRADE,
    "debts": BOOKS,
    "archives": BOOKS,
    "books": BOOKS,
    "certificates": BOOKS,
    "settings": DECIDE,
    "fiscal": DECIDE,
    "logo": DECIDE,
    "letters": DECIDE,
    "letters.preview": TRADE,
    "ledger": LOOK,  # anybody may have the books verified
    "inspection": OWN,
    "team": OWN,
    "privacy": OWN,
    "silent": OWN,
    "account": SELF,
    "own_data": SELF,
    "appearance": SELF,
    "companies": SELF,
    "first_run": SELF,
    "subscriptions": SELF,
    "security": SELF,
    "tickets": SELF,
    "ideas": SELF,
    "news": SELF,
    "operator": SELF,  # the console has a gate of its own
}
SHOWN_FORMS = (  # who may not send one does not see it
    "clients.new", "clients.edit", "products.new", "quotes.new", "quotes.edit", "quotes.send_form", "invoices.new",
    "invoices.edit", "invoice_actions.issue_form", "invoice_actions.discard_form", "corrections.index", "receiving.new",
    "leftovers.allocate", "leftovers.refund", "penalties.index", "situations.index", "sending.invoice_form",
    "sending.quote_form", "recurring.new", "recurring.edit", "imports.new", "merging.index", "merging.choose",
    "reminding.form", "reminder_stops.stop_form", "formal_notices.new",
)  # fmt: skip
PAGES: dict[str, str] = {  # what being shown a page needs, where reading the books is not enough, or not needed
    **dict.fromkeys(SHOWN_FORMS, TRADE),
    "debts.index": BOOKS,
    "team": OWN,
    "inspection.inspectors.index": OWN,
    "account": SELF,
    "companies": SELF,
    "first_run": SELF,
    "subscriptions": SELF,
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def need_of(endpoint: str, method: str) -> str:
    """What the address needs under that method."""
    shows = method in SAFE_METHODS
    table = PAGES if shows else FORMS
    return table.get(endpoint) or table.get(endpoint.partition(".")[0]) or (LOOK if shows else OWN)


def may(role: str, need: str) -> bool:
    return need == SELF or need in ROLES[role].may
