"""Keeping the shop's half of a membership."""

from uuid import UUID

from django.db import transaction

from lockstitch.members.models import Member
from lockstitch.tenancy.scope import current_site_id


def keep_member(*, member_id: UUID, hint: str) -> None:
    """Called by the desk at each sign-in, so that the two halves cannot drift apart."""
    with transaction.atomic():
        Member.objects.update_or_create(
            id=member_id, site_id=current_site_id(), defaults={"hint": hint}
        )
