"""What every answer carries and what no request may do, whatever the screen: headers, cookies, origin."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask, Response, abort, request
from werkzeug.exceptions import SecurityError

from ledger.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LARGER = {"imports.send": 11_000_000}  # addresses that take more, in bytes: the file and the form around it
MAX_FORM_BYTES = 4 * 1024 * 1024  # a document of a thousand lines is under 1 MB; a logo under 2


def init(app: Flask, settings: Settings) -> None:
    """Https chooses the `__Host-` cookie, which browsers bind to this very host, and HSTS.

    With a public address, only its host is answered, and this machine's own names.
    """
    https = settings.https
    app.config.update(
        TRUSTED_HOSTS=[settings.host, "localhost", "127.0.0.1"] if settings.public_url else None,
        SESSION_COOKIE_NAME="__Host-probant" if https else "probant",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=20_000,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=1),
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch is still good: the token is bound to the session
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which `no-referrer` forbids; Sec-Fetch-Site says more
    )
    app.before_request(refuse_unknown_hosts)
    app.before_request(refuse_foreign_forms)
    app.before_request(take_larger_files)
    app.after_request(headers_for(https))


def refuse_unknown_hosts() -> tuple[str, int] | None:
    """No page: its links would be made of the name that is refused."""
    unknown = isinstance(request.routing_exception, SecurityError)
    return ("Nom d’hôte inconnu.", 400) if unknown else None


def refuse_foreign_forms() -> None:
    """A browser says where a request comes from; a form on another site is refused before anything is read."""
    came_from = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in SAFE_METHODS and came_from not in ("same-origin", "none"):
        abort(403)


def take_larger_files() -> None:
    """Before anything reads the form."""
    request.max_content_length = LARGER.get(request.endpoint or "", MAX_FORM_BYTES)


def headers_for(https: bool) -> Callable[[Response], Response]:
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CSP)  # a mail that is looked at has its own
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("HX-Request")
        elif "v" in request.args:  # the address carries the content's hash: it never changes
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response

    return headers
