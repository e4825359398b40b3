"""E-mail addresses that people sign up with: well formed, and not of a mailbox that is thrown away."""

from functools import cache
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from web import forms

DISPOSABLE = Path(__file__).with_name("disposable.txt")


def email(raw: str) -> str:
    """A parser for a form; the domain in lower case. Errors: `forms.Unreadable`."""
    typed = forms.plain(raw, 254)
    try:
        told = validate_email(typed, check_deliverability=False)
    except EmailNotValidError:
        raise forms.Unreadable("Une adresse e-mail s’écrit nom@domaine.fr.") from None
    domain = told.ascii_domain or told.domain
    if any(domain == name or domain.endswith(f".{name}") for name in disposable()):
        raise forms.Unreadable("Les adresses jetables ne sont pas acceptées : vos factures et vos accès en dépendent.")
    return told.normalized


@cache
def disposable() -> frozenset[str]:
    """Domains of mailboxes that are thrown away: a short list with its date, not every one there is."""
    lines = DISPOSABLE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
