"""What is shown of reviews and questions, and what waits to be read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from lockstitch.feedback.models import Question as Question
from lockstitch.feedback.models import Review as Review
from lockstitch.feedback.models import ReviewPicture
from lockstitch.feedback.rules import STATES, Summary, summed
from lockstitch.files.queries import Upload, uploads_for
from lockstitch.orders.models import Order, OrderLine

PAGE = 10
SUMMED_MAX = 5_000  # the newest so many make the summary of a product
QUESTIONS_SHOWN = 20


@dataclass(frozen=True)
class Rows:
    rows: list[Any]
    next: str


def _page(rows: QuerySet[Any], after: str, limit: int) -> Rows:
    """Newest first; keys are ordered by time."""
    try:
        rows = rows.filter(id__lt=UUID(after)) if after else rows
    except ValueError:
        return Rows([], "")
    found = list(rows.order_by("-id")[: limit + 1])
    return Rows(found[:limit], str(found[limit - 1].pk) if len(found) > limit else "")


def summary_of(product_id: UUID) -> Summary:
    rows = Review.objects.filter(product_id=product_id, state="published").order_by("-id")
    return summed(rows.values_list("stars", "fit", "size")[:SUMMED_MAX])


def reviews_of(product_id: UUID, *, after: str = "", limit: int = PAGE) -> Rows:
    rows = Review.objects.filter(product_id=product_id, state="published").defer("reason")
    seen = _pictures().filter(shown=True)
    return _page(rows.prefetch_related(Prefetch("pictures", seen)), after, limit)


def _pictures() -> QuerySet[ReviewPicture]:
    return ReviewPicture.objects.select_related("picture").order_by("id")


def questions_of(product_id: UUID) -> list[Question]:
    rows = Question.objects.filter(product_id=product_id, state="published")
    return list(rows.order_by("-id")[:QUESTIONS_SHOWN])


def to_review(order: Order) -> list[OrderLine]:
    """The lines of which something was sent and nothing said yet."""
    said = set(Review.objects.filter(order=order).values_list("sku_id", flat=True))
    seen: dict[UUID, OrderLine] = {}
    for line in order.current_lines:
        if line.shipped and line.product_id and line.sku_id not in said:
            seen.setdefault(line.sku_id, line)
    return list(seen.values())


def said_of(order: Order) -> list[Review]:
    """What was said of the goods of an order."""
    return list(Review.objects.filter(order=order).select_related("product").order_by("id"))


def own_review(order: Order, sku_id: UUID) -> Review | None:
    """With every picture of it: for whoever wrote it."""
    rows = Review.objects.filter(order=order, sku_id=sku_id).select_related("product")
    return rows.prefetch_related(Prefetch("pictures", _pictures())).first()


def sent_for(review: Review) -> list[Upload]:
    """The files that came for a review."""
    return uploads_for([review.id])


def list_reviews(state: str, *, after: str = "", limit: int = 30) -> Rows:
    rows = Review.objects.select_related("product", "order").prefetch_related(
        Prefetch("pictures", _pictures())
    )
    return _page(rows.filter(state=state) if state in STATES else rows, after, limit)


def list_questions(state: str, *, after: str = "", limit: int = 30) -> Rows:
    rows = Question.objects.select_related("product")
    return _page(rows.filter(state=state) if state in STATES else rows, after, limit)


def waiting() -> int:
    """How much there is to read."""
    return sum(kind.objects.filter(state="waiting").count() for kind in (Review, Question))
