"""The words for coordinates and for what a shop tells."""

from django.utils.translation import gettext_lazy as _

KIND_WORDS = {"lookbook": _("Lookbook"), "staff": _("Staff styling"), "editor": _("Editors' pick")}
LOOK_WORDS = {
    "draft": _("Draft"), "submitted": _("Waits for approval"), "returned": _("Sent back"),
    "approved": _("Approved"),
}  # fmt: skip
STEP_WORDS = {
    "submit": _("Hand in for approval"), "approve": _("Approve and show"),
    "send_back": _("Send back"), "take_back": _("Back to draft"),
}  # fmt: skip
CONTENT_WORDS = {"look": LOOK_WORDS, "look_kind": KIND_WORDS, "step": STEP_WORDS}
