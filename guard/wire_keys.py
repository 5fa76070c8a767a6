"""Asks about keys, of the command line only: renewing them, and destroying a person's."""

from typing import Literal
from uuid import UUID

from guard.wire_base import Ask, Reply

type KeyName = Literal["seal", "master", "wrap", "ledger", "index", "pepper", "accounts", "root"]


class Rotated(Reply, tag=True, frozen=True):
    """`remaining`: what still waits to be put under the new key; ask again until it is 0."""

    remaining: int


class RotateKey(Ask[Rotated], tag=True, frozen=True):
    """A new version of a key, while everything goes on; what is under an old one still opens.

    `seal`, `wrap` and `index` are a site's. `begin`: make the new version; else only go on with
    what remains. Refusal `not_found`, or `conflict` with what has to be done first.
    """

    key: KeyName
    site_id: UUID | None = None
    begin: bool = True


class Erased(Reply, tag=True, frozen=True):
    """How many of the person's records can be opened by nobody any more."""

    records: int


class Erase(Ask[Erased], tag=True, frozen=True):
    """Destroys a person's data key, and all by which they are found. Refusal `not_found`."""

    site_id: UUID
    person_id: UUID
