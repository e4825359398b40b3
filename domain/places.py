"""Where VAT and the post see an address: a part of France, the Union, the world outside; with a postcode or not.

Source: CGI 256-0 and 294 (France, its overseas parts, Monaco); directive 2006/112/CE, art. 6 and 7 (parts of Member
States outside the VAT of the Union); Windsor Framework (goods of Northern Ireland); ISO 3166-1.
"""

from typing import Final, Literal

Zone = Literal["mainland", "antilles", "reunion", "guyane", "mayotte", "union", "world"]

MEMBER_STATES: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
# ISO 3166-1, with what VAT numbers of Greece and Northern Ireland begin with: the prefixes of EN 16931, BR-CO-09.
VAT_PREFIXES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW
    """.split()
)

_FRENCH: Final[dict[str, Zone]] = {
    "FR": "mainland", "FR-20R": "mainland", "MC": "mainland", "GP": "antilles", "MQ": "antilles", "RE": "reunion",
    "GF": "guyane", "YT": "mayotte",
}  # fmt: skip
FRENCH_ZONES: Final = frozenset(_FRENCH.values())
_OF_POSTCODES: Final[dict[str, Zone]] = {
    "97133": "world", "97150": "world",  # Saint-Barthélemy, Saint-Martin
    "971": "antilles", "972": "antilles", "973": "guyane", "974": "reunion", "976": "mayotte",
    "975": "world", "977": "world", "978": "world", "984": "world", "986": "world", "987": "world", "988": "world",
}  # fmt: skip
_OUTSIDE_THE_UNION: Final = {
    "DE": ("27498", "78266"), "ES": ("35", "38", "51", "52"), "FI": ("22",), "GR": ("63086",), "IT": ("22061", "23041"),
}  # fmt: skip

# Where every address has one. Elsewhere (Ireland, Hong Kong, the Emirates…) it is printed when it is there.
POSTCODED: Final = MEMBER_STATES - {"IE"} | set("AU BR CA CH GB GF GP JP LI MC MQ NC NO PF PM RE SM US VA YT".split())


def zone(country: str, postcode: str = "", territory: str = "", *, of_goods: bool = False) -> Zone:
    """The zone of an address. `territory` (a part of France) wins over the postcode when it is not the mainland.

    >>> zone("DE", "80331"), zone("FR", "97400"), zone("ES", "35001"), zone("MC", "98000"), zone("GB", "BT1 1AA")
    ('union', 'reunion', 'world', 'mainland', 'world')
    """
    digits = postcode.replace(" ", "").upper()
    if country in _FRENCH:
        told = _FRENCH[country] if country != "FR" else _FRENCH.get(territory, "mainland")
        found = (of for prefix, of in _OF_POSTCODES.items() if digits.startswith(prefix))
        return next(found, told) if country == "FR" and told == "mainland" else told
    if of_goods and country == "GB" and digits.startswith("BT"):
        return "union"
    outside = digits.startswith(_OUTSIDE_THE_UNION.get(country, ())) if digits else False
    return "union" if country in MEMBER_STATES and not outside else "world"
