"""The words for what can happen to money at a provider."""

from django.utils.translation import gettext_lazy as _

DISAGREEMENT_WORDS = {
    "amount": _("The amount asked for"), "authorised": _("The amount held"),
    "captured": _("The amount captured"), "refunded": _("The amount refunded"),
    "currency": _("The currency"), "missing_here": _("A payment that belongs to no order"),
    "missing_there": _("The provider does not know this payment"),
    "unasked_capture": _("Captured there, not asked for here"),
    "unasked_refund": _("Refunded there, not asked for here"),
    "capture_failed": _("The capture was refused"),
}  # fmt: skip
CALL_WORDS = {
    "open": _("The payment page was refused"), "close": _("Closing the page was refused"),
    "capture": _("The capture was refused"), "cancel": _("Letting the money go was refused"),
    "refund": _("The refund was refused"),
}  # fmt: skip
ATTENTION_WORDS = {
    **{f"{verb}_failed": words for verb, words in CALL_WORDS.items()},
    "late_money": _("Paid after the order was gone; it goes back"),
    "authorisation_lost": _("The held money was let go"),
    "overpaid": _("Too much was transferred"), "underpaid": _("Too little was transferred"),
}  # fmt: skip
BATCH_WORDS = {
    "draft": _("To be approved"), "approved": _("Approved"), "sent": _("Sent to the bank"),
    "dropped": _("Dropped"),
}  # fmt: skip
PROVIDER_WORDS = {"stripe": _("Stripe"), "link": _("Link-type provider")}
ATTEMPT_WORDS = {
    "making": _("Page asked for"), "open": _("Page open"), "waiting": _("Number given"),
    "authorised": _("Authorised"), "captured": _("Captured"), "closed": _("Closed"),
    "failed": _("Payment failed"),
}  # fmt: skip
PAYMENT_EVENT_WORDS = {
    ("authorised", "payment"): _("Authorised"), ("capturing", "payment"): _("Capture asked for"),
    ("refund_due", "payment"): _("Refund due"), ("refunded", "payment"): _("Refund finished"),
    ("refund_held", ""): _("Refund waits for a second person"),
    ("refund_approved", ""): _("Refund approved by a second person"),
    ("refund_turned_down", ""): _("Refund turned down"),
    ("refunded", ""): _("Refunded"), ("not_paid", "payment"): _("Payment not completed"),
    ("try", "payment"): _("Payment tried"), ("lapsed", "payment"): _("Payment not completed"),
    ("lapsed", "status"): _("Payment not completed"), ("number_given", ""): _("Number given"),
    ("late_money", ""): _("Paid after the order was gone; it goes back"),
    ("payment_problem", ""): _("The provider refused a call"),
    ("not_captured", "payment"): _("The capture was refused"),
    ("overpaid", ""): _("Too much was transferred"),
    ("underpaid", ""): _("Too little was transferred"),
}  # fmt: skip
