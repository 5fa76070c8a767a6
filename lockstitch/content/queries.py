"""A site's own pages, notices and stories, as visitors see them at this moment."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lockstitch.catalogue.cards import Card, cards_of, on_sale
from lockstitch.catalogue.models import Picture as Picture
from lockstitch.catalogue.models import Product
from lockstitch.content import laws
from lockstitch.content.ahead import drafts_in_force
from lockstitch.content.blocks import DEFAULT_HOME, in_window
from lockstitch.content.models import Document as Document
from lockstitch.content.models import Edition, Medium, NoticeText
from lockstitch.content.models import Notice as Notice
from lockstitch.content.models import Page as Page
from lockstitch.content.models import PlatformNotice as PlatformNotice
from lockstitch.kernel.clock import JST, now, today_jst
from lockstitch.search.of_site import of_site

LIST, LIBRARY = 12, 60


def pages() -> list[Page]:
    """Those that are shown now, in their order, by title."""
    kept, written = of_site("pages", lambda: (_pages(), list(_written())))
    found = {page.slug: page for page in kept}
    for row in written:
        if state := row.shown(now()):
            found[row.slug] = _as_written(row, state, found.get(row.slug), len(kept))
    return list(found.values())


def _pages() -> list[Page]:
    return list(Page.objects.only("site_id", "slug", "title", "position"))


def find_page(slug: str) -> Page | None:
    kept: Page | None = Page.objects.filter(slug=slug).first()
    row = _written().filter(slug=slug).first()
    state = row.shown(now()) if row else None
    return _as_written(row, state, kept, Page.objects.count()) if row and state else kept


def _written() -> QuerySet[Document]:
    """Of pages, what the clock or a preview may show instead of what the table of pages holds."""
    wanted = Q(coming_from__isnull=False) | Q(id__in=drafts_in_force())
    return Document.objects.filter(wanted, kind="page").order_by("id")


def _as_written(row: Document, state: dict[str, Any], kept: Page | None, last: int) -> Page:
    return Page(
        site_id=row.site_id, slug=row.slug, title=state["title"], body=state["body"],
        position=kept.position if kept else last,
    )  # fmt: skip


def notices() -> list[Notice]:
    """The latest text of each case, without the text; newest first."""
    latest = Notice.objects.order_by("case_id", "-revision").distinct("case_id").defer("body")
    return sorted(latest, key=lambda each: each.published_at, reverse=True)


def latest_notice(case_id: UUID) -> Notice | None:
    return Notice.objects.filter(case_id=case_id).order_by("-revision").first()


def notice_history(case_id: UUID) -> list[Notice]:
    """Every text of a case, newest first."""
    return list(Notice.objects.filter(case_id=case_id).order_by("-revision"))


def platform_notices() -> list[PlatformNotice]:
    """The latest text of each case, without the text; newest first. Of no site, and of none's data:
    a text of a case says numbers."""
    rows = PlatformNotice.objects.order_by("case_id", "-revision").distinct("case_id").defer("body")
    return sorted(rows, key=lambda each: each.published_at, reverse=True)


def platform_notice_history(case_id: UUID) -> list[PlatformNotice]:
    """Every text of a case, newest first."""
    return list(PlatformNotice.objects.filter(case_id=case_id).order_by("-revision"))


def text_of[N: NoticeText](history: list[N], revision: str) -> N | None:
    """The latest of a case's texts, or that of the revision as an address has it."""
    fitting = (each for each in history if not revision or str(each.revision) == revision)
    return next(fitting, None)


@dataclass(frozen=True)
class Story:
    """A feature or news as a list or its page shows it."""

    kind: str
    slug: str
    since: dt.datetime | None
    state: dict[str, Any]
    cover: Picture | None = None


@dataclass(frozen=True)
class Stories:
    rows: list[Story]
    next: str


def find_document(kind: str, slug: str = "") -> Document | None:
    return Document.objects.filter(kind=kind, slug=slug or kind).first()


def live(kind: str, slug: str = "") -> dict[str, Any] | None:
    """What visitors see of it now."""
    found = find_document(kind, slug)
    return found.shown(now()) if found else None


def _shown(*kinds: str) -> QuerySet[Document]:
    moment = now()
    is_shown = Q(first_from__lte=moment) & (Q(until=None) | Q(until__gt=moment))
    return Document.objects.filter(is_shown | Q(id__in=drafts_in_force()), kind__in=kinds)


def stories(kind: str, *, after: str = "", limit: int = LIST) -> Stories:
    """The newest first, with their covers. Two queries."""
    rows = _shown(kind)
    if after:
        try:
            micros, _, last = after.partition("_")
            since = dt.datetime.fromtimestamp(int(micros) / 1e6, dt.UTC)
            rows = rows.filter(Q(first_from__lt=since) | Q(first_from=since, id__lt=UUID(last)))
        except (ValueError, OverflowError, OSError):
            return Stories([], "")
    found = list(rows.order_by("-first_from", "-id")[: limit + 1])
    page = found[:limit]
    more = ""
    if len(found) > limit and page[-1].first_from:
        at = page[-1].first_from
        more = f"{int(at.timestamp()) * 1_000_000 + at.microsecond}_{page[-1].id}"
    return Stories(_stories(page), more)


def _stories(rows: Iterable[Document]) -> list[Story]:
    """With their covers."""
    states = [(row, row.shown(now())) for row in rows]
    covers = pictures(state.get("cover", "") for _row, state in states if state)
    return [
        Story(
            row.kind, row.slug, row.first_from or now(), state, covers.get(state.get("cover", ""))
        )
        for row, state in states
        if state
    ]


def find_story(kind: str, slug: str) -> Story | None:
    return next(iter(find_stories([(kind, slug)])), None)


def find_stories(named: Iterable[Sequence[str]]) -> list[Story]:
    """Those of the (kind, slug) that are shown, in that order. Two queries."""
    wanted = [tuple(pair) for pair in named]
    kinds, slugs = {kind for kind, _slug in wanted}, {slug for _kind, slug in wanted}
    rows = _shown(*kinds).filter(slug__in=slugs)
    found = {(story.kind, story.slug): story for story in _stories(rows)}
    return [found[pair] for pair in wanted if pair in found]


def frame_documents() -> dict[str, dict[str, Any]]:
    """What every page of the site wears or minds, by kind."""
    states = ((row.kind, row.shown(now())) for row in of_site("frame", _frame))
    return {kind: state for kind, state in states if state is not None}


def _frame() -> list[Document]:
    return list(Document.objects.filter(kind__in=("theme", "banners", "opening")))


def home() -> list[dict[str, Any]]:
    """The sections that are shown now, in order."""
    kept = (live("home") or {}).get("blocks") or DEFAULT_HOME
    local = now().astimezone(JST).strftime("%Y-%m-%dT%H:%M")
    return [block for block in kept if in_window(block, local)]


def banners(state: dict[str, Any] | None, places: Iterable[str]) -> list[dict[str, Any]]:
    """Those of the banners that are shown now at one of these places."""
    local, wanted = now().astimezone(JST).strftime("%Y-%m-%dT%H:%M"), set(places)
    kept = (state or {}).get("blocks") or []
    return [one for one in kept if one.get("place") in wanted and in_window(one, local)]


def law_gaps() -> list[str]:
    """Labels of what the 特定商取引法 page lacks; empty when the shop may open."""
    state = live("law") or {}
    return [str(laws.ITEMS[name]) for name in laws.gaps(state)]


def pictures(keys: Iterable[str]) -> dict[str, Picture]:
    """Key of the library -> picture with its words, as long as its rights are good."""
    ids = []
    for key in set(keys):
        try:
            ids.append(UUID(str(key)))
        except ValueError:
            continue
    if not ids:
        return {}
    rows = Medium.objects.filter(id__in=ids).select_related("picture")
    found = {}
    for row in rows.filter(Q(good_until=None) | Q(good_until__gte=today_jst())):
        row.picture.alt = row.alt
        found[str(row.id)] = row.picture
    return found


def list_media(limit: int = LIBRARY, before: str = "") -> list[Medium]:
    rows = Medium.objects.select_related("picture")
    if before:
        try:
            rows = rows.filter(id__lt=UUID(before))
        except ValueError:
            return []
    return list(rows.order_by("-id")[:limit])


def find_medium(medium_id: UUID) -> Medium | None:
    return Medium.objects.filter(id=medium_id).select_related("picture").first()


def uses_of(medium_id: UUID) -> list[Document]:
    """Where a picture of the library is used: in a draft, or in what is or will be shown."""
    key = str(medium_id)
    wanted = Q()
    for state in ("draft", "live", "coming"):
        for name in ("cover", "blocks"):
            probe: Any = {"cover": key} if name == "cover" else {"blocks": [{"picture": key}]}
            wanted |= Q(**{f"{state}__contains": probe})
    return list(Document.objects.filter(wanted))


def rail(rule: str, value: str, most: int) -> list[UUID]:
    """The products of a rail: by item numbers in that order, or by a rule."""
    words = [word for word in value.replace(",", " ").replace("、", " ").split() if word][:24]
    rows = on_sale()
    if rule == "list":
        ids = dict(Product.objects.filter(item_number__in=words).values_list("item_number", "id"))
        return [ids[word] for word in words if word in ids][:most]
    if rule == "category":
        rows = rows.filter(category__slug__in=words)
    elif rule == "tag":
        rows = rows.filter(tags__overlap=words)
    order = ("-published_from", "position") if rule == "new" else ("position",)
    return list(rows.order_by(*order, "id").values_list("id", flat=True)[:most])


def cards_in_order(ids: Iterable[UUID]) -> dict[UUID, Card]:
    """Product -> its card, of those on sale."""
    return {card.product.id: card for card in cards_of(ids)}


def all_documents(kind: str) -> list[Document]:
    """For the console, drafts too, the newest first."""
    return list(Document.objects.filter(kind=kind).order_by("-id")[:200])


def editions(document_id: UUID) -> list[Edition]:
    return list(Edition.objects.filter(document=document_id).defer("state")[:40])


def find_edition(document_id: UUID, version: int) -> Edition | None:
    return Edition.objects.filter(document=document_id, version=version).first()


def moments() -> list[dt.datetime]:
    """When something that pages show begins or ends by the clock, from now on; in order."""
    begun = now()
    rows = Document.objects.filter(
        Q(coming_from__gt=begun) | Q(live_from__gt=begun) | Q(until__gt=begun)
        | Q(kind__in=("banners", "home"))
    )  # fmt: skip
    found = [at for row in rows for at in (row.coming_from, row.live_from, row.until) if at]
    states = (state for row in rows for state in (row.live, row.coming) if state)
    for block in (block for state in states for block in state.get("blocks", [])):
        for text in (block.get("since"), block.get("until")):
            if text:
                found.append(dt.datetime.fromisoformat(text).replace(tzinfo=JST))
    return sorted(at for at in found if at > begun)
