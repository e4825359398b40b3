"""Is a file PDF/A-3b, and a Factur-X when it has an XML? An allow-list: what it does not know has not passed.

The rules are `pikepdf.pdfa`'s (imported from veraPDF's profiles). Here stands what it cannot see: the bytes that qpdf
puts right before it looks, `.notdef` shown from a subset, and the extension schema of Factur-X, which it refuses.
"""

import io
import re
from collections.abc import Iterator

import pikepdf
from lxml import etree
from pikepdf import Name, Pdf, pdfa

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
PACKET = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>%b<?xpacket end="w"?>'
TITLE = "{http://purl.org/dc/elements/1.1/}title"
FACTS = {
    "DocumentType": "INVOICE", "DocumentFileName": "factur-x.xml", "Version": "1.0", "ConformanceLevel": "EN 16931",
}  # fmt: skip


def faults(data: bytes, *, xml: bool = True) -> list[str]:
    """Why the file is not what it should be; `xml`: it should be a Factur-X."""
    found = list(_bytes(data))
    try:
        pdf = pikepdf.open(io.BytesIO(data), inherit_page_attributes=False)
    except pikepdf.PdfError as failure:
        return [*found, f"open: {failure}"]
    with pdf:
        found += [f"qpdf: {problem}" for problem in pdf.check_pdf_syntax()]
        found += _undefined_glyphs(pdf)
        if "/Metadata" not in pdf.Root:
            return [*found, "no XMP"]
        found += _metadata(pdf, xml)
        pdf.save(
            plain := io.BytesIO(), static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True, fix_metadata_version=False,
        )  # fmt: skip
        plain.seek(0)
        found += [str(finding) for finding in pdfa.validate_written(plain, "3b").findings]
        found += _attached(pdf) if xml else ["an attachment" for _ in pdf.attachments]
    return found


def _bytes(data: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7][\r\n]+%[\x80-\xff]{4}", data[:32]):
        yield "header"
    if not re.search(rb"%%EOF[\r\n]{0,2}\Z", data):
        yield "bytes after %%EOF"
    if not re.search(rb"/ID\s*\[\s*<", data):
        yield "trailer /ID"


def _undefined_glyphs(pdf: Pdf) -> Iterator[str]:
    """Code 0 in a subset of ReportLab is .notdef."""
    for number, page in enumerate(pdf.pages, 1):
        for operands, operator in pikepdf.parse_content_stream(page):
            shown = [operands[-1]] if str(operator) in ("Tj", "'") else operands[0] if str(operator) == "TJ" else ()
            if any(isinstance(text, pikepdf.String) and b"\0" in bytes(text) for text in shown):
                yield f"page {number}: .notdef shown"


def _metadata(pdf: Pdf, xml: bool) -> Iterator[str]:
    """Reads the Factur-X parts of the XMP and takes them out, so that the rest can be judged."""
    stream = pdf.Root.Metadata
    if "/Filter" in stream:
        yield "XMP stream filtered"
    text = re.sub(rb"<\?xpacket.*?\?>", b"", stream.read_bytes().replace(b"\xef\xbb\xbf", b""))
    root = etree.fromstring(text.strip())
    if root.findtext(f".//{TITLE}//{RDF}li") != str(pdf.docinfo.get("/Title")):
        yield "Info is not XMP"
    facts, schemas, declared = _facturx(root.find(f"{RDF}RDF"))
    if schemas != ([(FX.strip("{}"), "fx", True)] if xml else []):
        yield f"extension schema {schemas}"
    if facts != (FACTS if xml else {}):
        yield f"fx XMP {facts}"
    if declared != (dict.fromkeys(FACTS, ("Text", "external", True)) if xml else {}):
        yield "extension properties"
    etree.cleanup_namespaces(root)
    stream.write(PACKET % etree.tostring(root))


def _facturx(rdf):
    """The facts of the XMP, the schemas it declares and their properties, all taken out of it."""
    facts, schemas, declared = {}, [], {}
    for part in list(rdf):
        if any(child.tag.startswith(FX) for child in part):
            facts |= {child.tag.removeprefix(FX): child.text for child in part}
            rdf.remove(part)
        elif any(child.tag == f"{EXTENSION}schemas" for child in part):
            for item in part.iterfind(f"{EXTENSION}schemas/{RDF}Bag/{RDF}li"):
                names = (item.findtext(f"{SCHEMA}namespaceURI"), item.findtext(f"{SCHEMA}prefix"))
                schemas.append((*names, bool(item.findtext(f"{SCHEMA}schema"))))
                declared |= dict(_properties(item))
            rdf.remove(part)
    return facts, schemas, declared


def _properties(item):
    for one in item.iterfind(f"{SCHEMA}property/{RDF}Seq/{RDF}li"):
        kinds = (one.findtext(f"{PROPERTY}valueType"), one.findtext(f"{PROPERTY}category"))
        yield one.findtext(f"{PROPERTY}name"), (*kinds, bool(one.findtext(f"{PROPERTY}description")))


def _attached(pdf: Pdf) -> Iterator[str]:
    files = [file for file in pdf.Root.get("/AF", []) if str(file.get("/UF", "")) == "factur-x.xml"]
    if len(files) != 1:
        yield "factur-x.xml not exactly once in /AF"
    elif files[0].get("/AFRelationship") != Name.Alternative:
        yield "AFRelationship"
    if "factur-x.xml" not in pdf.attachments:
        yield "no EmbeddedFiles entry"
