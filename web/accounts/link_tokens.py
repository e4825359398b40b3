"""The tokens of links that mails carry, made and read by Flask-Security: signed, dated, good once. They hold the user's
uniquifier, which a new password and a new sign-up renew.
"""

from collections.abc import Callable

from flask_security import confirmable, recoverable

from web.accounts.store import User

for_confirmation: Callable[[User], str] = confirmable.generate_confirmation_token
for_reset: Callable[[User], str] = recoverable.generate_reset_password_token
_confirms: Callable[[str], tuple[bool, bool, User | None]] = confirmable.confirm_email_token_status
_resets: Callable[[str], tuple[bool, bool, User | None]] = recoverable.reset_password_token_status


def who_confirms(token: str) -> User | None:
    """Whose address a link confirms, while it is good and nobody used it."""
    expired, invalid, user = _confirms(token)
    return None if expired or invalid or user is None or user.confirmed_at else user


def who_resets(token: str) -> User | None:
    """Whose password a link changes, while it is good and was not used."""
    expired, invalid, user = _resets(token)
    return None if expired or invalid or user is None or not user.active else user
