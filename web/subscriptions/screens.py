"""« Mes adhésions »: the plan of the person who is signed in, what is used of it, its invoices, what she decides on it.

Her invoices stand in the operator's books: of those she is shown the files of her own periods, and nothing else.
"""

import re
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, request, url_for
from flask_security import current_user
from psycopg import Connection
from werkzeug.wrappers import Response as AnyResponse

from projections import files
from web import forms, frame
from web.books import read
from web.errors import again
from web.filters import day as written
from web.pages import show
from web.subscriptions import changes, payments, plans, rows, standing, terms
from web.subscriptions.plans import PLANS, Plan
from web.subscriptions.rows import Subscription

LABELS = {"offer": "Offre", "payment": "Paiement", "mandate": "Référence unique du mandat"}
MANDATE = re.compile(r"[A-Za-z0-9+?/:().,' -]{1,35}")  # the character set of SEPA, EPC 130-08

PAY_BY = """
    UPDATE accounts.subscriptions
       SET payment = %(payment)s, mandate = %(mandate)s,
           mandate_on = CASE WHEN mandate = %(mandate)s THEN mandate_on END
     WHERE id = %(id)s
    """

bp = Blueprint("subscriptions", __name__, url_prefix="/adhesions")


class Used(NamedTuple):
    """What a company uses of the plan."""

    name: str
    documents: int
    users: int


class Choice(NamedTuple):
    """An offer that may be chosen: `key` in the form, and what choosing it would mean."""

    key: str
    plan: Plan
    rhythm: str
    effect: changes.Effect
    held: bool


def page(values: Any = None, errors: Any = None, problem: str = "") -> str:
    day = rows.today()
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        subscription = rows.of_user(conn, current_user.id)
        if subscription is None:
            return _none(conn, values, errors, problem)
        periods = rows.periods(conn, subscription.id)
        companies = rows.companies(conn, subscription.id)
        counted = [(each, standing.documents(conn, each), standing.users(conn, each)) for each in companies]
        choices = _choices(conn, subscription)
        announced = terms.announced(conn, current_user.id)
    used = [Used(frame.name_of(company_id), documents, users) for company_id, documents, users in counted]
    return show(
        "subscriptions/index.html", subscription=subscription, periods=periods, current=periods[0],
        plan=PLANS[periods[0].plan], plans=PLANS, used=used, choices=choices, day=day, ended=subscription.ended(day),
        values=values or {"payment": subscription.payment, "mandate": subscription.mandate}, errors=errors or {},
        problem=problem, labels=LABELS, ways=payments.WAYS, rhythms=plans.RHYTHMS, announced=announced,
        invoiced=bool(current_app.extensions["settings"].operator_company),
    )  # fmt: skip


@bp.get("")
def index() -> str:
    return page()


@bp.post("/offre")
@again(page)
def choose() -> AnyResponse:
    """Another offer, the same again after it was given up, or a new beginning after the end."""
    fields = forms.Fields(request.form)
    plan, _, rhythm = fields.need(
        "offer", forms.one_of([_key(p, r) for p in plans.OFFERED for r in plans.RHYTHMS])
    ).partition(".")
    fields.check()
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        subscription, from_on = rows.of_user(conn, current_user.id), rows.today()
        if subscription:
            billed_id, from_on = subscription.billed_id, changes.change(conn, subscription, plan, rhythm, from_on)
        else:
            billed_id = _to_take_over(conn)
            changes.take_over(conn, current_user.id, billed_id, plan, rhythm, from_on)
        terms.accept(conn, current_user.id)
        conn.execute("SELECT jobs.defer(%s, '{bill_company}', ARRAY['{}'::jsonb], current_date)", [billed_id])
    flash(f"Offre {plans.whole(plan, rhythm)}, à compter du {written(from_on)}.")
    return redirect(url_for(".index"), 303)


@bp.post("/fin")
def give_up() -> AnyResponse:
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        ends_on = changes.give_up(conn, _mine(conn))
    flash(f"Adhésion close au {written(ends_on)}. Ensuite, vos livres restent lisibles et exportables.")
    return redirect(url_for(".index"), 303)


@bp.post("/conditions")
def accept_terms() -> AnyResponse:
    with current_app.extensions["pool"].connection() as conn:
        terms.accept(conn, current_user.id)
    flash("Votre accord est enregistré.")
    return redirect(url_for(".index"), 303)


@bp.post("/paiement")
@again(page)
def pay_by() -> AnyResponse:
    fields = forms.Fields(request.form)
    payment = fields.need("payment", forms.one_of(payments.WAYS))
    mandate = fields.get("mandate", _mandate, "") if payment == "mandate" else ""
    if payment == "mandate" and not mandate:
        fields.refuse("mandate", forms.EMPTY)
    fields.check()
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        conn.execute(PAY_BY, {"payment": payment, "mandate": mandate, "id": _mine(conn).id})
    told = (
        "le prélèvement commencera quand l’exploitant aura reçu le mandat signé" if mandate else "il vaut pour la suite"
    )
    flash(f"Paiement enregistré : {told}.")
    return redirect(url_for(".index"), 303)


@bp.get("/factures/<uuid:document_id>.pdf")
def invoice(document_id: UUID) -> Response:
    """The original, as it was delivered by mail; of the subscriber's own periods only."""
    with current_app.extensions["pool"].connection() as conn, conn.transaction():
        mine = {period.document_id for period in rows.periods(conn, _mine(conn).id)}
    operator = current_app.extensions["settings"].operator_company
    if document_id not in mine or operator is None:
        abort(404)
    with read(operator) as tx:
        file = files.frozen(tx, document_id)
        content = files.content(tx, file) if file else None
    if file is None or content is None:
        flash("Le fichier de cette facture se prépare : réessayez dans un instant.")
        return redirect(url_for(".index"), 303)  # type: ignore[return-value]  # of werkzeug, as every answer
    answer = Response(content, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{file.number}.pdf")
    return answer


def subscription_end() -> date | None:
    """When the subscription of the company that is open ended; None while it runs, or when it has none."""
    if not g.get("membership"):
        return None
    with current_app.extensions["pool"].connection() as conn:
        found = standing.of(conn, g.membership.company_id)
    return found.ends_on if found and found.ended(rows.today()) else None


bp.add_app_template_global(subscription_end, "subscription_end")


def _none(conn: Connection[Any], values: Any, errors: Any, problem: str) -> str:
    """Somebody without a subscription; an owner may take over that of a company which was given up."""
    left = _left(conn)
    return show(
        "subscriptions/none.html", left=left and frame.name_of(left), offers=plans.OFFERED.values(),
        rhythms=plans.RHYTHMS, values=values or {}, errors=errors or {}, problem=problem, labels=LABELS,
    )  # fmt: skip


def _to_take_over(conn: Connection[Any]) -> UUID:
    left = _left(conn)
    if left is None:
        abort(404)
    return left


def _left(conn: Connection[Any]) -> UUID | None:
    """The company that is open, when it is the person's and its subscription was given up."""
    mine = g.get("membership")
    found = standing.of(conn, mine.company_id) if mine and mine.role == "owner" else None
    return mine.company_id if mine and found and found.ends_on else None


def _choices(conn: Connection[Any], subscription: Subscription) -> list[Choice]:
    last, found = rows.current(conn, subscription.id), []
    for plan in plans.OFFERED.values():
        for rhythm in plans.RHYTHMS:
            effect = changes.effect(conn, subscription, plan.key, rhythm, rows.today())
            held = (
                (plan.key, rhythm) == (last.plan, last.rhythm)
                and not subscription.next_plan
                and not subscription.ends_on
            )
            found.append(Choice(_key(plan.key, rhythm), plan, rhythm, effect, held))
    return found


def _mine(conn: Connection[Any]) -> Subscription:
    found = rows.of_user(conn, current_user.id)
    if found is None:
        abort(404)
    return found


def _key(plan: str, rhythm: str) -> str:
    return f"{plan}.{rhythm}"


def _mandate(raw: str) -> str:
    typed = forms.text(raw)
    if not MANDATE.fullmatch(typed):
        raise forms.Unreadable("Telle qu’elle figure sur le mandat signé : 35 lettres, chiffres et signes au plus.")
    return typed
