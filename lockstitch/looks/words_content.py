"""The words for coordinates and for what a shop tells."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KIND_WORDS = {"lookbook": _("Lookbook"), "staff": _("Staff styling"), "editor": _("Editors' pick")}
LOOK_WORDS = {
    "draft": _("Draft"), "submitted": _("Waits for approval"),
    "returned": pgettext_lazy("publication", "Sent back"), "approved": _("Approved"),
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
    "withdrawn": _("Taken off"), "rolled_back": _("Rolled back"),
}  # fmt: skip
RELEASE_WORDS = {
    "draft": _("Draft"), "asked": _("Waits for approval"), "approved": _("Approved"),
    "turned_down": pgettext_lazy("publication", "Sent back"),
    "planned": pgettext_lazy("publication", "Planned"),
    "published": _("Published"), "rolled_back": _("Rolled back"),
}  # fmt: skip
RELEASE_EVENT_WORDS = {
    **RELEASE_WORDS, "made": _("Made"), "asked": _("Asked for approval"),
    "published": _("Published or planned"),
}  # fmt: skip
RELEASE_PART_WORDS = {
    "new": _("New"), "changed": _("Changed"), "same": _("No change"), "put": "",
    "since": _("Changed since"),
}  # fmt: skip
RELEASE_DONE_WORDS = {
    "begin": _("Made. Now choose what belongs to it."), "plan": _("Saved."),
    "gather": _("Added."), "leave_out": _("Left out; the draft stays."),
    "ask": _("Somebody else is asked to approve it."), "approve": _("Approved."),
    "turn_down": _("Sent back."), "publish": _("Done: all of it together."),
    "planned": _("All of it is planned for its moment."),
    "roll_back": _("Rolled back."),
}  # fmt: skip
TOPIC_WORDS = {
    "order": _("An order"), "return": _("A return or an exchange"),
    "goods": _("Goods and sizes"), "member": _("Membership and points"),
    "other": _("Something else"),
}  # fmt: skip
INQUIRY_WORDS = {"open": _("To be answered"), "answered": _("Answered")}
CONTENT_WORDS: dict[str, dict[str, Any]] = {
    "look": LOOK_WORDS, "look_kind": KIND_WORDS, "step": STEP_WORDS, "document": DOCUMENT_WORDS,
    "edition": EDITION_WORDS, "release": RELEASE_WORDS,
    "release_event": RELEASE_EVENT_WORDS, "release_part": RELEASE_PART_WORDS,
    "release_done": RELEASE_DONE_WORDS, "topic": TOPIC_WORDS, "inquiry": INQUIRY_WORDS,
}  # fmt: skip
