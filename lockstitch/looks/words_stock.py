"""The words for stock, sheets and parcels."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lockstitch.fulfilment.rules import CARRIERS

MOVEMENT_WORDS = {
    "receipt": _("Received"), "adjust": _("Adjusted"), "allocate": _("Promised to an order"),
    "release": _("Promise released"), "ship": _("Shipped"), "return": _("Came back"),
    "transfer_out": _("Sent to another location"), "transfer_in": _("Came from another location"),
    "landed": _("Came in, was due"), "passed": _("Promise passed on, the goods are here"),
    "allot": _("Allotted to an order that waited"),
    "write_off": _("Written off"), "hold": _("Held for a checkout"), "unhold": _("Hold ended"),
}  # fmt: skip
SHEET_WORDS = {"receipt": _("Receiving"), "count": _("Counting"), "transfer": _("Transfer")}
SHEET_STATE_WORDS = {
    "open": pgettext_lazy("case", "Open"), "sent": _("On the road"), "posted": _("Posted"),
    "dropped": _("Dropped"),
}  # fmt: skip
PARCEL_WORDS = {
    "planned": _("Label made"), "shipped": _("Shipped"), "delivered": _("Delivered"),
    "returned": _("Sent back"), "dropped": _("Given up"), "away": _("Nobody at home"),
    "missed": _("Not fetched in time"),
}  # fmt: skip
CARRIER_WORDS = {
    **{code: carrier.name for code, carrier in CARRIERS.items()},
    "pickup": _("Fetched at a shop"),
}  # fmt: skip
LABEL_PROBLEM_WORDS = {
    "long": _("Too long: left out"), "missing": _("Missing: left out"),
    "slot": _("Not a slot of this carrier: left out"), "cod": _("Too much money: left out"),
    "character": _("Character replaced"),
}  # fmt: skip

STOCK_WORDS: dict[str, dict[str, Any]] = {
    "movement": MOVEMENT_WORDS, "sheet": SHEET_WORDS, "sheet_state": SHEET_STATE_WORDS,
    "parcel": PARCEL_WORDS, "carrier": CARRIER_WORDS, "label_problem": LABEL_PROBLEM_WORDS,
}  # fmt: skip
PARCEL_PURPOSE_WORDS = {
    "order.label": _("Shipping labels"), "order.papers": _("Slips and invoices"),
    "order.pickup": _("Mail: ready to be fetched"), "order.moved": _("Mail: sent at another time"),
}  # fmt: skip
PARCEL_EVENT_WORDS = {
    ("delivered", "fulfilment"): _("Delivered"), ("reason", ""): _("Reason of the cancellation"),
}  # fmt: skip
