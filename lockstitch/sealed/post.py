"""Asking the guard to write to a person. The sender never learns the address."""

import datetime as dt
from uuid import UUID

from django.db import connection

from lockstitch.tenancy.scope import current_site_id


def post(
    *, record_id: UUID, purpose: str, subject: str, text: str, html: str, dedupe_key: str,
    unsubscribe: str = "",
) -> None:  # fmt: skip
    """Puts a rendered message into the guard's postbox; `{{name}}` and the like are filled there.

    A repeat with the same `dedupe_key` is no second letter. `unsubscribe` is the address for one
    click (RFC 8058), of letters that nobody waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard.postbox"
            " (site_id, record_id, purpose, subject, body_text, body_html, dedupe_key,"
            " unsubscribe) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [current_site_id(), record_id, purpose, subject, text, html, dedupe_key, unsubscribe],
        )  # fmt: skip


def returned_since(moment: dt.datetime) -> set[UUID]:
    """The records from which letters came back for good since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM guard.returned WHERE site_id = %s AND at >= %s",
            [current_site_id(), moment],
        )
        return {row[0] for row in cursor.fetchall()}
