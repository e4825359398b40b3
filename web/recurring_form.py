"""The form of a recurrence: the editor's fields, and when, until when, and what happens by itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.recurring import MOST_INDEXATION_BP, Plan, Recurring
from domain.schedule import MOST_MONTHS, MOST_TIMES, Schedule
from web import editor_fields, forms
from web.filters import rate
from web.forms import Fields

RHYTHMS = {"1": "Chaque mois", "3": "Chaque trimestre", "12": "Chaque année", "n": "Tous les … mois"}
DOINGS = {"": "Préparer un brouillon", "issue": "Émettre", "mail": "Émettre et envoyer par e-mail"}
PERIODS = {"": "Aucune", "ahead": "Celle qui commence à cette date", "behind": "Celle qui s’achève à cette date"}


def begun(today: date) -> dict[str, str]:
    """What a new recurrence begins with."""
    return {"rhythm": "1", "first_on": today.isoformat()}


def beside(recurring: Recurring) -> dict[str, str]:
    """The fields of a saved recurrence beyond its content."""
    plan, schedule = recurring.plan, recurring.plan.schedule
    months = str(schedule.every_months)
    return {
        "rhythm": months if months in RHYTHMS else "n",
        "every_months": months,
        "first_on": schedule.first_on.isoformat(),
        "end_of_month": "1" if schedule.end_of_month else "",
        "last_on": schedule.last_on.isoformat() if schedule.last_on else "",
        "times": str(schedule.times or ""),
        "doing": ("mail" if plan.mail else "issue") if plan.issue else "",
        "billed_period": plan.period,
        "indexation_bp": rate(plan.indexation_bp) if plan.indexation_bp else "",
    }


def read(form: Mapping[str, str]) -> Plan:
    """The plan that a person typed. Errors: `forms.Invalid`, with what cannot be read of the content too."""
    draft, fields = editor_fields.read(form), Fields(form)
    doing = fields.get("doing", forms.one_of(DOINGS), "") or ""
    facts: dict[str, Any] = {
        "schedule": _schedule(fields),
        "issue": bool(doing),
        "mail": doing == "mail",
        "period": fields.get("billed_period", forms.one_of(PERIODS), "") or "",
        "indexation_bp": fields.get("indexation_bp", _indexation, 0) or 0,
    }
    fields.errors = draft.errors | fields.errors
    fields.check()
    return Plan(content=draft.content, **facts)


def _schedule(fields: Fields) -> Schedule:
    rhythm = fields.need("rhythm", forms.one_of(RHYTHMS)) or "1"
    months = fields.need("every_months", _whole(MOST_MONTHS)) if rhythm == "n" else int(rhythm)
    return Schedule(
        first_on=fields.need("first_on", forms.date) or date.max,
        every_months=months or 1,
        end_of_month=bool(fields.form.get("end_of_month")),
        last_on=fields.get("last_on", forms.date, None),
        times=fields.get("times", _whole(MOST_TIMES), 0) or 0,
    )


def _whole(most: int) -> Any:
    """A parser of whole numbers from 1 to `most`."""

    def parse(raw: str) -> int:
        typed = raw.strip()
        if not typed.isascii() or not typed.isdigit() or len(typed) > len(str(most)) or not 1 <= int(typed) <= most:
            raise forms.Unreadable(f"Un nombre entier de 1 à {most}.")
        return int(typed)

    return parse


def _indexation(raw: str) -> int:
    bp = forms.rate_bp(raw)
    if not 0 <= bp <= MOST_INDEXATION_BP:
        raise forms.Unreadable("Un taux de 0 à 50 % par an.")
    return bp
