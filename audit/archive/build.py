"""Builds an archive: reads one snapshot, writes one file, whole or not at all."""

import os
from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from audit import cades, seal
from audit.archive import fec, keys, span_facts, tables
from audit.archive.notice import Facts, notice
from audit.archive.source import Source, Span
from audit.archive.survey import Survey
from audit.archive.work import Progress, Work
from audit.archive.zipping import Member, Zip, canonical, manifest, sums
from audit.verifier import single_file
from audit.verifier.container import FIRST, MEMBERS_MAX, SECOND, SIGNATURE, STAMP
from audit.verifier.lines import Entry
from ledger import chain

CUT = 100_000  # lines of a file
WINDOW = 2_000  # entries that the tables look up the names of at a time
MOST = MEMBERS_MAX - 1_000  # frozen files; the rest is for lines, checkpoints and what stands once
READINGS = 2  # of the range: lines, tables
SHELL = Path(__file__).parents[1] / "verifier" / "verify.sh"


class TooMany(Exception):
    """More files than an archive may have: a shorter period is to be chosen."""


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
    """One archive under way; `progress` hears which share of it is done. Errors: `TooMany`."""

    def __init__(self, source: Source, span: Span, about: About, proofs: Proofs, progress: Progress) -> None:
        self.source, self.span, self.about, self.proofs = source, span, about, proofs
        self.rendered = source.rendered(span.from_pos, span.to_pos)
        if len(self.rendered) > MOST:
            raise TooMany(len(self.rendered))
        self.ahead = READINGS * (span.to_pos - span.from_pos + 1) + len(self.rendered)
        self.work = Work(2 * span.to_pos + self.ahead, progress)  # the survey, the accounting files at most
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
            _durable(path.parent)
        finally:
            draft.unlink(missing_ok=True)
        first, last = self.span.from_pos, self.span.to_pos
        return Built(first, last, digest.hexdigest(), size, self.after.hexdigest())

    def _members(self, archive: Zip) -> None:
        """Everything that the manifest covers, by name but for the sums, which come last."""
        first, last = self.span.from_pos, self.span.to_pos
        verifier, shell = single_file(), SHELL.read_text()
        survey = Survey(self._entries(1, last), first, self.about.years)
        self.work.left(sum(end - begin + 1 for begin, end in survey.posted.values() if end >= first) + self.ahead)
        for piece in survey.after.text(self.source):
            self.after.update(piece)
        on_card = tables.naming(self.source.openings(1, last))
        archive.text("LISEZMOI.txt", self._notice(verifier, shell, survey))
        changes = self.source.signers(self.proofs.size)
        for key, pem in keys.pems(self.proofs.seal.chain, survey.after.signers, changes):
            archive.text(key, pem)
        if changes:
            archive.put("cles/signataires.jsonl", map(canonical, changes))
        archive.put("coffre/effaces.jsonl", map(canonical, self.source.erasures(first, last)))
        archive.put("coffre/ouvertures.jsonl", map(canonical, self.source.openings(first, last)))
        if purges := self.source.purges(self.proofs.size):
            archive.put("coffre/purges.jsonl", map(canonical, purges))
        names = {code: on_card(card) for code, card in survey.cards.items()}
        years = self._accounts(archive, survey, names)
        self._documents(archive)
        archive.text("registre/debut.txt", f"{first - 1} {self._head_before()}\n{self.about.ledger}\n")
        for number, start in enumerate(range(first, last + 1, CUT), 1):
            end = min(start + CUT - 1, last)
            archive.put(f"registre/ecritures-{number:06d}.jsonl", self._lines(start, end))
        archive.put("registre/empreintes.bin", self.source.hashes(self.proofs.size))
        archive.put("registre/etat.json", survey.before.text(self.source))
        archive.put("registre/plage.json", [canonical(span_facts.facts(self.span, years))])
        for name, note in sorted(self.proofs.notes.items()):
            archive.put(f"registre/points-de-controle/{name}", [note])
        self._tables(archive, on_card, survey.codes, names)
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

    def _lines(self, start: int, end: int) -> Iterator[bytes]:
        for _, line, _ in self.work.each(self.source.entries(start, end)):
            yield line + b"\n"

    def _entries(self, first: int, last: int) -> Iterator[Entry]:
        """Entries as they are told: whether they are in the format is the verifier's question."""
        return self.work.each(self.source.told(first, last))

    def _head_before(self) -> str:
        first = self.span.from_pos
        return chain.genesis(self.about.ledger) if first == 1 else self.source.hash_of(first - 1)

    def _notice(self, verifier: str, shell: str, survey: Survey) -> str:
        zone = ZoneInfo(self.span.time_zone)
        first, until = (at.astimezone(zone) for at in (self.span.since, self.span.until))
        last = until.date().fromordinal(until.date().toordinal() - 1)
        return notice(
            Facts(
                company=self.about.company, siren=self.about.siren or "non renseigné", ledger=self.about.ledger,
                first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}", from_pos=self.span.from_pos,
                to_pos=self.span.to_pos, recorded=f"enregistrées du {survey.first_at} au {survey.after.at} (UTC)",
                software=self.about.software, stamped=self.proofs.stamp is not None,
                training=self.about.training, provisional=self.span.provisional, keeping=self.about.keeping,
                verify_py=_digest(verifier), verify_sh=_digest(shell), certificate=self.proofs.seal.fingerprint,
            )
        )  # fmt: skip

    def _accounts(self, archive: Zip, survey: Survey, names: dict[str, str]) -> list[dict[str, Any]]:
        """The accounting file of each fiscal year touched: its name, its days, whether the range holds it whole."""
        touched = []
        for year, (first, last) in survey.posted.items():
            if last < self.span.from_pos:
                continue
            name = f"comptabilite/{fec.file_name(self.about.siren, self.about.keeping, year)}"
            rows = fec.rows(self._entries(first, last), year, self.span.time_zone, names)
            archive.put(name, (row.encode() for row in rows))
            whole = first >= self.span.from_pos
            touched.append({"file": name, "from": year.first, "to": year.last, "whole": whole})
        return touched

    def _documents(self, archive: Zip) -> None:
        index = ["number;type;media;sha256;position\r\n"]
        for file in self.work.each(self.rendered):
            extension = "xml" if file.media.endswith("xml") else "pdf"
            if content := self.source.blob(file.sha256):
                archive.put(f"documents/{file.pos:010d}-{file.sha256[:16]}.{extension}", [content], stored=True)
            index.append(f"{file.number};{file.type};{file.media};{file.sha256};{file.pos}\r\n")
        archive.put("documents/index.csv", [b"\xef\xbb\xbf", "".join(index).encode()])

    def _tables(self, archive: Zip, on_card: tables.Name, codes: dict[str, str], names: dict[str, str]) -> None:
        first, last = self.span.from_pos, self.span.to_pos
        clients = {stream: names[code] for stream, code in codes.items()}
        with tables.Files() as files:
            for start in range(first, last + 1, WINDOW):
                entries = [*self._entries(start, min(start + WINDOW - 1, last))]
                numbers = self.source.numbers(tables.mentioned(entries), last)
                known = tables.Known(on_card, codes, ChainMap(numbers, clients))
                for entry in entries:
                    files.see(entry, known)
            for table, chunks in files:
                archive.put(f"tableaux/{table.name}.csv", chunks)


def _durable(folder: Path) -> None:
    """The name of a file is durable with its folder."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
