"""The words for coordinates and for what a shop tells."""

from typing import Any

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
LANGUAGE_WORDS = {"ja": _("Japanese"), "en": _("English")}
DOCUMENT_WORDS = {
    "feature": _("Features"), "news": _("News"), "home": _("Home"),
    "faq": _("Questions and answers"),
    "banners": _("Banners"), "page": _("Pages"), "law": _("Legal notice"), "theme": _("Look"),
    "opening": _("Opening"), "approval": _("Two persons"),
}  # fmt: skip
EDITION_WORDS = {
    "made": _("Made"), "saved": _("Saved"), "published": _("Published"),
    "withdrawn": _("Taken off"),
}  # fmt: skip
TOPIC_WORDS = {
    "order": _("An order"), "return": _("A return or an exchange"),
    "goods": _("Goods and sizes"), "member": _("Membership and points"),
    "other": _("Something else"),
}  # fmt: skip
INQUIRY_WORDS = {"open": _("To be answered"), "answered": _("Answered")}
CONTENT_WORDS: dict[str, dict[str, Any]] = {
    "look": LOOK_WORDS, "look_kind": KIND_WORDS, "step": STEP_WORDS, "document": DOCUMENT_WORDS,
    "edition": EDITION_WORDS, "topic": TOPIC_WORDS, "inquiry": INQUIRY_WORDS,
}  # fmt: skip
