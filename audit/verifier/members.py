"""Every member accounted for by the manifests, the seal and the time-stamp over them (checks 1, 2, 3)."""

from __future__ import annotations

import base64
import hashlib
import stat
from itertools import islice
from typing import Any, Iterator
from xml.etree import ElementTree

from audit.verifier.cms import BadSignature, token, verify
from audit.verifier.container import (
    FIRST,
    LISTS_MAX,
    MEMBERS_MAX,
    SECOND,
    SIGNATURE,
    STAMP,
    Container,
    Unreadable,
)
from audit.verifier.der import BadDer
from audit.verifier.report import Report

TAGS_MAX = 1_000_000  # of a manifest
MIME = b"application/vnd.etsi.asic-e+zip"
APART = {"mimetype", FIRST, SECOND, SIGNATURE, STAMP}
ASIC, DSIG = "{http://uri.etsi.org/02918/v1.2.1#}", "{http://www.w3.org/2000/09/xmldsig#}"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def check(archive: Container, report: Report, fingerprint: str) -> None:
    """Checks 1, 2 and 3; `fingerprint` = SHA-256 in hex of the certificate that the reader expects, or nothing."""
    _names(archive, report)
    listed = _manifest(archive, report, FIRST, SIGNATURE)
    for name in sorted(set(archive.members) - listed - APART):
        report.bad(1, f"{name} n’est pas dans le manifeste signé")
    for name in sorted(listed & APART):
        report.bad(1, f"{name} ne peut pas être dans le manifeste")
    _sums(archive, report)
    report.say(1, f"{len(listed)} fichiers")
    _signed(archive, report, fingerprint)
    _stamped(archive, report)


def _names(archive: Container, report: Report) -> None:
    members = archive.zip.infolist()
    if len(members) > MEMBERS_MAX:
        report.bad(1, f"plus de {MEMBERS_MAX} fichiers")
    if len(members) != len(archive.members):
        report.bad(1, "un nom est en double")
    for member in members:
        name = member.filename
        if name != name.strip("/") or "\\" in name or {"..", ".", ""} & set(name.split("/")) or not name.isprintable():
            report.bad(1, f"nom dangereux : {name!r}")
        if stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 1 or member.compress_type not in (0, 8):
            report.bad(1, f"{name} n’est pas un fichier ordinaire")
    try:
        if members[0].filename != "mimetype" or members[0].compress_type or archive.read("mimetype") != MIME:
            report.bad(1, "le premier fichier n’est pas « mimetype », stocké, ASiC-E")
    except (Unreadable, IndexError):
        report.bad(1, "« mimetype » est illisible")


def _manifest(archive: Container, report: Report, name: str, expected: str) -> set[str]:
    """Digests of what a manifest lists; the names. `expected` = the signature that it must name."""
    listed, signatures = set(), []  # type: set[str], list[str]
    try:
        for one in _elements(archive, name):
            if one.tag == ASIC + "SigReference":
                signatures.append(one.get("URI") or "")
            elif one.tag == ASIC + "DataObjectReference":
                _reference(archive, report, name, one, listed)
    except (Unreadable, ElementTree.ParseError) as error:
        report.bad(1, f"{name} : {error}")
    if signatures != [expected]:
        report.bad(1, f"{name} ne désigne pas {expected}")
    return listed


def _reference(archive: Container, report: Report, name: str, one: ElementTree.Element, listed: set[str]) -> None:
    uri = one.get("URI") or ""
    if uri in listed:
        report.bad(1, f"{uri} est deux fois dans {name}")
        return
    listed.add(uri)
    method, value = one.find(DSIG + "DigestMethod"), one.find(DSIG + "DigestValue")
    if method is None or method.get("Algorithm") != SHA256 or value is None:
        report.bad(1, f"{uri} : empreinte absente du manifeste")
        return
    try:
        if base64.b64encode(archive.sha256(uri)).decode() != (value.text or "").strip():
            report.bad(1, f"{uri} a été modifié")
    except Unreadable as error:
        report.bad(1, str(error))


def _elements(archive: Container, name: str) -> Iterator[ElementTree.Element]:
    """The elements right under the root, one at a time: the whole of a large manifest would not fit in memory."""
    reader: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(("start", "end"))
    under, tags, last = [], 0, b""  # type: list[ElementTree.Element], int, bytes
    for chunk in archive.chunks(name):
        tags += chunk.count(b"<")
        if b"<!" in last + chunk:  # no entity, no bomb
            raise Unreadable("une déclaration y est interdite")
        if tags > TAGS_MAX:
            raise Unreadable("il a trop d’éléments")
        last = chunk[-1:]
        reader.feed(chunk)
        events: Iterator[Any] = reader.read_events()
        for event, element in events:
            if event == "start":
                under.append(element)
            elif len(under) == 2:
                yield under.pop()
                under[0].clear()
            else:
                under.pop()
    reader.close()


def _sums(archive: Container, report: Report) -> None:
    """SHA256SUMS says what the manifest says, of every file that was there before it."""
    left = set(archive.members) - APART - {"SHA256SUMS"}
    try:
        for line in islice(archive.lines("SHA256SUMS"), MEMBERS_MAX + 1):
            told, _, name = line.decode().partition("  ")
            if name not in left:
                report.bad(1, f"SHA256SUMS cite {name}, qui manque ou y est déjà")
            elif told != archive.sha256(name).hex():
                report.bad(1, f"SHA256SUMS ne dit pas l’empreinte de {name}")
            left.discard(name)
    except (Unreadable, UnicodeDecodeError) as error:
        report.bad(1, f"SHA256SUMS : {error}")
    for name in sorted(left):
        report.bad(1, f"SHA256SUMS ne dit pas l’empreinte de {name}")


def _signed(archive: Container, report: Report, fingerprint: str) -> None:
    try:
        signed = verify(archive.read(SIGNATURE), archive.read(FIRST, LISTS_MAX))
        found, told = signed.fingerprint, archive.read("cles/cachet.pem").replace(b"\n", b"")
    except (Unreadable, BadSignature, BadDer, IndexError) as error:
        report.bad(2, str(error) or "structure inattendue")
        return
    if any(base64.b64encode(one) not in told for one in signed.chain):
        report.bad(2, "un certificat de la signature n’est pas dans cles/cachet.pem")
    report.say(2, f"certificat SHA-256 {found}")
    if not fingerprint:
        report.say(2, "clé non confrontée")
    elif found != fingerprint.lower().replace(":", ""):
        report.bad(2, "ce n’est pas le certificat attendu")


def _stamped(archive: Container, report: Report) -> None:
    if STAMP not in archive.members:
        if SECOND in archive.members:
            report.bad(3, f"le jeton manque alors que {SECOND} l’annonce")
        report.skip(3, "cette archive n’est pas horodatée")
        return
    listed = _manifest(archive, report, SECOND, STAMP)
    if listed != {FIRST, SIGNATURE}:
        report.bad(3, f"{SECOND} ne couvre pas le manifeste et sa signature")
    try:
        found = token(archive.read(STAMP), archive.read(SECOND))
    except (Unreadable, BadSignature, BadDer, IndexError) as error:
        report.bad(3, str(error) or "structure inattendue")
        return
    report.say(3, f"scellée le {found.at} UTC, autorité SHA-256 {hashlib.sha256(found.certificate).hexdigest()}")
