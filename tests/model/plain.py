"""The rules of an accountant in plain dicts and fractions, written from the page and not from the program.

A table of VAT is {part: (base, vat)} in cents; a part is (rate, category, nature, when its VAT falls due).
"""

from collections import defaultdict
from fractions import Fraction

from tests.model.lines import Item

Part = tuple[int, str, str, str]
Table = dict[Part, tuple[int, int]]


def nearest(exact: Fraction) -> int:
    """Half away from zero."""
    return int(abs(exact) + Fraction(1, 2)) * (1 if exact > 0 else -1)


def shared(total: int, exact: list[Fraction]) -> list[int]:
    """Cut towards zero, and what is missing to the largest remainders."""
    cut = [int(one) for one in exact]
    missing = total - sum(cut)
    step = 1 if missing > 0 else -1
    order = sorted(range(len(exact)), key=lambda i: -step * (exact[i] - cut[i]))
    for i in (order * abs(missing))[: abs(missing)]:
        cut[i] += step
    return cut


def table(items: list[Item], mode: str, left: Table | None = None) -> Table:
    """The VAT of a document, of the parts that have any amount."""
    return plus(printed(items, mode, left))


def printed(items: list[Item], mode: str, left: Table | None = None) -> Table:
    """The VAT of a document as it prints it, parts of nothing too.

    `left`: what a credit note may still take, whose last one takes all the VAT.
    """
    groups: dict[tuple[int, str], dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        groups[item.part[:2]][item.part] += item.cents
    whole: Table = {}
    for (rate, _), amounts in groups.items():
        parts, vat_rate = sorted(amounts), Fraction(rate, 10_000)
        total = sum(amounts.values())
        if mode == "net":
            vats = shared(nearest(total * vat_rate), [amounts[part] * vat_rate for part in parts])
        else:
            bases = shared(nearest(total / (1 + vat_rate)), [amounts[part] / (1 + vat_rate) for part in parts])
            vats = [amounts[part] - base for part, base in zip(parts, bases, strict=True)]
        for part, vat in zip(parts, vats, strict=True):
            taken = limited(amounts[part], vat, mode, (left or {}).get(part))
            whole[part] = (amounts[part] if mode == "net" else amounts[part] - taken, taken)
    return whole


def limited(amount: int, vat: int, mode: str, left: tuple[int, int] | None) -> int:
    if left is None:
        return vat
    most = left[0] + (left[1] if mode == "gross" else 0)
    too_much = abs(amount) <= abs(most) and abs(vat) > abs(left[1])
    return -left[1] if amount == -most or too_much else vat


def plus(*tables: Table, sign: int = 1) -> Table:
    """The sum of the first table and of the others with `sign`; parts with nothing are left out."""
    total: dict[Part, list[int]] = defaultdict(lambda: [0, 0])
    for rank, one in enumerate(tables):
        for part, amounts in one.items():
            for i in (0, 1):
                total[part][i] += amounts[i] * (sign if rank else 1)
    return {part: (base, vat) for part, (base, vat) in total.items() if base or vat}


def portion(one: Table, numerator: int, denominator: int) -> Table:
    if denominator == 0:
        return {}
    share = Fraction(numerator, denominator)
    return plus({part: (nearest(base * share), nearest(vat * share)) for part, (base, vat) in one.items()})


def vat(one: Table) -> int:
    return sum(amounts[1] for amounts in one.values())


def gross(one: Table) -> int:
    return sum(base + vat for base, vat in one.values())


class Debt:
    """What an issued invoice still has to bring."""

    def __init__(self, client: object, whole: Table, retention: int) -> None:
        self.client, self.whole, self.retention = client, whole, retention
        self.claim, self.cash = gross(whole), 0
        self.cancelled: Table = {}
        self.lost, self.lost_vat = 0, {}
        self.doubtful = False

    @property
    def outstanding(self) -> int:
        return self.claim - self.cash

    @property
    def left(self) -> Table:
        return plus(self.whole, self.cancelled, sign=-1)

    @property
    def due(self) -> Table:
        """On cash: as much as was paid of the claim, all of it once it is met; else all."""
        on_cash = {part: amounts for part, amounts in self.left.items() if part[3] == "cash"}
        at_once = {part: amounts for part, amounts in self.left.items() if part[3] != "cash"}
        paid = on_cash if self.cash >= self.claim else portion(on_cash, max(self.cash, 0), self.claim)
        return plus(at_once, paid)

    @property
    def pending(self) -> Table:
        return plus(self.left, self.due, sign=-1)

    @property
    def retained(self) -> int:
        return 0 if self.doubtful else min(self.retention, self.outstanding)

    def discounted(self, discount: int) -> Table:
        """The VAT that goes with a discount."""
        return portion(self.left, min(discount, self.claim), self.claim)

    def move(self, cash: int, adjusted: int, cancelled: Table) -> None:
        self.cash += cash
        self.claim -= adjusted
        self.cancelled = plus(self.cancelled, cancelled)

    def may_be_credited(self, note: Table) -> bool:
        """A credit note takes no more than what is left of a part, neither base nor VAT."""
        return all(
            min(0, most) <= -amount <= max(0, most)
            for part, amounts in note.items()
            for amount, most in zip(amounts, self.left.get(part, (0, 0)), strict=True)
        )

    def credit(self, note: Table) -> int:
        """What becomes refundable."""
        amount = -gross(note)
        settled = min(amount, self.outstanding)
        self.move(settled - amount, amount, plus({}, note, sign=-1))
        return amount - settled

    def write_off(self, *, recover_due: bool) -> int:
        """The loss without its VAT."""
        amount, lost = self.outstanding, self.pending
        if recover_due:
            at_once = {part: each for part, each in self.left.items() if part[3] != "cash" and each[1]}
            lost = plus(lost, portion(at_once, min(amount, self.claim), self.claim))
        self.move(0, amount, lost)
        self.lost, self.lost_vat = self.lost + amount, plus(self.lost_vat, lost)
        return amount - vat(lost)

    def recover(self, amount: int) -> int:
        """The gain without its VAT."""
        back = portion(self.lost_vat, amount, self.lost)
        self.move(amount, -amount, plus({}, back, sign=-1))
        self.lost, self.lost_vat = self.lost - amount, plus(self.lost_vat, back, sign=-1)
        return amount - vat(back)
