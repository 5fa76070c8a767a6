"""Asks about files in the quarantine, of the command line only."""

from uuid import UUID

from guard.wire_base import Ask, Reply


class FileKey(Reply, tag=True, frozen=True):
    """What opens the file."""

    key: bytes


class OpenFile(Ask[FileKey], tag=True, frozen=True):
    """The key of an original that was sealed when it came in, which is then on record as taken
    out. It opens no deposit. Refusal `not_found`: not this shop's, or another seal."""

    site_id: UUID
    upload_id: UUID
    key_id: UUID
    suite: int
    sealed: bytes
