"""The words for states, purposes and fields, in one place for every page."""

from django.utils.translation import gettext_lazy as _

from lockstitch.files.rules import REASONS
from lockstitch.looks.words_content import CONTENT_WORDS
from lockstitch.looks.words_goods import GOODS_WORDS
from lockstitch.looks.words_payments import (
    ATTEMPT_WORDS,
    ATTENTION_WORDS,
    BATCH_WORDS,
    CALL_WORDS,
    DISAGREEMENT_WORDS,
    PAYMENT_EVENT_WORDS,
    PROVIDER_WORDS,
)
from lockstitch.looks.words_stock import PARCEL_EVENT_WORDS, PARCEL_PURPOSE_WORDS, STOCK_WORDS
from lockstitch.looks.words_voices import VOICE_WORDS
from lockstitch.looks.words_watch import WATCH_WORDS

UPLOAD_WORDS = {
    "upload_state": {
        "waiting": _("Being looked at"), "taken": _("Taken in"), "refused": _("Not taken in"),
    },
    "upload_reason": REASONS,
    "upload_scanner": {
        "nothing": _("Nothing found"), "not asked": _("Not asked"), "no answer": _("No answer"),
    },
}  # fmt: skip
BUYER_WORDS = {
    "cancelled": _("Cancelled"), "shipped": _("Sent"), "awaiting": _("Waiting for payment"),
    "ready": _("In preparation"),
}  # fmt: skip

PURPOSE_WORDS = {
    **PARCEL_PURPOSE_WORDS,
    "order.ship": _("Shipping"),
    "order.support": _("An inquiry of the buyer"),
    "order.check": _("Checking a suspicious order"),
    "api.ship": _("Shipping, by a program"),
    "api.support": _("An inquiry, by a program"),
    "order.placed": _("Mail: order placed"),
    "order.shipped": _("Mail: parcel sent"),
    "order.cancelled": _("Mail: order cancelled"),
    "refund.transfer": _("Refund to a bank account"),
    "self.refund": _("Telling where a refund goes"),
    "self.order": _("Looking at one's own order"),
    "self.profile": _("Looking at one's own data"),
    "self.checkout": _("Filling in the checkout"),
    "self.addresses": _("Looking at one's own addresses"),
    "self.export": _("Taking one's own data along"),
    "member.support": _("An inquiry of the member"),
    "member.check": _("Checking a membership"),
    "member.notes": _("Reading notes"),
    "members.export": _("Export of members"),
    "order.export": _("Export of orders"),
    "news.campaign": _("Mail: campaign"),
    "reminder.cart": _("Mail: cart left alone"),
}

FIELD_WORDS = {
    "family_name": _("Name"), "given_name": _("Name"), "family_kana": _("Kana"),
    "given_kana": _("Kana"), "email": _("E-mail address"), "phone": _("Phone number"),
    "postal_code": _("Address"), "prefecture": _("Address"), "city": _("Address"),
    "street": _("Address"), "building": _("Address"), "note": _("Comment"),
    "bank_account": _("Bank account"),
}  # fmt: skip

ROLE_WORDS = {
    "owner": _("Owner"), "merchandiser": _("Merchandiser"), "orders": _("Order desk"),
    "support": _("Support"), "readonly": _("Read only"), "staff": _("Platform staff"),
}  # fmt: skip

BASIS_WORDS = {  # 個人情報保護法 27, 29
    "inside": _("Our own use"), "entrusted": _("Whoever we entrust with our work"),
    "consent": _("A third party, with the persons' consent"),
    "law": _("A third party, by law"),
}  # fmt: skip
EXPORT_WORDS = {
    "asked": _("To be confirmed"), "waits": _("Waiting for approval"), "ready": _("Ready"),
    "open": _("Being downloaded"), "done": _("Downloaded"), "cancelled": _("Cancelled"),
    "expired": _("Expired"),
}  # fmt: skip

STATE_WORDS = {"invited": _("Invited"), "active": _("Active"), "disabled": _("Disabled")}

SLOT_WORDS = {
    "": _("Any time"),
    "0812": _("Morning (8-12)"),
    "1214": _("12:00-14:00"),
    "1416": _("14:00-16:00"),
    "1618": _("16:00-18:00"),
    "1820": _("18:00-20:00"),
    "1921": _("19:00-21:00"),
}
METHOD_WORDS = {
    "cod": _("Cash on delivery"), "bank": _("Bank transfer"), "points": _("Points"),
    "card": _("Card"), "konbini": _("Convenience store"), "link": _("Payment service"),
}  # fmt: skip
PAYMENT_WORDS = {
    "awaiting": _("Awaiting payment"), "authorised": _("Not captured"),
    "capturing": _("Being captured"), "captured": _("Captured"), "refund_due": _("Refund due"),
    "refunded": _("Refunded"), "void": _("Void"), "failed": _("Payment failed"),
}  # fmt: skip

STATUS_WORDS = {
    "pending": _("Paying"), "placed": _("In progress"), "completed": _("Completed"),
    "cancelled": _("Cancelled"), "lapsed": _("Payment not completed"),
}  # fmt: skip
FULFILMENT_WORDS = {
    "unshipped": _("To ship"), "part": _("Partly shipped"), "shipped": _("Shipped"),
    "delivered": _("Delivered"), "stopped": _("Stopped"),
}  # fmt: skip
EVENT_WORDS = {
    **PAYMENT_EVENT_WORDS, **PARCEL_EVENT_WORDS,
    ("placed", ""): _("Order placed"), ("captured", "payment"): _("Captured"),
    ("shipped", "fulfilment"): _("Shipped"), ("shipped", "status"): _("Completed"),
    ("parcel", ""): _("Handed to the carrier"), ("cancelled", "status"): _("Cancelled"),
    ("cancelled", "fulfilment"): _("Shipping stopped"), ("voided", "payment"): _("Payment voided"),
    ("promise_moved", ""): _("To be sent at another time"),
    ("put_first", ""): _("Put first among those who wait"),
    ("amended", ""): _("Order changed"), ("redirected", ""): _("Delivery changed"),
    ("extended", ""): _("Piece of an exchange added"), ("held", ""): _("Put on hold"),
    ("let_go", ""): _("Let go"), ("cancel_pieces", ""): _("Pieces cancelled"),
    ("return_pieces", ""): _("Pieces returned"), ("refunded", ""): _("Refunded"),
    ("exchanged", "status"): _("Opened again for an exchange"),
    ("exchanged", "fulfilment"): _("An exchanged piece is to be sent"),
    ("more_to_pay", "payment"): _("More to pay"), ("authorised", "payment"): _("Authorised"),
    ("placed", "status"): _("Payment secured"), ("adopted", ""): _("Taken over by the member"),
}  # fmt: skip

RETURN_WORDS = {
    "asked": _("Asked for"), "approved": _("Approved"), "received": _("Received"),
    "closed": _("Done"), "refused": _("Refused"), "withdrawn": _("Withdrawn"),
}  # fmt: skip
REASON_WORDS = {
    "too_small": _("Too small"), "too_large": _("Too large"),
    "not_as_shown": _("Not as it was shown"), "changed_mind": _("Changed my mind"),
    "faulty": _("Faulty"), "wrong_item": _("Wrong item"),
}  # fmt: skip
MEASURE_WORDS = {
    "shoulder": _("Shoulder"), "chest": _("Chest"), "waist": _("Waist"), "hip": _("Hip"),
    "sleeve": _("Sleeve"), "length": _("Length"), "inseam": _("Inseam"), "foot": _("Foot"),
}  # fmt: skip
DISPOSITION_WORDS = {
    "restock": _("Back into sale"), "outlet": _("Outlet"), "scrap": _("Written off"),
}  # fmt: skip

BODY_WORDS = {
    "length": _("Length"), "shoulder": _("Shoulder width"), "chest": _("Chest width"),
    "sleeve": _("Sleeve length"), "waist": _("Waist"), "hip": _("Hip"), "rise": _("Rise"),
    "inseam": _("Inseam"), "hem": _("Hem width"), "foot": _("Foot length"),
}  # fmt: skip
GARMENT_WORDS = {
    "top": _("Top"), "bottom": _("Trousers, skirt"), "dress": _("Dress, coat"),
    "shoes": _("Shoes"),
}  # fmt: skip
POINT_WORDS = {
    "promise": _("Promised by an order"), "settle": _("Given for an order"),
    "earn": _("Given"), "spend": _("Spent"), "restore": _("Given back"),
    "reverse": _("Taken back"), "expire": _("Expired"), "adjust": _("Corrected by the shop"),
}  # fmt: skip
CONSENT_WORDS = {
    "news": _("News and offers"), "birthday": _("Birthday presents"),
    "reminder": _("Reminders of goods left in the cart"),
}  # fmt: skip
CAMPAIGN_WORDS = {
    "draft": _("Draft"), "scheduled": _("Scheduled"), "sending": _("Being sent"),
    "sent": _("Sent out"), "stopped": _("Stopped"),
}  # fmt: skip
OFFER_WORDS = {
    "amount": _("Yen off"), "rate": _("Per cent off"), "shipping": _("No shipping charge"),
    "n_for": _("Several for one price"), "quantity": _("Per cent off from so many pieces"),
    "gift": _("Gift"),
}  # fmt: skip
WHY_WORDS = {
    "scope": _("none of the goods it is for"), "minimum": _("not enough yen of its goods"),
    "pieces": _("not enough pieces of its goods"), "nothing": _("nothing left to take off"),
    "better": _("another offer saves more"),
}  # fmt: skip
LETTER_WORDS = {
    "placed": _("Order placed"), "shipped": _("Parcel sent"), "cancelled": _("Order cancelled"),
    "reminder": _("Cart left alone"), "campaign": _("Campaign"),
}  # fmt: skip
FLAG_WORDS = {
    "fraud": _("Suspected fraud"), "address": _("Unclear address"), "stock": _("Stock missing"),
    "payment": _("Payment disagrees"),
}  # fmt: skip

WORDS = {
    **STOCK_WORDS, **WATCH_WORDS, **UPLOAD_WORDS, **VOICE_WORDS, **GOODS_WORDS,
    "flag": FLAG_WORDS,
    "return": RETURN_WORDS, "reason": REASON_WORDS, "measure": MEASURE_WORDS,
    "disposition": DISPOSITION_WORDS, "status": STATUS_WORDS,
    "purpose": PURPOSE_WORDS, "state": STATE_WORDS, "export": EXPORT_WORDS,
    "basis": BASIS_WORDS,
    "method": METHOD_WORDS, "slot": SLOT_WORDS,
    "payment": PAYMENT_WORDS, "fulfilment": FULFILMENT_WORDS, "garment": GARMENT_WORDS,
    "points": POINT_WORDS, "consent": CONSENT_WORDS, "campaign": CAMPAIGN_WORDS,
    "offer": OFFER_WORDS, "letter": LETTER_WORDS,
    "why": WHY_WORDS, "disagreement": DISAGREEMENT_WORDS, "call": CALL_WORDS,
    "provider": PROVIDER_WORDS, "attempt": ATTEMPT_WORDS, "batch": BATCH_WORDS,
    "attention": ATTENTION_WORDS, **CONTENT_WORDS,
}  # fmt: skip
