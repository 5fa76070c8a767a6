"""Keeping the shop's half of a membership."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.members import points
from lockstitch.members.models import (
    Consent,
    Favourite,
    Garment,
    Member,
    Note,
    PointRule,
    Programme,
    Rank,
)
from lockstitch.members.queries import consents_of, programme
from lockstitch.members.rules import CONSENT_VERSION, GARMENTS, PURPOSES
from lockstitch.tenancy.scope import current_site_id

GARMENTS_MAX, CM_MAX = 30, 300.0


def keep_member(
    *, member_id: UUID, hint: str, profile_id: UUID | None = None, prefecture: str = "",
    language: str = "", welcome: bool = True,
) -> bool:  # fmt: skip
    """Called by the desk at each sign-in, so that the two halves cannot drift apart. What is left
    empty stays as it was. Returns whether the member is new; then they get their welcome points,
    unless they only moved here.
    """
    values: dict[str, Any] = {"hint": hint}
    values |= {"profile_id": profile_id} if profile_id else {}
    values |= {"prefecture": prefecture} if prefecture else {}
    values |= {"language": language} if language else {}
    with transaction.atomic():
        _member, made = Member.objects.update_or_create(
            id=member_id, site_id=current_site_id(), defaults=values
        )
        if made and welcome:
            points.earn(member_id, programme().welcome_points, reference="welcome")
        return made


def set_birth_month(member_id: UUID, month: int | None) -> None:
    """Only the month is known here. Raises Refused for a month that there is not."""
    if month is not None and not 1 <= month <= 12:
        raise Refused(_("Choose a month."))
    with transaction.atomic():
        Member.objects.filter(id=member_id).update(birth_month=month)


def consent(
    member_id: UUID, given: Mapping[str, bool], *, source: str, version: str = CONSENT_VERSION
) -> int:
    """Writes down each yes or no that differs from the last one. How many did."""
    with transaction.atomic():
        before = consents_of(member_id)
        changed = [
            Consent.here(
                member_id=member_id, purpose=purpose, given=yes, version=version, source=source
            )
            for purpose, yes in given.items()
            if purpose in PURPOSES and before.get(purpose, False) != yes
        ]
        Consent.objects.bulk_create(changed)
        return len(changed)


def keep_garment(
    member_id: UUID, *, name: str, kind: str, size: str, measures: Mapping[str, str]
) -> None:
    """A garment of the member's own, as they measured it. Raises Refused."""
    if kind not in GARMENTS or not name.strip():
        raise Refused(_("Say what garment it is."))
    kept: dict[str, float] = {}
    for point in GARMENTS[kind]:
        typed = measures.get(point, "").strip()
        if not typed:
            continue
        try:
            value = round(float(typed), 1)
        except ValueError:
            value = 0.0
        if not 1 <= value <= CM_MAX:
            raise Refused(_("A measure is a number of centimetres, such as 52.5."))
        kept[point] = value
    if not kept:
        raise Refused(_("Measure at least one place."))
    with transaction.atomic():
        Member.objects.select_for_update().get(id=member_id)
        if Garment.objects.filter(member_id=member_id).count() >= GARMENTS_MAX:
            raise Refused(_("There are many garments here already; take one out first."))
        Garment.objects.create(
            member_id=member_id, name=name.strip()[:60], kind=kind, size=size.strip()[:20],
            measures=kept,
        )  # fmt: skip


def forget_garment(member_id: UUID, garment_id: UUID) -> None:
    with transaction.atomic():
        Garment.objects.filter(member_id=member_id, id=garment_id).delete()


def note(member_id: UUID, *, record_id: UUID, by: UUID) -> None:
    """That an operator wrote something about the member; what, is sealed in the record."""
    with transaction.atomic():
        Note.objects.create(member_id=member_id, record_id=record_id, by=by)


def close(member_id: UUID) -> None:
    """退会: consents end, points lapse, favourites and garments go; the hint becomes empty.

    Orders stay, without a name: they are contracts. What the guard holds, its own `erase` destroys.
    Again changes nothing. Raises NotFound.
    """
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(id=member_id).first()
        if member is None:
            raise NotFound(_("There is no such member."))
        if member.closed_at:
            return
        consent(member_id, dict.fromkeys(PURPOSES, False), source="leaving")
        points.forfeit(member_id)
        Garment.objects.filter(member_id=member_id).delete()
        Favourite.objects.filter(member_id=member_id).delete()
        Member.objects.filter(id=member_id).update(
            closed_at=now(), hint="＊", birth_month=None, prefecture="", rank=None, profile_id=None
        )


def give_birthday_points(today: dt.date | None = None) -> int:
    """To each member whose month it is, once a year. Returns how many got them."""
    day, sum_points = today or today_jst(), programme().birthday_points
    if not sum_points:
        return 0
    whose = Member.objects.filter(birth_month=day.month, closed_at=None)
    members = list(whose.values_list("id", flat=True))
    for member_id in members:
        points.earn(member_id, sum_points, reference=f"birthday-{day.year}")
    return len(members)


def save_programme(**values: Any) -> None:
    """Raises Refused for rules that make no sense."""
    try:
        with transaction.atomic():
            Programme.objects.update_or_create(site_id=current_site_id(), defaults=values)
    except IntegrityError:
        raise Refused(_("Something in the form is not right.")) from None


def save_ranks(rows: Sequence[Mapping[str, Any]]) -> None:
    """The whole ladder, lowest first: code, name, threshold, rate_bp, times_bp. Who has a rank
    that is no longer in it has none until the next reckoning.

    Raises Refused when codes repeat or thresholds do not rise.
    """
    thresholds = [row["threshold"] for row in rows]
    if thresholds != sorted(set(thresholds)) or len({row["code"] for row in rows}) != len(rows):
        raise Refused(_("Each rank has its own code, and the thresholds rise."))
    with transaction.atomic():
        for level, row in enumerate(rows):
            Rank.objects.update_or_create(
                code=row["code"], site_id=current_site_id(), defaults={**row, "level": level}
            )
        gone = Rank.objects.exclude(code__in=[row["code"] for row in rows])
        Member.objects.filter(rank__in=gone).update(rank=None)
        gone.delete()


def save_point_rule(rule_id: UUID | None, **values: Any) -> None:
    """A point campaign. Raises NotFound."""
    with transaction.atomic():
        if rule_id is None:
            PointRule.objects.create(**values)
        elif not PointRule.objects.filter(id=rule_id).update(**values):
            raise NotFound(_("There is no such rule."))
