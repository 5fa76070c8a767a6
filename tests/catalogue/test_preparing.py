"""ささげ: the queue says what is missing, and what is not ready is not shown."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest

from lockstitch.catalogue import preparing
from lockstitch.catalogue.actions import keep_picture
from lockstitch.catalogue.editing import Faulty, save
from lockstitch.catalogue.models import Picture, Preparation, Product, Revision
from lockstitch.catalogue.queries import colour_ids
from lockstitch.catalogue.reading import find_whole
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.catalogue.test_editing import BY, full
from tests.catalogue.test_sheet import taken, written

SHOT = Picture(width=4, height=5, renditions=[{"width": 4, "type": "webp", "key": "a"}])


def draft(slug: str = "coat", **changes: object) -> None:
    save(replace(full(slug), published=None, **changes), product_id=None, version=0, by=BY)


def shoot(slug: str = "coat") -> None:
    for n, (key, (colour, _shown)) in enumerate(colour_ids().items()):
        if key[0] == slug:
            keep_picture(colour, 0, picture=replace_picture(f"{slug}{n}"))


def replace_picture(name: str) -> Picture:
    sha = name.encode().hex().ljust(64, "0")[:64]
    return Picture(width=4, height=5, renditions=SHOT.renditions, source_sha256=sha)


def publish(slug: str = "coat") -> None:
    kept = find_whole(slug)
    assert kept
    new = replace(kept.new, published=full().published)
    save(new, product_id=kept.id, version=kept.version, by=BY, verb="edit")


def open_steps(slug: str = "coat", **asked: object) -> tuple[str, ...]:
    rows = {row.product.slug: row.open for row in preparing.queue(**asked).rows}
    return rows.get(slug, ())


@pytest.fixture
def tops(site: Site) -> Site:
    world.new_product()  # makes the category
    from lockstitch.catalogue.editing import keep_category

    keep_category("tops", name={"ja": "トップス"}, garment="tops", parent="", position=0)
    return site


def test_a_step_is_open_until_its_result_is_there(tops: Site) -> None:
    draft(description={}, measures={"S": {"length": 680}})
    assert open_steps() == ("shot", "measured", "written")
    assert open_steps(step="measured")
    shoot()
    assert open_steps() == ("measured", "written")
    assert not open_steps(step="shot")
    kept = find_whole("coat")
    assert kept
    new = replace(kept.new, measures=full().measures, description=full().description)
    save(new, product_id=kept.id, version=kept.version, by=BY)
    assert open_steps() == ()


def test_what_is_shown_is_not_in_the_queue(tops: Site) -> None:
    assert open_steps("shirt") == ()


def test_the_urgent_first_page_by_page(tops: Site) -> None:
    for n in range(5):
        draft(f"coat{n}")
    preparing.plan("coat3", due_on=today_jst() - dt.timedelta(days=1), place="棚 3")
    preparing.plan("coat1", due_on=today_jst() + dt.timedelta(days=1), place="")
    seen, after = [], ""
    while True:
        page = preparing.queue(after=after, limit=2)
        seen += [row.product.slug for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == ["coat3", "coat1", "coat0", "coat2", "coat4"]
    assert open_steps("coat3", late=True)
    assert not open_steps("coat1", late=True)
    assert preparing.queue(after="nonsense").rows == []


def test_whose_turn_and_the_sample_by_its_code(tops: Site) -> None:
    draft()
    me = uuid4()
    preparing.take("coat", me)
    assert open_steps(mine=me)
    assert not open_steps(mine=uuid4())
    preparing.take("coat", None)
    assert not open_steps(mine=me)
    assert preparing.check_in(" COAT-01-s ", place="棚 1") == "coat"
    kept = Preparation.objects.get()
    assert (kept.sample, kept.place, kept.assignee) == ("coat-01-S", "棚 1", None)
    assert kept.came_at is not None
    with pytest.raises(Refused, match="nothing"):
        preparing.check_in("nothing", place="")
    with pytest.raises(Refused):
        preparing.plan("none", due_on=None, place="")


def test_nothing_is_shown_before_what_the_shop_wants(tops: Site) -> None:
    draft()
    preparing.require(["shot", "nonsense"])
    assert preparing.required() == ["shot"]
    with pytest.raises(Faulty) as refused:
        publish()
    assert [fault.path for fault in refused.value.faults] == [("published",)]
    assert Product.objects.get(slug="coat").published_from is None
    shoot()
    publish()
    assert Product.objects.get(slug="coat").published_from is not None
    preparing.require(preparing.STEPS)  # later wishes do not touch what is shown
    publish()


def test_without_a_wish_a_draft_may_be_shown(tops: Site) -> None:
    draft(description={})
    publish()


def test_a_file_s_product_stays_a_draft_and_is_named(tops: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    data = written("csv")
    other = world.new_site()
    with scope(other.id):
        preparing.require(["shot"])
        report = taken(data)
        assert {note.column for note in report.notes} == {"published_from"}
        assert len(report.notes) == Product.objects.count() > 0
        assert not Product.objects.exclude(published_from=None).exists()
        assert Revision.objects.get(product__slug="coat").state["published"] is None
