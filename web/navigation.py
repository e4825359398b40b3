"""The menu: every screen family that exists in this program, and no dead link.

A screen enters the menu by being there: its blueprint's endpoint is looked up in the application.
"""

from typing import NamedTuple

from flask import Flask, current_app, request, url_for

from web import roles
from web.books import allowed


class Link(NamedTuple):
    endpoint: str
    label: str
    icon: str

    @property
    def here(self) -> bool:
        """Whether the page is of this family: its address, or one below it."""
        start = url_for(self.endpoint).rstrip("/")
        return request.path.rstrip("/") == start or (bool(start) and request.path.startswith(f"{start}/"))


MENU = (
    ("", (
        Link("dashboard.index", "Tableau de bord", "speedometer2"),
        Link("quotes.index", "Devis", "file-earmark-text"),
        Link("invoices.index", "Factures", "receipt"),
        Link("recurring.index", "Récurrences", "calendar-event"),
        Link("clients.index", "Clients", "people"),
        Link("products.index", "Catalogue", "box-seam"),
        Link("payments.index", "Règlements", "cash-coin"),
        Link("reminders.index", "Relances", "envelope"),
        Link("outbox.index", "Envois", "send"),
    )),
    ("Comptabilité", (
        Link("accounting.journal.index", "Journal", "journal-text"),
        Link("accounting.general_ledger.index", "Grand livre", "book"),
        Link("accounting.balance.index", "Balance", "list-columns"),
        Link("vat_due.index", "TVA", "percent"),
        Link("closings.index", "Clôtures", "calendar3"),
    )),
    ("Preuve", (
        Link("ledger.index", "Registre", "shield-check"),
        Link("archives.index", "Archives", "archive"),
        Link("certificates.index", "Attestation", "patch-check"),
        Link("journal.index", "Journal technique", "clock"),
        Link("inspection.index", "Contrôle", "eye"),
        Link("processing.index", "RGPD", "person"),
    )),
    ("", (
        Link("settings.index", "Réglages", "gear"),
    )),
)  # fmt: skip
SHORTCUTS = (
    Link("dashboard.index", "Accueil", "house"),
    Link("invoices.index", "Factures", "receipt"),
    Link("invoices.new", "Nouvelle", "plus-lg"),
    Link("clients.index", "Clients", "people"),
)


def init(app: Flask) -> None:
    app.jinja_env.globals.update(menu=menu, shortcuts=lambda: present(SHORTCUTS), has=has)


def menu() -> list[tuple[str, list[Link]]]:
    """Groups (title, links) of what is there; a group without links is left out."""
    return [(title, there) for title, links in MENU if (there := present(links))]


def present(links: tuple[Link, ...]) -> list[Link]:
    return [link for link in links if has(link.endpoint) and offered(link.endpoint)]


def offered(endpoint: str) -> bool:
    """Whether the person may see that page in the company that is open."""
    need = roles.need_of(endpoint, "GET")
    return need in (roles.SELF, roles.LOOK) or allowed(need)


def has(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
