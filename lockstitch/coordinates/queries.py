"""Coordinates as visitors and the console see them; each function a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.audience import OPEN
from lockstitch.catalogue.cards import edges, shown_now
from lockstitch.catalogue.models import Product, Sku
from lockstitch.catalogue.queries import Offer
from lockstitch.coordinates.models import Author as Author  # doors name it
from lockstitch.coordinates.models import Coordinate as Coordinate
from lockstitch.coordinates.models import Credit, DailyCount, Follow, Hotspot, Issue, Piece, Shot
from lockstitch.coordinates.rules import BANDS, KINDS, is_shown
from lockstitch.kernel.clock import midnight, now, today_jst
from lockstitch.search.successors import successors

PAGE = 24


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks to see of them; an empty word is any."""

    category: str = ""
    brand: str = ""
    height: str = ""
    author: str = ""
    season: str = ""
    issue: str = ""
    kind: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """From an address; what makes no sense is left out."""
        found = cls(**{name: asked.get(name, "")[:120] for name in cls.__dataclass_fields__})
        return cls(
            **{
                **vars(found),
                "height": found.height if found.height in BANDS else "",
                "kind": found.kind if found.kind in KINDS else "",
            }
        )

    @property
    def pairs(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Listed:
    rows: list[Coordinate]
    next: str


@dataclass(frozen=True)
class PieceView:
    """A piece with the sizes it is sold in; none when it is no longer on sale. `successor` is what
    is sold instead, if the shop has named it."""

    piece: Piece
    options: list[Offer]
    successor: Product | None = None

    @property
    def offer(self) -> Offer | None:
        """The worn size, else the first."""
        worn = (one for one in self.options if one.sku_id == self.piece.worn_id)
        return next(worn, self.options[0] if self.options else None)


@dataclass(frozen=True)
class CoordinateView:
    coordinate: Coordinate
    shots: list[Shot]
    pieces: list[PieceView]


def shown() -> QuerySet[Coordinate]:
    """The one place that decides which coordinates a visitor may see."""
    return shown_now(Coordinate).filter(state="approved")


def is_visible(row: Coordinate) -> bool:
    return is_shown(row.state, row.published_from, row.published_until, now())


def _with_cover(rows: QuerySet[Coordinate]) -> QuerySet[Coordinate]:
    return rows.select_related("author").prefetch_related(
        Prefetch("shots", Shot.objects.select_related("picture"))
    )


def _narrowed(rows: QuerySet[Coordinate], wanted: Wanted) -> QuerySet[Coordinate]:
    for name, lookup in (("category", "category__slug"), ("brand", "brand")):
        if value := getattr(wanted, name):
            rows = rows.filter(
                Exists(
                    Piece.objects.filter(
                        coordinate=OuterRef("pk"), **{f"colour__product__{lookup}": value}
                    )
                )
            )
    if wanted.height:
        rows = rows.filter(height_cm__range=BANDS[wanted.height])
    if wanted.author:
        rows = rows.filter(author__slug=wanted.author, author__left=False)
    for name in ("season", "issue", "kind"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    return rows


def listed(wanted: Wanted, *, after: str = "", limit: int = PAGE) -> Listed:
    """A page of what visitors see, the newest first. Two queries."""
    rows = _narrowed(shown(), wanted)
    if after:
        moment, _, last = after.partition("_")
        try:
            key, since = UUID(last), dt.datetime.fromtimestamp(int(moment) / 1e6, dt.UTC)
        except (ValueError, OverflowError, OSError):
            return Listed([], "")
        rows = rows.filter(Q(published_from__lt=since) | Q(published_from=since, id__lt=key))
    found = list(_with_cover(rows).order_by("-published_from", "-id")[: limit + 1])
    page = found[:limit]
    return Listed(page, _key(page[-1]) if len(found) > limit else "")


def _key(row: Coordinate) -> str:
    since = row.published_from or now()
    return f"{int(since.timestamp()) * 1_000_000 + since.microsecond}_{row.id}"


def choices() -> dict[str, list[Any]]:
    """What the filters of the list offer: only what something is shown for."""
    rows = shown()
    pieces = Piece.objects.filter(coordinate__in=rows)
    return {
        "categories": sorted(
            pieces.exclude(colour__product__category=None)
            .order_by()
            .values_list(
                "colour__product__category__position", "colour__product__category__slug",
                "colour__product__category__name",
            )
            .distinct(),
            key=lambda row: row[0],
        ),
        "brands": list(
            pieces.exclude(colour__product__brand="").order_by("colour__product__brand")
            .values_list("colour__product__brand", flat=True).distinct()
        ),
        "authors": list(Author.objects.filter(left=False, coordinates__in=rows).distinct()),
        "seasons": _words(rows, "season"),
        "issues": _words(rows, "issue"),
    }  # fmt: skip


def _words(rows: QuerySet[Coordinate], name: str) -> list[str]:
    found = rows.exclude(**{name: ""}).order_by(f"-{name}").values_list(name, flat=True)
    return list(found.distinct()[:40])


def worn() -> frozenset[UUID]:
    """The products of all pieces of the site's coordinates, shown or not."""
    return frozenset(Piece.objects.values_list("colour__product_id", flat=True).distinct())


def wears(product_ids: Iterable[UUID], limit: int = 6) -> list[Coordinate]:
    """Coordinates that show one of these products."""
    pieces = Piece.objects.filter(coordinate=OuterRef("pk"), colour__product__in=list(product_ids))
    return list(_with_cover(shown().filter(Exists(pieces))).order_by("-published_from")[:limit])


def latest(authors: Iterable[UUID], since: dt.datetime, limit: int) -> list[Coordinate]:
    """What these have shown since then, the newest first."""
    rows = shown().filter(author__in=list(authors), author__left=False, published_from__gte=since)
    return list(_with_cover(rows).order_by("-published_from", "-id")[:limit])


def by_numbers(numbers: Iterable[int]) -> list[Coordinate]:
    """Those of the numbers that visitors see, in that order."""
    wanted = list(numbers)
    rows = {row.number: row for row in _with_cover(shown().filter(number__in=wanted))}
    return [rows[number] for number in wanted if number in rows]


def find_coordinate(number: int, *, drafts: bool = False) -> CoordinateView | None:
    """With its pictures, points and pieces: seven queries."""
    rows = Coordinate.objects.all() if drafts else shown()
    row = rows.filter(number=number).select_related("author", "author__picture").first()
    return None if row is None else view(row, drafts=drafts)


def view(row: Coordinate, *, drafts: bool = False) -> CoordinateView:
    """Its page is one for all visitors: of goods for members it does not even say the name."""
    spots = Hotspot.objects.select_related("piece").order_by("piece__position")
    worn = Piece.objects.filter(coordinate=row)
    if not drafts:
        spots = spots.filter(piece__colour__product__audience__in=OPEN)
        worn = worn.filter(colour__product__audience__in=OPEN)
    shots = list(
        Shot.objects.filter(coordinate=row)
        .select_related("picture")
        .prefetch_related(Prefetch("hotspots", spots))
    )
    pieces = list(
        worn.select_related(
            "colour", "colour__product", "colour__product__category", "worn", "worn__size"
        )
    )
    skus = list(
        Sku.objects.filter(colour__in=[piece.colour_id for piece in pieces], active=True)
        .order_by("size__position")
        .values_list("id", "colour_id")
    )
    offers = catalogue.offers(sku for sku, _colour in skus)
    options: dict[UUID, list[Offer]] = defaultdict(list)
    for sku, colour in skus:
        if sku in offers:
            options[colour].append(offers[sku])
    heirs = successors(piece.colour.product.successor for piece in pieces)
    return CoordinateView(
        row, shots,
        [
            PieceView(
                piece, options[piece.colour_id], heirs.get(piece.colour.product.successor)
            )
            for piece in pieces
        ],
    )  # fmt: skip


def succeeded(rows: Iterable[Coordinate]) -> list[tuple[Product, Product]]:
    """(what these show and is gone, what is sold instead), each once."""
    there = shown_now(Product).filter(
        Exists(Sku.objects.filter(product=OuterRef("pk"), active=True))
    )
    pieces = Piece.objects.filter(
        coordinate__in=list(rows), colour__product__in=Product.objects.exclude(successor="")
    ).exclude(colour__product__in=there)
    gone = {piece.colour.product_id: piece.colour.product
            for piece in pieces.select_related("colour__product")}  # fmt: skip
    heirs = successors(product.successor for product in gone.values())
    return [(p, heirs[p.successor]) for p in gone.values() if p.successor in heirs]


def authors(*, all_of_them: bool = False) -> list[Author]:
    rows = Author.objects.select_related("picture")
    return list(rows if all_of_them else rows.filter(left=False))


def find_author(slug: str, *, left: bool = False) -> Author | None:
    rows = Author.objects.filter(slug=slug).select_related("picture")
    return (rows if left else rows.filter(left=False)).first()


def author_of(operator_id: UUID) -> Author | None:
    return Author.objects.filter(operator_id=operator_id, left=False).first()


type Follows = QuerySet[Follow]


def follows(*, member_id: UUID | None, token_digest: bytes | None) -> Follows:
    """Of a member, or of the browser that holds the token."""
    if member_id is not None:
        return Follow.objects.filter(member_id=member_id)
    return (
        Follow.objects.filter(token_digest=token_digest) if token_digest else Follow.objects.none()
    )


def followed_authors(rows: Follows) -> list[Author]:
    found = rows.filter(author__left=False).select_related("author__picture").order_by("-at")
    return [row.author for row in found]


@dataclass(frozen=True)
class Figures:
    """Of one coordinate or author in some days; `net_yen` is with tax, after discounts."""

    views: int = 0
    adds: int = 0
    orders: int = 0
    pieces: int = 0
    net_yen: int = 0


def figures(numbers: Iterable[UUID], since: dt.date) -> dict[UUID, Figures]:
    """Coordinate -> what became of it from that day on. Two queries."""
    ids = list(numbers)
    seen = {
        row["coordinate_id"]: row
        for row in DailyCount.objects.filter(coordinate__in=ids, day__gte=since)
        .values("coordinate_id").annotate(views=Sum("views"), adds=Sum("adds")).order_by()
    }  # fmt: skip
    sold = {
        row["coordinate_id"]: row
        for row in Credit.objects.filter(coordinate__in=ids, day__gte=since, pieces__gt=0)
        .values("coordinate_id")
        .annotate(orders=Count("order_id", distinct=True), bought=Sum("pieces"), net=Sum("net_yen"))
        .order_by()
    }
    none: dict[str, int] = {}
    return {
        one: Figures(
            seen.get(one, none).get("views", 0), seen.get(one, none).get("adds", 0),
            sold.get(one, none).get("orders", 0), sold.get(one, none).get("bought", 0),
            sold.get(one, none).get("net", 0),
        )
        for one in ids
    }  # fmt: skip


def credit_of_authors(since: dt.date) -> list[dict[str, Any]]:
    """What is credited to each author from that day on, the most first."""
    rows = (
        Credit.objects.filter(day__gte=since, pieces__gt=0, author__isnull=False)
        .values("author__name", "author__shop", "author__left")
        .annotate(orders=Count("order_id", distinct=True), sold=Sum("pieces"), net=Sum("net_yen"))
        .order_by("-net")
    )
    return list(rows)


def all_coordinates(
    *, state: str = "", made_by: UUID | None = None, after: str = "", limit: int = 40
) -> Listed:
    """For the console: the newest first."""
    rows = Coordinate.objects.all()
    if state:
        rows = rows.filter(state=state)
    if made_by is not None:
        rows = rows.filter(made_by=made_by)
    if after:
        try:
            rows = rows.filter(id__lt=UUID(after))
        except ValueError:
            return Listed([], "")
    found = list(_with_cover(rows).order_by("-id")[: limit + 1])
    page = found[:limit]
    return Listed(page, str(page[-1].id) if len(found) > limit else "")


def waiting() -> int:
    """Posts that wait for somebody to approve them."""
    return Coordinate.objects.filter(state="submitted").count()


def moments() -> list[dt.datetime]:
    """When a coordinate or an issue begins or ends to be shown by the clock; in order."""
    days = Issue.objects.filter(since__gt=today_jst()).values_list("since", flat=True)
    return sorted([*edges(Coordinate), *map(midnight, days)])
