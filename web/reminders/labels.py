"""What the screens call steps and what stops reminders."""

from datetime import date

from domain.reminder_policy import Level
from projections.reminder_lists import OpenRow
from web.filters import day
from web.labels import Status

LEVELS: dict[Level, str] = {
    "before": "Avant l’échéance", "first": "Première relance", "second": "Deuxième relance", "last": "Dernière relance",
}  # fmt: skip
TONES: dict[Level, str] = {"before": "draft", "first": "sent", "second": "soon", "last": "late"}
CAUSES = {"pause": "En pause", "promise": "Promesse de paiement", "dispute": "Litige"}


def level_pill(level: Level, *, short: bool = False) -> Status:
    """`short`: in a column that says already that it is about reminders."""
    label = LEVELS[level].removesuffix(" relance") if short else LEVELS[level]
    return Status(TONES[level], label)


def stop_pill(row: OpenRow, today: date) -> Status | None:
    """Why the program does not remind of an invoice; None when it may."""
    if row.doubtful:
        return Status("late", "Créance douteuse")
    if row.stopped(today) and row.cause:
        until = f" jusqu’au {day(row.until_on)}" if row.until_on else ""
        return Status("soon", f"{CAUSES[row.cause]}{until}")
    if row.retained and row.days <= 0:
        return Status("draft", "Retenue de garantie, pas encore due")
    if row.under_way:
        return Status("draft", "Message en attente")
    if not row.wanted:
        return Status("draft", "Client sans relance automatique")
    return None
