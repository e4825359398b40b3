"""A seal whose key stays in a token: SoftHSM, as an HSM or a card would."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from audit import hsm, seal
from audit.hsm import Place, TokenSilent
from audit.verifier import main
from ledger.settings import Settings
from tests.audit.archiving import ground
from tests.audit.providers import authority, certificate

MODULES = [*Path("/usr").glob("lib*/softhsm/libsofthsm2.so"), *Path("/usr").glob("lib/*/softhsm/libsofthsm2.so")]
PIN = "4821"

pytestmark = pytest.mark.skipif(not MODULES, reason="softhsm2 is not installed (make softhsm, as root)")


@dataclass
class Token:
    """A token with keys in it, and the settings that reach it."""

    settings: Settings
    keys: dict[str, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]


@pytest.fixture(scope="module")
def token(settings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    (folder / "pin").write_text(f"{PIN}\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    util("--init-token", "--free", "--label", "étude", "--so-pin", "12345678", "--pin", PIN)
    keys = {"P-256": ec.generate_private_key(ec.SECP256R1()), "RSA": rsa.generate_private_key(65537, 3072)}
    for number, (label, key) in enumerate(keys.items(), 1):
        (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        util("--import", str(folder / "key.pem"), "--token", "étude", "--label", label, "--id", f"0{number}",
             "--pin", PIN)  # fmt: skip
    yield Token(replace(settings, pkcs11_module=MODULES[0], pkcs11_pin_file=folder / "pin"), keys)
    os.environ.pop("SOFTHSM2_CONF")
    if before:
        os.environ["SOFTHSM2_CONF"] = before


def util(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("label", ["P-256", "RSA"])
def test_a_token_seals_an_archive_and_its_key_is_nowhere_here(token, server, web_pool, job_pool, tmp_path, label):
    world = ground(token.settings, server, web_pool, job_pool)
    root_key, root = authority()
    own = certificate("Hôtel du Parc", token.keys[label], "Autorité d’essai", root_key)
    (tmp_path / "own.pem").write_bytes(own.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    done = probant(token.settings, "keys", "token", "--company", str(world.shop.id), "--token", "étude", "--label",
                   label, str(tmp_path / "own.pem"))  # fmt: skip
    assert (done.returncode, "clé dans le module « étude »" in done.stdout) == (0, True), done.stderr
    file = seal.own_file(token.settings, world.shop.id)
    assert b"PRIVATE" not in file.read_bytes()
    world.build(tmp_path / "a.asice")
    report = main.verify(str(tmp_path / "a.asice"), fingerprint=own.fingerprint(hashes.SHA256()).hex())
    assert report.conform, report.lines()


def test_a_certificate_of_another_key_is_refused(token, tmp_path):
    root_key, _ = authority()
    other = certificate("Hôtel", ec.generate_private_key(ec.SECP256R1()), "Autorité d’essai", root_key)
    (tmp_path / "other.pem").write_bytes(other.public_bytes(Encoding.PEM))
    done = probant(token.settings, "keys", "token", "--token", "étude", "--label", "P-256", str(tmp_path / "other.pem"))
    assert (done.returncode, done.stderr) == (2, "Ce certificat n’est pas celui de la clé du module.\n")


def test_a_token_that_does_not_answer_is_told_and_nothing_is_signed(token, tmp_path):
    (tmp_path / "pin").write_text("0000")
    public = token.keys["P-256"].public_key()
    for settings, place in (
        (token.settings, Place("ailleurs", "P-256")),
        (token.settings, Place("étude", "perdue")),
        (replace(token.settings, pkcs11_pin_file=tmp_path / "pin"), Place("étude", "P-256")),
        (replace(token.settings, pkcs11_pin_file=tmp_path / "absent"), Place("étude", "P-256")),
        (replace(token.settings, pkcs11_module=None), Place("étude", "P-256")),
    ):
        with pytest.raises(TokenSilent):
            hsm.signing(settings, place, public)[1](b"content")


def probant(settings, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", "from web.cli import main; main(prog_name='probant')", *arguments]
    env = os.environ | settings.environ()
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)
