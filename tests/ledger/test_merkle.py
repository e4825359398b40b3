"""Roots and proofs against the vectors, and at every size against a tree made as the RFC defines it."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from ledger import merkle
from ledger.merkle import Frontier, Tree, consistent, included, leaf, node

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "ledger-v1.json").read_text(encoding="utf-8"))
DATA = [sha256(b"%d" % n).digest() for n in range(300)]
HASHES = [bytes.fromhex(entry["hash"]) for entry in VECTORS["entries"]]


@cache
def defined(start, end):
    """RFC 9162 § 2.1.1, word for word."""
    if start == end:
        return sha256(b"").digest()
    if end - start == 1:
        return leaf(DATA[start])
    left = 1
    while left * 2 < end - start:
        left *= 2
    return node(defined(start, start + left), defined(start + left, end))


def reader(data, size):
    """Tiles as a database keeps them: all leaves, and above them only what is complete."""
    levels = [[leaf(one) for one in data[:size]]]
    while len(levels[-1]) >= merkle.TILE:
        below = levels[-1]
        levels.append([merkle.perfect(below[at : at + 256]) for at in range(0, len(below) // 256 * 256, 256)])
    return lambda level, index: levels[level][index * 256 : index * 256 + 256]


def tree(size, data=DATA):
    return Tree(reader(data, size))


@pytest.mark.parametrize("vector", VECTORS["tree"], ids=lambda vector: vector["size"])
def test_roots_are_those_of_the_vectors(vector):
    size, frontier = vector["size"], Frontier()
    for data in HASHES[:size]:
        frontier.append(data)
    assert frontier.root().hex() == tree(size, HASHES).root(size).hex() == vector["root"]


def test_inclusion_proofs_are_those_of_the_vectors():
    for vector in VECTORS["inclusion"]:
        proof = tree(vector["size"], HASHES).inclusion(vector["index"], vector["size"])
        assert [each.hex() for each in proof] == vector["proof"]


def test_consistency_proofs_are_those_of_the_vectors():
    for vector in VECTORS["consistency"]:
        proof = tree(vector["second"], HASHES).consistency(vector["first"], vector["second"])
        assert [each.hex() for each in proof] == vector["proof"]


def test_the_frontier_has_the_defined_root_at_every_size():
    frontier = Frontier()
    for size in range(301):
        assert frontier.root() == defined(0, size)
        if size < 300:
            frontier.append(DATA[size])


def test_every_leaf_of_every_size_has_a_proof_that_holds_for_it_alone():
    whole, random = tree(300), Random(1)
    for size in range(1, 301):
        root, chosen = defined(0, size), random.randrange(size)
        assert whole.root(size) == root
        for index in range(size):
            assert included(DATA[index], index, size, whole.inclusion(index, size), root)
        proof = whole.inclusion(chosen, size)
        assert not included(DATA[0] + b"x", chosen, size, proof, root)
        assert not included(DATA[chosen], (chosen + 1) % size if size > 1 else 1, size, proof, root)
        assert not included(DATA[chosen], chosen, size, [*proof, root], root)


def test_every_size_begins_every_later_one_and_no_other_history():
    whole, random = tree(300), Random(1)
    for second in range(1, 301):
        root, chosen = defined(0, second), random.randrange(1, second + 1)
        for first in range(1, second + 1):
            proof = whole.consistency(first, second)
            assert consistent(first, second, proof, defined(0, first), root)
            if first == chosen:
                refuse_altered(first, second, proof, random)


def refuse_altered(first, second, proof, random):
    old, new = defined(0, first), defined(0, second)
    assert not consistent(first, second, proof, DATA[0], new)
    assert not consistent(first, second, proof, old, DATA[0])
    assert not consistent(first, second, [*proof, new], old, new)
    if proof:
        at = random.randrange(len(proof))
        assert not consistent(first, second, [*proof[:at], DATA[0], *proof[at + 1 :]], old, new)
        assert not consistent(first, second, proof[:-1], old, new)
        assert not consistent(second, first, proof, new, old)


def test_the_empty_tree_begins_every_tree_without_proof():
    assert consistent(0, 5, [], merkle.EMPTY, DATA[0])
    assert not consistent(0, 5, [DATA[0]], merkle.EMPTY, DATA[0])


def test_a_proof_goes_all_the_way_up():
    assert included(DATA[0], 0, 1, [], leaf(DATA[0]))
    assert not included(DATA[0], 0, 2, [], leaf(DATA[0]))
    assert not consistent(1, 3, [leaf(DATA[1])], leaf(DATA[0]), defined(0, 2))


def test_a_large_tree_is_read_by_a_few_tiles():
    data = [sha256(b"%d" % n).digest() for n in range(70_000)]
    asked, read = [], reader(data, len(data))

    def noted(level, index):
        asked.append((level, index))
        return read(level, index)

    frontier = Frontier()
    for one in data:
        frontier.append(one)
    large = Tree(noted)
    assert large.root(70_000) == frontier.root()
    proof = Tree(noted).inclusion(12_345, 70_000)
    assert included(data[12_345], 12_345, 70_000, proof, frontier.root())
    assert len(proof) == 17
    assert len(asked) <= 2 * 3 * 2


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        tree(5).inclusion(index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 5), (6, 5), (-1, 5)])
def test_there_is_no_consistency_of_a_tree_that_does_not_begin_another(first, second):
    with pytest.raises(ValueError, match="no tree"):
        tree(5).consistency(first, second)
