"""One place where a refusal becomes a page: what happened, that nothing was lost, and what to do.

A rule's refusal is 409 (404 when the thing is not there), an unreadable field 422. htmx gets the same words
as a notice on top of the page it stands on.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from psycopg.errors import DiskFull
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import DomainError, NotFound
from web import forms, labels, texts
from web.books import NoCompany

SECRET_FIELDS = ("csrf_token", "command_id", "next", "current")
NOTICE = {  # whatever the element that asked wanted with its answer
    "HX-Retarget": "#avis",
    "HX-Reswap": "innerHTML",
    "HX-Reselect": ".notice",
    "HX-Push-Url": "false",
}
log = logging.getLogger(__name__)


class TooOften(TooManyRequests):
    """With the sentence that the page says; `retry_after` in seconds."""


def init(app: Flask) -> None:
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(forms.Invalid, invalid)
    app.register_error_handler(forms.Unreadable, unreadable)
    app.register_error_handler(NoCompany, lambda _: redirect(url_for("companies.index"), 303))
    app.register_error_handler(CSRFError, lambda _: page(400))
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(DiskFull, full)
    app.register_error_handler(Exception, broken)


def again(form_view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view that takes a form: a refusal shows the form again, as typed, with the reasons at the fields.

    `form_view(**the address's arguments, values=…, errors={field: sentence}, problem=sentence)` makes the page.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def viewed(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except forms.Invalid as error:
                status, errors, problem = 422, error.errors, ""
            except NotFound:
                raise
            except DomainError as error:
                status, errors, problem = 409, texts.at_field(error), texts.sentence(error)
            made = form_view(**arguments, values=request.form, errors=errors, problem=problem)
            return make_response(made, status)

        return viewed

    return decorate


def refused(error: DomainError) -> Response:
    return page(404 if isinstance(error, NotFound) else 409, texts.sentence(error))


def invalid(error: forms.Invalid) -> Response:
    return page(422, " ".join(f"{labels.field(name)} : {why}" for name, why in error.errors.items()))


def unreadable(error: forms.Unreadable) -> Response:
    return page(422, str(error))


def http(error: HTTPException) -> AnyResponse | HTTPException:
    """Redirects pass; an error of the web gets our page and keeps its headers (`Allow`, `Retry-After`)."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    answer = page(error.code, str(error.description) if isinstance(error, TooOften) else "")
    answer.headers.extend((k, v) for k, v in error.get_headers() if k not in ("Content-Type", "Content-Length"))
    return answer


def full(error: DiskFull) -> Response:
    """The disk of the database: what was asked is undone, and reading goes on."""
    log.error("%s %s: the disk of the database is full", request.method, request.endpoint, exc_info=error)
    return page(507, layout="plain.html")


def broken(error: Exception) -> Response:
    """A fault of ours: the trace goes to the log, never to the page; the page asks nothing of the database."""
    log.error("%s %s failed", request.method, request.endpoint, exc_info=error)
    return page(500, layout="plain.html")


def page(code: int, what: str = "", layout: str = "") -> Response:
    """The page of an error, or its notice for htmx; `what` replaces the usual sentence."""
    title, usual, todo = labels.ERRORS.get(code, labels.ERRORS[400])
    error = {"code": code, "title": title, "what": what or usual, "todo": todo}
    if "HX-Request" in request.headers:
        answer = make_response(render_template("errors/notice.html", error=error), code)
        answer.headers.update(NOTICE)
        return answer
    typed = [(name, value) for name, value in request.form.items() if value.strip() and _shown(name)] if code in (
        400, 409, 422) else []  # fmt: skip
    layout = layout or ("base.html" if current_user.is_authenticated else "plain.html")
    return make_response(render_template("errors/page.html", error=error, typed=typed, layout=layout), code)


def _shown(name: str) -> bool:
    return name not in SECRET_FIELDS and "password" not in name
