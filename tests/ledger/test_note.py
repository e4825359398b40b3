"""Signed notes: the vectors byte for byte, what is refused, strict Ed25519."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.verifier import ed25519 as other
from ledger import checkpoint, ed25519
from ledger.checkpoint import Checkpoint
from ledger.note import COSIGNS, SIGNS, Key, Note, NoteRefused, cosign, sign, signatures

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "ledger-v1.json").read_text(encoding="utf-8"))
VECTOR = VECTORS["checkpoint"]
RAW = VECTOR["note"].encode()
KEY = Key.read(VECTOR["vkey"])
PRIVATE = Ed25519PrivateKey.from_private_bytes(b64decode(VECTOR["secret_seed_for_tests"]))
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = Key("temoin.example/1", COSIGNS, WITNESS.public_key().public_bytes_raw())
POINT, NOTE = checkpoint.read(RAW)


def test_the_checkpoint_of_the_vectors_is_made_byte_for_byte():
    last = VECTORS["entries"][7]
    root = next(each["root"] for each in VECTORS["tree"] if each["size"] == 8)
    at = json.loads(last["line"])["at"]
    made = Checkpoint(KEY.name, 8, bytes.fromhex(root), last["hash"], at)
    assert made == POINT
    assert Note(made.text, (sign(made.text, KEY.name, PRIVATE),)).bytes == RAW


def test_the_key_of_the_vectors_is_read_and_written_as_it_is():
    assert str(KEY) == VECTOR["vkey"]
    assert Key(VECTOR["key_name"], SIGNS, b64decode(VECTOR["public_key"])) == KEY


def test_a_note_read_is_written_as_it_was_and_its_signature_holds():
    assert NOTE.bytes == RAW
    assert NOTE.signed_by(KEY)
    assert (POINT.ledger, POINT.history) == (VECTORS["ledger"], 1)


def test_no_other_text_key_or_signature_holds():
    another = Key(KEY.name, SIGNS, WITNESS_KEY.public)
    assert not NOTE.signed_by(another)
    assert not Note(NOTE.text.replace("head 4", "head 5"), NOTE.signatures).signed_by(KEY)
    for bit in range(0, 512, 37):
        raw = bytearray(NOTE.signatures[0].raw)
        raw[bit // 8] ^= 1 << bit % 8
        wrong = type(NOTE.signatures[0])(KEY.name, KEY.id, bytes(raw))
        assert not Note(NOTE.text, (wrong,)).signed_by(KEY)
        assert not Note(NOTE.text, (*NOTE.signatures, wrong)).signed_by(KEY)


def test_a_witness_adds_its_line_and_its_time_and_changes_nothing_else():
    line = cosign(NOTE.text, WITNESS_KEY.name, WITNESS, 1_700_000_000)
    whole = Note.read(NOTE.also(line, line).bytes)
    assert len(whole.signatures) == 2
    assert whole.signed_by(KEY)
    assert whole.signed_by(WITNESS_KEY)
    assert int.from_bytes(whole.signatures[1].raw[:8], "big") == 1_700_000_000
    later = type(line)(line.name, line.key_id, (1_700_000_001).to_bytes(8, "big") + line.raw[8:])
    assert not NOTE.also(later).signed_by(WITNESS_KEY)
    assert not NOTE.also(sign(NOTE.text, WITNESS_KEY.name, WITNESS)).signed_by(WITNESS_KEY)


@pytest.mark.parametrize(
    "spoilt",
    {
        "empty": b"",
        "no signature": RAW[: RAW.index(b"\n\n") + 2],
        "no empty line": RAW.replace(b"\n\n", b"\n"),
        "cut": RAW[:-1],
        "not UTF-8": RAW.replace(b"head", b"hea\xff"),
        "a return": RAW.replace(b"\n", b"\r\n"),
        "a hyphen": RAW.replace("—".encode(), b"-"),
        "not base64": RAW.replace(b"z8sdLqAw", b"z8sdLq*w"),
        "loose base64": RAW.replace(b"70AA=", b"70AB="),
        "too long": RAW + b"x" * 70_000,
        "too many lines": RAW + RAW[RAW.index("—".encode()) :] * 64,
        "a short signature": RAW.split("—".encode())[0] + "— a AAAA\n".encode(),
        "size 0": RAW.replace(b"\n8\n", b"\n0\n"),
        "size 08": RAW.replace(b"\n8\n", b"\n08\n"),
        "size -8": RAW.replace(b"\n8\n", b"\n-8\n"),
        "another origin": RAW.replace(b"probant.example/5b0", b"probant.example/xb0", 1),
        "a root of 31 bytes": RAW.replace(b"WpqWs=", b"Wpqg=="),
        "a loose root": RAW.replace(b"WpqWs=", b"WpqWt="),
        "a short head": RAW.replace(b"head 41", b"head 4"),
        "another line": RAW.replace(b"\n\n", b"\nmore\n\n"),
        "no at": RAW.replace(b"at 2026-11-24T09:15:08.000000Z\n", b""),
        "at without microseconds": RAW.replace(b".000000Z", b"Z"),
    }.values(),
)
def test_what_is_no_checkpoint_is_refused(spoilt):
    assert spoilt != RAW
    with pytest.raises(NoteRefused):
        checkpoint.read(spoilt)


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "probant.example",
        VECTOR["vkey"].replace("cfcb1d2e", "cfcb1d2f"),
        VECTOR["vkey"].replace("+Ae2", "+Ce2"),
        VECTOR["vkey"][:-4],
        "+" + VECTOR["vkey"],
        VECTOR["vkey"].replace("probant.example", "probant example"),
    ],
)
def test_what_is_no_verifier_key_is_refused(spoilt):
    with pytest.raises(NoteRefused):
        Key.read(spoilt)


def test_lines_of_other_kinds_of_keys_are_carried_along():
    (line,) = signatures("— other.example AAAABAUGBwg=\n")
    assert Note.read(NOTE.also(line).bytes).signatures[1] == line


def test_a_restored_ledger_has_the_next_history():
    text = NOTE.text.replace(KEY.name, KEY.name + "/12")
    assert Checkpoint.read(text).history == 12
    with pytest.raises(NoteRefused):
        Checkpoint.read(NOTE.text.replace(KEY.name, KEY.name + "/01"))


# Ed25519


def test_keys_of_small_order_are_exactly_those_that_another_program_finds():
    assert all(other._small(other._point(y.to_bytes(32, "little"))) for y in ed25519.SMALL)
    eighth = other._point(min(y for y in ed25519.SMALL if y > 1).to_bytes(32, "little"))
    multiples = {other._bytes(other._times(n, eighth)) for n in range(8)}
    assert len(multiples) == 8
    assert {int.from_bytes(each, "little") & (2**255 - 1) for each in multiples} == ed25519.SMALL
    assert not any(ed25519.usable(each) for each in multiples)


def test_under_a_key_of_small_order_nothing_holds():
    identity = (1).to_bytes(32, "little")
    assert not ed25519.holds(identity, b"anything", identity + bytes(32))


def test_a_signature_is_written_in_one_way_only():
    public, signature = KEY.public, PRIVATE.sign(b"m")
    assert ed25519.holds(public, b"m", signature)
    larger = (int.from_bytes(signature[32:], "little") + other.ORDER).to_bytes(32, "little")
    assert not ed25519.holds(public, b"m", signature[:32] + larger)
    assert not ed25519.holds(public, b"m", signature + b"\0")
    assert not ed25519.holds(public, b"m", signature[:-1])
    assert not ed25519.holds(public + b"\0", b"m", signature)
    assert not ed25519.usable((ed25519.P + 3).to_bytes(32, "little"))
    assert not ed25519.holds(public, b"m", (ed25519.P + 3).to_bytes(32, "little") + signature[32:])


def test_both_our_verifiers_agree():
    for n in range(8):
        private = Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)
        public, message = private.public_key().public_bytes_raw(), b"%d" % n
        signature = private.sign(message)
        for candidate in (signature, signature[:40] + b"\x01" + signature[41:]):
            assert ed25519.holds(public, message, candidate) == other.holds(public, message, candidate)
