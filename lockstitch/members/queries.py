"""Who is a member of this site."""

from uuid import UUID

from lockstitch.members.models import Member


def find_member(member_id: UUID) -> Member | None:
    return Member.objects.filter(id=member_id).first()
