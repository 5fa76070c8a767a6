"""Rendering messages. The person's own data is left as placeholders for the guard to fill."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

NAME = mark_safe("{{name}}")
ADDRESS = mark_safe("〒{{postal_code}} {{address}}")


@dataclass(frozen=True)
class Message:
    subject: str
    text: str
    html: str


def render(template: str, *, language: str, **facts: Any) -> Message:
    """`mailing/<template>.{subject.txt,txt,html}` in the buyer's language."""
    context = {**facts, "name": NAME, "address": ADDRESS}
    with override(language):
        return Message(
            subject=render_to_string(f"mailing/{template}.subject.txt", context).strip(),
            text=render_to_string(f"mailing/{template}.txt", context).strip() + "\n",
            html=render_to_string(f"mailing/{template}.html", context),
        )
