"""Three tags of our own for xhtml2pdf: the rows of a paper, a QR code, large pale words under a page.

`<pdf:rows widths="78 21 28 16 31" carried="À reporter" brought="Report">…</pdf:rows>` prints the rows of the job
(widths in millimetres), and keeps what stands inside it (the totals) together with the last of them.
`<pdf:qr size="24" level="M" text="…">`: squares, no picture; the size in millimetres, without a margin.
`<pdf:stamp words="BROUILLON FACTICE">` in a static frame: under the text of each page, one word a line.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from xml.dom.minidom import Element

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.fonts import tt2ps
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable
from xhtml2pdf import parser

from documents.rows import INK, Rows, Table, strips
from documents.wire import Row

PALE = HexColor("#f1ede5")
STAMP_POINTS = 104


def register(rows: Sequence[Row]) -> None:
    """Makes xhtml2pdf know the tags; `rows` are those of the next document. It looks tags up by name in its parser."""
    _RowsTag.rows = rows
    parser.pisaTagPDFROWS, parser.pisaTagPDFQR, parser.pisaTagPDFSTAMP = _RowsTag, _QrTag, _StampTag


class _Tag:
    def __init__(self, node: Element, attributes: object) -> None:
        self.given = node.getAttribute

    def start(self, context: Any) -> None:
        context.addPara()

    def end(self, context: Any) -> None:
        pass


class _RowsTag(_Tag):
    rows: Sequence[Row] = ()

    def start(self, context: Any) -> None:
        super().start(context)
        self.before = context.swapStory()

    def end(self, context: Any) -> None:
        context.addPara()
        tail = context.swapStory(self.before)
        columns = tuple(float(width) * mm for width in self.given("widths").split())
        face, bold = (tt2ps(context.frag.fontName, weight, 0) for weight in (0, 1))
        table = Table(face, bold, columns, self.given("carried"), self.given("brought"))
        context.addStory(Rows(table, tuple(strips(table, self.rows)), tail))


class _QrTag(_Tag):
    def start(self, context: Any) -> None:
        super().start(context)
        context.addStory(_Qr(self.given("text"), self.given("level"), float(self.given("size")) * mm))


class _StampTag(_Tag):
    def start(self, context: Any) -> None:
        super().start(context)
        context.addStory(_Stamp(self.given("words").split("|"), tt2ps(context.frag.fontName, 1, 0)))


class _Qr(Flowable):
    """Drawn once in a document, and shown on each page that has it."""

    def __init__(self, text: str, level: str, size: float) -> None:
        super().__init__()
        self.name = f"Qr{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        self.modules = segno.make(text, error=level, boost_error=False, micro=False, encoding="utf-8").matrix
        self.width = self.height = size

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        if not self.canv.hasForm(self.name):
            self.canv.beginForm(self.name, upperx=self.width, uppery=self.height)
            self._squares()
            self.canv.endForm()
        self.canv.doForm(self.name)

    def _squares(self) -> None:
        step, path = self.width / len(self.modules), self.canv.beginPath()
        for y, line in enumerate(self.modules):
            for x, dark in enumerate(line):
                if dark:
                    path.rect(x * step, self.height - (y + 1) * step, step, step)
        self.canv.setFillColor(INK)
        self.canv.drawPath(path, stroke=0, fill=1)


class _Stamp(Flowable):
    """Takes no room."""

    def __init__(self, words: Sequence[str], face: str) -> None:
        super().__init__()
        self.words, self.face = words, face

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        width, height = A4
        x, y = self.canv.absolutePosition(0, 0)
        self.canv.translate(width / 2 - x, height / 2 - y)
        self.canv.rotate(52)
        self.canv.setFillColor(PALE)
        self.canv.setFont(self.face, STAMP_POINTS)
        for at, word in enumerate(self.words):
            self.canv.drawCentredString(0, (len(self.words) - 1) * 62 - at * 124 - 34, word)
