"""HTML to PDF by xhtml2pdf, closed: fonts of ours, no other file, no network, no clock, and a warning is an error."""

import io
import logging
import os

from reportlab import rl_config
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from documents import tags
from documents.archive import archived
from documents.fonts import FOLDER
from documents.wire import Archive, Job

CLOSED = ResourceAccessPolicy.server(None, allow_remote=False, extra_roots=(FOLDER,))
IN_MEMORY = 2**28  # bytes; beyond, xhtml2pdf would write a temporary file


FACES = (
    ("Texte", "normal", "InterTabular-Regular"), ("Texte", "bold", "InterTabular-SemiBold"),
    ("Titre", "normal", "SourceSerif4-Regular"), ("Titre", "bold", "SourceSerif4-SemiBold"),
    ("Chiffres", "normal", "SourceCodePro-Regular"),
)  # fmt: skip


class Refused(Exception):
    """What xhtml2pdf would have left out or drawn otherwise: a missing font or glyph, a resource out of bounds."""


def convert(job: Job) -> bytes:
    """The PDF: the same bytes for the same job, wherever and whenever it runs. Errors: `Refused`, and xhtml2pdf's."""
    rl_config.invariant = 1
    os.environ["SOURCE_DATE_EPOCH"] = str(job.epoch)  # the only way to give reportlab a date
    tags.register(job.rows)
    _complaints.heard.clear()
    status = pisaDocument(
        job.html, dest=(out := io.BytesIO()), encoding="utf-8", resource_policy=CLOSED, capacity=IN_MEMORY
    )
    if status.err or status.warn or _complaints.heard:
        raise Refused("; ".join(_complaints.heard))
    return archived(out.getvalue(), job, job.archive) if job.archive else out.getvalue()


def warm() -> None:
    """Loads the fonts and what xhtml2pdf and pikepdf import late, so that every child of this process has them."""
    faces = "".join(
        f'@font-face {{ font-family: {name}; font-weight: {weight}; src: url("{FOLDER}/{file}.ttf") }}'
        for name, weight, file in FACES
    )
    used = "".join(f'<p style="font-family: {name}; font-weight: {weight}">é</p>' for name, weight, _ in FACES)
    convert(Job(f"<style>{faces}</style>{used}", 0, archive=Archive("", "", "fr", b"")))


class _Complaints(logging.Handler):
    """Hears what xhtml2pdf only logs: a refused stylesheet is no warning in its status."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


_complaints = _Complaints()
logging.getLogger("xhtml2pdf").addHandler(_complaints)
