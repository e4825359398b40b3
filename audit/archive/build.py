"""Builds an archive: reads one snapshot, writes one file, whole or not at all."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from audit import cades, seal
from audit.archive import fec, tables
from audit.archive.notice import Facts, notice
from audit.archive.source import Source, Span
from audit.archive.state import State
from audit.archive.survey import Survey
from audit.archive.zipping import Member, Zip, canonical, manifest, sums
from audit.verifier import single_file
from audit.verifier.container import FIRST, SECOND, SIGNATURE, STAMP
from audit.verifier.lines import Entry
from ledger import chain

CUT = 100_000  # lines of a file
SHELL = Path(__file__).parents[1] / "verifier" / "verify.sh"


class About(NamedTuple):
    """Whose archive it is; `years` = its fiscal years."""

    ledger: str
    company: str
    siren: str
    training: bool
    keeping: str
    years: Sequence[fec.Year]
    software: str


class Proofs(NamedTuple):
    """What vouches for it: checkpoints by file name (`fin.txt` and `dernier.txt` among them), the size of the newest,
    the seal, and what gives a time-stamp over some bytes, if there is an authority.
    """

    notes: dict[str, bytes]
    size: int
    seal: seal.Seal
    stamp: Callable[[bytes], bytes] | None = None


class Built(NamedTuple):
    """The facts of `archive.created`."""

    from_pos: int
    to_pos: int
    sha256: str
    size: int
    state_sha256: str


class Builder:
    """One archive under way. `progress(n)` hears how many entries more were read."""

    def __init__(
        self, source: Source, span: Span, about: About, proofs: Proofs, progress: Callable[[int], None]
    ) -> None:
        self.source, self.span, self.about, self.proofs, self.progress = source, span, about, proofs, progress
        self.after = sha256()

    def write(self, path: Path) -> Built:
        """Writes `path` by way of a file beside it, so that a failure leaves nothing under that name."""
        draft = path.with_name(f".{path.name}.part")
        try:
            with Zip(draft) as archive:
                self._members(archive)
                self._prove(archive)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
                digest = sha256()
                for chunk in iter(lambda: written.read(1 << 20), b""):
                    digest.update(chunk)
            size = draft.stat().st_size
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        first, last = self.span.from_pos, self.span.to_pos
        return Built(first, last, digest.hexdigest(), size, self.after.hexdigest())

    def _members(self, archive: Zip) -> None:
        """Everything that the manifest covers, by name but for the sums, which come last."""
        first, last = self.span.from_pos, self.span.to_pos
        verifier, shell = single_file(), SHELL.read_text()
        survey = Survey(self._entries(1, last), first, self.about.years)
        for piece in self._state(survey.after):
            self.after.update(piece)
        archive.text("LISEZMOI.txt", self._notice(verifier, shell))
        archive.text("cles/cachet.pem", "".join(map(_pem, self.proofs.seal.chain)))
        if changes := self.source.signers(self.proofs.size):
            archive.put("cles/signataires.jsonl", map(canonical, changes))
        archive.put("coffre/effaces.jsonl", map(canonical, self.source.erasures(first, last)))
        archive.put("coffre/ouvertures.jsonl", map(canonical, self.source.openings(first, last)))
        if purges := self.source.purges(self.proofs.size):
            archive.put("coffre/purges.jsonl", map(canonical, purges))
        years = self._accounts(archive, survey)
        self._documents(archive)
        archive.text("registre/debut.txt", f"{first - 1} {self._head_before()}\n{self.about.ledger}\n")
        for number, start in enumerate(range(first, last + 1, CUT), 1):
            end = min(start + CUT - 1, last)
            archive.put(f"registre/ecritures-{number:06d}.jsonl", self._lines(start, end))
        archive.put("registre/empreintes.bin", self.source.hashes(self.proofs.size))
        archive.put("registre/etat.json", self._state(survey.before))
        archive.put("registre/plage.json", [canonical(self._range(years))])
        for name, note in sorted(self.proofs.notes.items()):
            archive.put(f"registre/points-de-controle/{name}", [note])
        self._tables(archive)
        archive.text("verify.py", verifier)
        archive.text("verify.sh", shell)
        archive.text("SHA256SUMS", sums(archive.members[1:]))

    def _prove(self, archive: Zip) -> None:
        listed = manifest(archive.members[1:], SIGNATURE, "application/x-pkcs7-signature").encode()
        signature = cades.cades(listed, self.proofs.seal)
        pair = [Member(FIRST, archive.put(FIRST, [listed]))]
        pair.append(Member(SIGNATURE, archive.put(SIGNATURE, [signature])))
        if self.proofs.stamp:
            both = manifest(pair, STAMP, "application/vnd.etsi.timestamp-token").encode()
            archive.put(SECOND, [both])
            archive.put(STAMP, [self.proofs.stamp(both)])

    def _state(self, state: State) -> Iterator[bytes]:
        return state.text(self.source.versions(state.pos))

    def _lines(self, start: int, end: int) -> Iterator[bytes]:
        for _, line, _ in self.source.entries(start, end):
            yield line + b"\n"
            self.progress(1)

    def _entries(self, first: int, last: int) -> Iterator[Entry]:
        """Entries as they are told: whether they are in the format is the verifier's question."""
        for pos, line, hash_ in self.source.entries(first, last):
            told = json.loads(line)
            yield Entry(
                pos, hash_, line.decode(), told["at"], told["by"], told["stream"], told["type"], told["version"],
                told["data"],
            )  # fmt: skip

    def _head_before(self) -> str:
        first = self.span.from_pos
        return chain.genesis(self.about.ledger) if first == 1 else self.source.hash_of(first - 1)

    def _notice(self, verifier: str, shell: str) -> str:
        zone = ZoneInfo(self.span.time_zone)
        first, until = (at.astimezone(zone) for at in (self.span.since, self.span.until))
        last = until.date().fromordinal(until.date().toordinal() - 1)
        return notice(
            Facts(
                company=self.about.company, siren=self.about.siren or "non renseigné", ledger=self.about.ledger,
                first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}", from_pos=self.span.from_pos,
                to_pos=self.span.to_pos, software=self.about.software, stamped=self.proofs.stamp is not None,
                training=self.about.training, keeping=self.about.keeping, verify_py=_digest(verifier),
                verify_sh=_digest(shell), certificate=self.proofs.seal.fingerprint,
            )
        )  # fmt: skip

    def _accounts(self, archive: Zip, survey: Survey) -> list[dict[str, Any]]:
        """The accounting file of each fiscal year touched: its name, its days, whether the range holds it whole."""
        touched = []
        name_of = tables.naming(self.source.openings(1, self.span.to_pos))
        names = {code: name_of(card) for code, card in survey.cards.items()}
        for year, (first, last) in survey.posted.items():
            if last < self.span.from_pos:
                continue
            kind = f"FEC{year.last:%Y%m%d}" if self.about.keeping == "full" else f"_ecritures_{year.last:%Y%m}"
            name = f"comptabilite/{self.about.siren or '0' * 9}{kind}.txt"
            rows = fec.rows(self._entries(first, last), year, self.span.time_zone, names)
            archive.put(name, (row.encode() for row in rows))
            whole = first >= self.span.from_pos
            touched.append({"file": name, "from": year.first, "to": year.last, "whole": whole})
        return touched

    def _documents(self, archive: Zip) -> None:
        index = ["number;type;media;sha256;position\r\n"]
        for file in self.source.rendered(self.span.from_pos, self.span.to_pos):
            extension = "xml" if file.media.endswith("xml") else "pdf"
            if content := self.source.blob(file.sha256):
                archive.put(f"documents/{file.pos:010d}-{file.sha256[:16]}.{extension}", [content], stored=True)
            index.append(f"{file.number};{file.type};{file.media};{file.sha256};{file.pos}\r\n")
        archive.put("documents/index.csv", [b"\xef\xbb\xbf", "".join(index).encode()])

    def _range(self, years: list[dict[str, Any]]) -> dict[str, Any]:
        zone = ZoneInfo(self.span.time_zone)
        instants = [self.span.since, self.span.until]
        return {
            "from_pos": self.span.from_pos, "to_pos": self.span.to_pos, "instants": instants, "accounts": years,
            "offsets": [
                {"from": at, "minutes": int((at.astimezone(zone).utcoffset() or at - at).total_seconds() // 60)}
                for at in instants
            ],
        }  # fmt: skip

    def _tables(self, archive: Zip) -> None:
        first, last = self.span.from_pos, self.span.to_pos
        name = tables.naming(self.source.openings(first, last))
        with tables.Files(name) as files:
            for entry in self._entries(first, last):
                files.see(entry)
            for table, chunks in files:
                archive.put(f"tableaux/{table.name}.csv", chunks)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _pem(certificate: bytes) -> str:
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM).decode()
