"""Whether somebody is still signed in: the guard's word, for pages that show no personal datum."""

from uuid import UUID

from django.db import connection


def holds(session_id: str, address: str) -> bool:
    """Is the guard's session of that id good, from that address? Nonsense is not."""
    try:
        key = UUID(session_id)
    except ValueError:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.session_holds(%s, %s)", [key, address])
        [answer] = cursor.fetchone() or [False]
    return bool(answer)
