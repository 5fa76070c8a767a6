"""Members for tests."""

from uuid import UUID, uuid4

from lockstitch.catalogue.queries import find_product
from lockstitch.crm.models import Addressee, Campaign, Reminder, Segment
from lockstitch.kernel.clock import now, today_jst
from lockstitch.mailing.actions import keep_template
from lockstitch.mailing.rules import Written
from lockstitch.members import points
from lockstitch.members.actions import keep_member
from lockstitch.members.models import (
    Consent,
    Favourite,
    Garment,
    Note,
    PointRule,
    Programme,
    Rank,
    RankChange,
)
from lockstitch.pricing import actions as pricing
from lockstitch.pricing.queries import Who


def new_member(balance: int = 0) -> UUID:
    member = uuid4()
    keep_member(member_id=member, hint="山＊ ＊＊")
    points.earn(member, balance, reference="start")
    return member


def fill() -> None:
    """A row in every table of members and promotions. Needs `world.new_product()`."""
    member, order = new_member(100), uuid4()
    points.spend(member, 10, order)
    view = find_product("shirt")
    assert view is not None
    Programme.objects.create(rate_bp=100)
    PointRule.objects.create(name={"ja": "倍"}, times_bp=20_000)
    Rank.objects.create(code="gold", level=1, threshold=1)
    RankChange.objects.create(
        member_id=member, became="gold", measure=1, since=today_jst(), until=today_jst()
    )
    Consent.objects.create(
        member_id=member, purpose="news", given=True, version="1", source="account"
    )
    Favourite.objects.create(member_id=member, product=view.product)
    Garment.objects.create(member_id=member, name="Shirt", kind="top", measures={"chest": 52})
    Note.objects.create(member_id=member, record_id=uuid4(), by=uuid4())
    offer = pricing.save_promotion(None, name={"ja": "割引"}, kind="amount", yen=100)
    pricing.save_coupon(offer.id, "FILL", member_limit=1)
    pricing.use_coupons(order, ["FILL"], Who(member))
    pricing.set_gate(view.product.id, opens_at=now(), by_rank={}, link_opens_at=None)
    segment = Segment.objects.create(name="all")
    campaign = Campaign.objects.create(segment=segment, name="hello")
    Addressee.objects.create(campaign=campaign, member_id=member)
    Reminder.objects.create(cart_id=uuid4(), member_id=member, touched_at=now())
    keep_template("cancelled", "ja", Written("s", "t"), by=uuid4())
