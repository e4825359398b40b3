"""From a printed PDF to PDF/A-3b, with the XML of a Factur-X inside when there is one. Runs in the press.

Sources: ISO 19005-3 (output intent, XMP, associated files); Factur-X 1.07 § 6 (extension schema, /Alternative).
"""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import pikepdf
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from documents.wire import Archive, Job

XML_NAME = "factur-x.xml"
PRODUCER = "Probant, xhtml2pdf, ReportLab"


class NotEmbedded(Exception):
    """A text is set in a font that is not in the file."""


def archived(pdf: bytes, job: Job, facts: Archive) -> bytes:
    """The same pages as PDF/A-3b: the same bytes for the same facts. Errors: `NotEmbedded`."""
    at = datetime.fromtimestamp(job.epoch, UTC)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        drop_idle_fonts(file)
        _declare(file, facts, at)
        _describe(file, facts, at)
        if facts.xml:
            _attach(file, facts.xml, at)
        # qpdf keeps the first half of an /ID that is there, and computes the second from the content
        file.trailer.ID = Array([String(facts.identity), String(facts.identity)])
        file.save(
            out := io.BytesIO(),
            deterministic_id=True,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    return out.getvalue()


def drop_idle_fonts(file: Pdf) -> None:
    """ReportLab begins each page by choosing Helvetica, which no text then uses and PDF/A forbids."""
    fonts = [_cleaned(holder) for page in file.pages for holder in _holders(page)]
    for font in fonts:  # ReportLab's pages share one dictionary: only when all are read may it change
        for name in _idle(font):
            del font[name]


def _holders(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    page.contents_coalesce()
    yield page.obj
    for drawing in page.obj.Resources.get("/XObject", Dictionary()).values():
        if drawing.Subtype == Name.Form:
            yield drawing


def _cleaned(holder: pikepdf.Object) -> pikepdf.Object:
    """The fonts of a page or a drawing, which now chooses no idle one."""
    if "/Trans" in holder:
        del holder.Trans
    fonts = holder.Resources.get("/Font", Dictionary())
    stream = holder if isinstance(holder, Stream) else holder.Contents
    content = stream.read_bytes()
    for name in _idle(fonts):
        chosen = re.escape(name.encode())
        content = re.sub(rb"BT %b [\d.]+ Tf [\d.]+ TL ET" % chosen, b"", content)
        if re.search(rb"(?<!\S)%b\s+[\d.]+\s+Tf" % chosen, content):
            raise NotEmbedded(str(fonts[name].BaseFont))
    stream.write(content)
    return fonts


def _idle(fonts: pikepdf.Object) -> list[str]:
    return [name for name, font in fonts.items() if font.Subtype == Name.Type1 and "/FontDescriptor" not in font]


def _declare(file: Pdf, facts: Archive, at: datetime) -> None:
    """Language, colours, and the old-style description, which must say what the XMP says."""
    profile = Stream(file, _srgb(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=file.make_indirect(profile),
    )
    file.Root.OutputIntents = Array([file.make_indirect(intent)])
    file.Root.Lang = String(facts.language)
    file.Root.PageMode = Name.UseNone
    if "/Info" in file.trailer:
        del file.trailer.Info
    file.trailer.Info = file.make_indirect(
        Dictionary(
            Title=String(facts.title),
            Author=String(facts.author),
            Creator=String("Probant"),
            Producer=String(PRODUCER),
            CreationDate=String(_pdf_date(at)),
            ModDate=String(_pdf_date(at)),
        )
    )


def _describe(file: Pdf, facts: Archive, at: datetime) -> None:
    xmp = _xmp().render(facts=facts, producer=PRODUCER, xml_name=XML_NAME, at=at.strftime("%Y-%m-%dT%H:%M:%S+00:00"))
    metadata = Stream(file, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    file.Root.Metadata = file.make_indirect(metadata)


def _attach(file: Pdf, xml: bytes, at: datetime) -> None:
    params = Dictionary(
        ModDate=String(_pdf_date(at)),
        Size=len(xml),
        CheckSum=String(hashlib.md5(xml, usedforsecurity=False).digest()),
    )
    stream = file.make_indirect(Stream(file, xml, Type=Name.EmbeddedFile, Subtype=Name("/text/xml"), Params=params))
    entry = file.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(XML_NAME),
            UF=String(XML_NAME),
            Desc=String("Factur-X EN 16931"),
            AFRelationship=Name.Alternative,
            EF=Dictionary(F=stream, UF=stream),
        )
    )
    file.Root.AF = Array([entry])
    file.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(XML_NAME), entry])))


def _pdf_date(at: datetime) -> str:
    return f"D:{at:%Y%m%d%H%M%S}+00'00'"


@cache
def _srgb() -> bytes:
    return files("pikepdf.pdfa").joinpath("data", "sRGB.icc").read_bytes()


@cache
def _xmp() -> Template:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    ).get_template("archive.xmp.j2")
