import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing.merkle import MerkleTree, is_consistent, root_from_inclusion

# The entries and roots of the test suite of Certificate Transparency.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def sha(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()


def slow_root(entries: list[bytes]) -> bytes:
    """Return the root by the recursive definition of RFC 6962, section 2.1."""
    if not entries:
        return sha(b"")
    if len(entries) == 1:
        return sha(b"\0" + entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return sha(b"\1" + slow_root(entries[:half]) + slow_root(entries[half:]))


def tree_of(count: int) -> tuple[list[bytes], MerkleTree]:
    entries = [b"%d" % number for number in range(count)]
    return entries, MerkleTree(entries, hash_function=sha)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    tree = MerkleTree(ENTRIES, hash_function=sha)
    assert tree.root(size).hex() == ROOTS[size]
    assert MerkleTree(ENTRIES[:size], hash_function=sha).root().hex() == ROOTS[size]


def test_a_published_inclusion_proof_is_made():
    tree = MerkleTree(ENTRIES, hash_function=sha)
    assert [one.hex() for one in tree.inclusion_proof(5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_published_consistency_proof_is_made():
    tree = MerkleTree(ENTRIES, hash_function=sha)
    assert [one.hex() for one in tree.consistency_proof(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("count", [*range(20), 31, 32, 33, 64, 100])
def test_roots_over_every_size_are_those_of_the_slow_twin(count):
    entries, tree = tree_of(count)
    for size in range(count + 1):
        assert tree.root(size) == slow_root(entries[:size])


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 16, 17, 33])
def test_every_entry_is_proven_and_no_other_one(count):
    entries, tree = tree_of(count)
    for size in range(1, count + 1):
        for index in range(size):
            path = tree.inclusion_proof(index, size)
            for wrong in range(size):
                found = root_from_inclusion(
                    entries[index], index=wrong, size=size, path=path, hash_function=sha
                )
                assert (found == tree.root(size)) == (wrong == index)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 16, 17])
def test_growth_is_proven_between_any_two_sizes(count):
    _, tree = tree_of(count)
    for size in range(count + 1):
        for old in range(size + 1):
            path = tree.consistency_proof(old, size)
            assert is_consistent(
                tree.root(old), tree.root(size), sizes=(old, size), path=path, hash_function=sha
            )


@settings(deadline=None)
@given(st.integers(2, 40), st.data())
def test_a_rewritten_log_has_no_proof_of_growth(count, data):
    old_size = data.draw(st.integers(1, count - 1))
    changed = data.draw(st.integers(0, old_size - 1))
    entries, tree = tree_of(count)
    rewritten = MerkleTree(
        [b"other" if index == changed else entry for index, entry in enumerate(entries)],
        hash_function=sha,
    )
    for path in (tree.consistency_proof(old_size), rewritten.consistency_proof(old_size)):
        assert not is_consistent(
            tree.root(old_size),
            rewritten.root(),
            sizes=(old_size, count),
            path=path,
            hash_function=sha,
        )


@settings(deadline=None)
@given(st.integers(2, 40), st.data())
def test_a_changed_proof_proves_nothing(count, data):
    entries, tree = tree_of(count)
    index = data.draw(st.integers(0, count - 1))
    path = tree.inclusion_proof(index)
    broken = data.draw(
        st.sampled_from([path[:-1], [*path, sha(b"")], path[1:], [sha(b""), *path[1:]]])
    )
    found = root_from_inclusion(
        entries[index], index=index, size=count, path=broken, hash_function=sha
    )
    assert found != tree.root()


def test_impossible_sizes_and_places_prove_nothing():
    _, tree = tree_of(4)
    root = tree.root()
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        found = root_from_inclusion(b"0", index=index, size=size, path=[], hash_function=sha)
        assert found is None
    for sizes in ((5, 4), (-1, 4)):
        assert not is_consistent(root, root, sizes=sizes, path=[], hash_function=sha)
    assert not is_consistent(root, root, sizes=(4, 4), path=[root], hash_function=sha)
    assert not is_consistent(root, root, sizes=(3, 4), path=[], hash_function=sha)
    assert not is_consistent(b"x", root, sizes=(0, 4), path=[], hash_function=sha)
    long = [root] * 9
    assert not is_consistent(root, root, sizes=(2, 4), path=long, hash_function=sha)
