"""Where the law says it, with the days on which it may be cited so.

VAT law moves from the CGI to the CIBS on 1 January 2027; the CGI may be cited on invoices until 30 June 2028
(ordonnance 2026-671 of 27 July 2026). The new numbers of the articles used here are not established: they are added
when they are, and until then nothing is cited after that day.
"""

from datetime import date
from typing import Final

from domain.mentions.sale import Size
from domain.parties import Fact

CGI_UNTIL: Final = date(2028, 6, 30)

# The four mentions of décret 2022-1299 follow the duty to issue electronically (loi 2022-1157 art. 26 III).
NEW_MENTIONS: Final[dict[Size, date]] = {"large": date(2026, 9, 1), "small": date(2027, 9, 1)}


class Reference(Fact):
    """A text of law and the days on which it is one."""

    text: str
    since: date = date.min
    until: date = date.max


def invoices(*parts: str) -> tuple[Reference, ...]:
    """CGI, annexe II, article 242 nonies A, I."""
    return (Reference(text=f"CGI, ann. II, art. 242 nonies A, I-{', '.join(parts)}", until=CGI_UNTIL),)


def cgi(article: str, until: date = CGI_UNTIL) -> tuple[Reference, ...]:
    return (Reference(text=f"CGI, art. {article}", until=until),)


def commerce(article: str, since: date = date.min) -> tuple[Reference, ...]:
    return (Reference(text=f"Code de commerce, art. {article}", since=since),)


def other(text: str, since: date = date.min) -> tuple[Reference, ...]:
    return (Reference(text=text, since=since),)
