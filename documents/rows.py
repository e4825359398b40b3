"""The lines of a paper, drawn straight on the page: a table of thousands of rows costs xhtml2pdf minutes.

The look is that of `paper.css`. Where a page ends inside the lines it says « À reporter », the next one « Report ».
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus.doctemplate import FrameBreak
from reportlab.platypus.flowables import Flowable

from documents.wire import Row

INK, MUTED, RULE = HexColor("#17212b"), HexColor("#5b6672"), HexColor("#d8d3c8")
PADDING, GUTTER = 1.6 * mm, 4 * mm
LAST = 2  # rows that stay with the totals, so that these never stand alone on a page
LONGEST = 40  # lines of one row; more become another row, so that a row always fits on a page
SUBTOTAL_HEIGHT = 20
PAGE = 10_000  # points: as high as it wants


class Size(NamedTuple):
    """Points of a face, of its line, and from the top of the line to its feet."""

    face: float
    line: float
    feet: float


TEXT, SMALL = Size(8.5, 12, 8.8), Size(7, 9.5, 7.1)


class Strip(NamedTuple):
    """A row cut to its column: its lines with their sizes, its figures, the sum so far."""

    lines: tuple[tuple[str, Size], ...]
    cells: tuple[str, ...]
    carried: str

    @property
    def height(self) -> float:
        return 2 * PADDING + sum(size.line for _, size in self.lines)


class Table(NamedTuple):
    """What all parts of the lines share: the faces, the columns in points, the words of subtotals, empty for none."""

    face: str
    bold: str
    columns: tuple[float, ...]
    carried: str = ""
    brought: str = ""

    @property
    def subtotal_height(self) -> float:
        return SUBTOTAL_HEIGHT if self.carried else 0


class Rows(Flowable):
    """All rows, then `tail`: asks for more than a page, and is then cut where pages end."""

    def __init__(self, table: Table, strips: Sequence[Strip], tail: Sequence[Flowable], brought: str = "") -> None:
        super().__init__()
        self.table, self.strips, self.tail, self.brought = table, strips, tail, brought
        self.fresh = False  # stands at the top of its page

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return width, float("inf")

    def split(self, width: float, height: float) -> list[Flowable]:
        top = self.table.subtotal_height if self.brought else 0
        whole = Block(self.table, self.strips, self.brought)
        if top + self._height(width, height) <= height:
            return [whole, *self.tail]
        room = height - top - self.table.subtotal_height
        count = self._fitting(room, self.strips[: -LAST if self.tail else None])
        if not count and not self.fresh:
            self.fresh = True
            return [FrameBreak(), self]
        count = count or self._fitting(room, self.strips)
        if count == len(self.strips):  # the totals alone are longer than a page
            return [whole, *self.tail]
        rest = Rows(self.table, self.strips[count:], self.tail, self.strips[count - 1].carried)
        rest.fresh = True
        return [Block(self.table, self.strips[:count], self.brought, rest.brought), FrameBreak(), rest]

    def _height(self, width: float, enough: float) -> float:
        """Of the rows and the tail, or more than `enough`."""
        rows = 0.0
        for strip in self.strips:
            rows += strip.height
            if rows > enough:
                return rows
        return rows + sum(
            part.wrapOn(self.canv, width, PAGE)[1] + part.getSpaceBefore() + part.getSpaceAfter() for part in self.tail
        )

    @staticmethod
    def _fitting(height: float, strips: Sequence[Strip]) -> int:
        """How many of the rows that height holds."""
        for count, strip in enumerate(strips):
            height -= strip.height
            if height < 0:
                return count
        return len(strips)


class Block(Flowable):
    """The rows of one page, between what was brought there and what is carried on."""

    def __init__(self, table: Table, strips: Sequence[Strip], brought: str = "", carried: str = "") -> None:
        super().__init__()
        self.table, self.strips, self.brought, self.carried = table, strips, brought, carried

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        subtotals = self.table.subtotal_height * (bool(self.brought) + bool(self.carried))
        self.width, self.height = width, sum(strip.height for strip in self.strips) + subtotals
        return self.width, self.height

    def draw(self) -> None:
        y = self.height
        if self.brought and self.table.brought:
            y = self._subtotal(y, self.table.brought, self.brought)
        for strip in self.strips:
            y = self._strip(y, strip)
        if self.carried and self.table.carried:
            self._subtotal(y, self.table.carried, self.carried)

    def _strip(self, y: float, strip: Strip) -> float:
        canvas, line = self.canv, y - PADDING
        for text, size in strip.lines:
            canvas.setFillColor(INK if size is TEXT else MUTED)
            canvas.setFont(self.table.face, size.face)
            canvas.drawString(0, line - size.feet, text)
            line -= size.line
        canvas.setFillColor(INK)
        canvas.setFont(self.table.face, TEXT.face)
        right = self.table.columns[0]
        for text, width in zip(strip.cells, self.table.columns[1:], strict=False):
            right += width
            canvas.drawRightString(right, y - PADDING - TEXT.feet, text)
        self._rule(y - strip.height)
        return y - strip.height

    def _subtotal(self, y: float, word: str, amount: str) -> float:
        canvas, feet = self.canv, y - 13
        canvas.setFillColor(MUTED)
        canvas.setFont(self.table.face, SMALL.face)
        canvas.drawRightString(self.width - self.table.columns[-1], feet, word)
        canvas.setFillColor(INK)
        canvas.setFont(self.table.bold, TEXT.face)
        canvas.drawRightString(self.width, feet, amount)
        self._rule(y - SUBTOTAL_HEIGHT)
        return y - SUBTOTAL_HEIGHT

    def _rule(self, y: float) -> None:
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.35)
        self.canv.line(0, y, self.width, y)


def strips(table: Table, rows: Sequence[Row]) -> Iterator[Strip]:
    """Rows cut to the width of the first column; one of more lines than a page becomes several."""
    width = table.columns[0] - GUTTER
    for row in rows:
        lines = [(line, TEXT) for text in row.label for line in _folded(text, table.face, TEXT.face, width)]
        lines += [(line, SMALL) for text in row.details for line in _folded(text, table.face, SMALL.face, width)]
        for at in range(0, max(len(lines), 1), LONGEST):
            cells = row.cells if not at else ()
            yield Strip(tuple(lines[at : at + LONGEST]) or (("", TEXT),), cells, row.carried)


def _folded(text: str, face: str, points: float, width: float) -> Iterator[str]:
    """The lines of a text, broken at its spaces, and within a word that is longer than a line."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if stringWidth(longer, face, points) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while stringWidth(line, face, points) > width:
            count = _letters(line, face, points, width)
            yield line[:count]
            line = line[count:]
    yield line


def _letters(word: str, face: str, points: float, width: float) -> int:
    count = len(word)
    while count > 1 and stringWidth(word[:count], face, points) > width:
        count -= max(1, count // 16)
    return count
