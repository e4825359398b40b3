"""The two lists of a paper that need a decision, made once for the PDF and the screen: its facts and its totals."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from documents.paper import Paper, Reference
from documents.words import Tongue, tongue


class Total(NamedTuple):
    """A row under the lines: `base` is the small print beside the label, an empty `amount` leaves the row to it."""

    label: str
    amount: str
    base: str = ""
    style: Literal["", "strong", "due"] = ""


def facts(paper: Paper) -> Iterator[Reference]:
    """What stands beside the buyer: dates, references, place of delivery."""
    words = tongue(paper.language)
    say, day = words.say, words.day
    if paper.issued_on:
        yield Reference(label=say("Date"), value=day(paper.issued_on))
    if paper.valid_until_on:
        yield Reference(label=say("Valable jusqu’au"), value=day(paper.valid_until_on))
    if len(paper.instalments) == 1:
        yield Reference(label=say("Échéance"), value=day(paper.instalments[0].due_on))
    if paper.delivered_on:
        yield Reference(label=say("Exécution"), value=day(paper.delivered_on))
    if paper.period:
        first, last = paper.period
        yield Reference(label=say("Période"), value=say("du {first} au {last}", first=day(first), last=day(last)))
    yield from paper.references
    if paper.deliver_to:
        place = "Lieu d’exécution" if paper.kind == "quote" else "Livré à"
        yield Reference(label=say(place), value="\n".join((paper.deliver_to.name, *paper.deliver_to.address)))


def totals(paper: Paper) -> Iterator[Total]:
    """From the net to what is to be paid; the last row has the double rule."""
    words = tongue(paper.language)
    say, euros = words.say, words.euros
    for part in paper.adjustments:
        yield Total(part.label, euros(part.amount_cents))
    yield Total(say("Total HT"), euros(paper.net_cents))
    yield from _vat(paper, words)
    whole = say("Total TTC") if paper.vat_cents else say("Total")
    if paper.kind == "credit_note":
        yield Total(whole, euros(paper.gross_cents), style="strong")
        yield Total(say("À votre crédit"), euros(-paper.payable_cents), style="due")
    elif paper.payable_cents == paper.gross_cents:
        yield Total(whole, euros(paper.gross_cents), style="due")
    else:
        yield Total(whole, euros(paper.gross_cents), style="strong")
        yield from _between(paper, words)
        yield Total(say("Net à payer"), euros(paper.payable_cents), style="due")


def _vat(paper: Paper, words: Tongue) -> Iterator[Total]:
    several = len(paper.vat) > 1
    for group in paper.vat:
        base = words.say("sur {base}", base=words.euros(group.base_cents))
        if group.text:
            yield Total(group.text, "", base if several else "")
        else:
            rate = words.rate(group.rate_bp, group.category)
            yield Total(words.say("TVA {rate}", rate=rate), words.euros(group.vat_cents), base)


def _between(paper: Paper, words: Tongue) -> Iterator[Total]:
    if paper.paid_cents:
        yield Total(words.say("Déjà réglé"), words.euros(-paper.paid_cents))
    if paper.rounding_cents:
        yield Total(words.say("Arrondi"), words.euros(paper.rounding_cents))
