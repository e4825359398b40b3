"""Whether a reason to bill without VAT fits who buys, what is sold and where it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from domain.client import Profile
from domain.company import Configuration
from domain.lines import DraftLine, Nature
from domain.parties import Card
from domain.places import FRENCH_ZONES, MEMBER_STATES, Zone, zone
from domain.vat import Exemption, Need

_WITHOUT_VAT: Final = frozenset({"guyane", "mayotte"})
_OF_GOODS: Final[tuple[Nature, ...]] = ("goods", "shipping")
_OF_SERVICES: Final[tuple[Nature, ...]] = ("services", "shipping")
_NATURES: Final[dict[Need, tuple[Nature, ...]]] = {
    "union_goods": _OF_GOODS, "export": _OF_GOODS, "union_services": _OF_SERVICES, "world_services": _OF_SERVICES,
    "world_consumer": _OF_SERVICES, "disbursement": ("disbursement",),
}  # fmt: skip


@dataclass(frozen=True)
class Deal:
    """What a reason asks of a sale. `buyer` = where the client is, for services; `arrives` = where goods go."""

    franchise: bool
    seller: Zone
    person: bool
    taxable: bool
    vat_number: str
    buyer: Zone
    arrives: Zone

    @classmethod
    def of(cls, configuration: Configuration, profile: Profile, card: Card, delivery: Card) -> Self:
        """Cards in clear."""
        told = delivery.address if delivery.address.country else None
        country = told.country if told else profile.country
        postcode = told.postcode if told else card.address.postcode
        territory = "" if told else profile.territory
        return cls(
            franchise=configuration.vat_regime == "franchise",
            seller=zone("FR", territory=configuration.territory),
            person=profile.kind == "person",
            taxable=profile.taxable and profile.kind != "person",
            vat_number=card.vat_number,
            buyer=zone(profile.country, card.address.postcode, profile.territory),
            arrives=zone(country, postcode, territory, of_goods=True),
        )

    @property
    def registered_abroad(self) -> bool:
        """Its VAT number is of another Member State; where none is told yet, it stands in one."""
        if not self.vat_number:
            return self.buyer == "union"
        return self.vat_number[:2] in MEMBER_STATES - {"FR"} | {"EL", "XI"}


def fits(reason: Exemption, deal: Deal) -> bool:
    """Whether that client may be billed for that reason at all."""
    return _MEETS[reason.needs](deal)


def misfit(reason: Exemption, deal: Deal, line: DraftLine) -> Need:
    """What the line lacks of that which its reason needs; empty when it has all."""
    natures = _NATURES.get(reason.needs, (line.nature,))
    met = fits(reason, deal) or _is_of_there(reason.needs, zone("FR", territory=line.territory))
    return "" if met and line.nature in natures else reason.needs


def _is_of_there(need: Need, place: Zone) -> bool:
    """A line whose VAT is that of a territory overseas is sold there, wherever its client is."""
    return (need == "no_vat_land" and place in _WITHOUT_VAT) or (need == "overseas" and place != "mainland")


def _among(deal: Deal, zones: frozenset[Zone]) -> bool:
    return not zones.isdisjoint({deal.seller, deal.buyer, deal.arrives})


def _in_france(deal: Deal) -> bool:
    return deal.buyer in FRENCH_ZONES or deal.vat_number.startswith("FR")


_MEETS: Final[dict[Need, Callable[[Deal], bool]]] = {
    "": lambda _: True,
    "disbursement": lambda _: True,
    "franchise": lambda deal: deal.franchise,
    # 262 ter, I, 1°: not by a seller in franchise; the buyer may be a body that only is registered.
    "union_goods": lambda deal: (
        not deal.franchise and not deal.person and deal.registered_abroad and deal.arrives == "union"
    ),
    # 294, 2: from one part of France to another with a VAT of its own is an export too.
    "export": lambda deal: deal.arrives not in ("union", deal.seller),
    "union_services": lambda deal: (
        not deal.person and (deal.taxable or bool(deal.vat_number)) and deal.buyer == "union" and deal.registered_abroad
    ),
    "world_services": lambda deal: deal.taxable and deal.buyer == "world",
    "world_consumer": lambda deal: not deal.taxable and deal.buyer == "world",
    "french_trader": lambda deal: deal.taxable and _in_france(deal),
    "trader": lambda deal: deal.taxable,
    "no_vat_land": lambda deal: _among(deal, frozenset({"guyane", "mayotte"})),
    "overseas": lambda deal: _among(deal, FRENCH_ZONES - {"mainland"}),
}
