"""What a reminder asks for: the facts that its text names, and the table under it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from documents.titles import TITLES
from documents.words import Tongue, tongue
from domain.late import Period
from web.mail.message import Around

WITH_FEE = (
    "Au {on}, les pénalités de retard s’élèvent à {interest} et l’indemnité forfaitaire pour frais de recouvrement à"
    " {fee} ; elles s’ajoutent au montant dû ({law})."
)
WITHOUT_FEE = "Au {on}, les pénalités de retard s’élèvent à {interest} ; elles s’ajoutent au montant dû ({law})."
PERIOD = "{number} : {base} du {first} au {last}, {days} à {rate} par an{instead}, soit {cents}"
INSTEAD = " (taux du {half} semestre {year}, le dernier connu)"
HALVES = ("1er", "2e")
ENGLISH = {
    WITH_FEE: "As of {on}, late-payment interest amounts to {interest} and the fixed recovery fee to {fee}, in addition"
    " to the amount due ({law}).",
    WITHOUT_FEE: "As of {on}, late-payment interest amounts to {interest}, in addition to the amount due ({law}).",
    PERIOD: "{number}: {base} from {first} to {last}, {days} at {rate} a year{instead}: {cents}",
    INSTEAD: " (the rate of the {half} half of {year}, the last one known)",
    "1er": "first",
    "2e": "second",
    "{title} {number} du {issued}, échéance le {due} : {cents}": "{title} {number} of {issued}, due on {due}: {cents}",
    "{number}, échéance le {due}": "{number}, due on {due}",
    "Factures en attente de règlement": "Invoices awaiting payment",
    "Reste dû": "Amount due",
    "{days} jours": "{days} days",
    "un jour": "one day",
}
BUSINESS_LAW = "Code de commerce, art. L441-10 et D441-5"
PUBLIC_LAW = "Code de la commande publique, art. L2192-13 et D2192-35"


class Item(NamedTuple):
    """An invoice in a reminder; `kind` of document; `periods` of its interest and `fee_cents` up to the call's day."""

    kind: str
    number: str
    issued_on: date
    due_on: date
    due_cents: int
    periods: tuple[Period, ...] = ()
    fee_cents: int = 0

    @property
    def interest_cents(self) -> int:
        return sum(period.cents for period in self.periods)


class Call(NamedTuple):
    """`on`: the day that it speaks of. `public`: the buyer is a public body. `legal`: who the company is, in pieces."""

    company: str
    client: str
    language: str
    training: bool
    on: date
    items: tuple[Item, ...]
    public: bool = False
    legal: tuple[str, ...] = ()

    @property
    def numbers(self) -> str:
        return ", ".join(item.number for item in self.items)

    @property
    def label(self) -> str:
        """What a list calls it: the first number, and how many more."""
        more = len(self.items) - 1
        return f"{self.items[0].number} + {more}" if more else self.items[0].number

    @property
    def total_cents(self) -> int:
        return sum(item.due_cents for item in self.items)

    @property
    def late_days(self) -> int:
        return max((self.on - min(item.due_on for item in self.items)).days, 0)


def facts(call: Call) -> dict[str, str]:
    """What stands for each placeholder, in the language of the client."""
    words = tongue(call.language)
    return {
        "client": call.client,
        "societe": call.company,
        "numero": call.numbers,
        "factures": "\n".join(_line(item, words) for item in call.items),
        "total": words.euros(call.total_cents),
        "echeance": words.day(min(item.due_on for item in call.items)),
        "retard": _days(call.late_days, words),
        "penalites": penalties(call, words),
    }


def penalties(call: Call, words: Tongue) -> str:
    """The sentence on interest and the 40 €, then the interest by period so that it can be reckoned again; empty when
    nothing is owed of either.
    """
    interest_cents, fee_cents = (
        sum(item.interest_cents for item in call.items),
        sum(item.fee_cents for item in call.items),
    )
    if not interest_cents and not fee_cents:
        return ""
    sentence = say(
        words, WITH_FEE if fee_cents else WITHOUT_FEE, on=words.day(call.on), interest=words.euros(interest_cents),
        fee=words.euros(fee_cents), law=PUBLIC_LAW if call.public else BUSINESS_LAW,
    )  # fmt: skip
    return "\n".join((sentence, *reckoned(call, words)))


def reckoned(call: Call, words: Tongue) -> Iterator[str]:
    """Each period of interest on a line: base, days, rate, sum."""
    return (
        say(
            words, PERIOD, number=item.number, base=words.euros(period.base_cents), first=words.day(period.first_on),
            last=words.day(period.last_on), days=_days(period.days, words), rate=words.rate(period.rate_bp),
            instead=instead(period, words), cents=words.euros(period.cents),
        )
        for item in call.items for period in item.periods
    )  # fmt: skip


def instead(period: Period, words: Tongue) -> str:
    """Whose rate it is, when that of its own half-year is not known; else nothing."""
    if not period.stands_in or period.reckoned_on is None:
        return ""
    half = say(words, HALVES[period.reckoned_on.month > 6])
    return say(words, INSTEAD, half=half, year=period.reckoned_on.year)


def around(call: Call) -> Around:
    """The table under the text: what is due of each invoice, and of all."""
    words = tongue(call.language)
    rows = tuple(
        (say(words, "{number}, échéance le {due}", number=item.number, due=words.day(item.due_on)),
         words.euros(item.due_cents))
        for item in call.items
    )  # fmt: skip
    return Around(
        call.company, call.training, say(words, "Factures en attente de règlement"),
        (*rows, (say(words, "Reste dû"), words.euros(call.total_cents))), "Le détail est joint à ce message.",
        call.legal,
    )  # fmt: skip


def tidy(text: str) -> str:
    """Without the empty paragraph that a fact leaves when it is empty."""
    return "\n\n".join(part for part in (piece.strip("\n") for piece in text.split("\n\n")) if part.strip())


def say(words: Tongue, french: str, **told: object) -> str:
    return (ENGLISH[french] if words.texts else french).format(**told)


def _days(count: int, words: Tongue) -> str:
    return say(words, "un jour") if count == 1 else say(words, "{days} jours", days=count)


def _line(item: Item, words: Tongue) -> str:
    return say(
        words, "{title} {number} du {issued}, échéance le {due} : {cents}", title=words.say(TITLES[item.kind]),
        number=item.number, issued=words.day(item.issued_on), due=words.day(item.due_on),
        cents=words.euros(item.due_cents),
    )  # fmt: skip
