"""Why a command of the proof stops."""

from typing import IO, Any

import click


class Refusal(click.ClickException):
    """A reason to stop, as one French sentence; exit 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), err=True)
