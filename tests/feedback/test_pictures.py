"""Pictures with a review: only of a member who bought it, unseen until the shop has looked at each,
gone when their sender takes them away."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from PIL import Image

from lockstitch.feedback import actions as feedback
from lockstitch.feedback.actions import Files, Words
from lockstitch.feedback.models import Review
from lockstitch.feedback.queries import list_reviews, own_review, reviews_of, sent_for
from lockstitch.feedback.uploads import take_in
from lockstitch.files.models import Upload
from lockstitch.fulfilment.actions import ship
from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order
from lockstitch.tenancy.queries import Site
from tests import world
from tests.files.hostile import picture, zipped

STAFF, MEMBER = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def bought(member: UUID | None = MEMBER) -> tuple[Order, UUID]:
    sku = world.new_product()[0]
    order = world.placed_order({sku: 1})
    ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    Order.objects.filter(id=order.id).update(member_id=member)
    return Order.objects.get(id=order.id), sku


def shots(n: int, first: int = 0) -> Files:
    """As many different pictures."""
    return Files(MEMBER, "203.0.113.9", [(f"{i}.png", drawn(i)) for i in range(first, first + n)])


def drawn(n: int) -> bytes:
    return picture("PNG", Image.new("RGB", (40 + n, 50), (n, 90, 90)))


def looked_at() -> None:
    for upload in Upload.objects.filter(state="waiting"):
        take_in(upload.id)


def test_nobody_but_the_member_who_bought_it_sends_pictures(site: Site) -> None:
    order, sku = bought(None)
    for by in (None, MEMBER):
        with pytest.raises(Refused):
            feedback.review(order, sku, Words(5), Files(by, "", shots(1).sent))
    assert not Review.objects.exists()  # all of it or nothing
    Order.objects.update(member_id=uuid4())
    with pytest.raises(Refused):
        feedback.review(Order.objects.get(), sku, Words(5), shots(1))
    assert not Upload.objects.exists()


def test_a_picture_is_shown_once_the_shop_has_seen_it(site: Site) -> None:
    order, sku = bought()
    feedback.review(order, sku, Words(5), shots(2))
    looked_at()
    [review] = list_reviews("waiting").rows
    first, second = [one.id for one in review.pictures.all()]
    with pytest.raises(Refused):
        feedback.decide_review(review.id, "published", by=STAFF, seen=[first], shown=[first])
    feedback.decide_review(
        review.id, "published", by=STAFF, seen=[first, second], shown=[second, uuid4()]
    )
    [shown] = reviews_of(review.product_id).rows
    assert [one.id for one in shown.pictures.all()] == [second]
    assert next(iter(shown.pictures.all())).picture.width == 41
    with pytest.raises(Refused):
        feedback.add_pictures(order, sku, shots(1, 7))  # it was read
    feedback.drop_picture(order, sku, second)
    feedback.drop_picture(order, sku, second)
    assert [list(one.pictures.all()) for one in reviews_of(review.product_id).rows] == [[]]


def test_a_picture_that_comes_after_the_decision_is_not_taken(site: Site) -> None:
    order, sku = bought()
    feedback.review(order, sku, Words(5), shots(1))
    feedback.decide_review(Review.objects.get().id, "published", by=STAFF)
    looked_at()
    assert Upload.objects.get().reason == "late"
    assert list(own_review(order, sku).pictures.all()) == []


def test_four_of_them_and_no_archive(site: Site) -> None:
    order, sku = bought()
    with pytest.raises(Refused):
        feedback.review(order, sku, Words(5), shots(5))
    feedback.review(order, sku, Words(5), shots(3))
    for wrong in (shots(2, 3), Files(MEMBER, "", [("a.zip", zipped({"a.png": drawn(1)}))])):
        with pytest.raises(Refused):
            feedback.add_pictures(order, sku, wrong)
    looked_at()
    feedback.add_pictures(order, sku, Files(MEMBER, "", [("no.png", b"<svg onload=x>")]))
    looked_at()
    review = own_review(order, sku)
    assert len(review.pictures.all()) == 3
    assert [one.state for one in sent_for(review)] == ["refused", "taken", "taken", "taken"]
    for n in range(8):  # taken away and sent again, but not for ever
        feedback.drop_picture(order, sku, own_review(order, sku).pictures.all()[0].id)
        feedback.add_pictures(order, sku, shots(1, 10 + n))
        looked_at()
    feedback.drop_picture(order, sku, own_review(order, sku).pictures.all()[0].id)
    with pytest.raises(Refused):
        feedback.add_pictures(order, sku, shots(1, 30))
