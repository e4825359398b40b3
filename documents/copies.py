"""A mark on every page of a file, written behind its bytes: what was there stays there, to the byte. Runs in the press.

Source: ISO 32000-1 § 7.5.6 (incremental updates).
"""

import hashlib
import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream, String
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from documents.archive import drop_idle_fonts
from documents.fonts import FOLDER

RED = HexColor("#b42318")
FACE, POINTS = "Copie", 10
LARGEST_POINTS, EDGE_MM = 12, 262


def marked(original: bytes, words: str, beside: tuple[str, ...] = ()) -> bytes:
    """`original`, and behind it the change that shows `words` at the head of each page, and lines `beside` along its
    left edge.
    """
    with pikepdf.open(io.BytesIO(original)) as file, pikepdf.open(io.BytesIO(_mark(words, beside))) as mark:
        drop_idle_fonts(mark)
        size = int(file.trailer.Size)
        form = file.copy_foreign(mark.pages[0].as_form_xobject())
        before = file.make_indirect(Stream(file, b"q\n"))
        after = file.make_indirect(Stream(file, b"\nQ q /Copie Do Q\n"))
        for page in file.pages:
            _show(page.obj, before, after, form)
        changed = (*(page.obj for page in file.pages), before, after, *_new(form, size, set()))
        return original + _update(original, file, {found.objgen[0]: found for found in changed})


def _mark(words: str, beside: tuple[str, ...]) -> bytes:
    """A page with the words in a frame above everything else; what stands beside is read from bottom to top."""
    rl_config.invariant = 1
    pdfmetrics.registerFont(TTFont(FACE, FOLDER / "SourceSerif4-SemiBold.ttf"))
    canvas = Canvas(out := io.BytesIO(), pagesize=A4)
    width, top = pdfmetrics.stringWidth(words, FACE, POINTS), A4[1] - 5 * mm
    canvas.setFillColor(RED)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(0.6)
    canvas.rect(18 * mm, top - 5.6 * mm, width + 5 * mm, 5.6 * mm)
    canvas.setFont(FACE, POINTS)
    canvas.drawString(20.5 * mm, top - 4 * mm, words)
    if beside:
        _beside(canvas, beside)
    canvas.save()
    return out.getvalue()


def _beside(canvas: Canvas, lines: tuple[str, ...]) -> None:
    """In the left margin, in letters that nobody overlooks."""
    longest = max(pdfmetrics.stringWidth(line, FACE, 1) for line in lines)
    points = min(LARGEST_POINTS, EDGE_MM * mm / longest)
    canvas.rotate(90)
    canvas.rect(12 * mm, -15 * mm, longest * points + 6 * mm, (len(lines) * 5 + 2) * mm)
    canvas.setFont(FACE, points)
    for rank, line in enumerate(lines, 1):
        canvas.drawString(15 * mm, -(15 - (len(lines) - rank) * 5 - 2.2) * mm, line)


def _show(page: Object, before: Object, after: Object, form: Object) -> None:
    content = page.Contents
    page.Contents = Array([before, *(content if isinstance(content, Array) else [content]), after])
    resources = dict(page.Resources.items())
    drawings = dict(resources.get("/XObject", Dictionary()).items())
    page.Resources = Dictionary(resources | {"/XObject": Dictionary(drawings | {"/Copie": form})})


def _new(found: Object, size: int, seen: set[int]) -> Iterator[Object]:
    """The objects from here on that the original has not."""
    number = found.objgen[0]
    if number:
        if number < size or number in seen:
            return
        seen.add(number)
        yield found
    if isinstance(found, Array):
        for part in found:
            if isinstance(part, Object):
                yield from _new(part, size, seen)
    elif isinstance(found, Dictionary | Stream):
        for part in found.values():
            if isinstance(part, Object):
                yield from _new(part, size, seen)


def _update(original: bytes, file: Pdf, changed: dict[int, Object]) -> bytes:
    body, at = [b"\n" if not original.endswith(b"\n") else b""], {}
    place = len(original) + len(body[0])
    for number, found in sorted(changed.items()):
        written = b"%d 0 obj\n%b\nendobj\n" % (number, _written(found))
        at[number], place = place, place + len(written)
        body.append(written)
    trailer = Dictionary(
        Size=max(int(file.trailer.Size), *(number + 1 for number in at)),
        Root=file.trailer.Root,
        Info=file.trailer.Info,
        Prev=int(original[original.rindex(b"startxref") :].split()[1]),
        ID=Array([file.trailer.ID[0], String(hashlib.sha256(b"".join(body)).digest()[:16])]),
    )
    table = b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in at.items())
    return b"%bxref\n%btrailer %b\nstartxref\n%d\n%%%%EOF\n" % (b"".join(body), table, trailer.unparse(), place)


def _written(found: Object) -> bytes:
    if not isinstance(found, Stream):
        return found.unparse(resolved=True)
    content = found.read_raw_bytes()
    facts = Dictionary(dict(found.items()) | {"/Length": len(content)})
    return b"%b stream\n%b\nendstream" % (facts.unparse(), content)
