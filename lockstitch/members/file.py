"""All that the shop's half holds of one member, in plain words, for the member."""

from typing import Any
from uuid import UUID

from lockstitch.members.models import Consent, Favourite, Garment, PointEntry
from lockstitch.members.queries import find_member, points_of, rank_changes_of

ENTRIES_MAX = 10_000


def held(member_id: UUID) -> dict[str, Any]:
    """Membership, points, consents, favourites and garments: lists and dicts of plain values."""
    member, points = find_member(member_id), points_of(member_id)
    if member is None:
        return {}
    entries = PointEntry.objects.filter(member_id=member_id).order_by("-at")[:ENTRIES_MAX]
    return {
        "membership": {
            "since": member.joined_at.isoformat(), "hint": member.hint,
            "prefecture": member.prefecture, "language": member.language,
            "birth_month": member.birth_month or "",
            "rank": member.rank.code if member.rank else "",
            "points": points.balance, "points_pending": points.pending, "points_owed": points.owed,
        },
        "points": [
            {
                "at": entry.at.isoformat(), "kind": entry.kind, "points": entry.points,
                "pending": entry.pending, "reason": entry.reason,
            }
            for entry in entries
        ],
        "ranks": [
            {"at": change.at.isoformat(), "was": change.was, "became": change.became}
            for change in rank_changes_of(member_id)
        ],
        "consents": [
            {
                "at": row.at.isoformat(), "purpose": row.purpose, "given": row.given,
                "version": row.version,
            }
            for row in Consent.objects.filter(member_id=member_id).order_by("-at")
        ],
        "favourites": [
            {"at": row.at.isoformat(), "product": row.product.slug}
            for row in Favourite.objects.filter(member_id=member_id).select_related("product")
        ],
        "garments": [
            {"name": row.name, "kind": row.kind, "size": row.size, **row.measures}
            for row in Garment.objects.filter(member_id=member_id)
        ],
    }  # fmt: skip
