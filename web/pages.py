"""Makes a page, or the one block of it that htmx asks for; addresses of files; the icons and components as globals."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, g, render_template, request, url_for
from jinja2_fragments.flask import render_block

from web import labels
from web.filters import FILTERS
from web.typography import FrenchSpaces

STATIC = Path(__file__).with_name("static")


def show(template: str, block: str = "", **values: Any) -> str:
    """The whole page, or only `block` when htmx asks for a piece (`block` is the id of nothing: a Jinja block)."""
    if block and "HX-Request" in request.headers:
        return render_block(template, block, **values)
    return render_template(template, **values)


def static(file: str) -> str:
    """The address of a file of ours, with the hash of its content, so that browsers may keep it for ever.

    Composed once for a page: each of its icons asks for the same.
    """
    known: dict[str, str] = g.setdefault("static", {})
    if file not in known:
        known[file] = url_for("static", filename=file, v=_version(file))
    return known[file]


def init(app: Flask) -> None:
    """Called last: a macro, global since a block rendered alone sees no `import`, knows the globals of this moment."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(FrenchSpaces)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        static=static, statuses=labels.STATUSES, due_status=labels.due_status, field_label=labels.field
    )
    macros: Any = app.jinja_env.get_template("macros.html").module
    app.jinja_env.globals.update({name: macro for name, macro in vars(macros).items() if callable(macro)})


@cache
def _version(file: str) -> str:
    return sha256((STATIC / file).read_bytes()).hexdigest()[:12]
