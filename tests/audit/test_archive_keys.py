"""Archives made before, across and after a change of key; a key that was lost or stolen; seals of a provider."""

import subprocess
import zipfile
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import pkcs12, reading, seal
from audit.verifier import main
from ledger.commands.keys import declare_signer
from ledger.note import SIGNS, Key
from tests.audit.archiving import ground, rewritten
from tests.audit.providers import authority, certificate, p12
from tests.ledger.commands.conftest import line


@pytest.fixture
def world(settings, server, web_pool, job_pool):
    return ground(settings, server, web_pool, job_pool)


def vkey(world, private) -> str:
    return str(Key(world.origin, SIGNS, private.public_key().public_bytes_raw()))


def declared(world, cause="rotation", **facts) -> tuple[Ed25519PrivateKey, int]:
    """A new key, its entry, and the note of that entry, signed as the format asks; then one more invoice."""
    new = Ed25519PrivateKey.generate()
    world.books.do(
        declare_signer, world.shop.id, uuid4(), "job:keys", declaration_id=uuid4(), signer=vkey(world, new),
        previous=world.vkey, cause=cause, **facts,
    )  # fmt: skip
    with reading.snapshot(world.uri, world.shop.id) as conn:
        pos = conn.execute("SELECT pos FROM ledger.head WHERE company_id = %s", (world.shop.id,)).fetchone()[0]
        source = world.source(conn)
        old_note, new_note = world.note(source, pos), world.note(source, pos, new)
    both = old_note + new_note.split(b"\n\n")[1] if cause == "rotation" else new_note
    with world.books.pool.connection() as conn, conn.transaction():
        conn.execute("SELECT set_config('probant.company', %s, true)", (str(world.shop.id),))
        keep = "INSERT INTO ledger.checkpoint (company_id, size, note) VALUES (%s, %s, %s)"
        conn.execute(keep, (world.shop.id, pos, both.decode()))
    world.shop.issued(world.shop.client(), line("10"))
    return new, pos


def test_archives_before_across_and_after_a_rotation_hold_under_both_keys(world, tmp_path):
    new, pos = declared(world)
    for name, span, keys in (
        ("before", {"last": pos - 1}, (world.key, new)),
        ("earlier, its end signed later", {"last": pos - 1}, (new, new)),
        ("across", {}, (new, new)),
        ("after", {"first": pos + 1}, (new, new)),
    ):
        world.build(tmp_path / f"{name}.asice", **span, keys=keys)
        for key in ("", world.vkey, vkey(world, new)):
            report = main.verify(str(tmp_path / f"{name}.asice"), key=key)
            assert report.conform, (name, key, report.lines())
        assert "rupture de clé" not in "\n".join(report.lines())


def test_what_the_old_key_signs_after_its_time_is_found(world, tmp_path):
    declared(world)
    world.build(tmp_path / "a.asice", keys=(world.key, world.key))
    report = main.verify(str(tmp_path / "a.asice"))
    assert sorted(text.rsplit("/", 1)[-1] for text in report.defects[5]) == [
        "dernier.txt n’est signé d’aucune clé de ce registre", "fin.txt n’est signé d’aucune clé de ce registre",
    ]  # fmt: skip


def test_a_lost_key_breaks_the_succession_and_says_so(world, tmp_path):
    new, _ = declared(world, "loss")
    world.build(tmp_path / "a.asice", keys=(new, new))
    told = main.verify(str(tmp_path / "a.asice"), key=vkey(world, new))
    assert told.conform
    assert "rupture de clé à l’écriture" in "\n".join(told.lines())
    assert not main.verify(str(tmp_path / "a.asice"), key=world.vkey).conform


def test_a_note_of_a_stolen_key_is_not_believed_where_it_is_held(world, tmp_path):
    with reading.snapshot(world.uri, world.shop.id) as conn:
        early, late = (world.note(world.source(conn), size) for size in (3, 6))
    new, _ = declared(world, "compromise", trusted_to=4)
    world.build(tmp_path / "a.asice", keys=(new, new))
    assert main.verify(str(tmp_path / "a.asice"), early).conform
    assert "perdue ou volée" in main.verify(str(tmp_path / "a.asice"), late).defects[12][0]


def test_a_change_of_key_cannot_be_added_hidden_or_altered(world, tmp_path):
    new, pos = declared(world)
    world.build(tmp_path / "a.asice", keys=(new, new))
    name, stranger = "cles/signataires.jsonl", Ed25519PrivateKey.generate()
    changes = {
        "hidden": lambda _: b"",
        "of a stranger": lambda text: text.replace(vkey(world, new).encode(), vkey(world, stranger).encode()),
        "elsewhere": lambda text: text.replace(b'"pos":%d}' % pos, b'"pos":2}'),
        "no JSON": lambda _: b"{]\n",
    }
    for what, change in changes.items():
        path = rewritten(
            tmp_path / "a.asice", tmp_path / "x.asice", lambda n, text, c=change: c(text) if n == name else text
        )
        assert main.verify(str(path)).defects[5], what


# The seal


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA"])
def test_a_providers_seal_is_kept_with_its_chain_and_seals(world, settings, tmp_path, kind):
    root_key, root = authority()
    key = {"P-256": lambda: ec.generate_private_key(ec.SECP256R1()), "P-384": lambda: ec.generate_private_key(
        ec.SECP384R1()), "RSA": lambda: rsa.generate_private_key(65537, 3072)}[kind]()  # fmt: skip
    own = certificate("Hôtel du Parc", key, "Autorité d’essai", root_key)
    taken, chain = pkcs12.read(p12(key, own, root), "mot de passe")
    assert chain == [own, root]
    file = seal.own_file(settings, world.shop.id)
    seal.write(settings, file, taken, chain)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in file.read_bytes()
    world.build(tmp_path / "a.asice")
    report = main.verify(str(tmp_path / "a.asice"), fingerprint=own.fingerprint(hashes.SHA256()).hex())
    assert report.conform, report.lines()
    with zipfile.ZipFile(tmp_path / "a.asice") as opened:
        opened.extractall(tmp_path / "open")
        assert len(x509.load_pem_x509_certificates(opened.read("cles/cachet.pem"))) == 2
    (tmp_path / "root.pem").write_bytes(root.public_bytes(seal.Encoding.PEM))
    found = subprocess.run(
        ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "META-INF/signature001.p7s",
         "-content", "META-INF/ASiCManifest001.xml", "-CAfile", tmp_path / "root.pem", "-purpose", "any",
         "-out", "/dev/null"], cwd=tmp_path / "open", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr


def test_what_is_no_seal_is_refused_in_one_sentence():
    root_key, root = authority()
    key, weak = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    own = certificate("Hôtel", key, "Autorité d’essai", root_key)
    over = certificate("Hôtel", key, "Autorité d’essai", root_key, days=-1)
    cipher = certificate("Hôtel", key, "Autorité d’essai", root_key, digital_signature=False, key_encipherment=True)
    for content, password, words in (
        (p12(key, own, root), "un autre", "mot de passe n’est pas le sien"),
        (b"no PKCS#12", "x", "mot de passe n’est pas le sien"),
        (p12(weak, certificate("Hôtel", weak, "Autorité d’essai", root_key)), "mot de passe", "3072 bits"),
        (p12(key, over), "mot de passe", "ne peut rien sceller aujourd’hui"),
        (p12(key, cipher), "mot de passe", "n’est pas fait pour signer"),
    ):
        with pytest.raises(pkcs12.NoSeal, match=words):
            pkcs12.read(content, password)


def test_an_expired_seal_seals_nothing(world, settings):
    root_key, _ = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    over = certificate("Hôtel", key, "Autorité d’essai", root_key, days=-1)
    seal.write(settings, seal.own_file(settings, world.shop.id), key, [over])
    with pytest.raises(seal.SealExpired):
        seal.seal_of(settings, world.shop.id)


def test_a_replaced_seal_leaves_its_certificate_and_no_key(world, settings):
    file = seal.own_file(settings, world.shop.id)
    for _ in range(2):
        seal.write(settings, file, *seal.made("probant.example"))
    gone = [one for one in seal.retired(settings).glob("*.pem") if b"PRIVATE" in one.read_bytes()]
    assert gone == []
    (now,) = seal.certificates(file)
    assert not (seal.retired(settings) / f"{now.fingerprint(hashes.SHA256()).hex()}.pem").exists()
