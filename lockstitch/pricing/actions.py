"""Setting a site's terms and offers, and using coupons."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import digest, new_token
from lockstitch.pricing.coupons import folded_code, is_proper
from lockstitch.pricing.models import Coupon, CouponGrant, CouponUse, Promotion, SaleGate, Terms
from lockstitch.pricing.queries import Who, allowed, refusal
from lockstitch.tenancy.scope import current_site_id


class CouponRefused(Refused):
    """A coupon of the cart can no longer be used; `code` says which."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


def set_terms(**values: Any) -> None:
    with transaction.atomic():
        Terms.objects.update_or_create(site_id=current_site_id(), defaults=values)


def save_promotion(promotion_id: UUID | None, **values: Any) -> Promotion:
    """A new promotion, or a changed one; orders that were placed keep what they were given.

    Raises NotFound, and Refused when its kind lacks what it needs.
    """
    try:
        with transaction.atomic():
            if promotion_id is None:
                made: Promotion = Promotion.objects.create(**values)
                return made
            if not Promotion.objects.filter(id=promotion_id).update(**values):
                raise NotFound(_("There is no such offer."))
            kept: Promotion = Promotion.objects.get(id=promotion_id)
            return kept
    except IntegrityError:
        raise Refused(_("Something is missing for this kind of offer.")) from None


def save_coupon(
    promotion_id: UUID, code: str, *, total_limit: int | None = None,
    member_limit: int | None = None, first_order: bool = False, granted_only: bool = False,
    active: bool = True,
) -> Coupon:  # fmt: skip
    """A new code of a promotion, or other limits for one it has.

    Raises Refused for an improper code, one of another promotion, or a limit below what is used.
    """
    folded = folded_code(code)
    if not is_proper(folded):
        raise Refused(_("A code has 3 to 40 letters, digits, hyphens or underscores."))
    values = {
        "total_limit": total_limit, "member_limit": 1 if first_order else member_limit,
        "first_order": first_order, "granted_only": granted_only, "active": active,
    }  # fmt: skip
    try:
        with transaction.atomic():
            coupon = Coupon.objects.select_for_update().filter(code=folded).first()
            if coupon is not None and coupon.promotion_id != promotion_id:
                raise Refused(_("Another offer has that code."))
            if coupon is None:
                made: Coupon = Coupon.objects.create(
                    promotion_id=promotion_id, code=folded, **values
                )
                Promotion.objects.filter(id=promotion_id).update(needs_coupon=True)
                return made
            for name, value in values.items():
                setattr(coupon, name, value)
            coupon.save(update_fields=list(values))
            kept: Coupon = coupon
            return kept
    except IntegrityError:
        raise Refused(_("The coupon was used more often already.")) from None


def grant_coupon(
    coupon_id: UUID, member_ids: Iterable[UUID], *, times: int = 1,
    expires_at: dt.datetime | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Gives a coupon to members; to whom has it already, nothing. How many had not."""
    with transaction.atomic():
        before = CouponGrant.objects.filter(coupon_id=coupon_id).count()
        CouponGrant.objects.bulk_create(
            [
                CouponGrant.here(
                    coupon_id=coupon_id, member_id=member, given=True, allowed=times,
                    expires_at=expires_at, reason=reason,
                )
                for member in member_ids
            ],
            ignore_conflicts=True, batch_size=1_000,
        )  # fmt: skip
        return CouponGrant.objects.filter(coupon_id=coupon_id).count() - before


def use_coupons(
    order_id: UUID, codes: Sequence[str], who: Who, *, at: dt.datetime | None = None
) -> None:
    """Uses up each code once for this order, inside the transaction that places it.

    Again for the same order changes nothing. Raises CouponRefused when one cannot be used (any
    more); then none is.
    """
    wanted = sorted(set(filter(None, map(folded_code, codes))))
    if not wanted:
        return
    moment = at or now()
    with transaction.atomic():
        # Locked in one order, so that two carts with the same two codes do not wait for each other.
        rows = {
            row.code: row
            for row in Coupon.objects.select_for_update(of=("self",))
            .filter(code__in=wanted)
            .order_by("id")
            .select_related("promotion")
        }
        turns = _turns(order_id)
        for code in wanted:
            coupon = rows.get(code)
            used, back = turns.get(coupon.pk, (0, 0)) if coupon else (0, 0)
            if used == back:
                _use(order_id, coupon, code, who, moment, turn=back + 1)


def _turns(order_id: UUID) -> Mapping[UUID, tuple[int, int]]:
    """coupon -> how often the order used it, and gave it back."""
    rows = (
        CouponUse.objects.filter(order_id=order_id)
        .values("coupon_id")
        .annotate(used=Count("id", filter=Q(back=False)), given=Count("id", filter=Q(back=True)))
    )
    return {row["coupon_id"]: (row["used"], row["given"]) for row in rows}


def _use(
    order_id: UUID, coupon: Coupon | None, code: str, who: Who, at: dt.datetime, *, turn: int
) -> None:
    grant = None
    if coupon is not None and coupon.needs_member and who.member_id is not None:
        grant = _hold_grant(coupon, who.member_id)
    why = refusal(coupon, grant, who, at)
    if coupon is None or why:
        raise CouponRefused(code, why)
    Coupon.objects.filter(id=coupon.pk).update(used=F("used") + 1)
    if grant is not None:
        grant.allowed, grant.used = max(grant.allowed, allowed(coupon, grant)), grant.used + 1
        grant.save(update_fields=["allowed", "used"])
    CouponUse.objects.create(coupon=coupon, order_id=order_id, member_id=who.member_id, turn=turn)


def _hold_grant(coupon: Coupon, member_id: UUID) -> CouponGrant | None:
    """The member's row of a coupon, locked; opened when the coupon counts by member."""
    if not coupon.granted_only:
        CouponGrant.objects.bulk_create(
            [
                CouponGrant.here(
                    coupon_id=coupon.pk, member_id=member_id, allowed=coupon.member_limit or 1
                )
            ],
            ignore_conflicts=True,
        )
    return (
        CouponGrant.objects.select_for_update()
        .filter(coupon_id=coupon.pk, member_id=member_id)
        .first()
    )


def give_back_coupons(order_id: UUID) -> int:
    """What a cancelled order used can be used again. Once; how many came back."""
    with transaction.atomic():
        used = _turns(order_id)
        held = list(Coupon.objects.select_for_update().filter(id__in=used).order_by("id"))
        return sum(_give_back(order_id, coupon) for coupon in held)


def _give_back(order_id: UUID, coupon: Coupon) -> int:
    used, back = _turns(order_id)[coupon.pk]
    if used == back:
        return 0
    use = CouponUse.objects.get(order_id=order_id, coupon=coupon, turn=used, back=False)
    CouponUse.objects.create(
        coupon=coupon, order_id=order_id, member_id=use.member_id, turn=used, back=True
    )
    Coupon.objects.filter(id=coupon.pk).update(used=F("used") - 1)
    CouponGrant.objects.filter(coupon=coupon, member_id=use.member_id, used__gt=0).update(
        used=F("used") - 1
    )
    return 1


def set_gate(
    product_id: UUID, *, opens_at: dt.datetime | None, by_rank: Mapping[str, dt.datetime],
    link_opens_at: dt.datetime | None,
) -> str:  # fmt: skip
    """From when on whom a product is sold to. Returns the new link's token, once, when the gate
    opens earlier for a link and had none."""
    with transaction.atomic():
        gate = SaleGate.objects.select_for_update().filter(product_id=product_id).first()
        token = new_token() if link_opens_at and (gate is None or not gate.link_digest) else ""
        kept = gate.link_digest if gate is not None and link_opens_at else None
        SaleGate.objects.update_or_create(
            product_id=product_id, site_id=current_site_id(),
            defaults={
                "opens_at": opens_at, "link_opens_at": link_opens_at,
                "by_rank": {code: moment.isoformat() for code, moment in by_rank.items()},
                "link_digest": digest(token) if token else kept,
            },
        )  # fmt: skip
        return token


def remove_gate(product_id: UUID) -> None:
    with transaction.atomic():
        SaleGate.objects.filter(product_id=product_id).delete()
