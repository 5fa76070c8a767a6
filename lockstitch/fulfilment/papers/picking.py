"""ピッキングリスト of a batch: no personal datum, for everybody in the warehouse."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from lockstitch.catalogue.models import Sku
from lockstitch.fulfilment.labels.filling import destination_of
from lockstitch.fulfilment.models import Parcel
from lockstitch.fulfilment.papers.figures import hem_word, item_of
from lockstitch.fulfilment.papers.render import pdf
from lockstitch.fulfilment.queries import reference_of
from lockstitch.fulfilment.rules import CARRIERS, SLOTS
from lockstitch.inventory.models import Location, Stock
from lockstitch.inventory.rules import Place
from lockstitch.kernel.clock import JST, now
from lockstitch.kernel.text import localised


def picking_list(parcels: Sequence[Parcel], *, number: str) -> bytes:
    """By location and shelf all that is to be fetched, then each parcel's own. PDF."""
    wanted: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
    for parcel in parcels:
        for row in parcel.lines.all():
            wanted[parcel.location_id][row.sku_id] += row.quantity
    skus = {sku for pieces in wanted.values() for sku in pieces}
    gtins = dict(Sku.objects.filter(id__in=skus).values_list("id", "gtin"))
    shelves = {
        (row.sku_id, row.location_id): row.shelf for row in Stock.objects.filter(sku_id__in=skus)
    }
    items = _items(parcels)
    places = [
        {"name": localised(place.name, "ja"), "rows": _rows(place, wanted, items, shelves, gtins)}
        for place in Location.objects.filter(id__in=list(wanted))
    ]
    data = {
        "number": number, "at": f"{now().astimezone(JST):%Y-%m-%d %H:%M}", "places": places,
        "pieces": sum(sum(pieces.values()) for pieces in wanted.values()),
        "parcels": [_parcel(parcel, items) for parcel in parcels],
    }  # fmt: skip
    return pdf("picking", data)


def _rows(
    place: Location, wanted: Mapping[UUID, Counter[UUID]], items: Mapping[UUID, dict[str, str]],
    shelves: Mapping[Place, str], gtins: Mapping[UUID, str | None],
) -> list[dict[str, Any]]:  # fmt: skip
    rows: list[dict[str, Any]] = [
        {
            **items[sku], "quantity": count, "gtin": gtins.get(sku) or "",
            "shelf": shelves.get((sku, place.pk), "") or "—",
        }
        for sku, count in wanted[place.pk].items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["shelf"], row["code"]))


def _items(parcels: Sequence[Parcel]) -> dict[UUID, dict[str, str]]:
    found = {}
    for parcel in parcels:
        for line in parcel.order.current_lines:
            item = item_of(line, 1)
            detail = item.detail.removesuffix(f" / {hem_word(line)}")  # as it lies on the shelf
            found[line.sku_id] = {"code": item.code, "name": item.name, "detail": detail}
    return found


def _parcel(parcel: Parcel, items: Mapping[UUID, dict[str, str]]) -> dict[str, Any]:
    wish = destination_of(parcel)
    hems = {line.key: hem_word(line) for line in parcel.order.current_lines}
    carrier = CARRIERS.get(parcel.carrier)
    wishes = [
        "ギフト包装" if wish.wrapping else "", "価格なし" if wish.hides_prices else "",
        "メッセージあり" if wish.has_message else "",
    ]  # fmt: skip
    day = f"{wish.delivery_date:%m/%d}" if wish.delivery_date else ""
    slot = SLOTS.get(wish.delivery_slot, "")
    return {
        "reference": reference_of(parcel), "prefecture": wish.prefecture,
        "carrier": carrier.name if carrier else "", "day": f"{day} {slot}",
        "wishes": " ".join(each for each in wishes if each),
        "rows": [
            {**items[row.sku_id], "quantity": row.quantity, "hem": hems.get(row.line_key, "")}
            for row in parcel.lines.all()
        ],
    }  # fmt: skip
