"""Legal forms of French businesses: what each must print beside its name.

Source: Code de commerce R123-237 (register and its city), R123-238 (form and capital of a company), R526-27 (« EI »).
"""

import re
from typing import Final

from domain.parties import Fact


class LegalForm(Fact):
    """`name` as it is printed; `capital`: it prints one; `rcs`: it is in the trade and companies register."""

    name: str
    capital: bool = True
    rcs: bool = True


SOLE_TRADER: Final = LegalForm(name="Entrepreneur individuel", capital=False, rcs=False)

FORMS: Final = (
    SOLE_TRADER,
    *(
        LegalForm(name=name)
        for name in ("EURL", "SARL", "SAS", "SASU", "SA", "SNC", "SCS", "SCA", "SCI", "SCP", "SCM", "SELARL", "SELAS")
    ),
    LegalForm(name="GIE", capital=False),
    LegalForm(name="Association", capital=False, rcs=False),
)

_SOLE_TRADER: Final = re.compile(r"\bEI\b|\bentrepreneu(r|se) individuel(le)?\b", re.IGNORECASE)


def form_of(name: str) -> LegalForm:
    """What is known of a form; of one that is not in the list nothing more is asked.

    >>> form_of("sarl").capital
    True
    """
    known = {form.name.casefold(): form for form in FORMS}
    return known.get(name.strip().casefold(), LegalForm(name=name, capital=False, rcs=False))


def says_sole_trader(*texts: str) -> bool:
    """Whether one of these says « entrepreneur individuel » or « EI », as the name of a sole trader must.

    >>> says_sole_trader("Léa Marchetti EI")
    True
    """
    return any(_SOLE_TRADER.search(text) for text in texts)
