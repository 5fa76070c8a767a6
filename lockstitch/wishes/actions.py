"""Asking to be told, confirming it, and ending it. Each may be repeated."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lockstitch.catalogue.queries import offers
from lockstitch.inventory.queries import available
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.members.models import Member
from lockstitch.tenancy.scope import current_site_id
from lockstitch.wishes.models import Wait, Wish

WAITS_MAX = 100  # of a member
GUESTS_MAX = 5_000  # unanswered of a SKU: beyond it somebody plays


def _need_sold_out(sku_id: UUID) -> None:
    if sku_id not in offers([sku_id]):
        raise Refused(_("This item is not sold here any more."))
    if available([sku_id]).get(sku_id, 0) > 0:
        raise Refused(_("It is back already: you can put it into the cart."))


def wait_as_member(sku_id: UUID, member_id: UUID) -> None:
    """Raises Refused when it is there, or nobody can be written to."""
    _need_sold_out(sku_id)
    with transaction.atomic():
        member = Member.objects.select_for_update().get(id=member_id)
        if member.profile_id is None or member.unmailable_at:
            raise Refused(_("We have no mail address of yours that works: see My page."))
        open_ones = Wait.objects.filter(member=member, told_at=None, ended_at=None)
        if open_ones.filter(sku_id=sku_id).exists():
            return
        if open_ones.count() >= WAITS_MAX:
            raise Refused(_("You wait for many things already. End some of them first."))
        Wait.here(
            sku_id=sku_id, member=member, record_id=member.profile_id, language=member.language,
            confirmed_at=now(),
        ).save()  # fmt: skip


def wait_as_guest(sku_id: UUID, *, record_id: UUID, language: str) -> None:
    """Called by the desk, in the transaction that sealed the address. Raises Refused."""
    _need_sold_out(sku_id)
    with transaction.atomic():
        unanswered = Wait.objects.filter(
            sku_id=sku_id, member=None, confirmed_at=None, told_at=None, ended_at=None
        )
        if unanswered.count() >= GUESTS_MAX:
            raise Refused(_("Too many have asked just now. Please try again later."))
        made = Wait.here(sku_id=sku_id, record_id=record_id, language=language)
        made.save()
        announce("wait.asked", wait_id=made.pk)


def confirm(key: UUID) -> bool:
    """The guest's yes. False when there is no such thing, or it was ended."""
    with transaction.atomic():
        rows = Wait.objects.filter(key=key, ended_at=None)
        rows.filter(confirmed_at=None).update(confirmed_at=now())
        return rows.exists()


def end(key: UUID, *, member_id: UUID | None = None) -> bool:
    """No letter will come. `member_id`: only their own."""
    with transaction.atomic():
        rows = Wait.objects.filter(key=key)
        if member_id is not None:
            rows = rows.filter(member_id=member_id)
        rows.filter(ended_at=None).update(ended_at=now())
        return rows.exists()


def wish(sku_id: UUID) -> None:
    """Counts one who wants it and leaves no address. Raises Refused."""
    _need_sold_out(sku_id)
    with transaction.atomic():
        row, _made = Wish.objects.get_or_create(
            site_id=current_site_id(), sku_id=sku_id, day=today_jst()
        )
        Wish.objects.filter(id=row.pk).update(count=F("count") + 1)
