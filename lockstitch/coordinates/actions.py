"""Making a coordinate, piece by piece, and its way to the visitors' eyes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lockstitch.catalogue.models import Picture, Sku
from lockstitch.coordinates.models import Author, Coordinate, Hotspot, Piece, Shot
from lockstitch.coordinates.rules import ITEMS_MAX, PICTURES_MAX, Point, gaps, next_state
from lockstitch.files.queries import uploads_for
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.text import Text, folded
from lockstitch.tenancy.numbering import add_numbered
from lockstitch.tenancy.scope import current_site_id

GAP_WORDS = {
    "title": gettext_noop("a title"), "picture": gettext_noop("a picture"),
    "items": gettext_noop("two to twelve items"),
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What is written about a coordinate."""

    title: Text
    text: Text
    kind: str = "editor"
    season: str = ""
    issue: str = ""
    height_cm: int | None = None
    author_id: UUID | None = None


def begin(*, by: UUID | None, words: Words) -> Coordinate:
    """A draft with the site's next number."""
    with transaction.atomic():
        return add_numbered(Coordinate, made_by=by, **vars(words))


def write(number: int, words: Words, *, version: int) -> Coordinate:
    """Raises Refused when somebody else has saved it meanwhile."""
    with transaction.atomic():
        row = _locked(number)
        if row.version != version:
            raise Refused(
                _("Somebody else has changed this meanwhile. Please look at it and save again.")
            )
        for name, value in vars(words).items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        return row


def _locked(number: int) -> Coordinate:
    row: Coordinate | None = Coordinate.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise NotFound(_("There is no such coordinate."))
    return row


def add_picture(coordinate_id: UUID, picture_id: UUID, *, alt: Text | None = None) -> Shot:
    """At the end; the same picture only once."""
    with transaction.atomic():
        row = Coordinate.objects.select_for_update().filter(id=coordinate_id).first()
        if row is None:
            raise NotFound(_("There is no such coordinate."))
        shots = Shot.objects.filter(coordinate=row)
        known: Shot | None = shots.filter(picture_id=picture_id).first()
        if known is not None:
            return known
        if shots.count() >= PICTURES_MAX:
            raise Refused(_("A coordinate has at most eight pictures."))
        last = shots.aggregate(last=Max("position"))["last"]
        made: Shot = Shot.here(
            coordinate=row, picture_id=picture_id, alt=alt or {},
            position=0 if last is None else last + 1,
        )  # fmt: skip
        made.save(force_insert=True)
        return made


def describe_shot(number: int, shot_id: UUID, alt: Text) -> None:
    with transaction.atomic():
        Shot.objects.filter(coordinate=_locked(number), id=shot_id).update(alt=alt)


def drop_shot(number: int, shot_id: UUID) -> None:
    with transaction.atomic():
        Shot.objects.filter(coordinate=_locked(number), id=shot_id).delete()


def add_piece(number: int, sku: Sku) -> Piece:
    """The SKU's colour; what was worn is that size. Again: only the size changes."""
    with transaction.atomic():
        row = _locked(number)
        pieces = Piece.objects.filter(coordinate=row)
        known: Piece | None = pieces.filter(colour_id=sku.colour_id).first()
        if known is not None:
            known.worn_id = sku.id
            known.save(update_fields=["worn"])
            return known
        if pieces.count() >= ITEMS_MAX:
            raise Refused(_("A coordinate has at most twelve items."))
        last = pieces.aggregate(last=Max("position"))["last"]
        made: Piece = Piece.here(
            coordinate=row, colour_id=sku.colour_id, worn_id=sku.id,
            position=0 if last is None else last + 1,
        )  # fmt: skip
        made.save(force_insert=True)
        return made


def drop_piece(number: int, piece_id: UUID) -> None:
    with transaction.atomic():
        Piece.objects.filter(coordinate=_locked(number), id=piece_id).delete()


def move(model: str, number: int, one: UUID, step: int) -> None:
    """A picture ("shot") or a "piece" one place up (-1) or down (1)."""
    with transaction.atomic():
        row = _locked(number)
        kind = {"shot": Shot, "piece": Piece}[model]
        rows = list(kind.objects.filter(coordinate=row))
        ids = [each.id for each in rows]
        if one not in ids:
            return
        at = ids.index(one)
        to = max(0, min(len(rows) - 1, at + step))
        rows.insert(to, rows.pop(at))
        for position, each in enumerate(rows):
            each.position = position
        kind.objects.bulk_update(rows, ["position"])


def place(number: int, shot_id: UUID, points: Mapping[UUID, Point | None]) -> None:
    """Where the pieces are on a picture; None takes a point away."""
    with transaction.atomic():
        row = _locked(number)
        shot = Shot.objects.filter(coordinate=row, id=shot_id).first()
        if shot is None:
            raise NotFound(_("That picture is no longer there."))
        own = set(Piece.objects.filter(coordinate=row).values_list("id", flat=True))
        Hotspot.objects.filter(shot=shot, piece__in=points).delete()
        Hotspot.objects.bulk_create(
            Hotspot.here(shot=shot, piece_id=piece, x=point.x, y=point.y)
            for piece, point in points.items()
            if point is not None and piece in own
        )


def decide(
    number: int, step: str, *, by: UUID | None, reason: str = "",
    since: dt.datetime | None = None, until: dt.datetime | None = None, second: bool = False,
) -> Coordinate:  # fmt: skip
    """One step of its way (`rules.MOVES`). `second`: it is approved by somebody else than who made
    it, or who took it back to change it. Raises Refused with what is missing."""
    with transaction.atomic():
        row = _locked(number)
        to = next_state(row.state, step)
        if to is None:
            raise Refused(_("That cannot be done any more: its state has changed."))
        changed = {row.made_by, row.decided_by if row.state == "draft" else None}
        if second and step == "approve" and by is not None and by in changed:
            raise Refused(_("Two persons are wanted: somebody else approves what you have made."))
        if step in ("submit", "approve"):
            _refuse_gaps(row, hopeful=step == "submit")
        if step == "send_back" and not reason.strip():
            raise Refused(_("Please say why it is sent back."))
        if since and until and until <= since:
            raise Refused(_("It ends before it begins."))
        row.state, row.reason = to, reason.strip()[:400] if step == "send_back" else ""
        if step == "approve":
            row.published_from, row.published_until = since or row.published_from or now(), until
        if step != "submit":
            row.decided_by = by
        row.version += 1
        row.save()
        return row


def _refuse_gaps(row: Coordinate, *, hopeful: bool) -> None:
    """`hopeful`: a picture that is still being looked at counts."""
    coming = [one for one in uploads_for([row.id]) if one.state == "waiting"] if hopeful else []
    missing = gaps(
        titled=any(row.title.values()),
        pictures=Shot.objects.filter(coordinate=row).count() + len(coming),
        items=Piece.objects.filter(coordinate=row).count(),
    )
    if missing:
        words = ", ".join(_(GAP_WORDS[name]) for name in missing)
        raise Refused(_("Still missing: %(what)s.") % {"what": words})


def keep_author(
    slug: str, *, name: Text, shop: Text, about: Text, height_cm: int | None,
    operator_id: UUID | None = None, left: bool = False, picture_id: UUID | None = None,
) -> Author:  # fmt: skip
    """Makes or changes one. Raises Refused when the login already posts as another author."""
    try:
        with transaction.atomic():
            kept = {
                "name": name, "shop": shop, "about": about, "height_cm": height_cm,
                "operator_id": operator_id, "left": left,
            }  # fmt: skip
            if picture_id is not None:
                kept["picture_id"] = picture_id
            row: Author
            row, _made = Author.objects.update_or_create(
                site_id=current_site_id(), slug=slug, defaults=kept
            )
            return row
    except IntegrityError:
        raise Refused(_("That login already posts as another author.")) from None


def keep_loose_picture(picture: Picture) -> Picture:
    """A stored picture's row, made once for the same file."""
    with transaction.atomic():
        known: Picture | None = None
        if picture.source_sha256:
            known = Picture.objects.filter(source_sha256=picture.source_sha256).first()
        if known is not None:
            return known
        picture.site_id = current_site_id()
        picture.save(force_insert=True)
        return picture


def sku_for(text: str) -> Sku | None:
    """By JAN or by the SKU's code, as scanned or typed."""
    wanted = text.strip()
    rows = Sku.objects.filter(active=True)
    if not wanted:
        return None
    return rows.filter(gtin=wanted).first() or rows.filter(code_folded=folded(wanted)).first()
