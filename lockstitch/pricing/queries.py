"""A site's terms, and the offers that run there."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.ids import digest
from lockstitch.pricing import gates
from lockstitch.pricing import offers as pure
from lockstitch.pricing.coupons import folded_code
from lockstitch.pricing.models import Coupon as Coupon
from lockstitch.pricing.models import CouponGrant as CouponGrant
from lockstitch.pricing.models import CouponUse, SaleGate
from lockstitch.pricing.models import Promotion as Promotion
from lockstitch.pricing.models import Terms as Terms
from lockstitch.pricing.rules import Charges
from lockstitch.pricing.shares import Item


def terms() -> Terms:
    """This site's terms; the defaults when it has set none."""
    return Terms.objects.first() or Terms()


def charges(of: Terms | None = None) -> Charges:
    found = of or terms()
    return Charges(
        shipping_yen=found.shipping_yen,
        free_shipping_from_yen=found.free_shipping_from_yen,
        cod_fees=[(limit, fee) for limit, fee in found.cod_fees],
        by_prefecture=found.shipping_by_prefecture,
        weight_fees=[(grams, fee) for grams, fee in found.weight_fees],
        islands=found.islands,
        free_measures_before=found.free_measures_before,
        wrapping={row["key"]: row["yen"] for row in found.wrappings},
    )


@dataclass(frozen=True)
class Who:
    """Who asks for a price, as far as offers care. A guest is nobody."""

    member_id: UUID | None = None
    rank: str = ""
    is_first: bool = False  # has not ordered yet


GUEST = Who()


def promotions(who: Who = GUEST, *, at: dt.datetime | None = None) -> list[pure.Promotion]:
    """What runs by itself for this buyer at this moment."""
    rows = _running(at or now()).filter(needs_coupon=False)
    return [offer(row) for row in rows if _is_for(row, who)]


def shown_for(
    who: Who, *, product: str, categories: frozenset[str], brand: str, on_sale: bool
) -> list[Promotion]:
    """The offers that a product's page names: those that run and look at it. Without a scope of
    their own they stand in the cart."""
    item = Item(0, 1, product=product, categories=categories, brand=brand, on_sale=on_sale)
    rows = [row for row in _running(now()).filter(needs_coupon=False) if _is_for(row, who)]
    return [row for row in rows if offer(row).scope.holds(item)]


def _running(at: dt.datetime) -> QuerySet[Promotion]:
    return Promotion.objects.filter(
        Q(starts_at=None) | Q(starts_at__lte=at), Q(ends_at=None) | Q(ends_at__gt=at), active=True
    ).order_by("id")


def _is_for(row: Promotion, who: Who) -> bool:
    return (not row.members_only or who.member_id is not None) and (
        not row.ranks or who.rank in row.ranks
    )


def offer(row: Promotion, code: str = "") -> pure.Promotion:
    """The row as the pure rules know it; under its code when it is had by one."""
    return pure.Promotion(
        id=code or str(row.id), name=row.name, kind=row.kind, yen=row.yen, rate_bp=row.rate_bp,
        pieces=row.pieces, from_yen=row.from_yen, from_pieces=row.from_pieces,
        exclusive=row.exclusive, coupon=bool(code), priority=row.priority,
        gift_sku=str(row.gift_sku_id) if row.gift_sku_id else "",
        scope=pure.Scope(
            products=frozenset(row.products), categories=frozenset(row.categories),
            brands=frozenset(row.brands), excludes_sale=row.excludes_sale,
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Coupons:
    """What the codes of a cart come to: offers, and for each code that is none, why."""

    offers: list[pure.Promotion] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def find_coupon(code: str) -> Coupon | None:
    """The coupon of a code as it was typed, running or not."""
    return (
        Coupon.objects.filter(code=folded_code(code)).select_related("promotion").first()
        if code.strip()
        else None
    )


def coupons(codes: Sequence[str], who: Who = GUEST, *, at: dt.datetime | None = None) -> Coupons:
    """What these codes bring to this buyer now. Nothing is used up by asking."""
    moment, found = at or now(), Coupons()
    folded = list(dict.fromkeys(filter(None, map(folded_code, codes))))
    rows = {
        row.code: row for row in Coupon.objects.filter(code__in=folded).select_related("promotion")
    }
    grants = _grants(rows.values(), who)
    for code in folded:
        row = rows.get(code)
        problem = refusal(row, grants.get(row.pk) if row else None, who, moment)
        if row is None or problem:
            found.problems[code] = problem
        else:
            found.offers.append(offer(row.promotion, code))
    return found


def _grants(rows: Iterable[Coupon], who: Who) -> Mapping[UUID, CouponGrant]:
    if who.member_id is None:
        return {}
    mine = CouponGrant.objects.filter(coupon__in=list(rows), member_id=who.member_id)
    return {grant.coupon_id: grant for grant in mine}


def refusal(coupon: Coupon | None, grant: CouponGrant | None, who: Who, at: dt.datetime) -> str:
    """Why this buyer cannot use it now, as a sentence; empty when they can."""
    if coupon is None or not coupon.active or not coupon.promotion.active:
        return _("We do not know this code.")
    runs = coupon.promotion
    ends = [moment for moment in (runs.ends_at, grant and grant.expires_at) if moment]
    is_given = grant is not None and grant.given
    reasons = (
        (runs.starts_at and at < runs.starts_at, _("This coupon does not run yet.")),
        (any(at >= moment for moment in ends), _("This coupon has expired.")),
        (
            coupon.needs_member and who.member_id is None,
            _("Please sign in to use this coupon."),
        ),
        (
            not _is_for(runs, who) or (coupon.granted_only and not is_given),
            _("This coupon is not for you."),
        ),
        (coupon.first_order and not who.is_first, _("This coupon is for a first order.")),
        (
            grant is not None and grant.used >= allowed(coupon, grant),
            _("You have used this coupon already."),
        ),
        (
            coupon.total_limit is not None and coupon.used >= coupon.total_limit,
            _("This coupon is used up."),
        ),
    )
    return next((sentence for holds, sentence in reasons if holds), "")


def allowed(coupon: Coupon, grant: CouponGrant) -> int:
    """How often in all the member may use it: as granted, else by the coupon's present limit."""
    return grant.allowed if grant.given else coupon.member_limit or grant.allowed


def offers_of(order_id: UUID) -> list[pure.Promotion]:
    """What the coupons of a placed order bring, whatever became of them since."""
    uses = CouponUse.objects.filter(order_id=order_id).select_related("coupon__promotion")
    standing: dict[UUID, CouponUse] = {}
    for use in uses.order_by("turn", "back"):
        if use.back:
            standing.pop(use.coupon_id, None)
        else:
            standing[use.coupon_id] = use
    return [offer(use.coupon.promotion, use.coupon.code) for use in standing.values()]


@dataclass(frozen=True)
class Held:
    """A coupon in a member's hands."""

    coupon: Coupon
    left: int
    expires_at: dt.datetime | None


def coupons_of(member_id: UUID) -> list[Held]:
    """What was given to a member and can still be used, the next to expire first."""
    moment = now()
    grants = (
        CouponGrant.objects.filter(member_id=member_id, given=True, used__lt=F("allowed"))
        .filter(Q(expires_at=None) | Q(expires_at__gt=moment))
        .filter(coupon__active=True, coupon__promotion__active=True)
        .filter(Q(coupon__promotion__ends_at=None) | Q(coupon__promotion__ends_at__gt=moment))
        .select_related("coupon__promotion")
    )
    held = []
    for grant in grants:
        ends = grant.coupon.promotion.ends_at
        last = min((day for day in (grant.expires_at, ends) if day), default=None)
        held.append(Held(grant.coupon, grant.allowed - grant.used, last))
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(held, key=lambda each: (each.expires_at or far, each.coupon.code))


def closed(
    product_ids: Iterable[UUID],
    *,
    rank: str = "",
    links: Iterable[str] = (),
    at: dt.datetime | None = None,
) -> dict[UUID, dt.datetime | None]:
    """Those of the products that are not sold to this visitor yet, with the moment from which
    they are; None: never. `links` are the tokens of links the visitor came by."""
    moment, digests = at or now(), [digest(token) for token in links]
    found: dict[UUID, dt.datetime | None] = {}
    for row in SaleGate.objects.filter(product_id__in=list(product_ids)):
        has_link = row.link_digest is not None and bytes(row.link_digest) in digests
        gate = gate_of(row)
        if not gates.may_buy(gate, rank=rank, has_link=has_link, at=moment):
            found[row.product_id] = gates.opening(gate, rank=rank, has_link=has_link)
    return found


def gate_of(row: SaleGate) -> gates.Gate:
    return gates.Gate(
        row.opens_at, {code: dt.datetime.fromisoformat(at) for code, at in row.by_rank.items()},
        row.link_opens_at,
    )  # fmt: skip


def find_gate(product_id: UUID) -> SaleGate | None:
    return SaleGate.objects.filter(product_id=product_id).first()


def all_promotions() -> list[Promotion]:
    return list(Promotion.objects.order_by("-made_at", "-id").prefetch_related("coupons")[:500])


def find_promotion(promotion_id: UUID) -> Promotion | None:
    return Promotion.objects.filter(id=promotion_id).prefetch_related("coupons").first()


def all_gates() -> list[SaleGate]:
    return list(SaleGate.objects.select_related("product").order_by("-opens_at")[:200])
