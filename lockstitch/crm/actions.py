"""Segments, campaigns and reminders. Letters are posted by the worker, one row a member, to sealed
records; unsubscribing is one click."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lockstitch.crm.models import Addressee, Campaign, Reminder, Segment
from lockstitch.crm.queries import criteria_of, members_in
from lockstitch.crm.rules import Malformed, criteria, may_move
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.text import LANGUAGES
from lockstitch.mailing.rules import Unfit, Written, check
from lockstitch.members.rules import PURPOSES
from lockstitch.tenancy.scope import current_site_id

PER_MINUTE_MAX = 6_000


def save_segment(segment_id: UUID | None, *, name: str, values: dict[str, Any]) -> Segment:
    """Raises Refused for criteria that are none or a name that is taken, NotFound."""
    try:
        criteria(values)
    except Malformed as wrong:
        raise Refused(_("These criteria cannot be read: %(why)s") % {"why": wrong}) from None
    if not name.strip():
        raise Refused(_("Give it a name."))
    try:
        with transaction.atomic():
            if segment_id is None:
                made: Segment = Segment.objects.create(name=name.strip()[:80], criteria=values)
                return made
            changed = Segment.objects.filter(id=segment_id).update(
                name=name.strip()[:80], criteria=values
            )
            if not changed:
                raise NotFound(_("There is no such segment."))
            kept: Segment = Segment.objects.get(id=segment_id)
            return kept
    except IntegrityError:
        raise Refused(_("Another segment has that name.")) from None


def save_campaign(
    campaign_id: UUID | None, *, segment_id: UUID, name: str, texts: dict[str, Written],
    per_minute: int, by: UUID, purpose: str = "news",
) -> Campaign:  # fmt: skip
    """A draft. Raises Refused when a letter does not fit, or the campaign is no draft any more."""
    if purpose not in PURPOSES or not 1 <= per_minute <= PER_MINUTE_MAX or not name.strip():
        raise Refused(_("Something in the form is not right."))
    if not texts or not set(texts) <= set(LANGUAGES):
        raise Refused(_("Write the letter in at least one language."))
    for written in texts.values():
        try:
            check(written, "campaign")
        except Unfit as unfit:
            raise Refused(str(unfit)) from None
    values = {
        "segment_id": segment_id, "name": name.strip()[:80], "purpose": purpose, "by": by,
        "per_minute": per_minute,
        "texts": {
            language: {"subject": w.subject, "text": w.text, "html": w.html}
            for language, w in texts.items()
        },
    }  # fmt: skip
    with transaction.atomic():
        if campaign_id is None:
            made: Campaign = Campaign.objects.create(**values)
            return made
        if not Campaign.objects.filter(id=campaign_id, state="draft").update(**values):
            raise Refused(_("Only a draft can be changed."))
        kept: Campaign = Campaign.objects.get(id=campaign_id)
        return kept


def move_campaign(campaign_id: UUID, to: str, *, starts_at: dt.datetime | None = None) -> None:
    """Schedules a draft, takes it back, or stops one that is under way. Raises Refused."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().filter(id=campaign_id).first()
        if campaign is None:
            raise NotFound(_("There is no such campaign."))
        if not may_move(campaign.state, to):
            raise Refused(_("The campaign has changed meanwhile. Please look at it again."))
        campaign.state = to
        if to == "scheduled":
            campaign.starts_at = starts_at or now()
        campaign.save(update_fields=["state", "starts_at"])


def begin_campaign(campaign_id: UUID) -> int:
    """Writes down whom a due campaign goes to: everybody who is in its segment now, in one
    statement. Again changes nothing. Returns how many there are."""
    with transaction.atomic():
        rows = Campaign.objects.select_for_update(of=("self",)).select_related("segment")
        campaign = rows.get(id=campaign_id)
        if campaign.state != "scheduled":
            return int(campaign.addressed)
        fitting = members_in(criteria_of(campaign.segment)).values_list("id", flat=True)
        Addressee.objects.bulk_create(
            (
                Addressee(site_id=current_site_id(), campaign_id=campaign_id, member_id=member)
                for member in fitting.iterator(chunk_size=5_000)
            ),
            ignore_conflicts=True, batch_size=5_000,
        )  # fmt: skip
        campaign.addressed = Addressee.objects.filter(campaign=campaign).count()
        campaign.state = "sending"
        campaign.save(update_fields=["addressed", "state"])
        return int(campaign.addressed)


def came_back(reminder_id: UUID) -> None:
    """Somebody followed a reminder. The first time counts."""
    with transaction.atomic():
        Reminder.objects.filter(id=reminder_id, returned_at=None).update(returned_at=now())


def bought_after_reminder(order_id: UUID, member_id: UUID | None) -> None:
    """The order that followed a reminder within a week of it."""
    if member_id is None:
        return
    with transaction.atomic():
        last = (
            Reminder.objects.filter(
                member_id=member_id, order_id=None, posted_at__gte=now() - dt.timedelta(days=7)
            )
            .order_by("-posted_at")
            .values_list("id", flat=True)
            .first()
        )
        if last:
            Reminder.objects.filter(id=last, order_id=None).update(order_id=order_id)
