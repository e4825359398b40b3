"""What stands around every page: the company and its integrity badge, the theme, the person."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Flask, g, request
from flask_security import current_user

from projections import archives, companies, verifications
from projections.archives import Reopened
from projections.verifications import Integrity
from web.appearance import THEMES, theme
from web.books import allowed, read
from web.filters import clock, day, plural
from web.roles import TRADE

FRESH = timedelta(hours=26)  # the daily verification may take its time, and an hour to be asked for


class Badge(NamedTuple):
    """What the integrity badge says; `state`: `ok`, `old` (never, too long ago, or it broke down) or `bad`."""

    state: str
    text: str
    short: str


class Around(NamedTuple):
    """The company of a page; `training`: nothing there is real. `locked`: why its ledger takes no entry (`altered`,
    `restored`, `clock`); empty, it does. `archive`: it was opened from archives, and never takes any.
    """

    company_name: str
    training: bool
    integrity: Badge
    locked: str
    archive: Reopened | None


def init(app: Flask) -> None:
    """`frame()` asks the books, and only when a whole page is made: a piece for htmx stands in one already."""
    app.jinja_env.globals.update(frame=around, themes=THEMES, allowed=allowed)
    app.context_processor(
        lambda: {
            "theme": theme(), "htmx": "HX-Request" in request.headers, "me": current_user, "writes": allowed(TRADE),
        }
    )  # fmt: skip


def around() -> Around | None:
    """What is said of the company that is open; None when none is."""
    return around_of(g.membership.company_id) if g.get("membership") else None


def around_of(company_id: UUID) -> Around | None:
    """What is said of a company; None when its ledger was never opened."""
    with read(company_id) as tx:
        company = companies.current(tx)
        if company is None:
            return None
        integrity, archive = verifications.integrity(tx), archives.reopened(tx)
        if archive:
            told = f"Archive vérifiée à son ouverture, le {day(archive.opened_at.date())}"
            return Around(company.name, company.training, Badge("ok", told, "Archive vérifiée"), "", archive)
        return Around(company.name, company.training, badge(integrity, company.time_zone), locked(integrity), None)


def name_of(company_id: UUID) -> str:
    """What a company is called; its identifier as long as it has no ledger."""
    found = around_of(company_id)
    return found.company_name if found else str(company_id)


def locked(integrity: Integrity) -> str:
    """Why the ledger takes no entry; empty when it does."""
    if integrity.frozen:
        return "altered" if integrity.last and not integrity.last.ok else "restored"
    return "clock" if integrity.ahead else ""


def badge(integrity: Integrity, zone: str, now: datetime | None = None) -> Badge:
    """The last verification and its age in words, on the clock of the company; `now` is given by tests only."""
    last, entries = integrity.last, plural(integrity.entries, "écriture")
    if last is None:
        return Badge("old", f"Registre jamais vérifié · {entries}", "À vérifier")
    if not last.ok:
        said = "Registre altéré" if integrity.frozen else "Registre à revoir"
        return Badge("bad", f"{said} : {plural(last.findings, 'défaut')}, voir le rapport", said)
    if integrity.broken:
        return Badge("old", f"Vérification empêchée par une panne ; la dernière : {day(last.at.date())}", "À vérifier")
    if (now or datetime.now(UTC)) - last.at < FRESH:
        return Badge(
            "ok", f"Registre vérifié à {clock(last.at, zone)} · {entries}", f"Vérifié à {clock(last.at, zone)}"
        )
    return Badge("old", f"Registre vérifié le {day(last.at.date())} · {entries}", "À vérifier")
