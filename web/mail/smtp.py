"""Hands a mail over to the server of the settings, step by step, so that it is known at which step something failed.

Before the mail itself is handed over, every failure is harmless: it did not leave. After it, only the server's answer
tells; without one, whether it left is not known, and nobody here guesses.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Any

from ledger.settings import Settings

PATIENCE = 60  # seconds for one answer of the server
NOT_ASCII = "#not_ascii"  # why, in words of ours: see `words.py`
LONGEST_TOLD = 500  # characters of the server's words that are kept


class Later(Exception):
    """It did not leave, and may be tried again; `told`: the server's words, or ours when there was no server."""

    def __init__(self, told: str) -> None:
        super().__init__("the mail server takes nothing for now")
        self.told = told


class Refused(Exception):
    """The server will never take it; `told`: its words."""

    def __init__(self, told: str) -> None:
        super().__init__("the mail server refused the mail")
        self.told = told


class Unknown(Exception):
    """The mail was handed over, and no answer came."""


class Session:
    """A server that listens. First `address`, then `deliver`."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def address(self, sender: str, recipients: list[str]) -> dict[str, str]:
        """Says whom the mail is for: whom the server refuses for good, with its words.

        Errors: `Later` when it hesitates about anybody; `Refused` when it refuses the sender, or everybody.
        """
        try:
            _check(*self._server.mail(sender))
            answers = {recipient: self._server.rcpt(recipient) for recipient in recipients}
        except (OSError, smtplib.SMTPException) as lost:
            raise Later(_why(lost)) from lost
        for code, words in answers.values():
            if 400 <= code < 500:
                raise Later(said(code, words))
        refusals = {who: said(code, words) for who, (code, words) in answers.items() if code >= 500}
        if len(refusals) == len(recipients):
            raise Refused("\n".join(f"{who} : {words}" for who, words in refusals.items()))
        return refusals

    def deliver(self, message: EmailMessage) -> None:
        """Hands the mail over. Errors: `Later`, `Refused`; `Unknown` when no answer came."""
        try:
            code, words = self._server.data(message.as_bytes())
        except smtplib.SMTPDataError as refused:  # it did not even want to see it
            code, words = refused.smtp_code, refused.smtp_error  # type: ignore[assignment]  # bytes, whatever typeshed says
        except (OSError, smtplib.SMTPException) as lost:
            raise Unknown from lost
        _check(code, words)


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """A session with the server of the settings, encrypted as they say. Errors: `Later`."""
    try:
        server = _connected(settings)
    except (OSError, smtplib.SMTPException) as failed:
        raise Later(_why(failed)) from failed
    except UnicodeError:  # whose message shows a letter of the password
        raise Later(NOT_ASCII) from None
    try:
        yield Session(server)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def said(code: int, words: bytes | str) -> str:
    """The server's words with their code, on one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return one_line(f"{code} {text}")


def one_line(text: str) -> str:
    """Without what cannot be printed: it comes from outside."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_TOLD]


def _connected(settings: Settings) -> smtplib.SMTP:
    where: Any = {"host": settings.smtp_host, "port": settings.smtp_port, "timeout": PATIENCE}
    trusted = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(**where, context=trusted)
    else:
        server = smtplib.SMTP(**where)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        server.ehlo_or_helo_if_needed()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _check(code: int, words: bytes) -> None:
    if code >= 500:
        raise Refused(said(code, words))
    if code >= 400:
        raise Later(said(code, words))


def _why(failed: Exception) -> str:
    if isinstance(failed, smtplib.SMTPResponseException):
        return said(failed.smtp_code, failed.smtp_error)
    return one_line(str(failed)) or type(failed).__name__
