"""Drafts published together or not at all, agreed to once, looked at before, and taken back."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connections

from lockstitch.content import actions, laws, queries, releasing
from lockstitch.content.models import Document, Release, ReleaseEvent
from lockstitch.content.releases import View, candidates, find_release
from lockstitch.kernel.clock import moved_to, now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.search.news import news
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.members.test_pages import plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
ONE, OTHER, THIRD = uuid4(), uuid4(), uuid4()
DAY = dt.timedelta(days=1)
LAW = {name: {"ja": "記載"} for name in laws.ITEMS}


def text(words: str) -> dict[str, Any]:
    return {"blocks": [{"type": "question", "question": {"en": words}, "answer": {}}]}


def story(title: str) -> dict[str, Any]:
    return {"title": {"en": title}, "lead": {}, "cover": "", "blocks": []}


def page(words: str) -> dict[str, Any]:
    return {"title": {"en": words}, "body": {"en": f"<p>{words}</p>"}}


def written(kind: str, slug: str, *states: dict[str, Any], by: UUID = ONE) -> Document:
    """Each state but the last is published."""
    for n, state in enumerate(states, 1):
        row = actions.save(kind, slug, state, by=by)
        if n < len(states):
            row = actions.publish(kind, slug, by=None)
    return row


def season() -> dict[str, Document]:
    """A season's drafts: questions that were shown before, a story and a page that are new."""
    actions.keep_page(slug="guide", title={"en": "Old"}, body={"en": "<p>Old</p>"})
    return {
        "faq": written("faq", "faq", text("Old"), text("New")),
        "story": written("feature", "spring", story("Spring")),
        "page": written("page", "guide", page("Old"), page("New")),
        "new": written("page", "fair", page("Fair")),
    }


def gathered(rows: dict[str, Document], *, since: dt.datetime | None = None) -> View:
    made = releasing.begin("Spring", by=ONE)
    releasing.gather(made.id, [row.id for row in rows.values()])
    releasing.plan(made.id, name="Spring", since=since)
    return seen(made.id)


def seen(release_id: UUID) -> View:
    found = find_release(release_id)
    assert found is not None
    return found


def publish(view: View, *, by: UUID = ONE) -> Release:
    return releasing.publish(view.release.id, view.mark, by=by)


def shown() -> list[str]:
    """What visitors read: the question, the features, the pages with their words."""
    state = queries.live("faq")
    stories = [str(one.state["title"]["en"]) for one in queries.stories("feature").rows]
    pages = sorted(str(one.title["en"]) for one in queries.pages())
    bodies = [found.body["en"] for one in queries.pages() if (found := queries.find_page(one.slug))]
    assert sorted(bodies) == [f"<p>{title}</p>" for title in pages]
    return [state["blocks"][0]["question"]["en"] if state else "", *stories, *pages]


BEFORE, AFTER = ["Old", "Old"], ["New", "Spring", "Fair", "New"]


def test_all_of_it_is_shown_from_one_moment_on(site: Site) -> None:
    view = gathered(season())
    assert [(part.document.slug, part.change) for part in view.parts] == [
        ("faq", "changed"), ("spring", "new"), ("guide", "changed"), ("fair", "new"),
    ]  # fmt: skip
    assert shown() == BEFORE
    done = publish(view)
    assert shown() == AFTER
    assert {row.live_from for row in Document.objects.filter(kind__in=("faq", "feature", "page"))} \
        == {done.put_at}  # fmt: skip
    assert publish(view) == done  # pressed twice
    assert ReleaseEvent.objects.filter(verb="published").count() == 1


def test_pressed_by_two_at_once_it_is_published_once(site: Site) -> None:
    view, start = gathered(season()), threading.Barrier(2)

    def press(by: UUID) -> dt.datetime | None:
        try:
            start.wait(60)
            with scope(site.id):
                return publish(view, by=by).put_at
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        moments = set(pool.map(press, (ONE, OTHER)))
    assert len(moments) == 1
    assert ReleaseEvent.objects.filter(verb="published").count() == 1
    assert shown() == AFTER


def test_by_the_clock_alone_and_a_plan_is_taken_back(site: Site) -> None:
    view = gathered(season(), since=now() + DAY)
    publish(view)
    rows = Document.objects.count(), queries.Edition.objects.count()
    assert (shown(), seen(view.release.id).standing) == (BEFORE, "planned")
    with moved_to(now() + 2 * DAY):
        assert (shown(), seen(view.release.id).standing) == (AFTER, "published")
    assert (Document.objects.count(), queries.Edition.objects.count()) == rows  # nobody wrote
    assert len([at for at in queries.moments() if at == view.release.since]) == 4
    releasing.roll_back(view.release.id, by=OTHER)
    with moved_to(now() + 2 * DAY):
        assert (shown(), seen(view.release.id).standing) == (BEFORE, "draft")


def test_one_that_fails_holds_back_all_and_each_is_named(site: Site) -> None:
    short = {name: words for name, words in LAW.items() if name != "phone"}
    rows = season() | {"law": written("law", "law", {"items": LAW}, {"items": short})}
    ended = written("news", "over", story("Over"), story("Again"))
    Document.objects.filter(id=ended.id).update(until=now() - DAY)
    view = gathered(rows | {"news": ended})
    with pytest.raises(releasing.Unfit) as refused:
        publish(view)
    assert [(part.document.kind, part.trouble) for part in refused.value.parts] == [
        ("law", "Still missing: Telephone and hours."), ("news", "It ends before it begins."),
    ]  # fmt: skip
    assert (shown(), queries.live("law")) == (BEFORE, {"items": LAW})
    assert seen(view.release.id).standing == "draft"
    releasing.leave_out(view.release.id, ended.id)
    actions.save("law", "law", {"items": {**LAW, "phone": {"ja": "03"}}}, by=ONE)
    publish(seen(view.release.id))
    assert shown() == AFTER


def test_a_fault_in_the_middle_undoes_what_was_done(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, real, calls = gathered(season()), actions.put, []

    def failing(row: Document, **rest: Any) -> None:
        calls.append(row)
        if len(calls) == 3:
            raise DatabaseError("the line is cut")
        real(row, **rest)

    monkeypatch.setattr(releasing, "put", failing)
    with pytest.raises(DatabaseError):
        publish(view)
    assert (shown(), seen(view.release.id).standing) == (BEFORE, "draft")


def test_what_has_changed_since_it_was_looked_at_is_not_published(site: Site) -> None:
    rows = season()
    view = gathered(rows)
    actions.save("faq", "faq", text("Newer"), by=OTHER)
    with pytest.raises(Refused, match="changed meanwhile"):
        publish(view)
    assert shown() == BEFORE


def test_nothing_to_change_is_said_and_what_stays_the_same_is_left_alone(site: Site) -> None:
    row = written("faq", "faq", text("Old"), text("New"))
    actions.publish("faq", "faq", by=None)
    view = gathered({"faq": row})
    with pytest.raises(Refused, match="nothing in it"):
        publish(view)
    version = Document.objects.get(id=row.id).version
    story_row = written("feature", "spring", story("Spring"))
    releasing.gather(view.release.id, [story_row.id])
    publish(seen(view.release.id))
    assert Document.objects.get(id=row.id).version == version
    releasing.roll_back(view.release.id, by=ONE)
    assert queries.live("faq") == text("New")


def test_the_second_person_agrees_once_and_to_just_that(site: Site) -> None:
    actions.set_two_persons(wanted=True, by=None)
    rows = season_of_two()
    view = gathered(rows)
    with pytest.raises(Refused, match="approves it first"):
        publish(view)
    with pytest.raises(Refused, match="Nobody has asked"):
        releasing.approve(view.release.id, view.mark, by=OTHER)
    releasing.ask(view.release.id, view.mark, by=ONE)
    with pytest.raises(Refused, match="somebody else approves"):
        releasing.approve(view.release.id, view.mark, by=ONE)
    releasing.approve(view.release.id, view.mark, by=OTHER)
    assert seen(view.release.id).standing == "approved"
    for change in (changed_draft, changed_moment, changed_list):
        change(view)
        fresh = seen(view.release.id)
        assert fresh.standing == "draft"
        with pytest.raises(Refused, match="approves it first"):
            publish(fresh)
        assert queries.live("faq") == text("Old")
        releasing.ask(fresh.release.id, fresh.mark, by=ONE)
        releasing.approve(fresh.release.id, fresh.mark, by=OTHER)
    releasing.plan(view.release.id, name="Renamed", since=seen(view.release.id).release.since)
    publish(seen(view.release.id), by=THIRD)
    with moved_to(now() + 2 * DAY):
        assert queries.live("faq") == text("Newest")


def season_of_two() -> dict[str, Document]:
    """Each of the two has drafted a part."""
    return {
        "faq": written("faq", "faq", text("Old"), text("New")),
        "story": written("feature", "spring", story("Spring"), by=OTHER),
    }


def changed_draft(_view: View) -> None:
    actions.save("faq", "faq", text("Newest"), by=OTHER)


def changed_moment(view: View) -> None:
    releasing.plan(view.release.id, name="Spring", since=now() + DAY)


def changed_list(view: View) -> None:
    releasing.gather(view.release.id, [written("news", "more", story("More")).id])


def test_what_is_turned_down_is_asked_for_anew(site: Site) -> None:
    actions.set_two_persons(wanted=True, by=None)
    view = gathered(season_of_two())
    releasing.ask(view.release.id, view.mark, by=ONE)
    releasing.turn_down(view.release.id, reason="Too early", by=OTHER)
    found = seen(view.release.id)
    assert (found.standing, found.events[0].note) == ("turned_down", "Too early")
    with pytest.raises(Refused, match="Nobody has asked"):
        releasing.approve(view.release.id, view.mark, by=OTHER)
    releasing.ask(view.release.id, view.mark, by=ONE)
    releasing.approve(view.release.id, view.mark, by=OTHER)
    releasing.turn_down(view.release.id, reason="", by=THIRD)
    with pytest.raises(Refused, match="approves it first"):
        publish(view)


def test_an_approval_is_used_up_by_what_was_taken_back(site: Site) -> None:
    actions.set_two_persons(wanted=True, by=None)
    view = gathered(season_of_two())
    releasing.ask(view.release.id, view.mark, by=ONE)
    releasing.approve(view.release.id, view.mark, by=OTHER)
    publish(view)
    releasing.roll_back(view.release.id, by=ONE)  # one alone: in an emergency there is no second
    assert queries.live("faq") == text("Old")
    again = seen(view.release.id)
    assert (again.standing, again.mark) == ("rolled_back", view.mark)
    with pytest.raises(Refused, match="approves it first"):
        publish(again)


def test_back_in_one_step_the_drafts_stay(site: Site) -> None:
    view = gathered(season())
    publish(view)
    releasing.roll_back(view.release.id, by=OTHER)
    assert shown() == BEFORE
    faq = queries.find_document("faq")
    assert faq is not None
    assert faq.draft == text("New")
    last = queries.editions(faq.id)[0]
    assert (last.verb, last.by) == ("rolled_back", OTHER)
    releasing.roll_back(view.release.id, by=OTHER)  # pressed twice
    assert ReleaseEvent.objects.filter(verb="rolled_back").count() == 1
    publish(seen(view.release.id))
    assert shown() == AFTER


@pytest.mark.parametrize("also", [False, True])
def test_what_was_changed_since_is_named_and_left_alone_unless_it_is_meant(
    site: Site, also: bool
) -> None:
    rows = season()
    view = gathered(rows)
    publish(view)
    actions.save("faq", "faq", text("Corrected"), by=THIRD)
    actions.publish("faq", "faq", by=None)
    actions.save("feature", "spring", story("Only drafted"), by=THIRD)
    assert [part.document.kind for part in seen(view.release.id).moved_on] == ["faq"]
    releasing.roll_back(view.release.id, by=ONE, also={rows["faq"].id} if also else ())
    assert shown() == (BEFORE if also else ["Corrected", "Old"])
    assert seen(view.release.id).events[0].note == ("" if also else "faq/faq")
    assert queries.find_document("faq").draft == text("Corrected")  # type: ignore[union-attr]


def test_a_plan_of_before_is_told_of_and_comes_back(site: Site) -> None:
    row = written("faq", "faq", text("Old"), text("Planned"))
    plan = now() + 2 * DAY
    actions.publish("faq", "faq", by=None, since=plan)
    actions.save("faq", "faq", text("New"), by=ONE)
    view = gathered({"faq": row})
    assert [part.lost for part in view.parts] == [plan]
    publish(view)
    releasing.roll_back(view.release.id, by=ONE)
    assert queries.live("faq") == text("Old")
    with moved_to(now() + 3 * DAY):
        assert queries.live("faq") == text("Planned")


def test_a_document_is_in_one_open_release(site: Site) -> None:
    rows = season()
    first = gathered({"faq": rows["faq"]})
    assert rows["faq"] not in candidates()[0]
    other = releasing.begin("Other", by=ONE)
    with pytest.raises(Refused, match="“Spring” already"):
        releasing.gather(other.id, [rows["faq"].id, rows["story"].id])
    assert seen(other.id).parts == []
    releasing.gather(first.release.id, [rows["faq"].id])  # again
    assert len(seen(first.release.id).parts) == 1
    releasing.drop(first.release.id, by=ONE)
    assert find_release(first.release.id) is None
    releasing.gather(other.id, [rows["faq"].id])
    opening = written("opening", "opening", {"closed": True})
    releasing.gather(other.id, [opening.id])  # no text: not gathered
    assert [part.document.kind for part in seen(other.id).parts] == ["faq"]


def test_published_it_is_not_changed(site: Site) -> None:
    rows = season()
    view = gathered(rows)
    publish(view)
    for deed in (
        lambda: releasing.plan(view.release.id, name="x", since=None),
        lambda: releasing.gather(view.release.id, [rows["faq"].id]),
        lambda: releasing.leave_out(view.release.id, rows["faq"].id),
        lambda: releasing.drop(view.release.id, by=ONE),
    ):
        with pytest.raises(Refused, match="roll it back before"):
            deed()
    with pytest.raises(Refused, match="has passed"):
        releasing.plan(releasing.begin("x", by=ONE).id, name="x", since=now() - DAY)


def test_another_shop_neither_sees_nor_publishes_it(site: Site) -> None:
    view = gathered(season())
    with scope(world.new_site().id):
        assert find_release(view.release.id) is None
        with pytest.raises(NotFound):
            publish(view)
        mine = releasing.begin("Mine", by=ONE)
        releasing.gather(mine.id, [part.document.id for part in view.parts])
        assert seen(mine.id).parts == []
    assert shown() == BEFORE


def test_nothing_is_kept_of_a_shop_that_is_looked_at_ahead(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "is_live", True)
    with moved_to(now() + DAY):
        assert not news.is_live
    assert news.is_live
