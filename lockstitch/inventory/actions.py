"""Moving stock. One statement locks the rows, in the order of their keys; one changes them."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _

from lockstitch.inventory.models import Movement, Stock
from lockstitch.inventory.rules import deltas
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.scope import current_site_id


class NotEnough(Refused):
    """`short` names each SKU that there is too little of, with what is left of it."""

    def __init__(self, short: dict[UUID, int]) -> None:
        super().__init__(_("Some of the items have just sold out."))
        self.short = short


def move(
    quantities: Mapping[UUID, int], *, reason: str, reference: UUID | None = None,
    by: UUID | None = None,
) -> None:  # fmt: skip
    """Applies `reason` to so many pieces of each SKU; all of them or none.

    Raises NotEnough when a promise would exceed what is there. Running twice with the same
    reference breaks a unique constraint, so that an order takes or gives back its pieces once.
    """
    changes = {sku: deltas(reason, quantity) for sku, quantity in quantities.items()}
    with transaction.atomic():
        _make_rows(changes)
        locked = {
            stock.sku_id: stock
            for stock in Stock.objects.filter(sku_id__in=changes)
            .order_by("sku_id")
            .select_for_update()
        }
        short = {}
        for sku, (on_hand, allocated) in changes.items():
            stock = locked[sku]
            after, promised = stock.on_hand + on_hand, stock.allocated + allocated
            if after < 0 or promised < 0 or promised > after:
                short[sku] = stock.on_hand - stock.allocated
        if short:
            raise NotEnough(short)
        Stock.objects.filter(sku_id__in=changes).update(
            on_hand=F("on_hand") + _by_sku(changes, 0),
            allocated=F("allocated") + _by_sku(changes, 1),
        )
        Movement.objects.bulk_create(
            Movement.here(
                sku_id=sku,
                reason=reason,
                on_hand_delta=on_hand,
                allocated_delta=allocated,
                reference=reference,
                by=by,
            )  # fmt: skip
            for sku, (on_hand, allocated) in changes.items()
        )


def _make_rows(changes: Mapping[UUID, tuple[int, int]]) -> None:
    known = set(Stock.objects.filter(sku_id__in=changes).values_list("sku_id", flat=True))
    missing = [sku for sku in changes if sku not in known]
    if missing:
        Stock.objects.bulk_create(
            [Stock(site_id=current_site_id(), sku_id=sku) for sku in sorted(missing)],
            ignore_conflicts=True,
        )


def _by_sku(changes: Mapping[UUID, tuple[int, int]], which: int) -> Case:
    return Case(
        *(When(sku_id=sku, then=Value(pair[which])) for sku, pair in changes.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
