"""Only who was sent a piece reviews it, once; nothing is shown unread; nobody's number gets in."""

from uuid import UUID, uuid4

import pytest

from lockstitch.catalogue.models import Sku
from lockstitch.feedback import actions as feedback
from lockstitch.feedback.actions import Words
from lockstitch.feedback.models import Question, Review
from lockstitch.feedback.queries import (
    list_reviews,
    questions_of,
    reviews_of,
    summary_of,
    to_review,
    waiting,
)
from lockstitch.feedback.rules import Fit, summed, tells_of_a_person
from lockstitch.fulfilment.actions import ship
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order
from lockstitch.tenancy.queries import Site
from tests import world

STAFF = uuid4()


def sent_order(skus: dict[UUID, int]) -> Order:
    order = world.placed_order(skus)
    ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
    return Order.objects.get(id=order.id)


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("丈はぴったり。身長165cm、普段はMです", False),
        ("洗濯10回でも毛玉なし、2026年11月に購入", False),
        ("メールはhanako@example.jpまで", True),
        ("０９０－１２３４－５６７８に電話を", True),
        ("see https://elsewhere.example", True),
    ],
)
def test_what_tells_of_a_person(text: str, personal: bool) -> None:
    assert tells_of_a_person(text) is personal


def test_the_fit_of_a_size_is_said_when_enough_say_it() -> None:
    marks = [(5, -1, "S"), (4, -2, "S"), (5, 0, "S"), (3, 0, "M"), (1, None, "M")]
    made = summed(marks)
    assert (made.count, made.stars, made.by_stars[5]) == (5, 3.6, 2)
    assert (made.fits["S"].verdict, made.fits["M"].verdict) == ("small", "")
    assert Fit(1, 0, 2).verdict == "large"
    assert Fit(2, 1, 2).verdict == "mixed"
    assert summed([]).stars == 0


def test_a_buyer_reviews_what_was_sent_once(site: Site) -> None:
    skus = world.new_product()
    order = world.placed_order({skus[0]: 2})
    with pytest.raises(Refused):
        feedback.review(order, skus[0], Words(5))  # nothing was sent
    order = sent_order({skus[1]: 1})
    assert [line.sku_id for line in to_review(order)] == [skus[1]]
    with pytest.raises(Refused):
        feedback.review(order, skus[0], Words(5))  # not bought
    for wrong in (Words(6), Words(5, fit=3), Words(5, height_cm=163), Words(5, text="a" * 2_001)):
        with pytest.raises(Refused):
            feedback.review(order, skus[1], wrong)
    feedback.review(order, skus[1], Words(4, 1, 165, "M", "少し大きめ"))
    with pytest.raises(Refused):
        feedback.review(order, skus[1], Words(1))
    assert (to_review(order), waiting()) == ([], 1)


def test_it_is_shown_once_read_and_may_be_taken_back(site: Site) -> None:
    skus = world.new_product()
    product = Sku.objects.get(id=skus[0]).product_id
    feedback.review(sent_order({skus[0]: 1}), skus[0], Words(2, -1, text="小さい"))
    [review] = list_reviews("waiting").rows
    assert (reviews_of(product).rows, summary_of(product).count) == ([], 0)
    with pytest.raises(Refused):
        feedback.decide_review(review.id, "refused", by=STAFF)  # without a reason
    feedback.decide_review(review.id, "published", by=STAFF, reply="ご意見ありがとうございます")
    assert [one.reply for one in reviews_of(product).rows] == ["ご意見ありがとうございます"]
    assert summary_of(product).fits["S"].small == 1
    feedback.decide_review(review.id, "refused", by=STAFF, reason="別の商品")
    assert reviews_of(product).rows == []
    with pytest.raises(Refused):
        feedback.decide_review(uuid4(), "published", by=STAFF)


def test_reviews_come_a_page_at_a_time(site: Site) -> None:
    sku = world.new_product(stock=20)[0]
    product = Sku.objects.get(id=sku).product_id
    for _n in range(5):
        feedback.review(sent_order({sku: 1}), sku, Words(5))
    Review.objects.update(state="published")
    seen, after = [], ""
    for _n in range(4):
        page = reviews_of(product, after=after, limit=2)
        seen += [one.id for one in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    assert reviews_of(product, after="nonsense").rows == []


def test_a_question_is_shown_with_its_answer(site: Site) -> None:
    product = Sku.objects.get(id=world.new_product()[0]).product_id
    for _n in range(2):
        feedback.ask(product, "洗濯機で洗えますか？")
    [question] = Question.objects.all()
    with pytest.raises(Refused):
        feedback.decide_question(question.id, "published", by=STAFF)
    feedback.decide_question(question.id, "published", by=STAFF, answer="ネットに入れてください。")
    assert [one.answer for one in questions_of(product)] == ["ネットに入れてください。"]
    for wrong in ("", "call 0312345678", "a" * 501):
        with pytest.raises(Refused):
            feedback.ask(product, wrong)
