"""HTML to PDF by xhtml2pdf, closed: fonts of ours, no other file, no network, no clock, and a warning is an error."""

import io
import logging
import os

from pypdf import PdfReader, PdfWriter
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from documents.fonts import FOLDER
from documents.wire import Job

CLOSED = ResourceAccessPolicy.server(None, allow_remote=False, extra_roots=(FOLDER,))
IN_MEMORY = 2**28  # bytes; beyond, xhtml2pdf would write a temporary file
PALE = HexColor("#f1ede5")


class Refused(Exception):
    """What xhtml2pdf would have left out or drawn otherwise: a missing font or glyph, a resource out of bounds."""


def convert(job: Job) -> bytes:
    """The PDF: the same bytes for the same job, wherever and whenever it runs. Errors: `Refused`, and xhtml2pdf's."""
    rl_config.invariant = 1
    os.environ["SOURCE_DATE_EPOCH"] = str(job.epoch)  # the only way to give reportlab a date
    _complaints.heard.clear()
    status = pisaDocument(
        job.html, dest=(out := io.BytesIO()), encoding="utf-8", resource_policy=CLOSED, capacity=IN_MEMORY
    )
    if status.err or status.warn or _complaints.heard:
        raise Refused("; ".join(_complaints.heard))
    return stamped(out.getvalue(), job) if job.stamps else out.getvalue()


class _Complaints(logging.Handler):
    """Hears what xhtml2pdf only logs: a refused stylesheet is no warning in its status."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


_complaints = _Complaints()
logging.getLogger("xhtml2pdf").addHandler(_complaints)


def stamped(pdf: bytes, job: Job) -> bytes:
    """The same pages with large pale words under the text."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    stamp = PdfReader(io.BytesIO(_stamp(job.stamps))).pages[0]
    for page in writer.pages:
        page.merge_page(stamp, over=False)
    writer.write(out := io.BytesIO())
    return out.getvalue()


def _stamp(words: tuple[str, ...]) -> bytes:
    pdfmetrics.registerFont(TTFont("Filigrane", FOLDER / "SourceSerif4-SemiBold.ttf"))
    width, height = A4
    canvas = Canvas(out := io.BytesIO(), pagesize=A4)
    canvas.setFillColor(PALE)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(52)
    canvas.setFont("Filigrane", 104)
    for at, word in enumerate(words):
        canvas.drawCentredString(0, (len(words) - 1) * 62 - at * 124 - 34, word)
    canvas.save()
    return out.getvalue()
