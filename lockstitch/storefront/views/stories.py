"""特集・お知らせ, questions and answers, and the legal notice."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.content import laws
from lockstitch.content import queries as content
from lockstitch.content.queries import Story
from lockstitch.kernel.text import localised
from lockstitch.storefront.keeping import depends, kept
from lockstitch.storefront.parts import parts_of
from lockstitch.storefront.shell import shell
from lockstitch.storefront.views import pages
from lockstitch.tenancy.requests import SiteRequest


@require_safe
@kept()
def listing(request: SiteRequest, kind: str) -> HttpResponse:
    page = content.stories(kind, after=request.GET.get("after", "")[:80])
    context = shell(request, page=page, kind=kind)
    return render(request, "storefront/stories.html", context)


@require_safe
@kept()
def show(request: SiteRequest, kind: str, slug: str) -> HttpResponse:
    depends(request, "a")
    story = content.find_story(kind, slug)
    if story is None:
        raise Http404
    return story_of(request, story)


def story_of(request: SiteRequest, story: Story, **context: Any) -> HttpResponse:
    parts = parts_of(request, story.state.get("blocks", []))
    context = shell(request, story=story, parts=parts, **context)
    return render(request, "storefront/story.html", context)


@require_safe
@kept()
def faq(request: SiteRequest) -> HttpResponse:
    return faq_of(request, content.live("faq") or {})


def faq_of(request: SiteRequest, state: dict[str, Any], **context: Any) -> HttpResponse:
    """Questions under their sections, and the same for search engines (schema.org FAQPage)."""
    sections: list[tuple[dict[str, str], list[dict[str, Any]]]] = []
    for block in state.get("blocks", []):
        if block["type"] == "section" or not sections:
            sections.append((block.get("title", {}), []))
        if block["type"] == "question":
            sections[-1][1].append(block)
    data = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question", "name": localised(one.get("question", {})),
                "acceptedAnswer": {"@type": "Answer", "text": localised(one.get("answer", {}))},
            }
            for _title, rows in sections
            for one in rows
        ],
    }  # fmt: skip
    context = shell(request, sections=sections, data=data, **context)
    return render(request, "storefront/faq.html", context)


@require_safe
@kept()
def law(request: SiteRequest) -> HttpResponse:
    """特定商取引法に基づく表記: by the form where it was filled in, else as the shop wrote it."""
    state = content.live("law")
    if state is None and content.find_page("law"):
        return pages.page(request, slug="law")
    return law_of(request, state or {})


def law_of(request: SiteRequest, state: dict[str, Any], **context: Any) -> HttpResponse:
    context = shell(request, rows=laws.rows(state), **context)
    return render(request, "storefront/law.html", context)
