"""Favourites that are no goods: coordinates and brands. Whose they are is as with goods, and whom
one follows stands beside them on one page, with what is new of it all."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lockstitch.catalogue.cards import Card, cards_of_products, on_sale
from lockstitch.coordinates.queries import Coordinate, by_numbers, shown
from lockstitch.coordinates.queries import latest as latest_coordinates
from lockstitch.kernel.clock import now
from lockstitch.members.favourites import MAX, Owner, hand_over, keep
from lockstitch.wishes.models import Interest

NEW_DAYS = 30
NEW_SHOWN = 8


@dataclass(frozen=True)
class Kept:
    """`looks` are those that are still shown. What is new came out within NEW_DAYS."""

    looks: list[Coordinate]
    brands: list[str]
    new_looks: list[Coordinate]
    new_goods: list[Card]


def kept(owner: Owner, authors: set[UUID]) -> Kept:
    """`authors` are followed. A fixed number of queries however much it is."""
    rows = list(
        owner.of(Interest).order_by("-at", "-id").values_list("coordinate__number", "brand")[:MAX]
    )
    brands = [brand for _number, brand in rows if brand]
    since = now() - dt.timedelta(days=NEW_DAYS)
    goods = on_sale().filter(brand__in=brands, published_from__gte=since)
    return Kept(
        by_numbers(number for number, _brand in rows if number is not None), brands,
        latest_coordinates(authors, since, NEW_SHOWN) if authors else [],
        cards_of_products(list(goods.order_by("-published_from", "-id")[:NEW_SHOWN]))
        if brands else [],
    )  # fmt: skip


def is_kept(owner: Owner, coordinate_id: UUID) -> bool:
    return owner.of(Interest).filter(coordinate=coordinate_id).exists()


def keep_look(owner: Owner, number: int) -> bool:
    """Again changes nothing. False when visitors see no such coordinate."""
    found = shown().filter(number=number).values_list("id", flat=True).first()
    if found is not None:
        keep(owner, Interest, coordinate_id=found)
    return found is not None


def keep_brand(owner: Owner, brand: str) -> bool:
    """Again changes nothing. False when nothing of it is on sale."""
    there = bool(brand) and on_sale().filter(brand=brand).exists()
    if there:
        keep(owner, Interest, brand=brand)
    return there


def drop(owner: Owner, *, number: int | None = None, brand: str = "") -> None:
    with transaction.atomic():
        rows = owner.of(Interest)
        if number is not None:
            rows.filter(coordinate__number=number).delete()
        if brand:
            rows.filter(brand=brand).delete()


def take_over(token: str, member_id: UUID) -> None:
    hand_over(token, member_id, Interest, ("coordinate_id", "brand", "at"))


def forget(member_id: UUID) -> None:
    """Of a member who leaves."""
    with transaction.atomic():
        Interest.objects.filter(member_id=member_id).delete()
