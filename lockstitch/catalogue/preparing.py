"""ささげ: what is still to be shot, measured and written before a product can be shown. A step is
done when its result is there, so that no list of ticks can say otherwise."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lockstitch.catalogue.checks import UNLABELLED
from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.listing import find_by_code
from lockstitch.catalogue.models import (
    Colour,
    ColourPicture,
    Preparation,
    PreparationRule,
    Product,
    Size,
)  # fmt: skip
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import Refused

STEPS = ("shot", "measured", "written")
PAGE, NEVER = 50, dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Waiting:
    product: Product
    open: tuple[str, ...]
    preparation: Preparation | None
    is_late: bool


@dataclass(frozen=True)
class Queue:
    rows: list[Waiting]
    next: str


def _with_steps(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Each with `shot`, `measured` and `written`: whether that step is open."""
    own = {"product": OuterRef("pk")}
    pictured = ColourPicture.objects.filter(colour=OuterRef("pk")).exclude(picture__renditions=[])
    labelled = ~Q(category__garment__in=UNLABELLED) | Q(category=None)
    return rows.annotate(
        shot=~Exists(Colour.objects.filter(**own))
        | Exists(Colour.objects.filter(~Exists(pictured), **own)),
        measured=Q(category__garment__in=list(GARMENTS))
        & (~Exists(Size.objects.filter(**own)) | Exists(Size.objects.filter(measures={}, **own))),
        written=Q(description__ja__isnull=True)
        | Q(description__ja="")
        | (labelled & (Q(composition=[]) | Q(care=[]))),
    )  # fmt: skip


def _open(product: Product) -> tuple[str, ...]:
    return tuple(step for step in STEPS if getattr(product, step))


def queue(
    *, step: str = "", mine: UUID | None = None, late: bool = False, after: str = "",
    limit: int = PAGE,
) -> Queue:  # fmt: skip
    """Products that are not shown yet and lack something, the most urgent first; three queries."""
    due = Subquery(Preparation.objects.filter(product=OuterRef("pk")).values("due_on")[:1])
    rows = _with_steps(
        Product.objects.filter(Q(published_from=None) | Q(published_from__gt=now()))
    ).annotate(due=Coalesce(due, Value(NEVER), output_field=DateField()))
    rows = rows.filter(**{step: True}) if step in STEPS else rows.filter(
        Q(shot=True) | Q(measured=True) | Q(written=True))  # fmt: skip
    if mine:
        rows = rows.filter(preparations__assignee=mine)
    if late:
        rows = rows.filter(due__lt=today_jst())
    if after:
        day, _bar, last = after.partition("_")
        try:
            key = (dt.date.fromisoformat(day), UUID(last))
        except ValueError:
            return Queue([], "")
        rows = rows.filter(Q(due__gt=key[0]) | Q(due=key[0], id__gt=key[1]))
    found = list(rows.order_by("due", "id")[: limit + 1])
    page = found[:limit]
    kept = {
        p.product_id: p for p in Preparation.objects.filter(product_id__in=[r.id for r in page])
    }
    more = f"{page[-1].due}_{page[-1].id}" if len(found) > limit else ""
    return Queue(
        [Waiting(r, _open(r), kept.get(r.id), r.due < today_jst()) for r in page],
        more,
    )


def required() -> list[str]:
    """The steps that this shop wants done before a product is shown."""
    rule = PreparationRule.objects.first()
    return list(rule.steps) if rule else []


def require(steps: Iterable[str]) -> None:
    chosen = [step for step in STEPS if step in set(steps)]
    PreparationRule.objects.update_or_create(defaults={"steps": chosen})


def withheld(slugs: Collection[str]) -> dict[str, list[str]]:
    """Those of the products that may not be shown yet, with what this shop still wants."""
    wanted = required() if slugs else []
    if not wanted:
        return {}
    rows = _with_steps(Product.objects.filter(slug__in=slugs))
    found = {row.slug: [step for step in _open(row) if step in wanted] for row in rows}
    return {slug: steps for slug, steps in found.items() if steps}


def not_ready(steps: Iterable[str]) -> str:
    words = {"shot": _("Pictures"), "measured": _("Measured sizes"), "written": _("Texts")}
    return _("It cannot be shown yet. Still open: %(steps)s") % {
        "steps": ", ".join(words[step] for step in steps)
    }


def plan(slug: str, *, due_on: dt.date | None, place: str) -> None:
    """When it has to be ready, and where its sample lies. Raises Refused."""
    _keep(slug, due_on=due_on, place=place[:60])


def take(slug: str, by: UUID | None) -> None:
    """Whose turn it is; None: nobody's. Raises Refused."""
    _keep(slug, assignee=by)


def check_in(code: str, *, place: str) -> str:
    """A sample has come: its SKU or JAN, as a scanner types it. Returns the product's slug.

    Raises Refused for a code that no SKU has.
    """
    found = find_by_code(code)
    if found is None:
        raise Refused(_("No SKU has the code %(code)s.") % {"code": code[:120]})
    slug, sample = found
    _keep(slug, sample=sample, came_at=now(), **({"place": place[:60]} if place else {}))
    return slug


def _keep(slug: str, **values: object) -> None:
    product = Product.objects.filter(slug=slug).first()
    if product is None:
        raise Refused(_("There is no such product."))
    with transaction.atomic():
        Preparation.objects.update_or_create(product=product, defaults=values)
