"""The witness's protocol, status by status; over HTTP; what it remembers across restarts."""

import threading
from base64 import b64encode
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.witness import Witness
from audit.witness_server import server
from audit.witnesses import Client, WitnessRefuses, WitnessSilent
from ledger.checkpoint import Checkpoint
from ledger.errors import SettingRefused
from ledger.merkle import Tree
from ledger.note import SIGNS, Key, Note, sign, signatures
from tests.ledger.test_merkle import reader

LEDGER = uuid4()
ORIGIN = f"probant.example/{LEDGER}"
PRIVATE, OURS, THEIRS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
KEY = Key(ORIGIN, SIGNS, PRIVATE.public_key().public_bytes_raw())
HISTORY = [b"%d" % n for n in range(40)]
FORK = [*HISTORY[:10], *(b"fork %d" % n for n in range(30))]


def tree(data):
    return Tree(reader(data, len(data)))


def note(data, size, origin=ORIGIN, private=PRIVATE):
    point = Checkpoint(origin, size, tree(data).root(size), "0" * 64, "2026-11-24T09:15:08.000000Z")
    return Note(point.text, (sign(point.text, origin, private),))


def request(old, data, size, **options):
    proof = tree(data).consistency(old, size) if 0 < old <= size else []
    lines = "".join(b64encode(each).decode() + "\n" for each in proof)
    return f"old {old}\n{lines}\n".encode() + note(data, size, **options).bytes


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path, "temoin.example/w1", OURS, [KEY])


def test_a_checkpoint_that_extends_the_last_is_cosigned(witness):
    for old, size in ((0, 5), (5, 5), (5, 17), (17, 40)):
        answer = witness.add(request(old, HISTORY, size))
        assert answer.status == 200
        (line,) = signatures(answer.body)
        whole = note(HISTORY, size).also(line)
        assert whole.signed_by(witness.key)
        assert whole.signed_by(KEY)


def test_a_ledger_whose_key_changed_goes_on_at_a_witness_that_is_told_both(tmp_path):
    new = Ed25519PrivateKey.from_private_bytes(bytes([4]) * 32)
    keys = [KEY, Key(ORIGIN, SIGNS, new.public_key().public_bytes_raw())]
    witness = Witness(tmp_path, "temoin.example/w1", OURS, keys)
    assert witness.add(request(0, HISTORY, 5)).status == 200
    assert witness.add(request(5, HISTORY, 17, private=new)).status == 200
    assert witness.add(request(17, HISTORY, 20, private=THEIRS)).status == 403


def test_what_it_remembers_it_remembers_after_a_restart(witness, tmp_path):
    witness.add(request(0, HISTORY, 17))
    again = Witness(tmp_path, "temoin.example/w1", OURS, [KEY])
    answer = again.add(request(0, HISTORY, 20))
    assert (answer.status, answer.body, answer.type) == (409, "17\n", "text/x.tlog.size")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request(0, HISTORY, 20), 409),
        (request(16, HISTORY, 20), 409),
        (request(12, HISTORY, 12), 409),
        (request(17, FORK, 17), 409),
        (request(17, FORK, 20), 422),
        (request(17, HISTORY, 20).replace(b"old 17\n", b"old 17\n" + b64encode(bytes(32)) + b"\n"), 422),
        (request(17, HISTORY, 12), 400),
        (request(17, HISTORY, 20).replace(b"old 17", b"old 017"), 400),
        (request(17, HISTORY, 20).replace(b"old 17", b"old -17"), 400),
        (request(17, HISTORY, 20).replace(b"old 17", b"new 17"), 400),
        (request(17, HISTORY, 20).replace(b"old 17\n", b"old 17\n" + b64encode(bytes(31)) + b"\n"), 400),
        (request(17, HISTORY, 20).replace(b"old 17\n", b"old 17\n" + (b64encode(bytes(32)) + b"\n") * 64), 400),
        (request(17, HISTORY, 20).replace(b"old 17\n", b"old 17\n*\n"), 400),
        (request(17, HISTORY, 20)[:-1], 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (request(17, HISTORY, 20, private=THEIRS), 403),
        (request(0, HISTORY, 20, origin=f"probant.example/{uuid4()}"), 404),
    ],
)
def test_everything_else_is_refused_and_changes_nothing(witness, sent, status):
    witness.add(request(0, HISTORY, 17))
    before = witness.last(next(iter(witness._folder.glob("*.txt"))).stem).body
    assert witness.add(sent).status == status
    assert witness.last(next(iter(witness._folder.glob("*.txt"))).stem).body == before
    assert witness.add(request(17, HISTORY, 20)).status == 200


def test_a_restored_ledger_begins_another_history_under_the_same_key(witness):
    witness.add(request(0, HISTORY, 17))
    assert witness.add(request(0, FORK, 15, origin=f"{ORIGIN}/2")).status == 200
    assert witness.add(request(0, FORK, 15, origin=f"{ORIGIN}/2", private=THEIRS)).status == 403


@pytest.mark.parametrize("name", ["0" * 64, "../" * 20 + "etcd", "", "é" * 64])
def test_nothing_else_is_read_from_its_folder(witness, name):
    assert witness.last(name).status == 404


@pytest.fixture
def client(witness):
    listening = server(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield Client.read(f"http://127.0.0.1:{listening.server_address[1]}/#{witness.key}")
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_a_ledger_shows_its_checkpoints_and_a_second_history_is_refused(client):
    assert client.last(ORIGIN) is None
    for size in (9, 17, 17):
        line = client.cosign(note(HISTORY, size), tree(HISTORY))
        assert note(HISTORY, size).also(line).signed_by(client.key)
    assert client.last(ORIGIN) == Checkpoint.read(note(HISTORY, 17).text)
    with pytest.raises(WitnessRefuses) as refused:
        client.cosign(note(FORK, 20), tree(FORK))
    assert refused.value.size == 0
    with pytest.raises(WitnessRefuses) as refused:
        client.cosign(note(HISTORY, 12), tree(HISTORY))
    assert refused.value.size == 17


def test_a_line_by_another_key_is_none(client, witness):
    another = Client(client.url, Key(client.key.name, client.key.type, KEY.public))
    with pytest.raises(WitnessSilent):
        another.cosign(note(HISTORY, 9), tree(HISTORY))


def test_a_witness_that_is_away_is_silent(client):
    away = Client("http://127.0.0.1:1", client.key)
    with pytest.raises(WitnessSilent):
        away.cosign(note(HISTORY, 9), tree(HISTORY))
    with pytest.raises(WitnessSilent):
        away.last(ORIGIN)


@pytest.mark.parametrize("text", ["http://x/", f"http://x/#{KEY}", "http://x/#a+b+c"])
def test_a_witness_without_its_own_key_is_refused(text):
    with pytest.raises(SettingRefused):
        Client.read(text)
