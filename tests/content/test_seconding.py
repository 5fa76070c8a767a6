"""Two persons by setting: what one has drafted, another publishes; back goes one alone."""

from typing import Any
from uuid import uuid4

import pytest

from lockstitch.content import actions, queries, seconding
from lockstitch.content.models import Edition
from lockstitch.content.rules import SECONDED, SINGLE
from lockstitch.coordinates import actions as looks
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from tests import world
from tests.coordinates.world import new_coordinate
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
ONE, OTHER = uuid4(), uuid4()
A, B = {"blocks": []}, {"blocks": [{"type": "text", "body": {"ja": "<p>本文</p>"}}]}


@pytest.fixture
def second(site: Site) -> Site:
    actions.set_two_persons(wanted=True, by=None)
    return site


def refuse(kind: str, slug: str = "") -> None:
    with pytest.raises(Refused, match="somebody else publishes"):
        actions.publish(kind, slug or kind, by=ONE)


def test_without_the_setting_one_is_enough(site: Site) -> None:
    actions.save("faq", "faq", A, by=ONE)
    assert actions.publish("faq", "faq", by=ONE).live == A


@pytest.mark.parametrize("kind", sorted(SECONDED - {"law", "page"}))
def test_who_drafted_does_not_publish_and_another_does(second: Site, kind: str) -> None:
    actions.save(kind, kind, A, by=ONE)
    refuse(kind)
    assert queries.live(kind, kind) is None
    row = actions.publish(kind, kind, by=OTHER)
    assert [(one.verb, one.by) for one in queries.editions(row.id)] == [
        ("published", OTHER), ("made", ONE),
    ]  # fmt: skip


def test_a_change_by_the_second_is_published_by_the_first(second: Site) -> None:
    actions.save("faq", "faq", A, by=OTHER)
    actions.save("faq", "faq", B, by=ONE)
    refuse("faq")
    assert actions.publish("faq", "faq", by=OTHER).live == B


def test_one_alone_goes_back_to_what_was_shown_and_takes_off(second: Site) -> None:
    actions.save("faq", "faq", A, by=ONE)
    actions.publish("faq", "faq", by=OTHER)
    actions.save("faq", "faq", B, by=OTHER)
    row = actions.publish("faq", "faq", by=ONE)
    old = Edition.objects.get(document=row, verb="published", state=A)
    actions.restore("faq", "faq", old.version, by=ONE)
    assert actions.publish("faq", "faq", by=ONE).live == A
    assert actions.withdraw("faq", "faq", by=ONE).live is None


def test_what_was_only_drafted_is_no_way_back(second: Site) -> None:
    actions.save("faq", "faq", A, by=OTHER)
    actions.save("faq", "faq", B, by=OTHER)
    actions.restore("faq", "faq", 1, by=ONE)
    refuse("faq")


def test_opening_is_no_text(second: Site) -> None:
    assert set(SINGLE) - SECONDED == {"opening"}
    actions.set_opening(closed=True, by=ONE)
    assert queries.live("opening") == {"closed": True}


def test_a_page_is_shown_by_a_second_person_and_its_past_is_kept(site: Site) -> None:
    actions.keep_page(slug="guide", title={"ja": "案内"}, body={"ja": "<p>初め</p>"})
    actions.set_two_persons(wanted=True, by=None)
    actions.write_page("guide", title={"ja": "案内"}, body={"ja": "<p>次</p>"}, by=ONE)
    shown = queries.find_page("guide")
    assert shown is not None
    assert shown.body == {"ja": "<p>初め</p>"}
    refuse("page", "guide")
    actions.publish("page", "guide", by=OTHER)
    assert queries.find_page("guide").body == {"ja": "<p>次</p>"}  # type: ignore[union-attr]
    actions.restore("page", "guide", 1, by=ONE)
    actions.publish("page", "guide", by=ONE)
    assert queries.find_page("guide").body == {"ja": "<p>初め</p>"}  # type: ignore[union-attr]
    with pytest.raises(Refused, match="stays"):
        actions.withdraw("page", "guide", by=ONE)


def test_a_page_is_written_and_shown_at_once_by_one_where_one_is_enough(site: Site) -> None:
    owner = operator(site, "owner")
    fields = {"title_ja": "送料", "body_ja": "<p>一</p><script>x</script>"}
    answer = owner.post(f"/s/{site.slug}/pages/new-page/", slug="fees", **fields)
    assert answer.status_code == 302
    shown = queries.find_page("fees")
    assert shown is not None
    assert shown.body == {"ja": "<p>一</p>"}
    path = f"/s/{site.slug}/pages/fees/"
    assert "Back to this" in owner.get(path).content.decode()
    assert owner.post(path, **fields, version="1").status_code == 422  # version 2 is published
    assert Visitor(site.hosts[0]).get("/pages/fees/").status_code == 200


def test_a_coordinate_is_approved_by_another(second: Site) -> None:
    row = new_coordinate(by=ONE)
    with pytest.raises(Refused, match="somebody else approves"):
        looks.decide(row.number, "approve", by=ONE, second=seconding.two_persons())
    shown = looks.decide(row.number, "approve", by=OTHER, second=seconding.two_persons())
    assert shown.state == "approved"
    looks.decide(row.number, "take_back", by=OTHER)
    with pytest.raises(Refused, match="somebody else approves"):
        looks.decide(row.number, "approve", by=OTHER, second=True)
    third = uuid4()
    assert looks.decide(row.number, "approve", by=third, second=True).decided_by == third


def test_a_coordinate_that_is_shown_is_not_changed_alone(second: Site) -> None:
    row = new_coordinate(by=ONE)
    looks.decide(row.number, "approve", by=OTHER)
    editor, path = operator(second, "merchandiser"), f"/s/{second.slug}/coordinates/{row.number}/"
    page = editor.get(path).content.decode()
    assert "take it back to draft" in page
    assert 'value="take_back"' in page
    words = {"title_ja": "別の題", "kind": "editor", "version": str(row.version)}
    assert editor.post(path, **words).status_code == 403
    assert editor.post(f"{path}decide/", step="take_back").status_code == 302
    assert editor.post(path, **words | {"version": "3"}).status_code == 302
    assert editor.post(f"{path}decide/", step="approve").status_code == 422


def test_the_owner_alone_says_so_and_no_other_way_leads_there(site: Site) -> None:
    path = f"/s/{site.slug}/content/approval/"
    editor, owner = operator(site, "merchandiser"), operator(site, "owner")
    assert editor.post(path, second="on").status_code == 403
    assert owner.post(path, second="on").status_code == 302
    assert seconding.two_persons()
    for verb in ("publish", "restore"):
        body: dict[str, str] = {"do": "withdraw", "version": "1"}
        assert editor.post(f"{path}approval/{verb}/", **body).status_code == 404
    assert editor.get(f"{path}approval/").status_code == 404
    assert seconding.two_persons()


def test_what_waits_is_listed_and_the_button_is_not_for_who_drafted(second: Site) -> None:
    world.new_product()
    editor, owner = operator(second, "merchandiser"), operator(second, "owner")
    path = f"/s/{second.slug}/content/news/"
    data: dict[str, Any] = {"title_ja": "お知らせ", "slug": "winter"}
    assert editor.post(f"{path}new/", **data).status_code == 302
    assert "disabled>Publish the draft" in editor.get(f"{path}winter/").content.decode()
    assert "disabled>Publish the draft" not in owner.get(f"{path}winter/").content.decode()
    assert 'お知らせ</a> <span class="quiet">merchandiser' in (
        owner.get(f"/s/{second.slug}/content/").content.decode()
    )
    assert editor.post(f"{path}winter/publish/").status_code == 422
    assert owner.post(f"{path}winter/publish/").status_code == 302
    assert seconding.waiting() == []
