"""Receipts and invoices are given out once; whatever comes after is a marked copy, on record."""

from django.db import transaction

from lockstitch.fulfilment.models import PaperIssue
from lockstitch.fulfilment.queries import issued
from lockstitch.orders.actions import By, lock
from lockstitch.orders.models import Order


def issue(order: Order, kind: str, by: By) -> int:
    """Writes down that this paper is given out now. 0 for the original, else the copy's number."""
    with transaction.atomic():
        lock(order.pk)
        copy = issued(order, kind)
        PaperIssue.objects.create(order=order, kind=kind, copy=copy, by_kind=by.kind, by=by.id)
        return copy
