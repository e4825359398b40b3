"""The password again, on a page of its own, before rights are given or money would go elsewhere.

What was typed waits in that page, and is sent on with the password.
"""

from flask import make_response, request
from flask_security import current_user
from werkzeug.wrappers import Response

from web.accounts import passwords
from web.pages import show

FIELD = "current"


def ask() -> Response | None:
    """The page that asks; None once the form holds the password."""
    if passwords.right(current_user, request.form.get(FIELD, "")):
        return None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, "csrf_token")]
    errors = {FIELD: "Ce n’est pas votre mot de passe."} if FIELD in request.form else {}
    return make_response(show("accounts/step_up.html", kept=kept, errors=errors), 422)
