"""The night deposit: sealing a personal record so that only the guard can open it, and dropping
it into a box that this process cannot read."""

from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext as _

from guard.client import seal
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import digest
from lockstitch.sealed.keys import newest_key
from lockstitch.tenancy.scope import current_site_id


def deposit(
    kind: str, fields: dict[str, str], *, access_token: str = "", member_id: UUID | None = None
) -> UUID:
    """Seals `fields` to this site's key and returns the record's id.

    `access_token` is a guest's proof for later; only its digest is kept. `member_id` is whose it
    is, as the guard said a moment ago: never what the shop says of its own visitors. Works while
    the guard is down. Raises Refused when the site has no key yet.
    """
    site_id, record_id = current_site_id(), uuid4()
    key = newest_key()
    if key is None:
        raise Refused(_("This shop is not open for orders yet."))
    key_id, suite, public_key = key
    sealed = seal(
        public_key, suite, site_id=site_id, record_id=record_id, kind=kind, key_id=key_id,
        fields=fields,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard.inbox"
            " (record_id, site_id, kind, key_id, suite, sealed, access_hash, source)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                record_id, site_id, kind, key_id, suite, sealed,
                digest(access_token) if access_token else None,
                f"member:{member_id}" if member_id else "desk",
            ],
        )  # fmt: skip
    return record_id
