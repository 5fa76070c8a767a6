"""Asking the guard to write to a person. The sender never learns the address."""

from uuid import UUID

from django.db import connection

from lockstitch.tenancy.scope import current_site_id


def post(
    *, record_id: UUID, purpose: str, subject: str, text: str, html: str, dedupe_key: str
) -> None:
    """Puts a rendered message into the guard's postbox; `{{name}}` and the like are filled there.

    A repeat with the same `dedupe_key` is no second letter.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard.postbox"
            " (site_id, record_id, purpose, subject, body_text, body_html, dedupe_key)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [current_site_id(), record_id, purpose, subject, text, html, dedupe_key],
        )
