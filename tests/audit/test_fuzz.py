"""T28: whatever an archive is made of, its verifier ends with a verdict, in little memory, and never with a false one.

`make soak` goes on for longer, led by what the code does (atheris).
"""

import io
import json
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.verifier import main
from tests.audit.archiving import ground, rewritten

MEMORY = 256 * 2**20
READABLE = (OSError, zipfile.BadZipFile, NotImplementedError)  # what the command tells in one line, exit 2
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def archive(settings, server, web_pool, job_pool, tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz") / "a.asice"
    ground(settings, server, web_pool, job_pool).build(path)
    return path


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "b.asice"


def verdict(path: Path) -> bool | None:
    """Whether it is found conform; None when it is told to be no archive."""
    try:
        report = main.verify(str(path))
    except READABLE:
        return None
    assert report.lines()[-1].startswith("CONFORME" if report.conform else "NON CONFORME")
    return report.conform


def contents(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as opened:
        return [(one.filename, opened.read(one)) for one in opened.infolist()]


def test_the_archive_itself_is_conform(archive):
    assert verdict(archive) is True


cuts = st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=60))  # where, how much goes, what comes


@quick
@given(st.lists(cuts, min_size=1, max_size=4))
def test_bytes_changed_anywhere_in_the_file_give_a_verdict_and_a_false_one_never(archive, target, changes):
    raw = archive.read_bytes()
    for where, gone, come in changes:
        at = int(where * len(raw))
        raw = raw[:at] + come + raw[at + gone :]
    target.write_bytes(raw)
    if verdict(target):  # of what no member holds: the clock of an entry of the ZIP, its comment
        assert contents(target) == contents(archive)


@quick
@given(st.data())
def test_a_member_whose_content_changed_is_found_whatever_it_became(archive, target, data):
    known = dict(contents(archive))
    name = data.draw(st.sampled_from(sorted(known)))
    content = data.draw(changed(known[name]))
    rewritten(archive, target, lambda each, old: content if each == name else old)
    assert verdict(target) is (content == known[name])


def changed(content: bytes) -> st.SearchStrategy[bytes]:
    """Bytes, lines, or values of JSON lines put out of order, out of bounds, out of type."""
    lines = content.split(b"\n")
    return st.one_of(
        st.binary(max_size=200),
        st.permutations(lines).map(b"\n".join) if 1 < len(lines) < 200 else st.just(b""),
        st.integers(0, max(0, len(content) - 1)).map(lambda at: content[:at]),
        st.tuples(st.integers(0, len(lines) - 1), values).map(lambda told: other_value(lines, *told)),
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def other_value(lines: list[bytes], rank: int, value: object) -> bytes:
    """One value of a JSON line is another."""
    try:
        told = json.loads(lines[rank])
        place = told["data"] if isinstance(told.get("data"), dict) and told["data"] else told
        key = sorted(place)[len(str(value)) % len(place)]
        place[key] = value
    except (ValueError, AttributeError, TypeError, ZeroDivisionError):
        told = value
    return b"\n".join([*lines[:rank], json.dumps(told, separators=(",", ":")).encode(), *lines[rank + 1 :]])


# Sizes and counts that lie. The command runs alone, with that much memory and no more.


LINES, STATE, SUMS = "registre/ecritures-000001.jsonl", "registre/etat.json", "SHA256SUMS"


def far(pos: int) -> bytes:
    return f"{pos} {'0' * 64}\n5b0e6c1e-0000-4000-8000-000000000000\n".encode()


HOSTILE: dict[str, tuple[str, int, Callable[[], bytes]]] = {  # the member, how it is kept, what it holds
    "a bomb of zeros": (LINES, zipfile.ZIP_DEFLATED, lambda: b"\0" * 80_000_000),
    "a bomb of lines": (LINES, zipfile.ZIP_DEFLATED, lambda: b"\n" * 40_000_000),
    "lines that are none": (LINES, zipfile.ZIP_STORED, lambda: b"x\n" * 1_000_000),
    "one endless line": (LINES, zipfile.ZIP_STORED, lambda: b"x" * 20_000_000),
    "a state of many values": (STATE, zipfile.ZIP_STORED, lambda: b"[" + b"[]," * 6_000_000 + b"[]]"),
    "a deep state": (STATE, zipfile.ZIP_STORED, lambda: b"[" * 400_000),
    "a state of other types": (STATE, zipfile.ZIP_STORED, lambda: b'{"pos":0,"versions":5}'),
    "a wide range": ("registre/plage.json", zipfile.ZIP_STORED, lambda: b'{"accounts":[' + b"{}," * 3_000_000 + b"0]}"),
    "a beginning that is far": ("registre/debut.txt", zipfile.ZIP_STORED, lambda: far(999_999_999_999_999)),
    "a manifest of many elements": (
        "META-INF/ASiCManifest001.xml", zipfile.ZIP_STORED, lambda: b"<a>" + b"<b/>" * 3_000_000 + b"</a>",
    ),
    "sums of many lines": (SUMS, zipfile.ZIP_STORED, lambda: b"\n" * 15_000_000),
    "a signature of many values": (
        "META-INF/signature001.p7s", zipfile.ZIP_STORED,
        lambda: b"\x30\x84\x00\x4c\x4b\x40" + b"\x05\0" * 2_500_000,
    ),
    "a note of many lines": ("registre/points-de-controle/fin.txt", zipfile.ZIP_STORED, lambda: b"\n" * 5_000_000),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_what_lies_about_its_size_takes_little_memory_and_is_not_conform(archive, tmp_path, what):
    name, kept, content = HOSTILE[what]
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(tmp_path / "h.asice", "w") as new:
        assert name in old.namelist()
        for about in old.infolist():
            if about.filename == name:
                new.writestr(zipfile.ZipInfo(name), content(), kept)
            else:
                new.writestr(zipfile.ZipInfo(about.filename), old.read(about), about.compress_type)
    code, told = alone(tmp_path / "h.asice")
    assert (code, "NON CONFORME" in told) == (1, True), told


def alone(path: Path) -> tuple[int, str]:
    """The exit of the command and what it said, in a process that has 256 MiB."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from audit.verifier.main import main; sys.exit(main(sys.argv[1:]))", path],
        capture_output=True, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr.decode()[-2000:]
    return done.returncode, done.stdout.decode()


def test_a_state_of_a_million_streams_is_read_in_little_memory(archive, tmp_path):
    """Such an archive is as any other: only its sum, which was made of another state, does not hold."""
    streams = ",".join(f'"{UUID(int=number)}":1' for number in range(1_000_000))
    known = '{"at":"","closings":{},"pos":0,"series":{},"signers":[""],"versions":{'
    state = f"{known}{streams}}}}}\n".encode()
    rewritten(archive, tmp_path / "s.asice", lambda name, content: state if name == STATE else content)
    code, told = alone(tmp_path / "s.asice")
    assert (code, "NON CONFORME : 2 anomalie(s)" in told, f"{STATE} a été modifié" in told) == (1, True, True), told


def test_a_directory_of_a_million_members_is_not_even_opened(tmp_path):
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count, path = 1_000_000, tmp_path / "m.asice"
    directory = one * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), 0, 0)
    path.write_bytes(directory + end)
    code, told = alone(path)
    assert (code, "plus de 100000 fichiers" in told) == (2, True), told


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "x\\y", "a\0b", "\u202ea", "a//b", "./a"])
def test_a_name_that_leads_elsewhere_is_found_and_nothing_is_written(archive, target, name):
    raw = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(raw, "w") as new:
        for about in old.infolist():
            new.writestr(about, old.read(about))
        member = zipfile.ZipInfo("x")
        member.filename = name
        new.writestr(member, b"x")
    target.write_bytes(raw.getvalue())
    before = sorted(target.parent.iterdir())
    assert verdict(target) is False
    assert sorted(target.parent.iterdir()) == before


@pytest.mark.soak
def test_what_atheris_makes_of_it_in_ten_minutes_neither_crashes_nor_deceives(archive):
    """Only where atheris has a wheel; see `dev.in`."""
    pytest.importorskip("atheris")
    limits = ["-max_total_time=600", "-rss_limit_mb=256", "-timeout=30", "-max_len=1000000", "-len_control=0"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.fuzzing", archive, *limits], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
