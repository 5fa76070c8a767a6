"""Rendering messages. The person's own data is left as placeholders for the guard to fill."""

import logging
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from lockstitch.mailing.facts import plain
from lockstitch.mailing.models import Template as Template
from lockstitch.mailing.rules import SAMPLES, Unfit, Written, fill

NAME = mark_safe("{{name}}")
ADDRESS = mark_safe("〒{{postal_code}} {{address}}")

log = logging.getLogger("lockstitch.mailing")


@dataclass(frozen=True)
class Message:
    subject: str
    text: str
    html: str


def render(template: str, *, language: str, **facts: Any) -> Message:
    """The letter in the buyer's language: the shop's own words when it has some, else
    `mailing/<template>.{subject.txt,txt,html}`.

    A shop's own letter that cannot be filled in is no reason to send none.
    """
    own = Template.objects.filter(name=template, language=language).first()
    if own is not None:
        try:
            written = Written(own.subject, own.text, own.html)
            known, out = plain(facts, language), str(facts.get("way_out", ""))
            return filled(written, known, language=language, way_out=out)
        except Unfit:
            log.warning("letter %s of site %s cannot be filled in", template, own.site_id)
    context = {**facts, "name": NAME, "address": ADDRESS}
    with override(language):
        return Message(
            subject=render_to_string(f"mailing/{template}.subject.txt", context).strip(),
            text=render_to_string(f"mailing/{template}.txt", context).strip() + "\n",
            html=render_to_string(f"mailing/{template}.html", context),
        )


def filled(written: Written, facts: dict[str, Any], *, language: str, way_out: str = "") -> Message:
    """A shop's own letter in our frame; `way_out` is the address that ends such letters, added at
    its end whatever the shop writes. Raises Unfit.
    """
    done = fill(written, facts)
    html = ""
    if done.html:
        with override(language):
            body = SafeString(done.html)  # cleaned by nh3
            context = {"body": body, "shop": facts["shop"]["name"], "way_out": way_out}
            html = render_to_string("mailing/own.html", context)
    text = done.text
    if way_out:
        with override(language):
            text += render_to_string("mailing/way_out.txt", {"way_out": way_out})
    return Message(done.subject, text, html)


def preview(written: Written, name: str, *, language: str, shop: str) -> Message:
    """With invented facts. Raises Unfit."""
    sample = SAMPLES[name]
    return filled(written, {**sample, "shop": {**sample["shop"], "name": shop}}, language=language)


def templates() -> dict[tuple[str, str], Template]:
    """(name, language) -> the shop's own letter."""
    return {(row.name, row.language): row for row in Template.objects.all()}


def written(name: str, language: str) -> Written | None:
    row = Template.objects.filter(name=name, language=language).first()
    return Written(row.subject, row.text, row.html) if row else None
