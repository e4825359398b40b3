"""Cents: the only place that rounds. Half away from zero, once, on the exact product.

So −x always rounds to −(rounded x): a credit note is its invoice turned, to the cent.
Source: `events.md`, Arithmetic; CIBS art. L131-2 (nearest, half up).
"""

from collections.abc import Sequence
from decimal import Decimal


def cents(euros: Decimal) -> int:
    """Cents of an amount in euros.

    >>> cents(Decimal("0.125")), cents(Decimal("-0.125"))
    (13, -13)
    """
    return product_cents(Decimal(1), euros)


def product_cents(quantity: Decimal, unit_price: Decimal) -> int:
    """Cents of quantity × unit price in euros.

    >>> product_cents(Decimal("2.5"), Decimal("0.333"))
    83
    """
    above, below = quantity.as_integer_ratio()
    price_above, price_below = unit_price.as_integer_ratio()
    return rounded(100 * above * price_above, below * price_below)


def euros(amount_cents: int) -> Decimal:
    """The amount in euros.

    >>> euros(-1050)
    Decimal('-10.5')
    """
    return Decimal(amount_cents).scaleb(-2).normalize() + Decimal(0)


def portion(amount_cents: int, bp: int) -> int:
    """`bp` basis points of an amount.

    >>> portion(2004, 2000)
    401
    """
    return rounded(amount_cents * bp, 10_000)


def rounded(numerator: int, denominator: int) -> int:
    """The whole number nearest to a fraction.

    Errors: `ZeroDivisionError`.

    >>> rounded(5, 2), rounded(-5, 2), rounded(5, -2), rounded(7, 3)
    (3, -3, -3, 2)
    """
    nearest = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return nearest if (numerator < 0) == (denominator < 0) else -nearest


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` cut in proportion to `weights`, by the largest remainder; equal remainders: the first.

    Errors: `ZeroDivisionError` when the weights add up to 0 and the total does not.

    >>> spread(100, [1, 1, 1])
    [34, 33, 33]
    """
    if total == 0:
        return [0] * len(weights)
    return apportion(total, [total * weight for weight in weights], sum(weights))


def apportion(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Whole numbers that add up to `total`, next to the exact shares numerators[i] / denominator.

    The exact shares add up to `total`, or round to it. Each is cut towards 0; what is missing goes, a cent each, to the
    largest remainders, the first of equal ones. Turning every sign turns the result.
    Errors: `ZeroDivisionError`.

    >>> apportion(401, [1002 * 2000, 1002 * 2000], 10_000)
    [201, 200]
    """
    sign = -1 if denominator < 0 else 1
    exact, denominator = [numerator * sign for numerator in numerators], abs(denominator)
    shares = [abs(share) // denominator * (1 if share > 0 else -1) for share in exact]
    missing = total - sum(shares)
    step = 1 if missing > 0 else -1
    rounds, rest = divmod(abs(missing), len(shares)) if missing else (0, 0)
    by_remainder = sorted(range(len(exact)), key=lambda i: step * (shares[i] * denominator - exact[i]))
    for rank, i in enumerate(by_remainder):
        shares[i] += step * (rounds + (rank < rest))
    return shares
