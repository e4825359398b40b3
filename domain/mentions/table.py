"""All rules, in the order of the page and of print."""

from typing import Final

from domain.mentions import buyer, dwelling, exemptions, offer, operation, payment, seller
from domain.mentions.rule import Rule

VERSION: Final = "2026-11.4"  # `rules.mentions` of every issued document

RULES: Final[tuple[Rule, ...]] = (
    *seller.RULES,
    *buyer.RULES,
    *operation.RULES,
    *exemptions.RULES,
    *payment.RULES,
    *offer.RULES,
    *dwelling.RULES,
)
