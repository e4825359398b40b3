"""The ZIP: opened without trust, every member accounted for by the manifests (checks 1, 2, 3)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, Iterator
from xml.etree import ElementTree

from audit.verifier.cms import BadSignature, token, verify
from audit.verifier.der import BadDer
from audit.verifier.report import Report

MEMBERS_MAX = 100_000
SMALL_MAX = 64 * 1024  # bytes of a member that is held in memory: what is read of it takes many times as much
LISTS_MAX = 32 * 1024 * 1024  # bytes of a list of all members, of a state
TAGS_MAX = 1_000_000  # of a manifest
VALUES_MAX = 500_000  # of a JSON document: a hundred bytes or two for each
RATIO_MAX, FREE = 200, 1 << 20  # how many times a member may be smaller in the ZIP, from this size on: a bomb is 1 000
LINE_MAX = 4 * 1024 * 1024 + 1
CHUNK = 1 << 20
MIME = b"application/vnd.etsi.asic-e+zip"
FIRST, SECOND = "META-INF/ASiCManifest001.xml", "META-INF/ASiCManifest002.xml"
SIGNATURE, STAMP = "META-INF/signature001.p7s", "META-INF/timestamp002.tst"
APART = {"mimetype", FIRST, SECOND, SIGNATURE, STAMP}
ASIC, DSIG = "{http://uri.etsi.org/02918/v1.2.1#}", "{http://www.w3.org/2000/09/xmldsig#}"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Unreadable(ValueError):
    """A member that cannot be read, or is longer than it says."""


class Container:
    """An archive, by members. What `open` gives never exceeds the size that the ZIP declares."""

    def __init__(self, path: str) -> None:
        _count(path)
        try:
            self.zip = zipfile.ZipFile(path)
        except (*BROKEN, struct.error, OverflowError, IndexError) as error:
            raise zipfile.BadZipFile(str(error)) from None
        self.members = {one.filename: one for one in self.zip.infolist()}

    def names(self, pattern: str) -> list[str]:
        """Names that the regular expression matches whole, sorted."""
        return sorted(name for name in self.members if re.fullmatch(pattern, name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Errors: `Unreadable`."""
        member = self.members.get(name)
        if member is None:
            raise Unreadable(f"{name} manque")
        left = member.file_size
        if left > max(FREE, RATIO_MAX * member.compress_size):
            raise Unreadable(f"{name} est une bombe : comprimé plus de {RATIO_MAX} fois")
        try:
            with self.zip.open(member) as stream:
                for chunk in iter(lambda: stream.read(CHUNK), b""):
                    left -= len(chunk)
                    if left < 0:
                        break
                    yield chunk
        except BROKEN as error:
            raise Unreadable(f"{name} est illisible ({type(error).__name__})") from None
        if left:
            raise Unreadable(f"{name} n’a pas la taille annoncée")

    def read(self, name: str, most: int = SMALL_MAX) -> bytes:
        """The whole of a small member. Errors: `Unreadable`."""
        if name in self.members and self.members[name].file_size > most:
            raise Unreadable(f"{name} est trop grand")
        return b"".join(self.chunks(name))

    def json(self, name: str) -> Any:
        """What a JSON document says. Errors: `Unreadable`."""
        raw = self.read(name, LISTS_MAX)
        if sum(map(raw.count, (b",", b"[", b"{"))) > VALUES_MAX:
            raise Unreadable(f"{name} a trop de valeurs")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise Unreadable(f"{name} n’est pas au format") from None

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines without their LF; the last one must have its own. Errors: `Unreadable`."""
        rest = b""
        for chunk in self.chunks(name):
            pieces = (rest + chunk).split(b"\n")
            rest = pieces.pop()
            yield from pieces
            if len(rest) > LINE_MAX:
                raise Unreadable(f"{name} a une ligne de plus de 4 Mio")
        if rest:
            raise Unreadable(f"la dernière ligne de {name} n’est pas terminée")

    def sha256(self, name: str) -> bytes:
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
        return digest.digest()


def _count(path: str) -> None:
    """Refuses a ZIP of too many members before it is opened: its directory is held in memory."""
    found, rest = 0, b""
    with Path(path).open("rb") as stream:
        for chunk in iter(lambda: stream.read(CHUNK), b""):
            found += (rest + chunk).count(b"PK\x01\x02")
            rest = chunk[-3:]
    if found > MEMBERS_MAX + 1000:  # those letters may stand in a file, too
        raise zipfile.BadZipFile(f"plus de {MEMBERS_MAX} fichiers")


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
    try:
        root = _xml(archive.read(name, LISTS_MAX))
    except (Unreadable, ElementTree.ParseError) as error:
        report.bad(1, f"{name} : {error}")
        return set()
    signature = root.find(ASIC + "SigReference")
    if signature is None or signature.get("URI") != expected:
        report.bad(1, f"{name} ne désigne pas {expected}")
    listed = set()  # type: set[str]
    for one in root.findall(ASIC + "DataObjectReference"):
        uri = one.get("URI") or ""
        if uri in listed:
            report.bad(1, f"{uri} est deux fois dans {name}")
            continue
        listed.add(uri)
        method, value = one.find(DSIG + "DigestMethod"), one.find(DSIG + "DigestValue")
        if method is None or method.get("Algorithm") != SHA256 or value is None:
            report.bad(1, f"{uri} : empreinte absente du manifeste")
            continue
        try:
            if base64.b64encode(archive.sha256(uri)).decode() != (value.text or "").strip():
                report.bad(1, f"{uri} a été modifié")
        except Unreadable as error:
            report.bad(1, str(error))
    return listed


def _xml(raw: bytes) -> ElementTree.Element:
    if b"<!" in raw:  # no entity, no bomb
        raise Unreadable("une déclaration y est interdite")
    if raw.count(b"<") > TAGS_MAX:
        raise Unreadable("il a trop d’éléments")
    return ElementTree.fromstring(raw)  # noqa: S314  # nothing is declared in it


def _sums(archive: Container, report: Report) -> None:
    """SHA256SUMS says what the manifest says, of every file that was there before it."""
    try:
        text = archive.read("SHA256SUMS", LISTS_MAX // 2).decode()
    except (Unreadable, UnicodeDecodeError) as error:
        report.bad(1, f"SHA256SUMS : {error}")
        return
    told = dict(line.split("  ", 1)[::-1] for line in text.splitlines() if "  " in line)
    for name in sorted(set(archive.members) - APART - {"SHA256SUMS"}):
        try:
            if told.pop(name, "") != archive.sha256(name).hex():
                report.bad(1, f"SHA256SUMS ne dit pas l’empreinte de {name}")
        except Unreadable:
            continue
    told.pop("mimetype", None)
    for name in sorted(told):
        report.bad(1, f"SHA256SUMS cite {name}, qui manque")


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
