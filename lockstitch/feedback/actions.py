"""Saying something of a product, and what the shop does with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lockstitch.feedback.models import Question, Review, ReviewPicture
from lockstitch.feedback.queries import sent_for, to_review
from lockstitch.feedback.rules import (
    ANSWER_MAX,
    FITS,
    HEIGHTS,
    PICTURES_MAX,
    QUESTION_MAX,
    SENT_MAX,
    STARS,
    TEXT_MAX,
    tells_of_a_person,
)
from lockstitch.files.actions import receive
from lockstitch.files.rules import sniff
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order

USE = "review"  # what a file is for that comes for one
WAITING_MAX = 50  # questions of one product that nobody has read


@dataclass(frozen=True)
class Words:
    """A review as it was filled in."""

    stars: int
    fit: int | None = None
    height_cm: int | None = None
    usual_size: str = ""
    text: str = ""


@dataclass(frozen=True)
class Files:
    """Pictures as (name, bytes), the member who sends them, and the address they came from."""

    by: UUID | None = None
    source: str = ""
    sent: Sequence[tuple[str, bytes]] = field(default=())


def _checked(text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise Refused(_("Please keep it below %(n)s characters.") % {"n": most})
    if tells_of_a_person(text):
        raise Refused(_("Please leave out mail addresses, telephone numbers and links."))
    return text


def review(order: Order, sku_id: UUID, words: Words, files: Files | None = None) -> None:
    """By whoever the door knows to be the buyer; pictures only from the member who bought it.
    All of it or nothing. Raises Refused."""
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
        made: Review = Review.here(
            product_id=line.product_id, order=order, sku_id=sku_id, colour=line.colour,
            size=line.size, stars=words.stars, fit=words.fit, height_cm=words.height_cm,
            usual_size=usual, text=text,
        )  # fmt: skip
        made.save()
        if files and files.sent:
            _receive(made, order, files)


def add_pictures(order: Order, sku_id: UUID, files: Files) -> None:
    """To a review that the shop has not read yet. Raises Refused."""
    if not files.sent:
        raise Refused(_("Please choose a picture."))
    with transaction.atomic():
        found = Review.objects.select_for_update().filter(order=order, sku_id=sku_id).first()
        if found is None or found.state != "waiting":
            raise Refused(_("The shop has read this review: pictures cannot be added any more."))
        _receive(found, order, files)


def _receive(found: Review, order: Order, files: Files) -> None:
    """Into the one way that all files take; the worker looks at them."""
    if files.by is None or files.by != order.member_id:
        raise Refused(_("Pictures are taken from members who bought it, signed in."))
    came = sent_for(found)
    there = ReviewPicture.objects.filter(review=found).count()
    there += sum(upload.state == "waiting" for upload in came)
    if there + len(files.sent) > PICTURES_MAX or len(came) + len(files.sent) > SENT_MAX:
        raise Refused(_("A review has at most four pictures."))
    if any(sniff(data) == "zip" for _name, data in files.sent):
        raise Refused(_("Please send the pictures themselves, not an archive."))
    for name, data in files.sent:
        receive(data, name, by=files.by, use=USE, target=found.pk, source=files.source)


def drop_picture(order: Order, sku_id: UUID, picture_id: UUID) -> None:
    """Its sender takes it away, shown or not. Again: nothing."""
    with transaction.atomic():
        rows = Review.objects.select_for_update().filter(order=order, sku_id=sku_id)
        ReviewPicture.objects.filter(review__in=rows, id=picture_id).delete()
        rows.update(state=F("state"))  # a kept page of the product is old now


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
    review_id: UUID, state: str, *, by: UUID, reason: str = "", reply: str = "",
    seen: Iterable[UUID] = (), shown: Iterable[UUID] = (),
) -> None:  # fmt: skip
    """Shows it or not; may be changed later. A refusal has a reason. `seen` are the pictures that
    were before whoever decides, `shown` those of them that everybody may see. Raises Refused."""
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
        pictures = ReviewPicture.objects.filter(review=review_id)
        if state == "published" and pictures.exclude(id__in=list(seen)).exists():
            raise Refused(_("A picture has come meanwhile. Please look at it and decide again."))
        pictures.update(shown=False)
        if state == "published":
            pictures.filter(id__in=list(shown)).update(shown=True)


def decide_question(question_id: UUID, state: str, *, by: UUID, answer: str = "") -> None:
    """Published with an answer, or not shown. Raises Refused."""
    answer = answer.strip()[:ANSWER_MAX]
    if state not in ("published", "refused") or (state == "published" and not answer):
        raise Refused(_("A question is shown with its answer: please write one."))
    with transaction.atomic():
        found = Question.objects.select_for_update().filter(id=question_id)
        if not found.update(state=state, answer=answer, decided_by=by, decided_at=now()):
            raise Refused(_("It is not there any more."))
