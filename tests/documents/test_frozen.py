import hashlib
import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from facturx import get_xml_from_pdf
from pikepdf import Array, Dictionary, Name, Stream, String
from pypdf import PdfReader

from documents.frozen import duplicate, freeze
from documents.pdf import NotPrintable, RenderFailed
from documents.wire import Archive, Job
from domain.document import Unpaid
from tests.documents import samples
from tests.documents.gate import faults
from tests.documents.reading import pages
from tests.documents.samples import paper

ROOT = Path(__file__).parents[2]
IDENTITY = bytes(range(16))
XML = b"<?xml version='1.0'?><rsm:CrossIndustryInvoice xmlns:rsm='x'>caf\xc3\xa9</rsm:CrossIndustryInvoice>"
DAY = date(2026, 11, 24)
SAMPLES = {
    "1 line": paper(1), "12 lines": paper(12), "70 lines": paper(70), "500 lines": paper(500),
    "deposit deducted": samples.final(), "credit note": samples.credit_note(), "franchise": samples.franchise(),
    "reverse charge": samples.reverse_charge(), "training": paper(3, training=True),
    "English": paper(40, language="en"), "logo": samples.with_logo(), "many scripts": samples.neighbours(),
}  # fmt: skip


@pytest.fixture(scope="module")
def frozen() -> bytes:
    return freeze(paper(12), XML, identity=IDENTITY)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_invoice_freezes_as_pdf_a_3b_with_its_xml(name):
    assert faults(freeze(SAMPLES[name], XML, identity=IDENTITY)) == []


def test_a_quote_freezes_as_pdf_a_3b_without_xml():
    assert faults(freeze(samples.quote(), None, identity=IDENTITY), xml=False) == []


def test_the_xml_comes_out_as_it_went_in(frozen):
    with pikepdf.open(io.BytesIO(frozen)) as file:
        assert file.attachments["factur-x.xml"].get_file().read_bytes() == XML
    name, found = get_xml_from_pdf(frozen, check_xsd=False)
    assert (name, found) == ("factur-x.xml", XML)


def test_what_the_file_says_of_itself(frozen):
    file = PdfReader(io.BytesIO(frozen))
    assert (file.metadata.title, file.metadata.author) == ("Facture\u00a0F2026-0042", "Atelier Mercier")
    assert file.metadata["/CreationDate"] == file.metadata["/ModDate"] == "D:20261124000000+00'00'"
    assert file.trailer["/Root"]["/Lang"] == "fr-FR"
    english = PdfReader(io.BytesIO(freeze(paper(1, language="en"), XML, identity=IDENTITY)))
    assert (english.metadata.title, english.trailer["/Root"]["/Lang"]) == ("Invoice\u00a0F2026-0042", "en-GB")


def test_the_first_half_of_the_id_is_the_documents_own_chance(frozen):
    assert bytes(PdfReader(io.BytesIO(frozen)).trailer["/ID"][0].original_bytes) == IDENTITY
    assert freeze(paper(12), XML, identity=IDENTITY) == frozen
    assert freeze(paper(12), XML, identity=IDENTITY[::-1]) != frozen
    with pytest.raises(ValueError, match="15 bytes"):
        freeze(paper(12), XML, identity=IDENTITY[1:])


def test_the_same_identity_gives_the_same_bytes_in_another_process_time_zone_and_hash_seed(frozen):
    script = (
        "import hashlib; from tests.documents.test_frozen import *;"
        "print(hashlib.sha256(freeze(paper(12), XML, identity=IDENTITY)).hexdigest())"
    )
    for zone, seed in (("Pacific/Auckland", "1"), ("America/Los_Angeles", "2")):
        run = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True,
            env=os.environ | {"TZ": zone, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert run.stdout.strip() == hashlib.sha256(frozen).hexdigest()


def test_a_text_in_a_font_that_is_not_embedded_is_refused():
    from documents.renderer import convert

    html = '<html><body style="font-family: Courier">texte</body></html>'
    with pytest.raises(Exception, match="Courier"):
        convert(Job(html, 0, archive=Archive("t", "a", "fr-FR", IDENTITY)))


def test_what_cannot_be_printed_is_not_frozen():
    with pytest.raises(NotPrintable):
        freeze(paper(1, subject="字"), XML, identity=IDENTITY)


# Duplicata


@pytest.mark.parametrize("name", ["12 lines", "70 lines", "training", "logo"])
def test_a_duplicata_is_the_frozen_file_and_its_mark_behind_it(name):
    original = freeze(SAMPLES[name], XML, identity=IDENTITY)
    copy = duplicate(original, 2, DAY)
    assert copy[: len(original)] == original
    assert faults(copy) == []
    printed, before = pages(copy), pages(original)
    assert [page.count("DUPLICATA n° 2 du 24 novembre 2026") for page in printed] == [1] * len(before)
    assert [page.replace("DUPLICATA n° 2 du 24 novembre 2026", "").split() for page in printed] == [
        page.split() for page in before
    ]


def test_each_duplicata_has_its_number_and_the_same_one_the_same_bytes(frozen):
    assert duplicate(frozen, 2, DAY) == duplicate(frozen, 2, DAY) != duplicate(frozen, 3, DAY)
    first, second = (PdfReader(io.BytesIO(file)).trailer["/ID"] for file in (frozen, duplicate(frozen, 2, DAY)))
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_a_duplicata_of_what_was_not_paid_says_how_much_on_every_page():
    original = freeze(SAMPLES["70 lines"], XML, identity=IDENTITY)
    copy = duplicate(original, 1, DAY, Unpaid(net_cents=177_600, vat_cents=35_520))
    assert copy[: len(original)] == original
    assert faults(copy) == []
    for page in pages(copy):
        printed = " ".join(page.replace("\u00a0", " ").split())
        assert "DUPLICATA n° 1 du 24 novembre 2026" in printed
        assert "Facture demeurée impayée pour la somme de 1 776,00 € (prix net)" in printed
        assert "et pour la somme de 355,20 € (TVA correspondante)" in printed
        assert "qui ne peut faire l’objet d’une déduction (article 272 du CGI)." in printed


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"hello" * 1000])
def test_what_is_no_pdf_has_no_duplicata(broken):
    with pytest.raises(RenderFailed):
        duplicate(broken, 1, DAY)


# The gate itself: each mutant is a fault that a validator of PDF/A finds.


def _metadata(file, old, new):
    text = file.Root.Metadata.read_bytes()
    assert old in text
    file.Root.Metadata.write(text.replace(old, new))


def _draw(file, content, **resources):
    page = file.pages[0]
    for kind, values in resources.items():
        page.obj.Resources[f"/{kind}"] = Dictionary(
            dict(page.obj.Resources.get(f"/{kind}", Dictionary()).items()) | values
        )
    page.contents_add(Stream(file, content))


def _font(file):
    return next(font for font in file.pages[0].obj.Resources.Font.values())


def _annotate(file):
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), F=2, Contents=String("x"))
    file.pages[0].obj.Annots = Array([file.make_indirect(note)])


def _picture(file, **more):
    facts = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
    picture = Stream(file, b"\0\0\0\0", Dictionary({f"/{k}": v for k, v in (facts | more).items()}))
    _draw(file, b"q 9 0 0 9 9 9 cm /Mutant Do Q", XObject={"/Mutant": picture})


MUTANTS = {
    "no output intent": lambda file: file.Root.__delitem__("/OutputIntents"),
    "no XMP": lambda file: file.Root.__delitem__("/Metadata"),
    "part 2": lambda file: _metadata(file, b"<pdfaid:part>3", b"<pdfaid:part>2"),
    "title differs": lambda file: _metadata(file, b"F2026-0042", b"F2026-0043"),
    "no extension schema": lambda file: _metadata(file, b"pdfaSchema:prefix>fx", b"pdfaSchema:prefix>gx"),
    "no conformance level": lambda file: _metadata(file, b"EN 16931</fx", b"BASIC</fx"),
    "no relationship": lambda file: file.Root.AF[0].__delitem__("/AFRelationship"),
    "no associated file": lambda file: file.Root.__delitem__("/AF"),
    "no embedded file": lambda file: file.Root.__delitem__("/Names"),
    "no MIME type": lambda file: file.Root.AF[0].EF.F.__delitem__("/Subtype"),
    "JavaScript": lambda file: setattr(
        file.Root, "OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    ),
    "launch": lambda file: setattr(file.Root, "OpenAction", Dictionary(S=Name.Launch, F=String("x"))),
    "font not embedded": lambda file: _font(file).FontDescriptor.__delitem__("/FontFile2"),
    "wrong widths": lambda file: setattr(_font(file), "Widths", Array([1] * len(_font(file).Widths))),
    "hidden annotation": _annotate,
    "interpolated picture": lambda file: _picture(file, ColorSpace=Name.DeviceRGB, Interpolate=True),
    "CMYK": lambda file: _draw(file, b"0 0 0 1 k 0 0 9 9 re f"),
    "blend mode": lambda file: _draw(file, b"/Mutant gs", ExtGState={"/Mutant": Dictionary(BM=Name("/Odd"))}),
    "undefined glyph": lambda file: _draw(file, b"BT /F2+0 9 Tf (\\000) Tj ET"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_the_gate_sees(name, frozen):
    with pikepdf.open(io.BytesIO(frozen)) as file:
        MUTANTS[name](file)
        file.save(
            out := io.BytesIO(), static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )  # fmt: skip
    assert faults(out.getvalue()) != []


@pytest.mark.parametrize(
    "mutant",
    [
        lambda data: data + b"more", lambda data: b"x" + data, lambda data: data.replace(b"/ID [", b"/IX ["),
        lambda data: data[: len(data) // 2],
    ],
)  # fmt: skip
def test_the_gate_sees_wrong_bytes(mutant, frozen):
    assert faults(mutant(frozen)) != []


def test_the_gate_sees_encryption(frozen):
    with pikepdf.open(io.BytesIO(frozen)) as file:
        file.save(out := io.BytesIO(), encryption=pikepdf.Encryption(owner="x", user=""))
    assert faults(out.getvalue()) != []
