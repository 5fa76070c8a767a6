"""Saving a product whole: refused when somebody else was quicker, remembered each time, and put
back to what it was. The grid's stock is `inventory.grid`'s affair."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Max, Value
from django.utils.translation import gettext as _

from lockstitch.catalogue.actions import EVERY, keep_products
from lockstitch.catalogue.checks import Fault, faults
from lockstitch.catalogue.models import Category, Colour, Product, Revision, Size, Sku
from lockstitch.catalogue.preparing import not_ready, withheld
from lockstitch.catalogue.reading import Kept, revision, wholes
from lockstitch.catalogue.rules import IN_STORE_PREFIX, in_store_gtin
from lockstitch.catalogue.under_cost import Held, hold, keep_waits
from lockstitch.catalogue.whole import Change, NewProduct, changes, of_state, state_of
from lockstitch.jobs.actions import announce
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import Text, folded

PROMISED = "product.promised"  # it is sold ahead, and may be sent at another time than before
THINK_TWICE = dt.timedelta(minutes=10)  # a slip that is mended by then is told to nobody


class Faulty(Refused):
    """Nothing was saved; `faults` say what is wrong and where."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(_("Nothing was saved yet. What you typed is still there."))
        self.faults = list(found)


class Stale(Refused):
    """Somebody saved meanwhile; `changes` is what they changed."""

    def __init__(self, version: int, by: UUID | None, made: list[Change]) -> None:
        super().__init__(_("Somebody else has saved this product meanwhile."))
        self.version, self.by, self.changes = version, by, made


@dataclass(frozen=True)
class Renames:
    """Codes that were changed: what the row was called -> what it is called now."""

    colours: Mapping[str, str]
    sizes: Mapping[str, str]


UNCHANGED = Renames({}, {})


def save(
    new: NewProduct, *, product_id: UUID | None, version: int, by: UUID | None, verb: str = "edit",
    renames: Renames = UNCHANGED, second: bool = False,
) -> dict[str, UUID]:  # fmt: skip
    """A new product, or all of an existing one, in one transaction. Returns sku code -> sku id.
    With `second`, prices under cost stay as they are and wait for somebody else.

    Raises Faulty, and Stale for a `version` that is not the present one.
    """
    found = [*faults(new), *([] if verb == "undo" else _unknown(new))]
    if found:
        raise Faulty(found)
    try:
        with transaction.atomic():
            old, held = None, Held()
            if product_id is None:
                _is_free(new)
            else:
                old = _prepare(product_id, new, version, renames)
            if second:
                new, held, low = hold(new, old, colours=renames.colours, sizes=renames.sizes)
                if low:
                    raise Faulty(low)
            if clashes := [*_clashes(new, product_id), *_strangers(new)]:
                raise Faulty(clashes)
            ids = keep_products([new], named=EVERY)
            if new.published and not (old and old.published):
                _is_ready(new.slug)
            if product_id and second:
                keep_waits({product_id: held}, by)
            remember([new.slug], by=by, verb="make" if product_id is None else verb)
            return ids
    except IntegrityError:
        raise Refused(_("Somebody saved at the same moment. Please send it once more.")) from None


def _unknown(new: NewProduct) -> list[Fault]:
    """A file may name a successor that comes in later; who types one means one that is there."""
    if not new.successor or Product.objects.filter(slug=new.successor).exists():
        return []
    return [Fault(("successor",), _("There is no product of this address."))]


def _is_free(new: NewProduct) -> None:
    if Product.objects.filter(slug=new.slug).exists():
        raise Faulty([Fault(("slug",), _("Another product has this address."))])


def _is_ready(slug: str) -> None:
    for steps in withheld([slug]).values():
        raise Faulty([Fault(("published",), not_ready(steps))])


def _prepare(product_id: UUID, new: NewProduct, version: int, renames: Renames) -> NewProduct:
    """Locks the product, sees that it is what the editor saw, and gives it its new codes. What it
    was, under the old ones."""
    row = Product.objects.select_for_update().filter(id=product_id).first()
    if row is None:
        raise Refused(_("There is no such product."))
    if row.version != version:
        raise _stale(row, version)
    kept = wholes([row])
    baseline(kept)
    if new.slug != row.slug:
        _is_free(new)
        Product.objects.filter(id=product_id).update(slug=new.slug)
        Product.objects.filter(successor=row.slug).update(successor=new.slug)
        for name in ("matching", "related"):
            Product.objects.filter(**{f"{name}__contains": [row.slug]}).update(
                **{name: Func(F(name), Value(row.slug), Value(new.slug), function="array_replace")}
            )
    _recode(Colour, product_id, renames.colours)
    _recode(Size, product_id, renames.sizes)
    gone_colours = Colour.objects.filter(product_id=product_id, skus=None)
    gone_colours.exclude(code__in=[colour.code for colour in new.colours]).delete()
    gone_sizes = Size.objects.filter(product_id=product_id, skus=None)
    gone_sizes.exclude(code__in=[code for code, _label in new.sizes]).delete()
    return kept[0].new


def _stale(row: Product, version: int) -> Stale:
    last = Revision.objects.filter(product_id=row.id).first()
    seen = revision(row.id, version)
    made = changes(seen.state, last.state) if seen and last else []
    return Stale(row.version, last.by if last else None, made)


def _recode(model: type[Colour] | type[Size], product_id: UUID, codes: Mapping[str, str]) -> None:
    """In two steps, because two rows may exchange their codes."""
    moved = {old: new for old, new in codes.items() if old != new}
    rows = list(model.objects.filter(product_id=product_id, code__in=moved))
    wanted = [moved[row.code] for row in rows]
    for row in rows:
        row.code = f"~{row.id}"
    model.objects.bulk_update(rows, ["code"])
    for row, code in zip(rows, wanted, strict=True):
        row.code = code
    model.objects.bulk_update(rows, ["code"])


def _clashes(new: NewProduct, product_id: UUID | None) -> list[Fault]:
    """SKU codes and JANs that belong to another product of the site."""
    codes = {folded(sku.code): sku for sku in new.skus}
    gtins = {sku.gtin: sku for sku in new.skus if sku.gtin}
    others = Sku.objects.exclude(product_id=product_id) if product_id else Sku.objects.all()
    found = []
    for code, slug in others.filter(code_folded__in=codes).values_list(
        "code_folded", "product__slug"
    ):
        sku = codes[code]
        text = _("This SKU belongs to %(product)s.") % {"product": slug}
        found.append(Fault(("sku", sku.colour, sku.size, "code"), text))
    for gtin, slug in others.filter(gtin__in=gtins).values_list("gtin", "product__slug"):
        sku = gtins[gtin]
        text = _("This JAN belongs to %(product)s.") % {"product": slug}
        found.append(Fault(("sku", sku.colour, sku.size, "gtin"), text))
    return found


def _strangers(new: NewProduct) -> list[Fault]:
    """Goods to be shown beside it that there are not. A file may name what comes later in it."""
    named = {*new.matching, *new.related}
    known = set(Product.objects.filter(slug__in=named).values_list("slug", flat=True))
    return [
        Fault((name,), _("There is no product at this address: %(slug)s") % {"slug": slug})
        for name in ("matching", "related")
        for slug in getattr(new, name)
        if slug not in known
    ]


def baseline(kept: Sequence[Kept]) -> None:
    """What was there before the first change that is remembered, so that it can be gone back to."""
    known = set(
        Revision.objects.filter(product_id__in=[one.id for one in kept]).values_list(
            "product_id", flat=True
        )
    )
    Revision.objects.bulk_create(
        Revision.here(
            product_id=one.id, version=one.version, verb="before", state=state_of(one.new)
        )
        for one in kept
        if one.id not in known
    )


def remember(slugs: Sequence[str], *, by: UUID | None, verb: str, run: UUID | None = None) -> None:
    """Appends a revision of each, as it is now, under its next version."""
    rows = Product.objects.filter(slug__in=slugs)
    promised = dict(  # product -> when it was to be sent, as it was remembered last
        Revision.objects.filter(product__slug__in=slugs)
        .order_by("product_id", "-version")
        .distinct("product_id")
        .values_list("product_id", "state__preorder_month")
    )
    rows.filter(id__in=promised).update(version=F("version") + 1)
    found = wholes(rows)
    Revision.objects.bulk_create(
        [
            Revision.here(
                product_id=one.id, version=one.version, by=by, verb=verb, run=run,
                state=state_of(one.new),
            )
            for one in found
        ],
        batch_size=500,
    )  # fmt: skip
    for one in found:
        if one.new.preorder_month not in ("", promised.get(one.id)):
            announce(PROMISED, after=THINK_TWICE, product_id=one.id)


def go_back(product_id: UUID, to: int, *, version: int, by: UUID, second: bool = False) -> None:
    """Makes the product what it was in revision `to`; SKUs made since go off sale, stock stays.

    Raises Refused, Faulty or Stale.
    """
    kept = revision(product_id, to)
    if kept is None:
        raise Refused(_("There is no such revision."))
    save(
        restored(kept, product_id), product_id=product_id, version=version, by=by, verb="undo",
        second=second,
    )  # fmt: skip


def restored(kept: Revision, product_id: UUID) -> NewProduct:
    """The revision's state, with the colours, sizes and SKUs that have come since: they stay for
    the orders that name them, off sale."""
    new = of_state(kept.state)
    (now,) = wholes(Product.objects.filter(id=product_id))
    here = now.new
    codes = {colour.code for colour in new.colours}
    new.colours += [colour for colour in here.colours if colour.code not in codes]
    sizes = {code for code, _label in new.sizes}
    new.sizes += [size for size in here.sizes if size[0] not in sizes]
    cells = {(sku.colour, sku.size) for sku in new.skus}
    new.skus += [
        replace(sku, active=False) for sku in here.skus if (sku.colour, sku.size) not in cells
    ]
    return new


def copy_of(new: NewProduct, *, slug: str, item_number: str) -> NewProduct:
    """A draft like it, with SKU codes after its own item number and no JANs or addresses of
    pictures; `colours` and prices stay."""
    old = new.item_number
    return replace(
        new, slug=slug, item_number=item_number, published=None, published_until=None,
        colours=[replace(c, picture_urls=[]) for c in new.colours],
        skus=[
            replace(
                sku, gtin="",
                code=item_number + sku.code.removeprefix(old)
                if sku.code.startswith(old) else f"{item_number}-{sku.colour}-{sku.size}",
            )
            for sku in new.skus
        ],
    )  # fmt: skip


def next_gtins(count: int) -> list[str]:
    """So many in-store JANs after the highest that the site has."""
    last = Sku.objects.filter(gtin__startswith=IN_STORE_PREFIX).aggregate(m=Max("gtin"))["m"]
    serial = int(last[2:12]) if last and len(last) == 13 else 0
    return [in_store_gtin(serial + n) for n in range(1, count + 1)]


def keep_category(
    slug: str, *, name: Text, garment: str, parent: str, position: int
) -> None:  # fmt: skip
    """A node of the tree, made or changed. Raises Refused for one that would be above itself."""
    with transaction.atomic():
        above = Category.objects.filter(slug=parent).first() if parent else None
        node = above
        while node is not None:
            if node.slug == slug:
                raise Refused(_("A category cannot be below itself."))
            node = node.parent
        Category.objects.bulk_create(
            [
                Category.here(
                    slug=slug, name=name, garment=garment, position=position,
                    parent_id=above.id if above else None,
                )
            ],
            update_conflicts=True, unique_fields=["site", "slug"],
            update_fields=["name", "garment", "position", "parent"],
        )  # fmt: skip
