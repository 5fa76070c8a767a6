"""Receiving (入荷), counting (棚卸) and moving (移動) goods: each by a sheet that is filled in,
looked at, and posted once."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.inventory.actions import move
from lockstitch.inventory.arrivals import book
from lockstitch.inventory.ledger import Because, Entry, lock
from lockstitch.inventory.models import Location, Sheet, SheetLine, Stock
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import readable
from lockstitch.tenancy.scope import current_site_id

LETTERS = {"receipt": "R", "count": "C", "transfer": "T"}


def open_sheet(
    kind: str, *, location_id: UUID, source_id: UUID | None = None, pieces: Mapping[UUID, int],
    by: UUID, expected_on: dt.date | None = None, note: str = "", blind: bool = False,
) -> Sheet:  # fmt: skip
    """A new sheet with its lines. `pieces` are what is announced or sent; of a count, whose lines
    are all SKUs that the location knows when `pieces` is empty, they are not asked.

    Raises Refused for a transfer from a location to itself, or a sheet without lines.
    """
    if kind == "transfer" and (source_id is None or source_id == location_id):
        raise Refused(_("A transfer needs two different locations."))
    if kind == "transfer" and Location.objects.filter(
        id__in=[location_id, source_id], kind="due"
    ).exists():  # fmt: skip
        raise Refused(_("What is due is received, not transferred."))
    with transaction.atomic():
        skus = dict(pieces)
        if kind == "count" and not skus:
            rows = Stock.objects.filter(location_id=location_id).values_list("sku_id", flat=True)
            skus = dict.fromkeys(rows, 0)
        if not skus or (kind != "count" and min(skus.values()) < 1):
            raise Refused(_("The sheet has no lines."))
        sheet: Sheet = Sheet.objects.create(
            kind=kind, number=f"{LETTERS[kind]}{today_jst():%y%m%d}-{readable(4)}",
            location_id=location_id, source_id=source_id if kind == "transfer" else None,
            blind=blind, expected_on=expected_on, note=note, by=by,
        )  # fmt: skip
        SheetLine.objects.bulk_create(
            SheetLine.here(sheet=sheet, sku_id=sku, expected=0 if kind == "count" else quantity)
            for sku, quantity in sorted(skus.items())
        )
        return sheet


def send(sheet_id: UUID, by: UUID) -> None:
    """出庫: the goods of a transfer leave the first location. Raises NotEnough."""
    with transaction.atomic():
        sheet = _hold(sheet_id, "open")
        if sheet.kind != "transfer":
            raise Refused(_("Only a transfer is sent."))
        move(
            {line.sku_id: line.expected for line in sheet.lines.all()},
            reason="transfer_out", reference=sheet.pk, by=by, at=sheet.source_id,
        )  # fmt: skip
        sheet.state = "sent"
        sheet.save(update_fields=["state"])


def fill_in(sheet_id: UUID, found: Mapping[UUID, int | None]) -> None:
    """Keeps what was counted so far. A count's line remembers what was on hand at this moment, so
    that what is sold until the sheet is posted makes no difference."""
    with transaction.atomic():
        sheet = _hold(sheet_id, "open", "sent")
        lines = {line.sku_id: line for line in sheet.lines.all()}
        changed = [line for sku, line in lines.items() if sku in found and found[sku] != line.found]
        here = {}
        if sheet.kind == "count":
            rows = lock([line.sku_id for line in changed], at=sheet.location_id)
            here = {
                sku: row.on_hand for (sku, place), row in rows.items() if place == sheet.location_id
            }
        for line in changed:
            line.found = found[line.sku_id]
            if sheet.kind == "count":
                line.expected = here[line.sku_id]
        SheetLine.objects.bulk_update(changed, ["found", "expected"])


def post(sheet_id: UUID, by: UUID) -> None:
    """Brings stock to what the sheet found; once. Raises Refused when nothing was counted, or
    NotEnough when fewer pieces were found than are promised to orders."""
    with transaction.atomic():
        sheet = _hold(sheet_id, "open", "sent")
        if sheet.kind == "transfer" and sheet.state != "sent":
            raise Refused(_("The transfer has not been sent yet."))
        lines = [line for line in sheet.lines.all() if line.found is not None]
        if not lines:
            raise Refused(_("Nothing has been counted yet."))
        if sheet.kind == "count":
            pieces = {line.sku_id: line.difference for line in lines if line.difference}
            reason = "adjust"
        else:
            pieces = {line.sku_id: line.found or 0 for line in lines if line.found}
            reason = "receipt" if sheet.kind == "receipt" else "transfer_in"
        move(pieces, reason=reason, reference=sheet.pk, by=by, at=sheet.location_id)
        sheet.state, sheet.posted_by, sheet.posted_at = "posted", by, now()
        sheet.save(update_fields=["state", "posted_by", "posted_at"])


def drop(sheet_id: UUID, by: UUID) -> None:
    """Gives a sheet up; what a transfer has sent goes back to where it came from."""
    with transaction.atomic():
        sheet = _hold(sheet_id, "open", "sent")
        if sheet.state == "sent":
            pieces = {line.sku_id: line.expected for line in sheet.lines.all()}
            move(pieces, reason="transfer_in", reference=sheet.pk, by=by, at=sheet.source_id)
        sheet.state, sheet.posted_by, sheet.posted_at = "dropped", by, now()
        sheet.save(update_fields=["state", "posted_by", "posted_at"])


def adjust(sku_id: UUID, difference: int, *, at: UUID, why: str, by: UUID, once: UUID) -> None:
    """調整: more or fewer pieces, with a reason's code; `once` is the form's own key.

    Raises NotEnough when fewer would be left than are promised.
    """
    with transaction.atomic():
        rows = lock([sku_id], at=at)
        reason = "write_off" if why in {"damaged", "lost"} and difference < 0 else "adjust"
        pieces = -difference if reason == "write_off" else difference
        if pieces:
            book(rows, [Entry(reason, (sku_id, at), pieces)], Because(once, None, by, why))


def _hold(sheet_id: UUID, *states: str) -> Sheet:
    sheet: Sheet | None = Sheet.objects.select_for_update().filter(id=sheet_id).first()
    if sheet is None or sheet.site_id != current_site_id():
        raise NotFound(_("There is no such sheet."))
    if sheet.state not in states:
        raise Refused(_("This sheet has been posted or dropped already."))
    return sheet
