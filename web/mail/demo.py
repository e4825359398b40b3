"""The demo's own mail server: what is sent arrives, as a file in a folder, and never leaves this machine."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller

from ledger.settings import Settings

LOCAL = "127.0.0.1"


class Letterbox:
    """Keeps each mail that arrives as a file `.eml`, which any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        (self.folder / f"{uuid4()}.eml").write_bytes(envelope.content)
        return "250 OK"


@contextmanager
def letterbox(settings: Settings) -> Iterator[Settings]:
    """The settings with this mail server in place of any other, as long as it runs."""
    with socket.create_server((LOCAL, 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Letterbox(settings.data / "courrier"), hostname=LOCAL, port=port)
    controller.start()
    try:
        yield replace(
            settings, smtp_host=LOCAL, smtp_port=port, smtp_security="none", smtp_user="", smtp_password_file=None,
            mail_from="demo@probant.example",
        )  # fmt: skip
    finally:
        controller.stop()
