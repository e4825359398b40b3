"""Mentions that the law wants on an invoice, a credit note, a quote: rules as dated data.

They are part of the domain, not of the documents that print them, because a sale that breaks one is never issued
(`readiness`). What is printed is recorded in the event: an issued document keeps its words when the law changes.

What identifies a party (name, capital, register…) is printed by the paper from its fields, so that it can be sealed:
the rules only ask for it. What is a sentence is printed here, and never holds a name.
"""

from collections.abc import Iterator

from domain.invoice import Mention
from domain.mentions.caps import CAPS
from domain.mentions.dwelling import CODES as CERTIFIED
from domain.mentions.operation import LONGEST_LINES
from domain.mentions.rule import Rule
from domain.mentions.sale import Sale
from domain.mentions.table import RULES, VERSION

__all__ = [
    "CAPS", "CERTIFIED", "LONGEST_LINES", "RULES", "VERSION", "Rule", "Sale", "advices", "lacks", "mentions",
    "warnings",
]  # fmt: skip


def mentions(sale: Sale) -> tuple[Mention, ...]:
    """The sentences to print, in the order of print; each code and text once."""
    said = (Mention(code=code, text=text) for rule in RULES if rule.concerns(sale) for code, text in rule.says(sale))
    return tuple(dict.fromkeys(said))


def lacks(sale: Sale) -> Iterator[str]:
    """The fields that a rule in force asks for and that are missing or wrong, in the order of the page."""
    for rule in RULES:
        if rule.concerns(sale) and rule.obliges(sale) and not rule.only_advised:
            yield from rule.misses(sale)


def advices(sale: Sale) -> tuple[str, ...]:
    """The fields that had better be there, though the law leaves another way to say them."""
    advised = (rule for rule in RULES if rule.only_advised and rule.concerns(sale))
    return tuple(field for rule in advised for field in rule.misses(sale))


def warnings(sale: Sale) -> tuple[str, ...]:
    """The legal caps that the terms of payment exceed, each in a French sentence; a person decides."""
    return tuple(cap.text for cap in CAPS if cap.concerns(sale) and cap.exceeded(sale))
