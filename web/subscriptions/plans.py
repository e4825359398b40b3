"""The offers: data of the program, in `plans.toml`."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec

Rhythm = Literal["month", "year"]
RHYTHMS: Final = {"month": "par mois", "year": "par an"}
CHOSEN: Final = {"month": "Chaque mois", "year": "Une fois par an"}  # as one chooses how to be billed
USUAL_VAT_BP: Final = 2000  # of a service in mainland France: what prices with VAT are shown with
NEARLY: Final = 80  # per cent of a limit, from which on the person is warned


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An offer; `documents` of a company in a calendar month, `users` of a company, `companies` of a subscriber."""

    key: str
    name: str
    for_whom: str
    month_cents: int
    year_cents: int
    documents: int
    users: int
    companies: int
    offered: bool = True

    def net_cents(self, rhythm: str) -> int:
        return self.year_cents if rhythm == "year" else self.month_cents

    def gross_cents(self, rhythm: str) -> int:
        """With VAT of mainland France, to the nearest cent."""
        net_cents = self.net_cents(rhythm)
        return net_cents + (net_cents * USUAL_VAT_BP + 5000) // 10_000


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version of the general terms; `from_on`: when it counts for those who accepted the one before."""

    version: str
    from_on: date


_told = tomllib.loads(Path(__file__).with_name("plans.toml").read_text(encoding="utf-8"))
PLANS: Final = {plan.key: plan for plan in msgspec.convert(_told["plan"], list[Plan])}
OFFERED: Final = {key: plan for key, plan in PLANS.items() if plan.offered}
VERSIONS: Final = msgspec.convert(_told["terms"], list[Terms])
NEWEST: Final = VERSIONS[-1]
TERMS: Final = NEWEST.version


def choices() -> dict[str, str]:
    """The offers of today as a choice: key → name."""
    return {key: plan.name for key, plan in OFFERED.items()}


def whole(plan: str, rhythm: str) -> str:
    """An offer in words: `Essentiel, par an`."""
    return f"{PLANS[plan].name}, {RHYTHMS[rhythm]}"
