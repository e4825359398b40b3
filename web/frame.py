"""What stands around every page: the company, its integrity badge, the theme, the person.

Facts from the books come from functions of the read models, given to `create_app`: each takes a `Tx` and returns a
dict of some of `company_name` `training` `integrity`. They are asked only when a whole page is made.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, request
from flask_security import current_user

from web.appearance import THEMES, theme
from web.books import read

Facts = Callable[[Any], Mapping[str, Any]]


def init(app: Flask, facts: Sequence[Facts]) -> None:
    app.extensions["frame"] = facts
    app.jinja_env.globals.update(frame=around, themes=THEMES)
    app.context_processor(lambda: {"theme": theme(), "htmx": "HX-Request" in request.headers, "me": current_user})


def around() -> dict[str, Any]:
    """The facts around the page of the company that is open; nothing when none is."""
    return facts_of(g.membership.company_id) if g.get("membership") else {}


def name_of(company_id: UUID) -> str:
    """What a company is called; its identifier until it has a name."""
    return str(facts_of(company_id).get("company_name") or company_id)


def facts_of(company_id: UUID) -> dict[str, Any]:
    asked: Sequence[Facts] = current_app.extensions["frame"]
    if not asked:
        return {}
    with read(company_id) as tx:
        return {key: value for facts in asked for key, value in facts(tx).items()}
