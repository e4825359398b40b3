"""Time-stamps by an authority of our own (`openssl ts`), verified again by openssl."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.x509 import load_pem_x509_certificate

from audit.time_stamp import NoTimeStamp, stamp
from tests.audit.tsa import authority


@pytest.fixture
def tsa(tmp_path):
    with authority(tmp_path) as found:
        yield found


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
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


def test_nonsense_and_silence_are_no_time_stamp(tsa):
    tsa.broken = True
    with pytest.raises(NoTimeStamp):
        stamp(tsa.url, b"checkpoint\n")
    with pytest.raises(NoTimeStamp):
        stamp("http://127.0.0.1:1/", b"checkpoint\n")
