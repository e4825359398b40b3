"""« Réglages des relances »: by themselves or by hand, when, and what goes with them."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.reminder_policy import LEVELS, Level, Levels, Policy
from ledger.commands.reminders import set_policy
from projections import reminder_lists
from web import forms
from web.books import allowed, do, read
from web.days import today
from web.errors import again
from web.pages import show
from web.reminders import labels, plan
from web.roles import DECIDE

MOST_DAYS = 365
LETTERS: dict[Level, str] = {level: f"reminder_{level}" for level in LEVELS}

bp = Blueprint("reminder_policy", __name__, url_prefix="/reglages/relances")


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    with read() as tx:
        policy, day = reminder_lists.policy(tx), today(tx)
        waiting = plan.due(reminder_lists.unpaid(tx, day), policy, day)
    return show(
        "reminders/policy.html", values=values or _values(policy), errors=errors or {}, problem=problem,
        levels=labels.LEVELS, letters=LETTERS, may=allowed(DECIDE), policy=policy, waiting=len(waiting),
        server=current_app.extensions["settings"].smtp_host,
    )  # fmt: skip


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
@again(page)
def change() -> AnyResponse:
    fields = forms.Fields(request.form)
    days = {level: fields.get(f"level_{level}", _days, 0) or 0 for level in LEVELS}
    fields.check()
    ticks = {name: bool(request.form.get(name)) for name in ("grouped", "statement", "link")}
    automatic = request.form.get("automatic") == "1"
    do(set_policy, policy=Policy(automatic=automatic, levels=Levels(**days), **ticks))
    flash("Relances automatiques : elles partent le matin." if automatic else "Relances manuelles : la liste des"
          " factures à relancer est sur le tableau de bord.")  # fmt: skip
    return redirect(url_for(".index"), 303)


def _values(policy: Policy) -> dict[str, Any]:
    shown = {f"level_{level}": getattr(policy.levels, level) or "" for level in LEVELS}
    return shown | {
        "automatic": "1" if policy.automatic else "0", "grouped": policy.grouped, "statement": policy.statement,
        "link": policy.link,
    }  # fmt: skip


def _days(raw: str) -> int:
    if not raw.strip():
        return 0
    if not raw.strip().isdecimal() or not 0 < int(raw) <= MOST_DAYS:
        raise forms.Unreadable(f"Un nombre de jours, de 1 à {MOST_DAYS}, ou rien.")
    return int(raw)
