"""Saying something of a product, and what the shop does with it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.feedback.models import Question, Review
from lockstitch.feedback.queries import to_review
from lockstitch.feedback.rules import (
    ANSWER_MAX,
    FITS,
    HEIGHTS,
    QUESTION_MAX,
    STARS,
    TEXT_MAX,
    tells_of_a_person,
)
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order

WAITING_MAX = 50  # questions of one product that nobody has read


@dataclass(frozen=True)
class Words:
    """A review as it was filled in."""

    stars: int
    fit: int | None = None
    height_cm: int | None = None
    usual_size: str = ""
    text: str = ""


def _checked(text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise Refused(_("Please keep it below %(n)s characters.") % {"n": most})
    if tells_of_a_person(text):
        raise Refused(_("Please leave out mail addresses, telephone numbers and links."))
    return text


def review(order: Order, sku_id: UUID, words: Words) -> None:
    """By whoever the door knows to be the buyer. Raises Refused."""
    if words.stars not in STARS:
        raise Refused(_("Please choose from one to five stars."))
    if words.fit not in (None, *FITS) or words.height_cm not in (None, *HEIGHTS):
        raise Refused(_("Please choose one of the fits and heights."))
    text, usual = _checked(words.text, TEXT_MAX), _checked(words.usual_size, 20)
    with transaction.atomic():
        Order.objects.select_for_update().get(id=order.pk)  # a double click finds it said
        line = next((each for each in to_review(order) if each.sku_id == sku_id), None)
        if line is None:
            raise Refused(_("You have reviewed this already, or it was not sent yet."))
        Review.here(
            product_id=line.product_id, order=order, sku_id=sku_id, colour=line.colour,
            size=line.size, stars=words.stars, fit=words.fit, height_cm=words.height_cm,
            usual_size=usual, text=text,
        ).save()  # fmt: skip


def ask(product_id: UUID, text: str) -> None:
    """Raises Refused."""
    text = _checked(text, QUESTION_MAX)
    if not text:
        raise Refused(_("Please write your question."))
    with transaction.atomic():
        unread = Question.objects.filter(product_id=product_id, state="waiting")
        if unread.filter(text=text).exists():
            return  # the same again
        if unread.count() >= WAITING_MAX:
            raise Refused(_("Many have asked just now. Please try again later."))
        Question.here(product_id=product_id, text=text).save()


def decide_review(
    review_id: UUID, state: str, *, by: UUID, reason: str = "", reply: str = ""
) -> None:
    """Shows it or not; may be changed later. A refusal has a reason. Raises Refused."""
    if state not in ("published", "refused"):
        raise Refused(_("Please choose what to do with it."))
    if state == "refused" and not reason.strip():
        raise Refused(_("Please say why it is not shown."))
    with transaction.atomic():
        found = Review.objects.select_for_update().filter(id=review_id)
        if not found.update(
            state=state, reason=reason.strip()[:200], reply=reply.strip()[:ANSWER_MAX],
            decided_by=by, decided_at=now(),
        ):  # fmt: skip
            raise Refused(_("It is not there any more."))


def decide_question(question_id: UUID, state: str, *, by: UUID, answer: str = "") -> None:
    """Published with an answer, or not shown. Raises Refused."""
    answer = answer.strip()[:ANSWER_MAX]
    if state not in ("published", "refused") or (state == "published" and not answer):
        raise Refused(_("A question is shown with its answer: please write one."))
    with transaction.atomic():
        found = Question.objects.select_for_update().filter(id=question_id)
        if not found.update(state=state, answer=answer, decided_by=by, decided_at=now()):
            raise Refused(_("It is not there any more."))
