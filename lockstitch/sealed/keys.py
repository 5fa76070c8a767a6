"""The shop's public key, which seals and does not open."""

from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lockstitch.tenancy.scope import current_site_id


class PublicKey(NamedTuple):
    key_id: UUID
    suite: int
    public_key: bytes


def newest_key() -> PublicKey | None:
    """None when the guard does not know this shop yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key_id, suite, public_key FROM guard.site_public_key"
            " WHERE site_id = %s AND retired_at IS NULL ORDER BY key_id DESC LIMIT 1",
            [current_site_id()],
        )
        row = cursor.fetchone()
    return PublicKey(row[0], row[1], bytes(row[2])) if row else None
