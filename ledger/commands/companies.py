"""The company: its ledger opened, its identity and settings changed, its fiscal years."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from msgspec.structs import replace

from domain import half_years
from domain.books import BooksPeriod, check_period
from domain.company import Company, Configuration, Identity, Keeping
from domain.fiscal_years import FiscalYearBegun
from domain.identity import check_identity
from ledger.commands.sealing import opened, seal
from ledger.entry import Entry
from ledger.periods import fiscal_day

BANK = """
    INSERT INTO accounts.bank_changes (company_id, changed_by) VALUES (%(company)s, %(by)s)
    ON CONFLICT (company_id) DO UPDATE SET changed_by = excluded.changed_by, changed_at = now()
    """
LOGO_KEPT = timedelta(days=30 * 366)  # while it may be printed; a frozen document has its own


def open_ledger(
    entry: Entry,
    *,
    origin: str,
    signer: str,
    software: str,
    identity: Identity,
    natural_person: bool,
    mode: Literal["live", "training"],
    configuration: Configuration,
    fiscal_year: tuple[date, date],
    time_zone: str = "Europe/Paris",
) -> None:
    """A new company: its ledger, its settings and its first fiscal year. Run by the job role only.

    `origin` and `signer` are those of `ledger.signer`; `identity` is in clear and sealed here for a sole trader.
    """
    check_identity(identity)
    company = Company.open(
        entry.company_id,
        origin=origin,
        signer=signer,
        software=software,
        mode=mode,
        time_zone=time_zone,
        company=seal(entry, entry.company_id, identity) if natural_person else identity,
        natural_person=natural_person,
    )
    company.configure(configuration, fiscal_year[0])
    company.define_fiscal_year(*fiscal_year)
    entry.save(company)


def change_identity(entry: Entry, *, identity: Identity, natural_person: bool) -> bool:
    """The logo stays as it is. True: clients are to pay into another account, which stands beside for the members."""
    check_identity(identity)
    company = entry.get(Company, entry.company_id)
    before = opened(entry, company.identity)
    identity = replace(identity, logo=before.logo)
    company.change(seal(entry, company.id, identity) if natural_person else identity, natural_person)
    entry.save(company)
    if moved := identity.iban != before.iban:
        entry.beside(BANK, by=entry.actor)
    return moved


def changing_logo(content: bytes) -> Callable[..., None]:
    """The use case that prints this picture on documents from now on; none when it is empty."""

    def change_logo(entry: Entry, *, sha256: str) -> None:
        company = entry.get(Company, entry.company_id)
        logo = entry.keep(content, entry.day + LOGO_KEPT) if content else ""
        identity = replace(opened(entry, company.identity), logo=logo)
        company.change(
            seal(entry, company.id, identity) if company.natural_person else identity, company.natural_person
        )
        entry.save(company)

    return change_logo


def configure(entry: Entry, *, configuration: Configuration) -> None:
    """Errors: `NumberingFixed`, `PatternRefused`, `PatternTaken`, `LateRateTooLow`."""
    half_years.check_agreed(configuration.late_rate_bp, entry.day, configuration.half_years)
    company = entry.get(Company, entry.company_id)
    company.configure(configuration, entry.day)
    entry.save(company)


def define_fiscal_year(entry: Entry, *, first_day: date, last_day: date) -> None:
    """The next fiscal year; or the last one defined with another end, as long as nothing was recorded in it.

    Errors: `FiscalYearRefused`, `FiscalYearBegun`.
    """
    company = entry.get(Company, entry.company_id)
    known = (first_day, last_day) in company.fiscal_years
    if not known and first_day <= entry.day and first_day in dict(company.fiscal_years) and fiscal_day(entry, 1):
        raise FiscalYearBegun(first_day)
    company.define_fiscal_year(first_day, last_day)
    entry.save(company)


def keep_books(entry: Entry, *, keeping: Keeping) -> None:
    company = entry.get(Company, entry.company_id)
    company.keep(keeping)
    entry.save(company)


def close_books(entry: Entry, *, through: date, kind: BooksPeriod) -> None:
    """Errors: `EndsNoPeriod`, `PeriodNotOver`, `PeriodClosed`."""
    company = entry.get(Company, entry.company_id)
    check_period(company, through, kind, entry.day)
    company.close_books(through, kind)
    entry.save(company)
