"""What a check finds, and what it raises when it could not look."""

from typing import Literal

from domain.parties import Fact

Source = Literal["xsd", "en16931", "br-fr", "siren"]


class ValidatorUnavailable(Exception):
    """A validator did not run, or let a known-bad invoice pass: nothing can be said of any invoice."""


class Failure(Fact):
    """A rule that an XML breaks; `location` is the path of the element."""

    source: Source
    rule: str
    message: str
    location: str = ""
