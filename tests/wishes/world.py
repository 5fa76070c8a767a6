"""A row in every table of what shoppers wait for."""

from uuid import UUID, uuid4

from lockstitch.kernel.clock import today_jst
from lockstitch.wishes.models import Interest, PriceTold, Wait, Wish
from tests.members.world import new_member


def fill_wishes(sku: UUID, product: UUID) -> None:
    Wait.here(sku_id=sku, record_id=uuid4()).save()
    Wish.here(sku_id=sku, day=today_jst(), count=1).save()
    Interest.here(token_digest=b"x", brand="B").save()
    PriceTold.here(member_id=new_member(), product_id=product, price_yen=1).save()
