"""Time-stamps by an authority of our own (`openssl ts`), verified again by openssl."""

import re
import shlex
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytest
from cryptography.x509 import load_pem_x509_certificate

from audit import time_stamp
from audit.time_stamp import NoTimeStamp, stamp
from audit.verifier import cms, main
from audit.verifier.container import FIRST, SECOND, SIGNATURE, STAMP
from ledger.settings import Settings
from tests.audit.archiving import ground
from tests.audit.tsa import authority

HASHES = ["sha256", "sha384", "sha512"]


@pytest.fixture
def tsa(tmp_path):
    with authority(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def stamped(settings, server, web_pool, job_pool, tmp_path_factory):
    """An archive with a token, and the root of its authority."""
    folder = tmp_path_factory.mktemp("stamped")
    with authority(folder) as tsa:
        path = folder / "a.asice"
        ground(settings, server, web_pool, job_pool).build(path, stamp=lambda content: stamp(tsa.url, content).token)
        yield path, tsa.root


@pytest.mark.parametrize("algorithm", HASHES)
def test_a_time_stamp_is_one_for_openssl_too(tsa, tmp_path, algorithm):
    root = load_pem_x509_certificate(tsa.root.read_bytes())
    found = stamp(tsa.url, b"checkpoint\n", algorithm, [root])
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=5)
    (tmp_path / "token").write_bytes(found.token)
    (tmp_path / "data").write_bytes(b"checkpoint\n")
    verify = ["openssl", "ts", "-verify", "-token_in", "-in", "token", "-data", "data", "-CAfile", tsa.root]
    assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "data").write_bytes(b"checkpoint!")
    assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_an_authority_of_another_root_is_refused(tsa, tmp_path):
    (tmp_path / "other").mkdir()
    with authority(tmp_path / "other") as other, pytest.raises(NoTimeStamp):
        stamp(tsa.url, b"checkpoint\n", "sha256", [load_pem_x509_certificate(other.root.read_bytes())])


def test_the_settings_name_the_roots_and_the_hash(tsa, tmp_path):
    told = {"PROBANT_DATA": str(tmp_path), "PROBANT_TSA_URL": tsa.url, "PROBANT_TSA_HASH": "sha384"}
    assert time_stamp.of(Settings.from_env({"PROBANT_DATA": str(tmp_path)})) is None
    assert time_stamp.of(Settings.from_env(told))(b"x").token
    assert time_stamp.of(Settings.from_env(told | {"PROBANT_TSA_ROOTS": str(tsa.root)}))(b"x").token
    (tmp_path / "other").mkdir()
    with authority(tmp_path / "other") as other:
        for roots in (other.root, tmp_path / "missing.pem", tmp_path / "serial"):
            with pytest.raises(NoTimeStamp):
                time_stamp.of(Settings.from_env(told | {"PROBANT_TSA_ROOTS": str(roots)}))(b"x")


def test_without_roots_a_token_still_needs_the_signature_of_its_certificate(tsa):
    tsa.change = lambda answer: answer[:-1] + bytes([answer[-1] ^ 1])
    with pytest.raises(NoTimeStamp):
        stamp(tsa.url, b"checkpoint\n")
    tsa.change = lambda answer: answer
    assert stamp(tsa.url, b"checkpoint\n").token


def test_a_certificate_that_is_not_for_time_stamps_alone_stamps_nothing(tmp_path):
    with (
        authority(tmp_path, "extendedKeyUsage=critical,timeStamping,codeSigning\n") as tsa,
        pytest.raises(NoTimeStamp),
    ):
        stamp(tsa.url, b"checkpoint\n")


def test_nonsense_and_silence_are_no_time_stamp(tsa):
    tsa.change = lambda _: b"nonsense"
    with pytest.raises(NoTimeStamp):
        stamp(tsa.url, b"checkpoint\n")
    with pytest.raises(NoTimeStamp):
        stamp("http://127.0.0.1:1/", b"checkpoint\n")


def test_a_token_is_checked_by_the_command_that_the_notice_prints(stamped, tmp_path):
    path, root = stamped
    with zipfile.ZipFile(path) as opened:
        opened.extractall(tmp_path)
    notice = (tmp_path / "LISEZMOI.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    (printed,) = re.findall(r"openssl ts -verify .*", notice)
    command = [str(root) if word == "racine-tsa.pem" else word for word in shlex.split(printed)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "over"), [(SIGNATURE, FIRST), (STAMP, SECOND)], ids=["seal", "token"])
def test_no_byte_of_a_seal_or_a_token_is_free(stamped, monkeypatch, name, over):
    monkeypatch.setattr(cms, "holds", lru_cache(cms.holds))  # the same signature is verified once
    with zipfile.ZipFile(stamped[0]) as opened:
        raw, content = opened.read(name), opened.read(over)

    def accepted(changed: bytes) -> bool:
        try:
            return bool(cms.verify(changed, content) if name == SIGNATURE else cms.token(changed, content))
        except (cms.BadSignature, cms.BadDer, IndexError):
            return False

    assert accepted(raw)
    (certificate,) = cms.verify(raw, content if name == SIGNATURE else None).chain
    begin = raw.index(certificate)
    sealed = range(begin, begin + len(certificate))  # of what the signature names whole, some bytes are enough
    places = [at for at in range(len(raw)) if at not in sealed or at % 16 == 0]
    flips = [(at, raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]) for at in places]
    assert [at for at, changed in flips if accepted(changed)] == []


def test_a_stamped_archive_is_conform(stamped):
    report = main.verify(str(stamped[0]))
    assert report.conform
    assert report.skipped == {12}
