"""The demo's coordinates, as their editor would have made them: pictures, points, items, dates."""

import datetime as dt
from typing import Any

from lockstitch.catalogue.models import Picture, Sku
from lockstitch.cli.demo_looks import LOOKS, PEOPLE, Look
from lockstitch.coordinates import actions, queries
from lockstitch.coordinates.actions import Words
from lockstitch.coordinates.rules import Point
from lockstitch.kernel.clock import now


def load_coordinates(brand: str, pictures: dict[str, dict[str, Any]]) -> None:
    """In the scope of the brand's site. What is there already stays as it is."""
    for person in PEOPLE.get(brand, ()):
        actions.keep_author(
            person.slug, name=person.name, shop=person.shop, about=person.about,
            height_cm=person.height_cm,
        )  # fmt: skip
    looks = LOOKS.get(brand, ())
    for n, look in enumerate(looks):
        if queries.find_coordinate(n + 1, drafts=True) is None:
            _load(look, pictures[f"look:{n}"], dt.timedelta(days=n))


def _load(look: Look, picture: dict[str, Any], age: dt.timedelta) -> None:
    author = queries.find_author(look.author) if look.author else None
    words = Words(
        title=look.title, text=look.text, kind=look.kind, season=look.season, issue=look.issue,
        height_cm=look.height_cm, author_id=author.id if author else None,
    )  # fmt: skip
    row = actions.begin(by=None, words=words)
    kept = actions.keep_loose_picture(Picture(**picture))
    shot = actions.add_picture(row.id, kept.id, alt=look.title)
    if author and author.picture_id is None:
        actions.keep_author(
            author.slug, name=author.name, shop=author.shop, about=author.about,
            height_cm=author.height_cm, picture_id=kept.id,
        )  # fmt: skip
    points = {}
    for laid in look.laid:
        sku = Sku.objects.filter(
            product__slug=laid.slug, colour__code=laid.colour,
            size__code=laid.size.replace(".", ""),
        ).first()  # fmt: skip
        if sku is not None:
            points[actions.add_piece(row.number, sku).id] = Point(laid.x, laid.y)
    actions.place(row.number, shot.id, points)
    actions.decide(row.number, "approve", by=None, since=now() - age)
