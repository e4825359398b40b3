"""The ages of what clients owe, as the address of a list names them: the dashboard's table leads to each."""

LONGEST = 100_000  # days: no end

AGES = {  # label, days late at least and at most; below 1: not due yet
    "non-echues": ("Non échues", (-LONGEST, 0)),
    "1-30": ("1 à 30 j", (1, 30)),
    "31-60": ("31 à 60 j", (31, 60)),
    "61-90": ("61 à 90 j", (61, 90)),
    "90": ("Plus de 90 j", (91, LONGEST)),
}


def bounds(age: str) -> tuple[int, int] | None:
    """Days late, both included; nothing for every age.

    >>> bounds("31-60")
    (31, 60)
    """
    return AGES[age][1] if age in AGES else None
