"""A rule of the law on what a document says, as a value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from domain.mentions.references import Reference
from domain.mentions.sale import Sale, Size

Said = Iterable[tuple[str, str]]  # code and text of each sentence


@dataclass(frozen=True)
class Rule:
    """What a document of these sales must say.

    `sources`: where the law says so, each with its days. `since`: from when it obliges an issuer of that size; what
    is printed may be printed before, what is missing is refused from that day only. `only_advised`: missing it is no
    refusal, since the law leaves another way.
    """

    code: str
    sources: tuple[Reference, ...]
    when: Callable[[Sale], bool]
    says: Callable[[Sale], Said] = lambda _: ()
    misses: Callable[[Sale], Iterable[str]] = lambda _: ()
    since: dict[Size, date] = field(default_factory=dict)
    until: date = date.max
    only_advised: bool = False

    def concerns(self, sale: Sale) -> bool:
        return sale.on <= self.until and self.when(sale)

    def obliges(self, sale: Sale) -> bool:
        return self.since.get(sale.size, date.min) <= sale.on

    def source(self, on: date) -> str:
        """What can be cited on that day; empty when the text moved and its new number is not known here yet."""
        return " ; ".join(known.text for known in self.sources if known.since <= on <= known.until)


def asks(
    code: str,
    sources: tuple[Reference, ...],
    has: Callable[[Sale], object],
    when: Callable[[Sale], bool] = lambda _: True,
    *,
    since: dict[Size, date] | None = None,
    only_advised: bool = False,
) -> Rule:
    """A rule that misses the field `code` of a sale that has it not."""

    def misses(sale: Sale) -> Iterable[str]:
        return () if has(sale) else (code,)

    return Rule(code, sources, when, misses=misses, since=since or {}, only_advised=only_advised)


def tells(
    code: str,
    sources: tuple[Reference, ...],
    text: Callable[[Sale], str],
    when: Callable[[Sale], bool] = lambda _: True,
    *,
    since: dict[Size, date] | None = None,
) -> Rule:
    """A rule that prints one sentence."""
    return Rule(code, sources, when, says=lambda sale: ((code, text(sale)),), since=since or {})
