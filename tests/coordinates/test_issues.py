"""Numbers of the magazine: in their order, with their neighbours, not before their day; and the
stories and coordinates of each on its page."""

import datetime as dt

import pytest

from lockstitch.content.models import Document
from lockstitch.coordinates.issues import (
    Issue,
    Written,
    beside,
    find_issue,
    issues,
    keep_issue,
)
from lockstitch.coordinates.models import Coordinate
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from tests.coordinates import world
from tests.storefront.conftest import client_of  # noqa: F401

DAY = dt.timedelta(days=1)


def issue(name: str, days: int, **words: object) -> Issue:
    return keep_issue(None, Written(name, today_jst() + days * DAY, **words))


def test_they_are_in_order_and_none_comes_before_its_day(site: Site) -> None:
    for name, days in (("10", -60), ("12", 1), ("11", -30), ("11b", -30)):
        issue(name, days)
    assert [one.name for one in issues()] == ["11b", "11", "10"]
    assert issues(coming=True)[0].name == "12"
    assert find_issue("12") is None
    row = find_issue("11")
    around = beside(row)
    assert (around.before.name, around.after.name) == ("10", "11b")
    assert beside(find_issue("11b")).after is None
    assert beside(find_issue("10")).before is None


def test_what_an_issue_may_not_be(site: Site) -> None:
    kept = issue("11", 0)
    for wrong in (
        Written("11", today_jst()), Written(" ", today_jst()), Written("x" * 41, today_jst()),
        Written("12", today_jst(), today_jst() - DAY),
        Written("12", today_jst(), stories=[("page", "law")]),
    ):  # fmt: skip
        with pytest.raises(Refused):
            keep_issue(None, wrong)
    assert keep_issue(kept.id, Written("11", today_jst(), theme={"ja": "麻"})).theme == {"ja": "麻"}
    assert Issue.objects.count() == 1


def test_its_page(site: Site, client_of) -> None:  # noqa: F811
    look = world.shown()
    Coordinate.objects.filter(id=look.id).update(issue="12 / A&B")
    for slug, shown in (("linen", True), ("hidden", False)):
        Document.here(
            kind="feature", slug=slug, live={"title": {"ja": f"story-{slug}"}, "blocks": []},
            live_from=now() if shown else now() + DAY, first_from=now(),
        ).save()  # fmt: skip
    shop = client_of(site)
    assert "Autumn" in shop.get("/magazine/12 / A&B/").content.decode()  # only named so far
    issue("11", -30)
    issue(
        "12 / A&B", -1, theme={"ja": "<麻>"}, stories=[("feature", "linen"), ("feature", "hidden")]
    )
    page = shop.get("/magazine/12 / A&B/").content.decode()
    for there in ("Autumn", "&lt;麻&gt;", "story-linen", 'rel="prev" href="/magazine/11/"'):
        assert there in page
    assert "story-hidden" not in page
    assert 'rel="next"' not in page
    assert shop.get("/magazine/11/").status_code == 200
    assert shop.get("/magazine/none/").status_code == 404
    assert "12 / A&amp;B" in shop.get("/magazine/").content.decode()
