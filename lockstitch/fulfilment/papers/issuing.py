"""Receipts and invoices are given out once; whatever comes after is a marked copy, on record."""

from django.db import IntegrityError, transaction

from lockstitch.fulfilment.models import PaperIssue
from lockstitch.fulfilment.queries import issued
from lockstitch.orders.actions import By
from lockstitch.orders.models import Order


def issue(order: Order, kind: str, by: By) -> int:
    """Writes down that this paper is given out now. 0 for the original, else the copy's number."""
    while True:
        copy = issued(order, kind)
        try:
            with transaction.atomic():
                PaperIssue.objects.create(
                    order=order, kind=kind, copy=copy, by_kind=by.kind, by=by.id
                )
        except IntegrityError:  # somebody else's came first: this one is a copy of it
            continue
        return copy
