"""RFC 6962's tree over the ledger, kept as a compact range: the roots of its whole subtrees."""

import hashlib
from collections.abc import Sequence


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The compact range of `size` + 1 leaves, largest subtree first."""
    grown = [*frontier, leaf]
    while size & 1:  # a subtree of each set bit, from the right, is made whole by this leaf
        right = grown.pop()
        grown[-1] = node_hash(grown[-1], right)
        size >>= 1
    return grown


def root(frontier: Sequence[bytes]) -> bytes:
    """The tree's hash; of an empty one as RFC 6962 has it."""
    if not frontier:
        return hashlib.sha256(b"").digest()
    whole = frontier[-1]
    for left in reversed(frontier[:-1]):
        whole = node_hash(left, whole)
    return whole
