"""The Merkle log of RFC 6962, section 2.1: root, inclusion proof, consistency proof.

Leaves are digests of envelopes; every function takes the suite's hash.
"""

from collections.abc import Callable, Sequence

HashFunction = Callable[[bytes], bytes]


def leaf_hash(entry: bytes, *, hash_function: HashFunction) -> bytes:
    """The hash of a leaf; the prefix 0x00 keeps leaves and nodes apart."""
    return hash_function(b"\x00" + entry)


class MerkleTree:
    """A tree over a fixed list of entries; complete subtrees are hashed once.

    Examples:
        >>> from bidding.sealing.suites import suite
        >>> tree = MerkleTree([b"a", b"b", b"c"], hash_function=suite("intl-1").hash)
        >>> tree.size, len(tree.inclusion_proof(1))
        (3, 2)
    """

    def __init__(self, entries: Sequence[bytes], *, hash_function: HashFunction) -> None:
        """Hash every complete subtree."""
        self._hash = hash_function
        self.size = len(entries)
        self._levels = [[leaf_hash(entry, hash_function=hash_function) for entry in entries]]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([self._node(left, right) for left, right in pairs])

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` entries, over all unless given."""
        count = self.size if size is None else size
        return self._range(0, count) if count else self._hash(b"")

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that lead from an entry to the root, from below."""
        return self._path(index, 0, self.size if size is None else size)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """The hashes that show that the first ``old_size`` entries were only added to."""
        count = self.size if size is None else size
        if old_size in (0, count):
            return []
        return self._subproof(old_size, 0, count, complete=True)

    def _node(self, left: bytes, right: bytes) -> bytes:
        return node_hash(left, right, hash_function=self._hash)

    def _range(self, start: int, end: int) -> bytes:
        width = end - start
        level = width.bit_length() - 1
        if width == 1 << level and start % width == 0:
            return self._levels[level][start >> level]
        middle = start + _split(width)
        return self._node(self._range(start, middle), self._range(middle, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle - start:
            return [*self._path(index, start, middle), self._range(middle, end)]
        return [*self._path(index - (middle - start), middle, end), self._range(start, middle)]

    def _subproof(self, old: int, start: int, end: int, *, complete: bool) -> list[bytes]:
        width = end - start
        if old == width:
            return [] if complete else [self._range(start, end)]
        half = _split(width)
        middle = start + half
        if old <= half:
            below = self._subproof(old, start, middle, complete=complete)
            return [*below, self._range(middle, end)]
        below = self._subproof(old - half, middle, end, complete=False)
        return [*below, self._range(start, middle)]


def node_hash(left: bytes, right: bytes, *, hash_function: HashFunction) -> bytes:
    """The hash of an inner node."""
    return hash_function(b"\x01" + left + right)


def _split(width: int) -> int:
    """The largest power of two below a width above 1."""
    return 1 << (width - 1).bit_length() - 1


def root_from_inclusion(
    entry: bytes, *, index: int, size: int, path: Sequence[bytes], hash_function: HashFunction
) -> bytes | None:
    """The root that an inclusion proof leads to; None where the proof cannot be of such a tree.

    Follows RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    node, last = index, size - 1
    value = leaf_hash(entry, hash_function=hash_function)
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            value = node_hash(sibling, value, hash_function=hash_function)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling, hash_function=hash_function)
        node, last = node >> 1, last >> 1
    return value if last == 0 else None


def is_consistent(
    old_root: bytes,
    root: bytes,
    *,
    sizes: tuple[int, int],
    path: Sequence[bytes],
    hash_function: HashFunction,
) -> bool:
    """Whether a tree only grew from one size to another.

    Follows RFC 9162, section 2.1.4.2.

    Args:
        old_root: The root at the old size.
        root: The root at the new size.
        sizes: Old and new size.
        path: The consistency proof.
        hash_function: The suite's.
    """
    old_size, size = sizes
    if not 0 <= old_size <= size:
        return False
    if old_size in (0, size):
        same = old_root == (root if old_size else hash_function(b""))
        return same and not path
    return _grew(old_root, root, sizes, path, hash_function)


def _grew(
    old_root: bytes,
    root: bytes,
    sizes: tuple[int, int],
    path: Sequence[bytes],
    hash_function: HashFunction,
) -> bool:
    node, last = sizes[0] - 1, sizes[1] - 1
    # A complete old tree is itself the first node of the proof.
    hashes = list(path) if sizes[0] & (sizes[0] - 1) else [old_root, *path]
    if not hashes:
        return False
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old = node_hash(sibling, old, hash_function=hash_function)
            new = node_hash(sibling, new, hash_function=hash_function)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling, hash_function=hash_function)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == root
